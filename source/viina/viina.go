// Package viina reads the events of VIINA (Violent Incident Information from News
// Articles) in their compact JSON form: one object, a list of events for each day.
//
// It never takes an event for a fact: each is one machine's reading of news reports, and
// the same article may stand behind many events.
//
// Read Decode, then types.go (what the letters mean and what is claimed for them) and
// gazetteer.go (how large the place is that an event names).
package viina

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID is the source of every event read here.
const ID truce.SourceID = "viina"

// Info declares the source. ODbL asks for attribution and the same licence on a derived
// data base.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:           ID,
		Title:        "VIINA, events read by machine from news reports",
		Family:       truce.FamilyMedia,
		Licence:      "ODbL 1.0",
		Attribution:  "VIINA: Violent Incident Information from News Articles, Yuri Zhukov and Natalie Ayers",
		Redistribute: true,
		URL:          "https://github.com/zhukovyuri/VIINA",
	}
}

// Config says how a file is read. The zero value reads any file.
type Config struct {
	Bounds    *source.Box // rows outside are quarantined; nil: none are
	Gazetteer *Gazetteer  // sizes of places; nil: every named place is DefaultSigma
}

// Decode reads {"YYYYMMDD": [[lon, lat, place, type, n, [links]], ...], ...} event by
// event. Each event becomes one report or one rejection; a day that is no date is
// rejected as a whole. The error is for a file that is not of this form, up to the place
// where it stops being so, or for a failure of r or of sink.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) error {
	if err := cfg.Bounds.Validate(); err != nil {
		return err
	}
	d := &decoder{cfg: cfg, out: source.NewOut(file, sink)}
	d.json = bounded.NewJSON(r, bounded.JSONLimits{Depth: 4, Value: MaxEvent, Names: MaxDays})
	err := d.json.Object(d.day)
	if err == nil {
		err = d.json.End()
	}
	var syntax *bounded.SyntaxError
	var limit *bounded.LimitError
	if errors.As(err, &syntax) || errors.As(err, &limit) {
		return d.out.Unusable("%w; want {\"YYYYMMDD\": [[lon, lat, place, type, n, [links]], ...]}", err)
	}
	return err
}

type decoder struct {
	cfg   Config
	out   *source.Out
	json  *bounded.JSON
	start truce.Instant
	same  map[truce.Hash]int // events of the day that are alike, letter by letter
}

func (d *decoder) day(name string) error {
	line := d.json.Line()
	start, err := dayOf(name)
	if err != nil {
		if err := d.json.Skip(); err != nil {
			return err
		}
		return d.out.Reject(line, []byte(name), fmt.Sprintf("day %v; its events were not read", err))
	}
	d.start, d.same = start, map[truce.Hash]int{}
	return d.json.Array(func(i int) error {
		if i == MaxEventsPerDay {
			return &bounded.LimitError{What: "the number of events on " + name, Limit: MaxEventsPerDay}
		}
		return d.event()
	})
}

// dayOf reads YYYYMMDD.
func dayOf(name string) (truce.Instant, error) {
	if len(name) != 8 {
		return 0, fmt.Errorf("is %s, want YYYYMMDD", source.Shown([]byte(name)))
	}
	return source.Date([]byte(name[:4] + "-" + name[4:6] + "-" + name[6:]))
}

func (d *decoder) event() error {
	raw, err := d.json.Value()
	if err != nil {
		return err
	}
	line := d.json.ValueLine()
	e, err := read(raw)
	if err != nil {
		return d.out.Reject(line, raw, err.Error())
	}
	if e.point != nil && !d.cfg.Bounds.Contains(*e.point) {
		return d.out.Reject(line, raw, source.OutsideBounds)
	}
	return d.out.Observe(d.observation(e, line, raw))
}

// event is one row before it becomes an observation.
type event struct {
	point *geo.Point // nil: the place's name alone is given
	place string
	kind  Type
	n     int
	links []string
}

