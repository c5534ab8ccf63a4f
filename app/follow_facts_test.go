package app

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// across is a drone that flies over the contact line, stays and comes back.
func across(hover time.Duration) flown {
	return flown{at: noonOn(11), legs: [][2]float64{{-2, -2}, {-6.6, -1}, {-2, -2}}, speed: 14, hover: hover, said: []truce.Identity{{Scheme: "serial", Value: "X1"}}, class: "uav"}
}

// TestAFlightOverTheLine: the passage stands in the fact of its event, there and back, with whose
// side it came from, and with the line's own error; a flight that turns before the line has none.
func TestAFlightOverTheLine(t *testing.T) {
	out := watchedBy(t, sky(5, across(8*time.Minute)))
	if len(out.events) != 1 {
		t.Fatalf("%d events", len(out.events))
	}
	f := out.events[0].Detail.Flight
	if f == nil || len(f.Crossings) != 1 || f.Crossed("LINE-CONTACT") < .95 {
		t.Fatalf("%+v", f)
	}
	c := f.Crossings[0]
	first, back := c.Over.From.Sub(noonOn(11)), c.Back.From.Sub(noonOn(11))
	if c.From != "B" || c.To != "A" || first < 3*time.Minute || first > 5*time.Minute || back < first+8*time.Minute || back > first+13*time.Minute {
		t.Errorf("from %s to %s after %s, back after %s", c.From, c.To, first, back)
	}
	line := illustrativeChart(t).on(noonOn(11)).lines[0]
	if d := line.drawn.DistanceTo(c.At.Point); d > 60 {
		t.Errorf("the place of the passage is %.0f m off the line", float64(d))
	}
	if len(f.Stays) == 0 || f.Stays[0].P < .9 || f.Stays[0].Time.To.Sub(f.Stays[0].Time.From) < 7*time.Minute {
		t.Errorf("it stayed eight minutes: %+v", f.Stays)
	}
	short := watchedBy(t, sky(5, over(11))).events[0].Detail.Flight
	if short.Crossed("LINE-CONTACT") > .6 || len(short.Stays) > 0 {
		t.Errorf("a flight that turns at the line and hovers three minutes: %+v", short)
	}
}

// TestAFlightOverALineWithoutAZone: the passage alone is an event, at the line; a passage over a
// line of another kind is none.
func TestAFlightOverALineWithoutAZone(t *testing.T) {
	for kind, want := range map[agreement.LineKind]int{agreement.LineContact: 1, agreement.LineCeasefire: 1, agreement.LineAdmin: 0} {
		terms := illustrativeTerms(t)
		terms.Zones, terms.Rules = nil, nil
		terms.Lines[0].Kind = kind
		c, err := newChart(terms, nil)
		if err != nil {
			t.Fatal(err)
		}
		out := watchedUnder(t, c, sky(5, across(time.Minute)))
		if len(out.events) != want {
			t.Errorf("%s: %d events, want %d", kind, len(out.events), want)
			continue
		}
		if want == 1 {
			e := out.events[0]
			if d := c.on(noonOn(11)).lines[0].drawn.DistanceTo(e.Position.Point); d > 150 || e.Detail.Flight.Crossed("LINE-CONTACT") < .9 || e.Support[0].Family != truce.FamilyRadar {
				t.Errorf("%s: %.0f m from the line, %+v", kind, float64(d), e.Detail.Flight)
			}
		}
	}
}

// TestPartiesAreAlike: with the parties' sides swapped the events are the same to the last digit,
// but for the names of the sides; and so are the verdicts on the drone rule.
func TestPartiesAreAlike(t *testing.T) {
	swapped := illustrativeTerms(t)
	l := &swapped.Lines[0]
	l.Left, l.Right = l.Right, l.Left
	other := func(p truce.PartyID) truce.PartyID {
		return map[truce.PartyID]truce.PartyID{"A": "B", "B": "A"}[p]
	}
	var told [2][]truce.Event
	var verdicts [2][]truce.Verdict
	for i, terms := range []*agreement.Agreement{illustrativeTerms(t), swapped} {
		terms.Windows = append(terms.Windows, ownWindow())
		c, err := newChart(terms, nil)
		if err != nil {
			t.Fatal(err)
		}
		stranger, own := over(12), over(12)
		own.said, own.at = []truce.Identity{ownIdentity}, own.at.Add(20*time.Minute)
		told[i] = watchedUnder(t, c, sky(9, across(6*time.Minute), stranger, own)).events
		for _, e := range told[i] {
			verdicts[i] = append(verdicts[i], droneVerdict(c, e))
		}
	}
	if want := []truce.Verdict{truce.VerdictHit, truce.VerdictIndeterminate, truce.VerdictExempt}; !slices.Equal(verdicts[0], want) || !slices.Equal(verdicts[1], want) {
		t.Errorf("verdicts %v, and %v with the sides swapped; want %v", verdicts[0], verdicts[1], want)
	}
	for i := range told[1] {
		for k := range told[1][i].Detail.Flight.Crossings {
			c := &told[1][i].Detail.Flight.Crossings[k]
			c.From, c.To = other(c.From), other(c.To)
		}
	}
	if !reflect.DeepEqual(told[0], told[1]) {
		t.Errorf("%+v\n%+v", told[0], told[1])
	}
}

