package desk_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/web/desk"
)

// heardEvent is one that four sensors heard; nobody says where the last stands.
func heardEvent(i int) desk.HeardEvent {
	at := truce.InstantOf(time.Date(2031, 3, 11, 14, 20, i, 250_000_000, time.UTC))
	e := desk.HeardEvent{Gap: 190, Silent: 3, Event: truce.Event{
		Origin: truce.Moment(at, 50*time.Millisecond), Position: &geo.Position{Point: geo.Point{Lat: -47.99, Lon: -21.81}, Error: geo.FromEllipse(geo.Ellipse{Major: 100, Minor: 40, Strike: 30})},
		Score: .99, Labels: []truce.Label{truce.LabelDeepSource}, DepthM: 9000, DepthSigmaM: 400,
	}}
	for k, residual := range []float64{.3, -.1, 0, .1} {
		e.Rows = append(e.Rows, desk.HeardRow{
			Sensor: truce.SensorID("EAR-<" + string(rune('1'+k)) + ">"), At: at.Add(time.Duration(k+1) * time.Second), Phase: truce.PhaseAcoustic, ResidualS: residual,
			DistanceM: geo.Metres(1000 * k), Azimuth: 45, Placed: k < 3,
		})
	}
	e.Rows[1].SigmaS, e.Rows[1].Bearing = .25, "from 225° ± 3°"
	return e
}

// TestIncidentTellsWhoHeardIt: the sensors with residuals and distances, the ellipse, the
// picture, and arrivals that do not fill the table of evidence.
func TestIncidentTellsWhoHeardIt(t *testing.T) {
	body := get(handler(t, &reader{rows: 2, heard: 9}), "/incidents/2031-110").Body.String()
	for _, want := range []string{
		`<h2 id="heard">Heard by sensors</h2>`, `<figure class="map ears">`, "2031-03-11 14:20:00.25 UTC", "± 0.05 s", "the longer towards 30°", "heard by 4, and not by 3 as near",
		"EAR-&lt;1&gt;", "14:20:02.250", "-0.100", "+0.300", ">1.00<", "from 225° ± 3°", "nobody says where it stands", "it lies outside of them", "9.0 km", "deep in the ground",
		"1 to 3 of 9 located events", `href="?offset=3#heard"`, `aria-label="Residuals of 4 arrivals by distance, within 0.50 s`, "Shelling",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(body, "<details open>"); n != 1 {
		t.Errorf("%d located events are open, want the first", n)
	}
	if strings.Contains(body, "<td>arrivals-acoustic") {
		t.Error("arrivals stand in the table of evidence")
	}
	last := get(handler(t, &reader{heard: 9}), "/incidents/2031-110?offset=6").Body.String()
	if !strings.Contains(last, "7 to 9 of 9 located events") || !strings.Contains(last, `href="?offset=3#heard"`) || strings.Contains(last, `rel="next"`) || !strings.Contains(last, `9 arrivals at sensors, told of <a href="#heard">below</a>`) {
		t.Error("the last located events are not shown")
	}
	whole := get(handler(t, &reader{heard: 9}), "/incidents/2031-110?all=1&offset=3").Body.String()
	for _, want := range []string{`href="?all=1&amp;offset=0#heard"`, `href="?all=1&amp;offset=6#heard"`} {
		if !strings.Contains(whole, want) {
			t.Errorf("who sees all evidence loses it where located events go on: no %s", want)
		}
	}
	if odd := get(handler(t, &reader{heard: 9}), "/incidents/2031-110?offset=x"); odd.Code != 400 {
		t.Errorf("offset x gives status %d", odd.Code)
	}
	if far := get(handler(t, &reader{heard: 2}), "/incidents/2031-110?offset=50").Body.String(); !strings.Contains(far, "2 to 2 of 2 located events") {
		t.Error("an offset beyond shows nothing")
	}
	if none := get(handler(t, &reader{rows: 2}), "/incidents/2031-110").Body.String(); strings.Contains(none, "Heard by sensors") {
		t.Error("an incident that no sensor heard has the section")
	}
}

// TestPlotIsWellFormed whatever the sensors are called, and has a dot for each that stands
// somewhere.
func TestPlotIsWellFormed(t *testing.T) {
	e := heardEvent(0)
	for _, rows := range [][]desk.HeardRow{e.Rows, nil, e.Rows[2:3]} {
		plot := string(desk.HeardEvent{Rows: rows}.Plot())
		dec := xml.NewDecoder(strings.NewReader(plot))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, plot)
			}
		}
		placed := 0
		for _, r := range rows {
			if r.Placed {
				placed++
			}
		}
		if n := strings.Count(plot, "<circle"); n != placed || strings.Contains(plot, "NaN") || strings.Contains(plot, "style=") {
			t.Errorf("%d dots for %d sensors: %s", n, placed, plot)
		}
	}
}

// TestADecisionNamesItsArrivals: by sensor and time, those on the other side apart, and how
// many more there are.
func TestADecisionNamesItsArrivals(t *testing.T) {
	at := truce.InstantOf(time.Date(2031, 3, 3, 14, 20, 22, 986_000_000, time.UTC))
	d := desk.Decided{ArrivalDecision: truce.ArrivalDecision{Verdict: truce.ArrivalsApart, Arrivals: make([]truce.ID, 3), Others: make([]truce.ID, 2)},
		Named: []desk.DecidedArrival{{Sensor: "E-6", At: at}, {Sensor: "E-7", At: at}}, OthersNamed: []desk.DecidedArrival{{}, {}}}
	sides := d.Sides()
	if len(sides) != 2 || sides[0].More != 1 || sides[0].Apart || sides[1].More != 0 || !sides[1].Apart {
		t.Errorf("%+v", sides)
	}
	if got := sides[0].Named[0]; got.Time() != "14:20:22.986" || got.Moment() != "2031-03-03 14:20:22.986 UTC" {
		t.Errorf("%s, %s", got.Time(), got.Moment())
	}
	d.Verdict, d.Others, d.OthersNamed = truce.ArrivalsExcluded, nil, nil
	if sides := d.Sides(); len(sides) != 1 {
		t.Errorf("%+v", sides)
	}
}
