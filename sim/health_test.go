package sim

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

// readHealth decodes the file of health as the mission does.
func readHealth(t testing.TB, w *World) []truce.Observation {
	t.Helper()
	for _, f := range w.Files() {
		if f.Name != HealthFile {
			continue
		}
		sink := &sourcetest.Sink{}
		if err := decoders[FormatHealth](f, sink); err != nil {
			t.Fatal(err)
		}
		if len(sink.Rejections) != 0 || len(sink.Observations) != w.Truth().Files[HealthFile] || len(sink.IDs()) != len(sink.Observations) {
			t.Fatalf("%d of %d rows read, %d different, refused %v", len(sink.Observations), w.Truth().Files[HealthFile], len(sink.IDs()), sink.Reasons())
		}
		return sink.Observations
	}
	t.Fatalf("no file %s", HealthFile)
	return nil
}

// The rows of health tell what the truth knows and nothing else: an outage that somebody
// knew of is stated with its reason, one that was not shows in missing beats alone, and a
// blind camera says that it is well.
func TestHealthTellsTheTruthOfOutages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, Config{Seed: rapid.Uint64().Draw(rt, "seed"), Days: rapid.IntRange(1, 6).Draw(rt, "days"), History: -1})
		health := readHealth(t, w)
		for _, o := range w.Truth().Outages {
			stated, beats, back := 0, 0, false
			for _, h := range health {
				p := h.Phenomenon
				switch {
				case h.Sensor != o.Sensor:
				case p.From == o.From && p.To == o.To:
					stated++
					if h.Health.State != truce.HealthDown || h.Health.Reason != o.Reason {
						rt.Fatalf("%+v is stated as %+v", o, *h.Health)
					}
				case p.From > o.From && p.From < o.To:
					beats++
				case p.From == o.To:
					back = true
				}
			}
			if (stated == 1) != o.Stated || stated > 1 {
				rt.Fatalf("%+v is stated %d times", o, stated)
			}
			if o.Blind != (beats > 0) || !o.Blind && !back {
				rt.Fatalf("%+v: %d beats in it, back again %v", o, beats, back)
			}
		}
		for _, h := range health {
			if h.Health.State != truce.HealthUp && !slices.ContainsFunc(w.Truth().Outages, func(o Outage) bool { return o.Sensor == h.Sensor && o.From == h.Phenomenon.From }) {
				rt.Fatalf("%s is said to be %s and no outage is true", h.Sensor, h.Health.State)
			}
		}
	})
}

// Whoever is not silenced says so at the stated rate: no two beats of a shift lie farther
// apart, and none lies outside it.
func TestHeartbeatsKeepTheirRate(t *testing.T) {
	w := newWorld(t, Config{Seed: 4, Days: 1})
	last, count := map[truce.SensorID]truce.Instant{}, map[truce.SensorID]int{}
	for _, h := range readHealth(t, w) {
		if before, any := last[h.Sensor]; any && h.Phenomenon.From.Sub(before) > heartbeatHours*time.Hour {
			t.Errorf("%s is silent from %s to %s on a day without outages", h.Sensor, before, h.Phenomenon.From)
		}
		last[h.Sensor] = h.Phenomenon.From
		count[h.Sensor]++
	}
	for _, s := range append(w.network(), w.radar()) {
		switch want := w.at(0, s.hours[1]); {
		case s.family == truce.FamilyOptical:
			if count[s.id] != 0 {
				t.Errorf("%s has no heartbeat to give, gave %d", s.id, count[s.id])
			}
		case s.hours[1] == 0 && last[s.id] < w.at(1, 1):
			t.Errorf("%s ends at %s, before the island's day", s.id, last[s.id])
		case s.hours[1] > 0 && last[s.id] != want:
			t.Errorf("%s ends at %s, its shift at %s", s.id, last[s.id], want)
		}
	}
}

// The stated watch names the sensors that exist, each once, and nobody of whom it is not
// known when they look.
func TestWatchNamesTheNetwork(t *testing.T) {
	w := newWorld(t, Config{})
	network := map[truce.SensorID]sensor{}
	for _, s := range append(w.network(), w.radar()) {
		network[s.id] = s
	}
	stated, ears := map[truce.SensorID]bool{}, map[truce.SensorID]ear{}
	for _, e := range w.ears() {
		ears[e.id] = e
	}
	for _, p := range w.Watch() {
		if _, listens := ears[p.Sensors[0]]; listens {
			w.checkEarPost(t, p, ears)
			continue
		}
		if p.Heartbeat != heartbeatHours*time.Hour || len(p.Chances) == 0 {
			t.Errorf("%+v", p)
		}
		for _, c := range p.Chances {
			known := truce.Act(c.Of).Known() || slices.Contains(truce.ActGroups(), truce.ActGroup(c.Of))
			if !known || !(c.P > 0 && c.P < 1) {
				t.Errorf("%s in %s sees %+v", p.Family, p.Area, c)
			}
		}
		for _, id := range p.Sensors {
			s, known := network[id]
			if !known || s.family != p.Family || w.island.AreaOf(s.at.point()) != p.Area || stated[id] {
				t.Errorf("%s of %s in %s: known %v, stated before %v", id, p.Family, p.Area, known, stated[id])
			}
			stated[id] = true
			if (p.Hours == "") != (s.hours[1] == 0) {
				t.Errorf("%s watches %q, truly %v", id, p.Hours, s.hours)
			}
		}
	}
	for id, s := range network {
		if inArea := w.island.AreaOf(s.at.point()) != ""; stated[id] != (s.family != truce.FamilyOptical && inArea) {
			t.Errorf("%s: stated %v", id, stated[id])
		}
	}
	if patrols := w.Watch()[slices.IndexFunc(w.Watch(), func(p Post) bool { return p.Family == truce.FamilyPatrol })]; patrols.Hours != "07:00-18:30" {
		t.Errorf("patrols go out %s by the island's clock, want 08:00 to 19:30 of UTC less an hour", patrols.Hours)
	}
	for id, e := range ears {
		if w.island.AreaOf(e.at) != "" {
			t.Errorf("%s is in no watch", id)
		}
	}
}

