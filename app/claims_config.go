package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/sense/story/claim"
)

// ReportingConfig says how texts of open reporting are read.
type ReportingConfig struct {
	// Parties gives the party behind an actor as texts name it, e.g. "state:UA": A.
	Parties map[string]truce.PartyID `koanf:"parties"`
	// Enemies says whom "the enemy" means, by who speaks or "lang:" and the language of the
	// text; absent: where parties names two states, each means the other.
	Enemies map[string]string `koanf:"enemies"`
	// Gazetteer is a CSV file of places: name,alternatives,admin,lat,lon,radius_m,kind.
	Gazetteer string `koanf:"gazetteer"`
}

// languageStates are the languages in which one state alone of the two writes: in a text of
// the one, "the enemy" is the other.
var languageStates = map[string]string{"state:UA": "lang:uk", "state:RU": "lang:ru"}

// enemies is who "the enemy" is.
func (c ReportingConfig) enemies() map[string]string {
	if len(c.Enemies) > 0 {
		return c.Enemies
	}
	var states []string
	for key := range c.Parties {
		if strings.HasPrefix(key, "state:") {
			states = append(states, key)
		}
	}
	slices.Sort(states)
	if len(states) != 2 || c.Parties[states[0]] == c.Parties[states[1]] {
		return nil
	}
	out := map[string]string{}
	for i, state := range states {
		other := states[1-i]
		out[state] = other
		if lang := languageStates[state]; lang != "" && languageStates[other] != "" {
			out[lang] = other
		}
	}
	return out
}

// validate refuses keys that no text is ever read as.
func (c ReportingConfig) validate() error {
	for key, party := range c.Parties {
		if kind, name, found := strings.Cut(key, ":"); !found || kind == "" || name == "" || party == "" {
			return fmt.Errorf("reporting.parties: %q: %q; write an actor's key and a party of the agreement, e.g. {\"state:UA\": A}", key, party)
		}
	}
	for key, of := range c.Enemies {
		if !strings.Contains(key, ":") || !strings.Contains(of, ":") {
			return fmt.Errorf("reporting.enemies: %q: %q; write keys, e.g. {\"state:UA\": \"state:RU\", \"lang:uk\": \"state:RU\"}", key, of)
		}
	}
	return nil
}

// reading is how the texts of this data directory are read.
func (c Config) reading(terms *agreement.Agreement) (claim.Config, error) {
	for key, party := range c.Reporting.Parties {
		if !slices.ContainsFunc(terms.Parties, func(p agreement.Party) bool { return p.ID == party }) {
			return claim.Config{}, truce.Errorf(truce.CodeInvalid, "%s: reporting.parties: %s: the agreement has no party %q", c.Path(ConfigFile), key, party)
		}
	}
	cfg := claim.Config{Parties: c.Reporting.Parties, Enemies: c.Reporting.enemies(), Zone: terms.Calendar.Location()}
	if b := c.Bounds; b != nil {
		cfg.Box = &geo.Bounds{South: geo.Degrees(b.South), West: geo.Degrees(b.West), North: geo.Degrees(b.North), East: geo.Degrees(b.East)}
	}
	var listed []claim.Place
	if c.Reporting.Gazetteer != "" {
		var err error
		if listed, err = readGazetteer(c.Path(c.Reporting.Gazetteer)); err != nil {
			return cfg, err
		}
	}
	var err error
	cfg.Gazetteer, err = claim.NewGazetteer(withAgreed(listed, terms.Places))
	return cfg, err
}

// nearPlaceM is how near a place of the gazetteer lies to the one of the agreement that bears
// its name, when both are one.
const nearPlaceM = 10_000

// withAgreed adds the places of the agreement, which go before places of the gazetteer that
// are the same.
func withAgreed(listed []claim.Place, agreed []agreement.Place) []claim.Place {
	bearers := bearersOf(agreed)
	out := slices.DeleteFunc(listed, func(p claim.Place) bool {
		return slices.ContainsFunc(append([]string{p.Name}, p.Names...), func(name string) bool {
			return slices.ContainsFunc(bearers[foldName(name)], func(i int) bool { return geo.Distance(agreed[i].At, p.At) < nearPlaceM })
		})
	})
	for _, a := range agreed {
		p := claim.Place{Name: a.Key, At: a.At, RadiusM: float64(a.Radius)}
		for _, lang := range []string{"en", "uk", "ru", "fr"} {
			if name := a.Names[lang]; name != "" && name != a.Key {
				p.Names = append(p.Names, name)
			}
		}
		out = append(out, p)
	}
	return out
}

// gazetteerColumns are those of a gazetteer file, in order.
const gazetteerColumns = "name,alternatives,admin,lat,lon,radius_m,kind"

// maxGazetteer bounds a gazetteer file: half a million places of 200 bytes.
const maxGazetteer = 100 << 20

// readGazetteer reads a table of places. Alternatives are parted by "|".
func readGazetteer(path string) ([]claim.Place, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, truce.Errorf(truce.CodeNotFound, "reporting.gazetteer: %w", err)
	}
	defer file.Close()
	var out []claim.Place
	rows := bounded.NewCSV(io.LimitReader(file, maxGazetteer), bounded.CSVLimits{})
	for first := true; ; first = false {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, truce.Errorf(truce.CodeInvalid, "%s: %w", path, err)
		case first && string(bytes.Join(row, []byte(","))) != gazetteerColumns:
			return nil, truce.Errorf(truce.CodeInvalid, "%s: the first line must be %s", path, gazetteerColumns)
		case first:
			continue
		}
		place, err := gazetteerRow(row)
		if err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "%s: line %d: %w", path, rows.Line(), err)
		}
		if out = append(out, place); len(out) > claim.MaxPlaces {
			return nil, truce.Errorf(truce.CodeTooLarge, "%s: more than %d places", path, claim.MaxPlaces)
		}
	}
}

func gazetteerRow(row [][]byte) (claim.Place, error) {
	if len(row) != strings.Count(gazetteerColumns, ",")+1 {
		return claim.Place{}, fmt.Errorf("%d fields, want %s", len(row), gazetteerColumns)
	}
	var text [7]string
	for i := range row {
		text[i] = strings.TrimSpace(string(row[i]))
	}
	p := claim.Place{Name: text[0], Admin: text[2], Kind: text[6]}
	for _, name := range strings.Split(text[1], "|") {
		if name = strings.TrimSpace(name); name != "" {
			p.Names = append(p.Names, name)
		}
	}
	lat, err1 := strconv.ParseFloat(text[3], 64)
	lon, err2 := strconv.ParseFloat(text[4], 64)
	p.At = geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}
	if err1 != nil || err2 != nil || !p.At.Valid() || p.Name == "" {
		return p, fmt.Errorf("lat %q, lon %q of %q: want a name and degrees, latitude from -90 to 90", text[3], text[4], p.Name)
	}
	if text[5] != "" {
		radius, err := strconv.ParseFloat(text[5], 64)
		if err != nil || radius < 0 || radius > 1e6 {
			return p, fmt.Errorf("radius_m %q: want metres from 0 to 1000000", text[5])
		}
		p.RadiusM = radius
	}
	return p, nil
}