func read(raw []byte) (event, error) {
	var e event
	var field []json.RawMessage
	if err := json.Unmarshal(raw, &field); err != nil || len(field) != 6 {
		return e, fmt.Errorf("want [lon, lat, place, type, n, [links]]")
	}
	var err error
	if e.point, err = point(field[1], field[0]); err != nil {
		return e, err
	}
	if json.Unmarshal(field[2], &e.place) != nil || json.Unmarshal(field[3], &e.kind) != nil || json.Unmarshal(field[4], &e.n) != nil {
		return e, fmt.Errorf("want place and type as text and n as a whole number")
	}
	if !e.kind.Known() {
		return e, fmt.Errorf("type is %s, want one of %s", source.Shown([]byte(e.kind)), letters)
	}
	var links []string
	if json.Unmarshal(field[5], &links) != nil {
		return e, fmt.Errorf("want the links as a list of texts")
	}
	if len(links) > source.MaxLinks {
		return e, fmt.Errorf("%d links, the bound is %d", len(links), source.MaxLinks)
	}
	for _, link := range links {
		if link, err = source.Link(link); err != nil {
			return e, err
		}
		e.links = append(e.links, link)
	}
	e.place = strings.TrimSpace(truce.CleanText(source.Cut(e.place, source.MaxShort)))
	if e.point == nil && e.place == "" {
		return e, fmt.Errorf("gives neither a position nor the name of a place")
	}
	return e, nil
}

// point is nil where both coordinates are null.
func point(lat, lon []byte) (*geo.Point, error) {
	if string(lat) == "null" && string(lon) == "null" {
		return nil, nil
	}
	p, err := source.Place(lat, lon)
	return &p, err
}

// The day is that of the articles, and its zone is not stated: in Kyiv it begins two or
// three hours before UTC's. It is kept as a UTC day with that as its sigma.
const daySigma = 3 * time.Hour

func (d *decoder) observation(e event, line int, raw []byte) truce.Observation {
	hash := truce.HashOf(raw)
	report := &truce.Report{Publisher: publisher(e.links), Links: e.links, Tags: e.tags(), Claims: e.kind.Claims()}
	var place *geo.Position
	if e.point != nil {
		place = &geo.Position{Point: *e.point, Error: geo.Isotropic(d.cfg.Gazetteer.sigma(e.place, *e.point))}
	}
	return truce.Observation{
		ID:         truce.NewID(d.start, string(truce.KindReport), string(ID), d.nativeKey(e)),
		Kind:       truce.KindReport,
		Source:     ID,
		Phenomenon: truce.PhenomenonTime{From: d.start, To: d.start.Add(24 * time.Hour), Sigma: truce.MicrosOf(daySigma)},
		Place:      place,
		PlaceName:  e.place,
		Report:     report,
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(line),
		Hash:       hash,
	}
}

// nativeKey is the event's content. VIINA has no ids, and lists some events several
// times alike: the second of a day has 2 in its key and so on, so that counts agree
// with the source's and reading again gives the same ids.
func (d *decoder) nativeKey(e event) []byte {
	key := []byte("nowhere")
	if e.point != nil {
		key = strconv.AppendFloat(nil, float64(e.point.Lat), 'f', 5, 64)
		key = strconv.AppendFloat(append(key, '|'), float64(e.point.Lon), 'f', 5, 64)
	}
	key = append(key, "|"+string(e.kind)+"|"+strconv.Quote(e.place)...)
	for _, link := range e.links {
		key = append(key, "|"+link...)
	}
	hash := truce.HashOf(key)
	d.same[hash]++
	if n := d.same[hash]; n > 1 {
		key = append(key, "|#"+strconv.Itoa(n)...)
	}
	return key
}

// tags keep the letter, and a note when the stated number is not that of the links.
func (e event) tags() []string {
	tags := []string{tagPrefix + string(e.kind)}
	if e.n != len(e.links) {
		tags = append(tags, fmt.Sprintf("viina:n=%d links=%d", e.n, len(e.links)))
	}
	return tags
}

// publisher is whose pages the links are, empty when they are several publishers'.
func publisher(links []string) string {
	name := ""
	for i, link := range links {
		if host := source.Host(link); i > 0 && host != name {
			return ""
		} else {
			name = host
		}
	}
	return name
}
