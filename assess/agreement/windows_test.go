package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// from is what sources say of the side of origin.
func from(party truce.PartyID, p truce.Probability) truce.Detail {
	return truce.Detail{OriginSide: []truce.SideShare{{Party: party, P: p}}}
}

// A window is the bearer's own: what another party does in its place and time is not
// covered by it.
func TestAWindowCoversItsBearerOnly(t *testing.T) {
	g := ruled(t, withoutWindows, deminingRules(Permission{})...)
	rows := []struct {
		name   string
		detail truce.Detail
		bearer truce.PartyID
		covers bool
	}{
		{"nothing known of the origin", truce.Detail{}, "A", true},
		{"from the side of A", from("A", 0.9), "A", true},
		{"from the side of B", from("B", 0.9), "A", false},
		{"perhaps from B", from("B", 0.3), "A", true},
		{"too probably from B to be sure of A", from("B", 0.4), "A", false},
		{"as probably from either", truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 0.5}, {Party: "B", P: 0.5}}}, "A", false},
		{"rather from B", truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 0.3}, {Party: "B", P: 0.6}}}, "A", false},
		{"launched east of the line", truce.Detail{Origin: spot(6000, 300)}, "A", false},
		{"launched west of it", truce.Detail{Origin: spot(-6000, 300)}, "A", true},
		{"where it was launched counts before what sources say", truce.Detail{Origin: spot(-6000, 300), OriginSide: from("B", 1).OriginSide}, "A", true},
		{"the mission's, which has no side and permits what parties do", from("B", 1), "M", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			in := seen(explosion, row.detail, move(spot(-3729, 100)))
			in.Windows = []Window{demining(func(w *Window) { w.Bearer, w.NotifiedBy = row.bearer, row.bearer })}
			for _, rule := range []truce.RuleID{"F", "P"} {
				f := findingOf(t, g.Evaluate(in), rule)
				says := strings.Contains(strings.Join(f.Trace, "\n"), "came from the side of B, and it is the window of "+string(row.bearer))
				if (f.Verdict == exempt) != row.covers || f.ClaimsExempt == row.covers || says == row.covers {
					t.Errorf("%s: %s, claims %v, want covered %v\n%s", rule, f.Verdict, f.ClaimsExempt, row.covers, strings.Join(f.Trace, "\n"))
				}
				if rule == "P" && !row.covers && f.Reason != truce.ReasonControl {
					t.Errorf("reason %s, want control", f.Reason)
				}
			}
		})
	}
}

// What one party notified is no notice of the other's convoy, with or without a place.
func TestANoticeOfAnotherPartyIsNone(t *testing.T) {
	rule := Rule{ID: "N", Kind: KindRequire, Acts: []truce.Act{"rotation_unnotified"}, Families: 1, Where: Where{Anywhere: true}, Unless: []WindowKind{WindowRotation},
		Require: &Requirement{Notify: &NotifyDuty{Window: WindowRotation, Threshold: 10, Object: "vehicles", Notice: 72 * time.Hour}}}
	g := ruled(t, withoutWindows, rule)
	convoy := func(party truce.PartyID) Input {
		d := from(party, 0.9)
		d.Quantity = 12
		in := seen("rotation_unnotified", d, move(spot(-3729, 100)))
		in.Windows = []Window{demining(func(w *Window) { w.Kind, w.NotifiedAt = WindowRotation, at("2026-04-01T00:00:00Z") })}
		return in
	}
	want{exempt, "", 1, 1, nil}.check(t, g, convoy("A"), "N")
	want{hit, "", 1, 1, []string{"came from the side of B"}}.check(t, g, convoy("B"), "N")
	nowhere := convoy("B")
	nowhere.Incident.Position = nil
	want{hit, "", 1, 1, nil}.check(t, g, nowhere, "N")
	nowhere = convoy("A")
	nowhere.Incident.Position = nil
	want{indeterminate, truce.ReasonLocation, 1, 1, nil}.check(t, g, nowhere, "N")
}

