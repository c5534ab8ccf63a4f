package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// TestPlacesRoundTheEarthNeverStopAnAssessment: circles and corridors over the antimeridian
// and beside a pole are places as others are.
func TestPlacesRoundTheEarthNeverStopAnAssessment(t *testing.T) {
	p := notified(t)
	mustHold(t, p.good(t, "assess"), "1 notifications\n")
	for i, place := range [][]string{
		{"--lat", "0", "--lon", "176", "--radius", "500000"}, {"--lat", "10", "--lon", "179.9999", "--radius", "1000"},
		{"--lat", "89.999", "--lon", "0", "--radius", "1000"}, {"--lat", "-90", "--lon", "77", "--radius", "500000"},
		{"--route", "10 179.9; 10 -179.9", "--width", "500"}, {"--route", "89.9 10; 89.9 -170", "--width", "500000"},
		{"--box", "-90 -180 90 180"},
	} {
		p.good(t, append([]string{"notify", "give", "demining", "--number", fmt.Sprintf("N-%d", i+2), "--by", "A", "--from", "2031-03-25T10:00:00Z", "--to", "2031-03-25T14:00:00Z"}, place...)...)
		out := p.good(t, "assess")
		if !strings.Contains(out, fmt.Sprintf("%d notifications\n", i+2)) || strings.Contains(out, "set aside") {
			t.Errorf("%v: %s", place, out)
		}
	}
}

// TestARecordedPlaceThatCannotBeUsedIsSetAside: what another release, or a file brought by
// hand, recorded never stops an assessment; it is said and has no effect.
func TestARecordedPlaceThatCannotBeUsedIsSetAside(t *testing.T) {
	p := notified(t)
	a, err := Open(t.Context(), p.dir, func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	dot := []geo.Point{{Lat: 1, Lon: 1}, {Lat: 1.000000001, Lon: 1}}
	var drafts []truce.Draft
	for i, place := range []truce.NotifiedPlace{{Zone: "Z-GONE"}, {Points: dot, WithinM: 5}, {Box: &truce.NotifiedBox{South: 1, West: 1, North: 1.000000001, East: 2}}} {
		n := truce.Notification{Number: fmt.Sprintf("X-%d", i), Step: truce.StepGiven, By: "A", Activity: &truce.NotifiedActivity{
			Kind: "demining", Bearer: "A", Place: place, From: truce.InstantOf(p.now), To: truce.InstantOf(p.now.Add(time.Hour))}}
		draft, err := truce.NewDraft(truce.RecordNotification, n.Subject(), "", n)
		if err != nil {
			t.Fatal(err)
		}
		draft.Key = n.Number
		drafts = append(drafts, draft)
	}
	if _, err := a.store.Append(t.Context(), truce.Batch{Drafts: drafts}); err != nil {
		t.Fatal(err)
	}
	a.Close()
	mustHold(t, p.good(t, "assess"), "2 evaluations, 2 new or changed", "4 notifications\n",
		`notification X-0 is set aside and has no effect: zone "Z-GONE" is no zone of the agreement`,
		"notification X-1 is set aside and has no effect: its route cannot be drawn", "notification X-2 is set aside and has no effect: its box cannot be drawn")
	mustHold(t, p.good(t, "notify", "list"), "its route cannot be drawn")
	mustHold(t, p.good(t, "notify", "list", "--json"), `"set_aside": "zone \"Z-GONE\" is no zone of the agreement"`)
}

// TestNotifyRefusesPlacesThatCannotBeUsed: before anything is recorded, with the field.
func TestNotifyRefusesPlacesThatCannotBeUsed(t *testing.T) {
	p := notified(t)
	give := func(place ...string) []string {
		return append([]string{"notify", "give", "demining", "--by", "A", "--from", "2031-03-25T10:00:00Z", "--to", "2031-03-25T14:00:00Z"}, place...)
	}
	for _, row := range []struct {
		args []string
		says string
	}{
		{give("--route", "1 1; 1.000000001 1", "--width", "5"), "route: its route cannot be drawn"},
		{give("--box", "1 1 1.000000001 2"), "box: its box cannot be drawn"},
	} {
		if r := p.run(row.args...); r.code == 0 || !strings.Contains(r.err, row.says) {
			t.Errorf("%v: %d, %s; want %q", row.args, r.code, r.err, row.says)
		}
	}
	mustHold(t, p.good(t, "assess"), "1 notifications\n")
}

// TestWhatNotifyAcceptsCanBeHeldAgainst: no place that the door lets in is set aside later,
// and none makes an evaluation fail.
func TestWhatNotifyAcceptsCanBeHeldAgainst(t *testing.T) {
	p := newProgram(t)
	terms, err := readAgreement(p.dir + "/agreement")
	if err != nil {
		t.Fatal(err)
	}
	g, err := terms.Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	lat := rapid.OneOf(rapid.SampledFrom([]string{"90", "-90", "89.9999", "-89.99999", "0", "89.999", "-47.72013"}), rapid.Map(rapid.Float64Range(-90, 90), text))
	lon := rapid.OneOf(rapid.SampledFrom([]string{"180", "-180", "179.9999", "-179.99999999", "176", "0", "-21.88656"}), rapid.Map(rapid.Float64Range(-180, 180), text))
	metres := rapid.OneOf(rapid.SampledFrom([]string{"1", "1000", "500000"}), rapid.Map(rapid.Float64Range(1, truce.MaxNotifiedReachM), text))
	rapid.Check(t, func(t *rapid.T) {
		row := soundRow()
		row["lat"], row["lon"], row["radius_m"] = "", "", ""
		switch rapid.IntRange(0, 2).Draw(t, "place") {
		case 0:
			row["lat"], row["lon"], row["radius_m"] = lat.Draw(t, "lat"), lon.Draw(t, "lon"), metres.Draw(t, "radius")
		case 1:
			var points []string
			for range rapid.IntRange(2, 5).Draw(t, "points") {
				points = append(points, lat.Draw(t, "lat")+" "+lon.Draw(t, "lon"))
			}
			row["route"], row["width_m"] = strings.Join(points, "; "), metres.Draw(t, "width")
		default:
			row["box"] = strings.Join([]string{lat.Draw(t, "south"), lon.Draw(t, "west"), lat.Draw(t, "north"), lon.Draw(t, "east")}, " ")
		}
		n, err := row.notification()
		if err == nil {
			err = checkNotification(terms.Agreement, &n, standingOf{})
		}
		if err != nil {
			return
		}
		notices := terms.Notices([]truce.NotificationRow{{Seq: 1, Recorded: 1, Notification: n}}, 0)
		with, aside := withNotices(g, notices)
		if len(aside) > 0 {
			t.Fatalf("%v: accepted and set aside: %v", row, aside)
		}
		for _, at := range []geo.Point{{Lat: -47.72, Lon: -21.88}, {Lat: 10, Lon: 180}, {Lat: 90, Lon: 5}} {
			pos := geo.Position{Point: at, Error: geo.Isotropic(300)}
			in := truce.Incident{Position: &pos, Time: truce.Moment(n.Activity.From, 0), Acts: []truce.ActWeight{{Act: truce.ActControlledExplos, P: 1}}}
			with.Evaluate(agreement.Input{Incident: in})
		}
	})
}

func text(v float64) string { return fmt.Sprint(v) }
