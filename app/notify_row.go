package app

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// notifyFields are the columns of a table of notifications and the members of its JSON.
var notifyFields = []string{"number", "step", "by", "authority", "kind", "bearer", "what", "object", "quantity", "zone", "lat", "lon", "radius_m",
	"route", "width_m", "box", "from", "to", "ack_asked", "supersedes", "until", "words"}

// notifyObjects are what a quantity may be of.
var notifyObjects = []string{"vehicles", "troops", "vessels", "aircraft", "persons"}

// notifyRow is one step as somebody wrote it: field by field, as text.
type notifyRow map[string]string

// fieldError is a refusal of one field.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.field + ": " + e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

func wrong(field, format string, args ...any) error {
	return &fieldError{field, fmt.Errorf(format, args...)}
}

// notification reads a row. What the agreement would have to know is asked by check.
func (r notifyRow) notification() (truce.Notification, error) {
	n := truce.Notification{
		Number: r["number"], Step: truce.NotificationStep(r["step"]), By: truce.PartyID(r["by"]), Authority: r["authority"],
		Words: truce.CleanText(r["words"]),
	}
	if !slices.Contains(truce.NotificationSteps(), n.Step) || n.Step == truce.StepSuperseded {
		return n, wrong("step", "%q; write one of %s%s", n.Step, joined(writtenSteps()), didYouMean(string(n.Step), texts(writtenSteps())))
	}
	var err error
	switch n.Step {
	case truce.StepGiven:
		n.Activity, err = r.activity()
	case truce.StepExtended, truce.StepEnded:
		n.Until, err = r.instant("until")
	}
	if err == nil {
		err = r.unused(n.Step)
	}
	if err == nil {
		err = n.Validate()
	}
	return n, err
}

// writtenSteps are those that a person takes; what a notification supersedes is said by
// the one that takes its place.
func writtenSteps() []truce.NotificationStep {
	return slices.DeleteFunc(truce.NotificationSteps(), func(s truce.NotificationStep) bool { return s == truce.StepSuperseded })
}

// unused refuses fields that say nothing in a step: they were meant for another.
func (r notifyRow) unused(step truce.NotificationStep) error {
	used := []string{"number", "step", "by", "authority", "words"}
	switch step {
	case truce.StepGiven:
		used = slices.DeleteFunc(slices.Clone(notifyFields), func(f string) bool { return f == "until" })
	case truce.StepExtended, truce.StepEnded:
		used = append(used, "until")
	}
	for _, field := range notifyFields {
		if r[field] != "" && !slices.Contains(used, field) {
			return wrong(field, "%q says nothing in the step %s: leave it empty", cut(r[field]), step)
		}
	}
	return nil
}

// cut keeps an error short.
func cut(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "..."
	}
	return s
}