// A monitors' flight window covers what may be the monitors' own flight.
func TestAMonitorsWindowCoversTheirOwnFlightsOnly(t *testing.T) {
	rule := Rule{ID: "D", Kind: KindProhibit, Acts: []truce.Act{"recon_uav"}, Families: 1, Where: Where{Anywhere: true}, Unless: []WindowKind{WindowMonitorFlight}}
	g := ruled(t, withoutWindows, rule)
	uav := func(p truce.Probability) []truce.Weapon { return []truce.Weapon{{Class: "mlrs", P: p}} }
	rows := []struct {
		name     string
		detail   truce.Detail
		notified int
		covers   bool
		says     string
	}{
		{"nothing known of it", truce.Detail{}, 0, true, "whose it was is not known, nothing speaks against M, so the notice decides"},
		{"one flight", truce.Detail{Quantity: 1}, 0, true, "covers it"},
		{"from side B, forty of them", truce.Detail{Quantity: 40, OriginSide: from("B", 1).OriginSide}, 0, false, "another's with p 1.00); notified as one flight, 40 seen at once"},
		{"from side A", from("A", 1), 0, false, "came from the side of A, and it is the window of M"},
		{"from side B, one", from("B", 0.9), 0, false, "came from the side of B"},
		{"two, and one was notified", truce.Detail{Quantity: 2}, 0, false, "notified as one flight, 2 seen"},
		{"two, as notified", truce.Detail{Quantity: 2}, 2, true, "covers it"},
		{"three, and two were notified", truce.Detail{Quantity: 3}, 2, false, "notified for 2, 3 seen"},
		{"a weapon", truce.Detail{Weapons: uav(1)}, 0, false, "a weapon is named (p 1.00)"},
		{"launched from the area of B, as the monitors may be", truce.Detail{Origin: spot(6000, 300)}, 0, true, "covers it"},
		{"perhaps from B", from("B", 0.2), 0, true, "covers it"},
		{"followed: the mission's own", truce.Detail{Flight: &truce.Flight{Identity: truce.FlightOwn}}, 0, true, "a flight of M, by identity, place and time of its plan"},
		{"followed: gives another identity", truce.Detail{Flight: &truce.Flight{Identity: truce.FlightOther}}, 0, false, "an identity that is none of M's aircraft"},
		{"hardly a weapon", truce.Detail{Weapons: uav(0.2)}, 0, true, "covers it"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			in := seen("recon_uav", row.detail, move(spot(-3731, 100)))
			in.Windows = []Window{demining(func(w *Window) {
				w.Kind, w.Bearer, w.NotifiedBy, w.Quantity = WindowMonitorFlight, "M", "M", row.notified
			})}
			verdict := hit
			if row.covers {
				verdict = exempt
			}
			f := want{verdict, "", 1, 1, []string{row.says}}.check(t, g, in, "D")
			if f.ClaimsExempt == row.covers {
				t.Errorf("claims %v of a window that covers: %v", f.ClaimsExempt, row.covers)
			}
		})
	}
}

// What was followed could have shown whose it was: without that the window leaves it open, for
// whichever party it may have been; and a demining window, which permits what parties do, does not.
func TestAMonitorsWindowLeavesOpenWhatIsNotConfirmed(t *testing.T) {
	rule := Rule{ID: "D", Kind: KindProhibit, Acts: []truce.Act{"recon_uav"}, Families: 1, Where: Where{Anywhere: true}, Unless: []WindowKind{WindowMonitorFlight}}
	permit := Rule{ID: "P", Kind: KindPermit, Acts: []truce.Act{"recon_uav"}, Permit: &Permission{Windows: []WindowKind{WindowMonitorFlight}}}
	g := ruled(t, withoutWindows, rule, permit)
	for _, side := range []float64{-3731, 3731} { // either party's
		for identity, says := range map[truce.FlightIdentity]string{
			truce.FlightUnnamed: "it gave no identity of theirs", truce.FlightInDoubt: "an identity of theirs that something speaks against",
		} {
			in := seen("recon_uav", truce.Detail{Flight: &truce.Flight{Identity: identity}}, move(spot(side, 100)))
			in.Windows = []Window{demining(func(w *Window) {
				w.Kind, w.Bearer, w.NotifiedBy, w.Circle.Lon = WindowMonitorFlight, "M", "M", float64(in.Incident.Position.Lon)
			})}
			f := want{indeterminate, truce.ReasonEvidence, 1, 1, []string{"that it was the flight of M is not confirmed", says}}.check(t, g, in, "D")
			if !f.ClaimsExempt || f.Window != "" {
				t.Errorf("%s: claims %v, window %q", identity, f.ClaimsExempt, f.Window)
			}
			if p := findingOf(t, g.Evaluate(in), "P"); p.Verdict == exempt {
				t.Errorf("%s: permitted all the same", identity)
			}
		}
	}
}

