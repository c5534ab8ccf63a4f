package source

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Details is what a statement says beyond act, time and place. Every field is text as
// its sender wrote it, empty where nothing was given.
type Details struct {
	Weapon                     string // see weapons
	Quantity                   string // objects, vehicles or people seen at once
	Numbers                    string // of what: "600 troops; 40 vehicles"
	OriginLat, OriginLon       string // launch area, both or neither
	OriginSigma                string // its error in metres, one sigma
	OriginSide                 string // "A", or "A 0.2 or B 0.7"
	AltitudeLow, AltitudeHigh  string // metres above ground, both or neither
	State, Site                string // as the agreement names them
	Evidence                   string // kinds, apart by ; or |
	ImageBefore, ImageAfter    string // two images whose difference shows it, both or neither
	ImageGSD                   string // metres of ground in a pixel of the coarser one
	Damage                     string // yes or no
	Casualties                 string
	Declared, Observed         string // of a holding, with the two below
	NotVerified, HoldingClass  string
	Since, Met                 string // of a duty: owed since, met at
	NamesIncident, Coordinated string // of a claim of return fire, with the two below
	OrderedBy, Notified        string
}

// detailField is a field and the name of its column.
type detailField struct {
	column string
	text   *string
}

// fields lists the fields in the order of the columns' description.
func (d *Details) fields() [27]detailField {
	return [...]detailField{
		{"weapon", &d.Weapon}, {"quantity", &d.Quantity}, {"numbers", &d.Numbers}, {"origin_lat", &d.OriginLat}, {"origin_lon", &d.OriginLon},
		{"origin_sigma_m", &d.OriginSigma}, {"origin_side", &d.OriginSide}, {"altitude_low_m", &d.AltitudeLow},
		{"altitude_high_m", &d.AltitudeHigh}, {"state", &d.State}, {"site", &d.Site}, {"evidence", &d.Evidence},
		{"image_before", &d.ImageBefore}, {"image_after", &d.ImageAfter}, {"image_gsd_m", &d.ImageGSD},
		{"damage", &d.Damage}, {"casualties", &d.Casualties}, {"declared", &d.Declared}, {"observed", &d.Observed},
		{"not_verified", &d.NotVerified}, {"holding_class", &d.HoldingClass}, {"since", &d.Since}, {"met", &d.Met},
		{"names_incident", &d.NamesIncident}, {"coordinated", &d.Coordinated}, {"ordered_by", &d.OrderedBy}, {"notified", &d.Notified},
	}
}

// DetailColumns lists the columns by which tables name the fields of Details.
func DetailColumns() []string {
	var out []string
	for _, f := range new(Details).fields() {
		out = append(out, f.column)
	}
	return out
}

// Set puts a text into the field of a column; another column is passed over.
func (d *Details) Set(column, text string) {
	for _, f := range d.fields() {
		if f.column == column {
			*f.text = text
		}
	}
}

// given is the column of the first field that holds something, "" when none does.
func (d Details) given() string {
	if d == (Details{}) {
		return ""
	}
	for _, f := range d.fields() {
		if *f.text != "" {
			return f.column
		}
	}
	return ""
}

// detail reads the fields, nil where none is given. The error names the column.
func (d Details) detail(rules Rules) (*truce.Detail, error) {
	if d.given() == "" {
		return nil, nil
	}
	r := detailReader{rules: rules}
	out := truce.Detail{
		Weapons: r.weapons(d.Weapon), Quantity: r.whole("quantity", d.Quantity, 1), Origin: r.origin(d), OriginSide: r.sides(d.OriginSide),
		Altitude: r.altitude(d.AltitudeLow, d.AltitudeHigh), State: r.token("state", d.State), Site: r.token("site", d.Site),
		Evidence: r.kinds(d.Evidence), Damage: r.yes("damage", d.Damage), Casualties: r.whole("casualties", d.Casualties, 0),
		Numbers: r.numbers(d.Numbers), Imagery: r.imagery(d), Holding: r.holding(d), Duty: r.duty(d), Claim: r.selfDefence(d),
	}
	if r.err != nil || reflect.ValueOf(out).IsZero() { // damage no, casualties 0: nothing said
		return nil, r.err
	}
	return &out, nil
}

// detailReader keeps the first thing that is wrong.
type detailReader struct {
	rules Rules
	err   error
}

func (r *detailReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

// whole reads a whole number from low on; 0 where nothing is given.
func (r *detailReader) whole(column, text string, low float64) int {
	if text == "" {
		return 0
	}
	v, err := NumberIn(column, []byte(text), low, MaxCount)
	if err != nil {
		r.fail("%w; leave it empty where it is not known", err)
		return 0
	}
	if v != float64(int(v)) {
		r.fail("%s is %s, want a whole number", column, Shown([]byte(text)))
	}
	return int(v)
}

var tokenForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
})

// token reads a word as agreements write ids.
func (r *detailReader) token(column, text string) string {
	if text != "" && !tokenForm().MatchString(text) {
		r.fail("%s is %s, want one word as the agreement writes it: letters, digits, dots, _ and -", column, Shown([]byte(text)))
	}
	return text
}