func ownWindow() agreement.Window {
	return agreement.Window{ID: "W-F", Kind: agreement.WindowMonitorFlight, Bearer: "M", NotifiedBy: "M", NotifiedAt: noonOn(11),
		From: noonOn(12).Add(-10 * time.Minute), To: noonOn(12).Add(50 * time.Minute), Zone: "Z-BUFFER"}
}

// droneVerdict holds an event by itself against the illustrative agreement's rule on drones.
func droneVerdict(c *chart, e truce.Event) truce.Verdict {
	in := truce.Incident{ID: e.ID, Revision: 1, Events: []truce.ID{e.ID}, Occurrence: truce.OccurrenceDetected, P: truce.Probability(e.Score), Time: e.Origin,
		Acts: []truce.ActWeight{{Act: e.Kind, P: 1}}, Position: e.Position, Families: []truce.Family{truce.FamilyRadar}, Detail: e.Detail, Labels: e.Labels}
	for _, f := range c.g.Evaluate(agreement.Input{Incident: in, Events: []truce.Event{e}}).Findings {
		if f.Rule == "R02" {
			return f.Verdict
		}
	}
	return ""
}

// abreast are two drones that fly 180 m beside each other.
func abreast() (one, two flown) {
	one, two = over(11), over(11)
	one.said, two.said = []truce.Identity{{Scheme: "serial", Value: "X1"}}, []truce.Identity{{Scheme: "serial", Value: "X2"}}
	one.hover, two.hover = 0, 0
	one.legs, two.legs = [][2]float64{{-2, -2}, {-6, -.7}}, [][2]float64{{-2, -1.81}, {-6, -.51}}
	return one, two
}

// TestFlightsSideBySide: each names the other's event while both flew together; one that flies
// elsewhere at the time is named by none, and no event takes in another's.
func TestFlightsSideBySide(t *testing.T) {
	one, two := abreast()
	alone := one
	alone.legs, alone.said = [][2]float64{{-2, 2}, {-6, 3.3}}, []truce.Identity{{Scheme: "serial", Value: "X3"}}
	out := watchedBy(t, sky(6, one, two, alone))
	if len(out.events) != 3 {
		t.Fatalf("%d events of three flights", len(out.events))
	}
	named := map[truce.ID]truce.ID{}
	for _, e := range out.events {
		for _, o := range e.Detail.Flight.Together {
			named[e.ID] = o.Event
			if o.P < .5 || o.Time.From < e.Origin.From-scanLength || o.Time.To > e.Origin.To+scanLength || o.Time.To.Sub(o.Time.From) < time.Minute {
				t.Errorf("%+v on an event of %v", o, e.Origin)
			}
		}
	}
	if len(named) != 2 {
		t.Fatalf("%d events name another, want two", len(named))
	}
	for a, b := range named {
		if named[b] != a || a == b {
			t.Errorf("%s names %s, which names %s", a, b, named[b])
		}
	}
}