// checkEarPost takes the ears of a post, which stand in its area and give no sign of life, from
// those that are left.
func (w *World) checkEarPost(t *testing.T, p Post, left map[truce.SensorID]ear) {
	t.Helper()
	if p.Family != truce.FamilyAcoustic || p.Heartbeat != 0 || p.Hours != "" || len(p.Chances) == 0 {
		t.Errorf("%+v", p)
	}
	for _, id := range p.Sensors {
		if e, known := left[id]; !known || w.island.AreaOf(e.at) != p.Area {
			t.Errorf("%s in %s: known and stated once %v", id, p.Area, known)
		}
		delete(left, id)
	}
}

// TestStatedChancesOfEarsAreNotBoasts: of what the ears are said to notice at least so many have
// a round that five of them heard, which is more than it takes to locate it.
func TestStatedChancesOfEarsAreNotBoasts(t *testing.T) {
	all, heard := map[truce.Act]int{}, map[truce.Act]int{}
	for seed := range uint64(4) {
		w := newWorld(t, Config{Seed: seed + 1})
		w.Files()
		by := map[string]int{}
		for _, s := range w.Truth().Shots {
			by[s.Of] = max(by[s.Of], len(s.Arrivals))
		}
		for _, h := range w.Truth().Happenings {
			if w.island.AreaOf(h.Point) == "" {
				continue
			}
			if all[h.Act]++; by[h.ID] >= 5 {
				heard[h.Act]++
			}
		}
	}
	for _, c := range earChances {
		act := truce.Act(c.Of)
		if share := float64(heard[act]) / float64(max(1, all[act])); all[act] < 20 || share < c.P {
			t.Errorf("%s: %d of %d are heard, the mission states a chance of %g", act, heard[act], all[act], c.P)
		}
	}
}

// A stated chance is not better than what the sensors of the exercise truly do: over many
// happenings in the day, the families together notice at least as large a part.
func TestStatedChancesAreNotBoasts(t *testing.T) {
	w := newWorld(t, Config{Seed: 11, Scale: 20, Days: 3})
	acts := map[truce.Act]float64{truce.ActIndirectFire: 1 - 0.4*0.6, truce.ActDirectFire: 1 - 0.4*0.6, truce.ActNewTrench: 1 - 0.5*0.4}
	for act, stated := range acts {
		seen, all := 0, 0
		for _, h := range w.Truth().Happenings {
			if h.Act == act && h.From.Sub(w.at(w.dayOf(h.From), 0)) > 9*time.Hour && h.From.Sub(w.at(w.dayOf(h.From), 0)) < 18*time.Hour {
				all++
				if len(h.Families) > 0 {
					seen++
				}
			}
		}
		if share := float64(seen) / float64(max(1, all)); all < 20 || share < stated {
			t.Errorf("%s: %d of %d noticed, the mission states a chance of %.2f", act, seen, all, stated)
		}
	}
}

// Both parties' totals of a day are claims of one kind with the number the truth has, in
// the same words, and neither is an act.
func TestBothPartiesStateATotal(t *testing.T) {
	w := newWorld(t, Config{Seed: 5, Days: 2})
	var claims []truce.Observation
	for _, f := range w.Files() {
		if f.Name == "reports/exercise_party.csv" {
			sink := &sourcetest.Sink{}
			if err := decoders[FormatCSV](f, sink); err != nil {
				t.Fatal(err)
			}
			claims = sink.Observations
		}
	}
	found := map[truce.PartyID]string{}
	for _, n := range w.Truth().Nuisances {
		if n.Kind != NuisanceTotal {
			continue
		}
		for _, o := range claims {
			if o.Phenomenon.From != n.From || string(o.Sensor) != "LIAISON-"+n.Of {
				continue
			}
			c := o.Report.Claims
			if len(c) != 1 || c[0].Act != "" || c[0].Unit != truce.UnitMixed || c[0].Count != n.Count || o.Phenomenon.To != n.To || o.Place != nil {
				t.Errorf("%+v reads %+v", n, c)
				continue
			}
			found[otherParty(c[0].Accused)] = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return -1
				}
				return r
			}, strings.ReplaceAll(o.Report.Text, "party "+string(c[0].Accused), "party X"))
		}
	}
	if len(found) != 2 || found[PartyA] != found[PartyB] {
		t.Errorf("totals %q, want both parties' in the same words", found)
	}
}
