package app

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sim"
)

// TestTheExercisesFlights holds what Truce finds of the exercise's flights against the truth:
// one incident each, found against the agreement's rule on drones, the mission's own exempt by
// the window that was notified, a copied identity not, jamming an incident and a gap.
func TestTheExercisesFlights(t *testing.T) {
	p := program{dir: filepath.Join(t.TempDir(), "exercise"), now: storyTime}
	p.good(t, "demo", "--exit")
	world, err := sim.New(sim.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	events, err := a.store.Events(t.Context(), truce.EventQuery{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[sim.FlightKind]truce.Verdict{
		sim.FlightQuadcopter: truce.VerdictHit, sim.FlightFixedWing: truce.VerdictHit, sim.FlightCopy: truce.VerdictHit, sim.FlightGraze: truce.VerdictIndeterminate,
		sim.FlightMonitor: truce.VerdictExempt, sim.FlightJammed: truce.VerdictExempt,
	}
	for _, f := range world.Truth().Flights {
		var rows []truce.IncidentRow
		for _, e := range events {
			if e.Method != followMethod || e.Kind == truce.ActJamGNSS || e.Origin.From < f.From-60e6 || e.Origin.To > f.To+60e6 || f.Kind == sim.FlightBird != (e.Origin.To < f.From+600e6) && f.ID <= "F-02" {
				continue
			}
			if i := slices.IndexFunc(page.Rows, func(r truce.IncidentRow) bool { return slices.Contains(r.Incident.Events, e.ID) }); i >= 0 {
				rows = append(rows, page.Rows[i])
			}
		}
		if f.Kind == sim.FlightBird { // it may pass for a drone, and is never surely one
			for _, r := range rows {
				if v := verdictOf(r, "R02"); v == truce.VerdictHit {
					t.Errorf("a bird is found against R02 in %s", r.Incident.Number)
				}
			}
			continue
		}
		if len(rows) != 1 || verdictOf(rows[0], "R02") != want[f.Kind] {
			t.Errorf("%s (%s): %d incidents, want one that is %s under R02: %+v", f.ID, f.Kind, len(rows), want[f.Kind], rows)
			continue
		}
		two := f.Kind == sim.FlightQuadcopter || f.Kind == sim.FlightCopy || f.Kind == sim.FlightMonitor // radar, and what it says of itself
		if got := rows[0].Incident.Occurrence; two != (got == truce.OccurrenceCorroborated) {
			t.Errorf("%s: %s by %v", f.Kind, got, rows[0].Incident.Families)
		}
		own := slices.Contains(rows[0].Incident.Labels, truce.LabelOwnFlight)
		if own != (want[f.Kind] == truce.VerdictExempt) || slices.Contains(rows[0].Incident.Labels, truce.LabelIdentityInDoubt) != (f.Kind == sim.FlightCopy) {
			t.Errorf("%s: labels %v", f.Kind, rows[0].Incident.Labels)
		}
	}
	jams := 0
	for _, e := range events {
		if e.Method == followMethod && e.Kind == truce.ActJamGNSS {
			jams++
		}
	}
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-12"), "GNSS lost on its flight")
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-12", "--lang", "uk"), "у польоті втрачено супутникову навігацію")
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-11"), "7-1")
	if jams != 1 {
		t.Errorf("%d incidents of jamming on the one flight that was jammed", jams)
	}
	noFlightIsPublic(t, a)
	if out := p.good(t, "assess"); !strings.Contains(out, "0 new or changed") {
		t.Errorf("assessed again: %s", out)
	}
}

// noFlightIsPublic: neither who a flight said it was nor what saw it is in any public page or in
// the public store; the desk has them.
func noFlightIsPublic(t *testing.T, a *App) {
	t.Helper()
	leaves := whatLeaves(t, a)
	if len(leaves) < 12 {
		t.Fatalf("only %d things leave the house; the test looks in the wrong place", len(leaves))
	}
	for name, text := range leaves {
		for _, word := range []string{"EXQUAD", "EXMON2", "sysid", "exercise_radar", "exercise_uav2", "Path of the flight", "residual_m", "crossings", "crossed LINE", "came back over", "flown_with", "radius_m\":300", "identity_remarks", "within 300 m of one place"} {
			if strings.Contains(withoutHashes(text), word) {
				t.Errorf("%s tells %s", name, word)
			}
		}
	}
	desk, err := a.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(page.Rows, func(r truce.IncidentRow) bool { return slices.Contains(r.Incident.Labels, truce.LabelIdentityInDoubt) })
	mustHold(t, get(desk, "/incidents/"+page.Rows[max(i, 0)].Incident.Number).body, "EXMON2", "Path of the flight", "height as told", "plots of a flight",
		"gives an identity of the mission&#39;s, and its plan", "Above ground, as told")
	over := slices.IndexFunc(page.Rows, func(r truce.IncidentRow) bool {
		return r.Incident.Detail != nil && r.Incident.Detail.Flight != nil && r.Incident.Detail.Flight.Crossed("LINE-CONTACT") > .95 && len(r.Incident.Detail.Flight.Stays) > 0
	})
	if over < 0 {
		t.Fatal("no flight of the exercise crossed the line and stayed beyond it")
	}
	mustHold(t, get(desk, "/incidents/"+page.Rows[over].Incident.Number).body, "crossed LINE-CONTACT, from the side of B to that of A", "came back over LINE-CONTACT", "min within 300 m of one place", "an identity that is none of the mission")
}

func verdictOf(r truce.IncidentRow, rule truce.RuleID) truce.Verdict {
	if r.Evaluation == nil {
		return ""
	}
	for _, f := range r.Evaluation.Findings {
		if f.Rule == rule {
			return f.Verdict
		}
	}
	return ""
}