func (r notifyRow) activity() (*truce.NotifiedActivity, error) {
	a := &truce.NotifiedActivity{
		Kind: r["kind"], Bearer: truce.PartyID(r["bearer"]), What: truce.CleanText(r["what"]), Object: r["object"], Supersedes: r["supersedes"],
	}
	if a.Bearer == "" {
		a.Bearer = truce.PartyID(r["by"])
	}
	var err error
	for _, read := range []func() error{
		func() error { a.From, err = r.instant("from"); return err },
		func() error { a.To, err = r.instant("to"); return err },
		func() error { a.Place, err = r.place(); return err },
		func() error { a.Quantity, err = r.quantity(); return err },
		func() error { a.AckAsked, err = r.yes("ack_asked"); return err },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (r notifyRow) instant(field string) (truce.Instant, error) {
	text := r[field]
	if text == "" {
		return 0, wrong(field, "is empty; write RFC 3339, e.g. 2026-04-11T16:00:00Z")
	}
	var at truce.Instant
	if err := at.UnmarshalText([]byte(text)); err != nil {
		return 0, &fieldError{field, err}
	}
	if fault := notifyTimeFault(at); fault != "" {
		return 0, wrong(field, "%q %s", text, fault)
	}
	return at, nil
}

// notifyTimeFault says why no notification speaks of an instant: 0 stands for none, and a
// year of five digits has no text.
func notifyTimeFault(at truce.Instant) string {
	const first, last = 1900, 2200
	switch year := at.Time().Year(); {
	case at == 0:
		return "is kept for what is left open: write a second before or after it"
	case year < first || year > last:
		return fmt.Sprintf("lies outside the years %d to %d: mend the year", first, last)
	}
	return ""
}

func (r notifyRow) quantity() (int, error) {
	text, object := r["quantity"], r["object"]
	switch {
	case text == "" && object == "":
		return 0, nil
	case text == "":
		return 0, wrong("quantity", "is empty; say how many %s", cut(object))
	case !slices.Contains(notifyObjects, object):
		return 0, wrong("object", "%q; write one of %s", cut(object), strings.Join(notifyObjects, ", "))
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > truce.MaxNotifiedQuantity {
		return 0, wrong("quantity", "%q; write a whole number from 1 to %d", cut(text), truce.MaxNotifiedQuantity)
	}
	return n, nil
}

func (r notifyRow) yes(field string) (bool, error) {
	switch r[field] {
	case "", "no", "false":
		return false, nil
	case "yes", "true":
		return true, nil
	}
	return false, wrong(field, "%q; write yes or no", cut(r[field]))
}

// place reads a zone, a circle, a corridor or a box.
func (r notifyRow) place() (truce.NotifiedPlace, error) {
	p := truce.NotifiedPlace{Zone: truce.ZoneID(r["zone"])}
	var err error
	if r["lat"] != "" || r["lon"] != "" {
		var at geo.Point
		if at.Lat, err = r.degrees("lat"); err == nil {
			at.Lon, err = r.degrees("lon")
		}
		if err == nil {
			p.Points = []geo.Point{at}
			p.WithinM, err = r.metres("radius_m")
		}
	} else if r["radius_m"] != "" {
		err = wrong("radius_m", "goes with lat and lon")
	}
	if err == nil && r["route"] != "" {
		if p.Points != nil {
			return p, wrong("route", "give a point or a route, not both")
		}
		if p.Points, err = r.route(); err == nil {
			p.WithinM, err = r.metres("width_m")
		}
	} else if err == nil && r["width_m"] != "" {
		err = wrong("width_m", "goes with a route")
	}
	if err == nil && r["box"] != "" {
		p.Box, err = r.box()
	}
	if err == nil && p.Zone == "" && p.Points == nil && p.Box == nil {
		err = wrong("zone", "no place is given: write a zone of the agreement, lat, lon and radius_m, a route and width_m, or a box")
	}
	return p, err
}

func (r notifyRow) degrees(field string) (geo.Degrees, error) {
	bound := 90.0
	if field == "lon" {
		bound = 180
	}
	v, err := strconv.ParseFloat(r[field], 64)
	if err != nil || !(math.Abs(v) <= bound) {
		return 0, wrong(field, "%q; write degrees from -%g to %g", cut(r[field]), bound, bound)
	}
	return geo.Degrees(v), nil
}

func (r notifyRow) metres(field string) (float64, error) {
	v, err := strconv.ParseFloat(r[field], 64)
	if err != nil || !(v >= 1 && v <= truce.MaxNotifiedReachM) {
		return 0, wrong(field, "%q; write how far it reaches in metres, 1 to %d", cut(r[field]), truce.MaxNotifiedReachM)
	}
	return v, nil
}

// route reads "LAT LON; LAT LON; ...", with commas or spaces within a pair.
func (r notifyRow) route() ([]geo.Point, error) {
	var out []geo.Point
	for i, pair := range strings.Split(r["route"], ";") {
		v, err := numbers(pair, 2)
		if err != nil {
			return nil, wrong("route", "point %d, %w; write LAT LON; LAT LON; ...", i+1, err)
		}
		out = append(out, geo.Point{Lat: geo.Degrees(v[0]), Lon: geo.Degrees(v[1])})
	}
	if len(out) < 2 {
		return nil, wrong("route", "has one point; a route has two at least, a circle has lat, lon and radius_m")
	}
	return out, nil
}

func (r notifyRow) box() (*truce.NotifiedBox, error) {
	v, err := numbers(r["box"], 4)
	if err != nil {
		return nil, wrong("box", "%w; write SOUTH WEST NORTH EAST in degrees", err)
	}
	return &truce.NotifiedBox{South: geo.Degrees(v[0]), West: geo.Degrees(v[1]), North: geo.Degrees(v[2]), East: geo.Degrees(v[3])}, nil
}

func numbers(text string, want int) ([]float64, error) {
	parts := strings.Fields(strings.ReplaceAll(text, ",", " "))
	if len(parts) != want {
		return nil, fmt.Errorf("%q has %d numbers and not %d", cut(strings.TrimSpace(text)), len(parts), want)
	}
	out := make([]float64, want)
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%q is no number", cut(part))
		}
		out[i] = v
	}
	return out, nil
}

// standingOf is what is known of notifications when a step is checked: the steps recorded
// and those before it in the same file.
type standingOf map[string][]truce.Notification

// given is the first step of a number, nil when there is none.
func (s standingOf) given(number string) *truce.Notification {
	for i := range s[number] {
		if s[number][i].Step == truce.StepGiven {
			return &s[number][i]
		}
	}
	return nil
}

// checkNotification holds a step against the agreement and fills in who spoke for a party
// where only one may. What a party was entitled to say at all is the fold's to judge: a
// step that has no effect is recorded and said to have none.
func checkNotification(terms *agreement.Agreement, n *truce.Notification, known standingOf) error {
	parties := partiesThatNotify(terms)
	if !slices.Contains(parties, n.By) {
		return wrong("by", "%q is no party of the agreement; write one of %s%s", cut(string(n.By)), joined(parties), didYouMean(string(n.By), texts(parties)))
	}
	if err := checkAuthority(terms, n); err != nil {
		return err
	}
	if slices.ContainsFunc(terms.Windows, func(w agreement.Window) bool { return w.ID == n.Number }) {
		return wrong("number", "%s is a window of the agreement itself; choose another", n.Number)
	}
	if n.Step != truce.StepGiven {
		if known.given(n.Number) == nil {
			return wrong("number", "no notification %q was given; truce notify list shows them%s", cut(n.Number), didYouMean(n.Number, known.numbers()))
		}
		return nil
	}
	return checkActivity(terms, n, known)
}

// placeField is the field that a place is written in.
func placeField(p truce.NotifiedPlace) string {
	switch {
	case p.Box != nil:
		return "box"
	case len(p.Points) > 1:
		return "route"
	case len(p.Points) == 1:
		return "lat"
	}
	return "zone"
}

func (s standingOf) numbers() []string {
	out := make([]string, 0, len(s))
	for number := range s {
		out = append(out, number)
	}
	slices.Sort(out)
	return out
}

func checkActivity(terms *agreement.Agreement, n *truce.Notification, known standingOf) error {
	a, kinds, parties := n.Activity, agreement.WindowKinds(), partiesThatNotify(terms)
	switch {
	case !slices.Contains(kinds, a.Kind):
		return wrong("kind", "%q; write one of %s%s", cut(a.Kind), strings.Join(kinds, " "), didYouMean(a.Kind, kinds))
	case !slices.Contains(parties, a.Bearer):
		return wrong("bearer", "%q is no party of the agreement; write one of %s", cut(string(a.Bearer)), joined(parties))
	case a.Place.Zone != "" && !slices.ContainsFunc(terms.Zones, func(z agreement.Zone) bool { return z.ID == a.Place.Zone }):
		var zones []string
		for _, z := range terms.Zones {
			zones = append(zones, string(z.ID))
		}
		return wrong("zone", "%q is no zone of the agreement; write one of %s%s", cut(string(a.Place.Zone)), strings.Join(zones, " "), didYouMean(string(a.Place.Zone), zones))
	}
	if err := agreement.UnusablePlace(a.Place); err != nil {
		return &fieldError{placeField(a.Place), err}
	}
	if a.Supersedes == "" {
		return nil
	}
	switch before := known.given(a.Supersedes); {
	case before == nil:
		return wrong("supersedes", "no notification %q was given%s", cut(a.Supersedes), didYouMean(a.Supersedes, known.numbers()))
	case before.By != n.By:
		return wrong("supersedes", "%s is a notification of %s; only its own sender puts another in its place", a.Supersedes, before.By)
	}
	return nil
}

// partiesThatNotify are the parties and the mechanism, in the order of the agreement.
func partiesThatNotify(terms *agreement.Agreement) []truce.PartyID {
	var out []truce.PartyID
	for _, p := range terms.Parties {
		if p.Role == agreement.RoleParty || p.Role == agreement.RoleMechanism {
			out = append(out, p.ID)
		}
	}
	return out
}

// checkAuthority: who speaks for a party that has named authorities is one of them.
func checkAuthority(terms *agreement.Agreement, n *truce.Notification) error {
	right := "notify"
	if n.Step == truce.StepAcked || n.Step == truce.StepObjected {
		right = "acknowledge"
	}
	var may []string
	for _, a := range terms.Authorities {
		if a.Party == n.By && slices.Contains(a.May, right) {
			may = append(may, a.ID)
		}
	}
	switch {
	case n.Authority == "" && len(may) > 1:
		return wrong("authority", "is empty, and several may %s for %s: write one of %s", right, n.By, strings.Join(may, " "))
	case n.Authority == "" && len(may) == 1:
		n.Authority = may[0]
	case n.Authority != "" && !slices.Contains(may, n.Authority):
		if len(may) == 0 {
			return wrong("authority", "%q: the agreement names nobody who may %s for %s; leave it empty, or add one to authorities", cut(n.Authority), right, n.By)
		}
		return wrong("authority", "%q may not %s for %s; write one of %s", cut(n.Authority), right, n.By, strings.Join(may, " "))
	}
	return nil
}

// fieldOf is the field that an error is of, "" when it is of none.
func fieldOf(err error) string {
	var e *fieldError
	if errors.As(err, &e) {
		return e.field
	}
	return ""
}