// What is not known of a window is never taken for met.
func TestAWindowOfWhichSomethingIsNotKnown(t *testing.T) {
	silence := Permission{Ack: AckOtherParty, AutoAck: 24 * time.Hour, Notice: 48 * time.Hour}
	rows := []struct {
		name   string
		change func(*Window)
		says   string
	}{
		{"no bearer", func(w *Window) { w.Bearer, w.NotifiedBy = "", "" }, "whose activity it was notified for is not known"},
		{"a bearer that is no party", func(w *Window) { w.Bearer, w.NotifiedBy = "Z", "Z" }, "Z is no party of the agreement"},
		{"no time of the notice", func(w *Window) { w.NotifiedAt = 0 }, "when it was notified is not known"},
		{"nor an answer", func(w *Window) { w.NotifiedAt, w.AckedAt, w.AckedBy = 0, 0, "" }, "not acknowledged by the other party"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			g := ruled(t, withoutWindows, deminingRules(silence)...)
			e := g.Evaluate(blastInside("", demining(row.change)))
			for _, rule := range []truce.RuleID{"F", "P"} {
				f := findingOf(t, e, rule)
				if trace := strings.Join(f.Trace, "\n"); f.Verdict == exempt || !f.ClaimsExempt || !strings.Contains(trace, row.says) {
					t.Errorf("%s: %s, claims %v, want %q\n%s", rule, f.Verdict, f.ClaimsExempt, row.says, trace)
				}
			}
		})
	}
}

// A window of a zone reaches as high as the zone does.
func TestAWindowOfAZoneWithHeights(t *testing.T) {
	low := func(a *Agreement) {
		a.Windows = nil
		a.Zones = slices.Clone(a.Zones)
		for i := range a.Zones {
			if a.Zones[i].ID == "Z-BUFFER" {
				a.Zones[i].AltitudeM = &Range{Max: 500}
			}
		}
	}
	rule := Rule{ID: "D", Kind: KindProhibit, Acts: []truce.Act{"recon_uav"}, Families: 1, Where: Where{Anywhere: true}, Unless: []WindowKind{WindowMonitorFlight}}
	g := ruled(t, low, rule)
	for _, row := range []struct {
		height *truce.Span
		want   truce.Verdict
		claims bool
	}{
		{&truce.Span{Low: 100, High: 300}, exempt, false},
		{&truce.Span{Low: 2000, High: 2500}, hit, true},
		{&truce.Span{Low: 300, High: 700}, hit, true},
		{nil, hit, true},
	} {
		in := seen("recon_uav", truce.Detail{Altitude: row.height}, move(spot(-2000, 100)))
		in.Windows = []Window{demining(func(w *Window) {
			w.Kind, w.Bearer, w.NotifiedBy, w.Circle, w.Zone = WindowMonitorFlight, "M", "M", nil, "Z-BUFFER"
		})}
		f := want{row.want, "", 1, 1, nil}.check(t, g, in, "D")
		if f.ClaimsExempt != row.claims {
			t.Errorf("%v: claims %v\n%s", row.height, f.ClaimsExempt, strings.Join(f.Trace, "\n"))
		}
	}
}