// kinds reads kinds of evidence, each once and in order.
func (r *detailReader) kinds(text string) []string {
	var out []string
	for _, kind := range strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == '|' }) {
		if kind = strings.TrimSpace(kind); kind != "" {
			out = append(out, r.token("evidence", kind))
		}
	}
	if len(out) > MaxAlternatives {
		r.fail("evidence has %d kinds, the bound is %d", len(out), MaxAlternatives)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (r *detailReader) yes(column, text string) bool {
	switch strings.ToLower(text) {
	case "yes":
		return true
	case "", "no":
	default:
		r.fail("%s is %s, want yes or no; put other words into the text", column, Shown([]byte(text)))
	}
	return false
}

// origin reads a launch area. It may lie outside the bounds: a missile comes from afar.
func (r *detailReader) origin(d Details) *geo.Position {
	if d.OriginLat == "" && d.OriginLon == "" {
		if d.OriginSigma != "" {
			r.fail("origin_sigma_m is given without origin_lat and origin_lon")
		}
		return nil
	}
	p, err := Place([]byte(d.OriginLat), []byte(d.OriginLon))
	if err != nil {
		r.fail("origin_lat, origin_lon: %w", err)
		return nil
	}
	sigma, err := NumberIn("origin_sigma_m", []byte(d.OriginSigma), 0.001, MaxSigma)
	if err != nil {
		r.fail("%w: a launch area is an estimate, give its error in metres, one sigma", err)
	}
	return &geo.Position{Point: p, Error: geo.Isotropic(geo.Metres(sigma))}
}

func (r *detailReader) altitude(low, high string) *truce.Span {
	if low == "" && high == "" {
		return nil
	}
	if low == "" || high == "" {
		r.fail("altitude_low_m and altitude_high_m: one is given without the other; write a single height twice")
		return nil
	}
	var span truce.Span
	for _, end := range [...]struct {
		column, text string
		to           *float64
	}{{"altitude_low_m", low, &span.Low}, {"altitude_high_m", high, &span.High}} {
		v, err := NumberIn(end.column, []byte(end.text), MinAltitude, MaxAltitude)
		if err != nil {
			r.fail("%w metres above ground", err)
		}
		*end.to = v
	}
	if span.High < span.Low {
		r.fail("altitude_high_m is %s, below altitude_low_m %s: exchange them", Shown([]byte(high)), Shown([]byte(low)))
	}
	return &span
}

func (r *detailReader) holding(d Details) *truce.Holding {
	if d.Declared == "" && d.Observed == "" && d.NotVerified == "" && d.HoldingClass == "" {
		return nil
	}
	if d.Declared == "" || d.Observed == "" {
		r.fail("declared or observed is empty; a count of a holding gives both, and in not_verified what could not be counted")
	}
	return &truce.Holding{
		Class: r.class("holding_class", d.HoldingClass), Declared: r.whole("declared", d.Declared, 0),
		Observed: r.whole("observed", d.Observed, 0), NotVerified: r.whole("not_verified", d.NotVerified, 0),
	}
}

func (r *detailReader) duty(d Details) *truce.Duty {
	if d.Since == "" && d.Met == "" {
		return nil
	}
	if d.Since == "" {
		r.fail("met is given without since, the time from which it was owed")
		return nil
	}
	duty := &truce.Duty{Since: r.instant("since", d.Since), MetAt: r.instant("met", d.Met)}
	if duty.MetAt != 0 && duty.MetAt < duty.Since {
		r.fail("met is %s, before since %s", Shown([]byte(d.Met)), Shown([]byte(d.Since)))
	}
	return duty
}

// instant reads a time of day. A day alone is refused: what is counted in minutes or hours
// cannot begin on a day.
func (r *detailReader) instant(column, text string) truce.Instant {
	if text == "" {
		return 0
	}
	span, err := Time(text, r.rules.Zone)
	if err == nil && span.To.Sub(span.From) > time.Minute {
		err = fmt.Errorf("is %s, want the time of day too, e.g. %s 16:00", Shown([]byte(text)), text)
	}
	if err != nil {
		r.fail("%s %w", column, err)
	}
	return span.From
}

func (r *detailReader) selfDefence(d Details) *truce.SelfDefence {
	said := truce.SelfDefence{
		Incident: short(d.NamesIncident), CoordinationAt: r.instant("coordinated", d.Coordinated),
		OrderedBy: short(d.OrderedBy), NotifiedAt: r.instant("notified", d.Notified),
	}
	if said == (truce.SelfDefence{}) {
		return nil
	}
	return &said
}

// sides reads "A", which is for certain, or "A 0.2 or B 0.7".
func (r *detailReader) sides(text string) []truce.SideShare {
	if text == "" {
		return nil
	}
	var out []truce.SideShare
	shares := r.alternatives("origin_side", text, "A, or A 0.2 or B 0.7", func(words []string) {
		side := truce.SideShare{}
		if len(words) == 1 && partyMark().MatchString(words[0]) {
			side.Party = truce.PartyID(words[0])
		} else {
			r.fail("origin_side has %s, want the mark of a party in the agreement, e.g. A or A 0.8", Shown([]byte(strings.Join(words, " "))))
		}
		if slices.ContainsFunc(out, func(o truce.SideShare) bool { return o.Party == side.Party }) {
			r.fail("origin_side names %s twice", Shown([]byte(side.Party)))
		}
		out = append(out, side)
	})
	for i := range out {
		out[i].P = shares[i]
	}
	return out
}