// TestIdentitiesAgainstTheMark: an identity of the mission's that another flight gives far away,
// or that gave way to another's, is in doubt; what the mission's own link tells is not shaken by
// a copy.
func TestIdentitiesAgainstTheMark(t *testing.T) {
	mine, copied := over(12), over(12)
	mine.said, copied.said = []truce.Identity{ownIdentity}, []truce.Identity{ownIdentity}
	copied.legs = [][2]float64{{-3, -5}, {-5, -5.5}, {-3, -5}}
	linked := mine
	linked.own = true
	for _, row := range []struct {
		name    string
		flights []flown
		want    []truce.FlightIdentity // of the flights, from south to north
	}{
		{"alone", []flown{mine}, []truce.FlightIdentity{truce.FlightOwn}},
		{"and a copy", []flown{mine, copied}, []truce.FlightIdentity{truce.FlightInDoubt, truce.FlightInDoubt}},
		{"on the mission's link, and a copy", []flown{linked, copied}, []truce.FlightIdentity{truce.FlightInDoubt, truce.FlightOwn}},
	} {
		plots := sky(7, row.flights...)
		for i := range plots {
			if plots[i].Source == "remoteid" && plots[i].Place.Lat < -47.93 {
				plots[i].Sensor = "RX-2" // each is heard by a receiver near it
			}
		}
		events := watchedBy(t, plots).events
		slices.SortFunc(events, func(a, b truce.Event) int { return int((a.Position.Lat - b.Position.Lat) * 1e6) })
		if len(events) != len(row.want) {
			t.Errorf("%s: %d events", row.name, len(events))
			continue
		}
		for i, e := range events {
			f := e.Detail.Flight
			if f.Identity != row.want[i] {
				t.Errorf("%s: identity %s, want %s", row.name, f.Identity, row.want[i])
			}
			if len(row.want) == 2 && (len(f.Remarks) != 1 || f.Remarks[0].Kind != truce.IdentityTwice || f.Remarks[0].Event != events[1-i].ID) {
				t.Errorf("%s: %+v", row.name, f.Remarks)
			}
		}
	}
	plots := sky(8, mine)
	for i := range plots {
		if p := plots[i].Plot; len(p.Identities) > 0 && plots[i].Phenomenon.From > mine.at.Add(4*time.Minute) {
			p.Identities = []truce.Identity{{Scheme: "sysid", Value: "9"}}
		}
	}
	e := watchedBy(t, plots).events[0]
	f := e.Detail.Flight
	if f.Identity != truce.FlightInDoubt || !slices.Contains(e.Labels, truce.LabelIdentityInDoubt) || len(f.Remarks) != 1 || f.Remarks[0].Kind != truce.IdentityChanged || f.Remarks[0].Other.Value != "9" {
		t.Errorf("a name that changed on the way: %s, %+v", f.Identity, f.Remarks)
	}
}

// TestWhoseAFollowedFlightIs: another's identity of a sort that the mission's aircraft give is
// another's; one of another sort tells nothing.
func TestWhoseAFollowedFlightIs(t *testing.T) {
	for said, want := range map[truce.Identity]truce.FlightIdentity{
		{Scheme: "sysid", Value: "7"}:    truce.FlightOther,
		{Scheme: "callsign", Value: "Q"}: truce.FlightUnnamed,
		{}:                               truce.FlightUnnamed,
		ownIdentity:                      truce.FlightOwn,
	} {
		f := over(12)
		if said.Value != "" {
			f.said = []truce.Identity{said}
		}
		if got := watchedBy(t, sky(2, f)).events[0].Detail.Flight.Identity; got != want {
			t.Errorf("%v: %s, want %s", said, got, want)
		}
	}
}

// TestLatePlotsKeepTheEvent: plots that come in late, before those that opened an event, make it
// begin earlier and do not make it another; the flight that went with it names it as it stands.
func TestLatePlotsKeepTheEvent(t *testing.T) {
	one, two := abreast()
	all := sky(6, one, two)
	early := slices.DeleteFunc(slices.Clone(all), func(o truce.Observation) bool { return o.Phenomenon.From < one.at.Add(75*time.Second) })
	standing := watchedBy(t, early).events
	again := watchedBy(t, all)
	now := again.events
	if len(standing) != 2 || len(now) != 2 || now[0].ID == standing[0].ID && now[1].ID == standing[1].ID {
		t.Fatalf("the late plots open nothing: %d and %d events", len(standing), len(now))
	}
	again.keepIDs(standing)
	for _, e := range now {
		i := slices.IndexFunc(standing, func(s truce.Event) bool { return s.ID == e.ID })
		if i < 0 || e.Origin.From >= standing[i].Origin.From {
			t.Errorf("event %s of %v is not one that stood, or did not grow", e.ID, e.Origin)
		}
		for _, o := range e.Detail.Flight.Together {
			if o.Event == e.ID || !slices.ContainsFunc(standing, func(s truce.Event) bool { return s.ID == o.Event }) {
				t.Errorf("it went with %s, which stands nowhere", o.Event)
			}
		}
		if len(e.Detail.Flight.Together) == 0 {
			t.Error("the two went together and are not told to")
		}
	}
	if geo.Distance(now[0].Position.Point, now[1].Position.Point) > 1000 {
		t.Error("the two are not near each other")
	}
}
