package ladder

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everything is a history in which every kind of step comes at least once.
func everything(t *testing.T) *story {
	s, i := climb(t)
	s.deed(after(4*hour), liaison, truce.Deed{Kind: truce.DeedComplain, Text: "shots at km 12"})
	s.incidents(after(4*hour), revised(s.one().Incidents[0], truce.OccurrenceCorroborated, after(4*hour)))
	s.incidents(after(5*hour), revised(s.one().Incidents[0], truce.OccurrenceVerified, after(5*hour)))
	s.deed(after(5*hour), liaison, truce.Deed{Kind: truce.DeedState, Text: "we know nothing of it"})
	pause := truce.Deed{Kind: truce.DeedPause, Clock: "warning", Until: after(30 * hour), Text: "storm: nobody can travel"}
	s.deed(after(5*hour), chief, pause)
	s.deed(after(6*hour), chair, pause)
	s.deed(after(9*hour), chair, truce.Deed{Kind: truce.DeedResume, Clock: "warning", Text: "roads are open"})
	for _, p := range []truce.Person{chief, chair} {
		s.deed(after(9*hour), p, moving(truce.T0Event, t0, after(-hour), on(i)))
	}
	s.incidents(after(22*hour), incident(2, after(22*hour), 2), with(incident(3, after(22*hour), 1), func(i *truce.CaseIncident) { i.Act = truce.ActMissileStrike }))
	s.fact(after(23*hour), Fact{Attribution: &truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance}})
	s.fact(after(23*hour), Fact{Advance: &truce.Advance{Line: "LINE-CONTACT", From: "3", To: "4", Metres: 800}})
	s.deed(after(24*hour), chief, truce.Deed{Kind: truce.DeedRefuse, Tier: "T2", Text: "the second report is not checked"})
	s.incidents(after(25*hour), with(incident(4, after(25*hour), 2), func(i *truce.CaseIncident) { i.Act = "fire_at_monitor" }))
	s.sign(after(26*hour), "T2", chair, chief)
	for _, d := range []truce.Deed{{Kind: truce.DeedCall, Text: "fire goes on"}} {
		s.deed(after(27*hour), office("fa-1", truce.OfficeDutyOfficer), d)
		s.deed(after(27*hour), state("FB"), d)
	}
	s.deed(after(28*hour), state("FA"), truce.Deed{Kind: truce.DeedJoin})
	s.deed(after(28*hour), state("FB"), truce.Deed{Kind: truce.DeedJoin})
	s.deed(after(28*hour), state("FA"), truce.Deed{Kind: truce.DeedPropose, Option: "warn"})
	s.deed(after(28*hour), state("FA"), truce.Deed{Kind: truce.DeedVote, Option: "warn"})
	s.deed(after(28*hour), state("FB"), truce.Deed{Kind: truce.DeedVote, Text: "we need our parliament"})
	s.deed(after(28*hour), chief, truce.Deed{Kind: truce.DeedMinute, Product: truce.HashOf([]byte("minutes"))})
	s.deed(after(29*hour), duty, truce.Deed{Kind: truce.DeedMeet, Clock: "report", Text: "report 1"})
	s.deed(after(29*hour), chair, truce.Deed{Kind: truce.DeedDecide, Text: "The guarantors warn."})
	s.deed(after(30*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach of clause 3"})
	remedy := truce.RemedyStep{ID: "M1", Party: "B", What: "withdraw the unit", Due: after(40 * hour), State: truce.RemedyAsked}
	s.deed(after(31*hour), chair, truce.Deed{Kind: truce.DeedRemedy, Remedy: &remedy})
	s.fact(after(32*hour), Fact{Blind: &truce.BlindSpell{Area: "north", Share: 0.2, From: after(31 * hour), Reason: "interference"}})
	s.fact(after(34*hour), Fact{Blind: &truce.BlindSpell{Area: "north", Share: 0.2, From: after(31 * hour), To: after(33 * hour), Reason: "interference"}})
	tick := s.m.Tick(s.one(), after(50*hour)) // the system stood still for most of a day
	if err := s.apply(0, tick); err != nil {
		t.Fatal(err)
	}
	s.deed(after(51*hour), chair, truce.Deed{Kind: truce.DeedMeet, Clock: "warning", Text: "sent after all"})
	remedy.State = truce.RemedyVerified
	s.deed(after(52*hour), chief, truce.Deed{Kind: truce.DeedRemedy, Remedy: &remedy})
	s.advance(after(105 * hour))
	s.deed(after(106*hour), chair, signDown("T2"))
	s.deed(after(106*hour), chief, signDown("T2"))
	s.fact(after(107*hour), Fact{Attribution: &truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Withdrawn: true}})
	var moved []truce.ID
	for _, one := range s.one().Incidents {
		s.incidents(after(108*hour), revised(one, truce.OccurrenceRefuted, after(108*hour)))
		moved = append(moved, one.ID)
	}
	s.deed(after(109*hour), chair, truce.Deed{Kind: truce.DeedSign, Tier: "T1", Down: true, Text: "agreed"})
	s.deed(after(109*hour), chief, signDown("T1"))
	s.deed(after(110*hour), chief, truce.Deed{Kind: truce.DeedReopen, Text: "a mistake"})
	s.deed(after(110*hour), chief, truce.Deed{Kind: truce.DeedNote, Text: "see the log book"})
	other := s.m.Open(truce.ID{7}, truce.CaseOpening{Title: truce.Names{"en": "Hamlet"}}, Fact{}, after(111*hour))
	s.cases = append(s.cases, truce.Case{})
	if err := s.apply(1, other); err != nil {
		t.Fatal(err)
	}
	s.deed(after(112*hour), chief, truce.Deed{Case: s.cases[0].ID, Kind: truce.DeedMove, Moved: moved[:2], To: truce.ID{7}, Text: "of another gun"})
	s.deed(after(113*hour), watch, truce.Deed{Case: s.cases[0].ID, Kind: truce.DeedClose, Text: "nothing is left"})
	s.gapAndHotline(after(114*hour), truce.ID{8})
	return s
}

// gapAndHotline opens a case, enters L1 while party B has nobody who can be told, and ends
// the gap an hour later. Then its relay is dead for three hours; of one clock it is told by
// telephone.
func (s *story) gapAndHotline(at truce.Instant, id truce.CaseID) {
	s.t.Helper()
	s.cases = append(s.cases, truce.Case{})
	n := len(s.cases) - 1
	if err := s.apply(n, s.m.Open(id, truce.CaseOpening{}, Fact{Incidents: []truce.CaseIncident{incident(9, at, 1)}}, at)); err != nil {
		s.t.Fatal(err)
	}
	s.m.Untold = []truce.PartyID{"B"}
	s.deed(at, watch, truce.Deed{Case: id, Kind: truce.DeedSign, Tier: "L0"})
	s.deed(at, lead, truce.Deed{Case: id, Kind: truce.DeedSign, Tier: "L1"})
	s.m.Untold = nil
	tick := func(d truce.Micros) {
		if err := s.apply(n, s.m.Tick(s.cases[n], at+truce.Instant(d))); err != nil {
			s.t.Fatal(err)
		}
	}
	tick(hour)
	s.m.Reached = relays{"B": {{at, at + truce.Instant(4*hour)}}}.reached
	tick(hour + 15*minute)
	s.deed(at+truce.Instant(2*hour), chief, truce.Deed{Case: id, Kind: truce.DeedResume, Clock: "receipt", Text: "read to both over the telephone"})
	tick(2*hour + 30*minute)
	tick(3 * hour)
	tick(4 * hour)
}

func TestAWholeHistoryInWords(t *testing.T) {
	s := everything(t)
	kinds := map[truce.StepKind]bool{}
	for _, step := range s.steps {
		kinds[step.Kind] = true
	}
	for kind := range appliers {
		if !kinds[kind] {
			t.Errorf("the history has no step %s", kind)
		}
	}
	for _, lang := range []string{"en", "uk"} {
		var out strings.Builder
		for _, step := range s.steps {
			fmt.Fprintf(&out, "%d. %s\n", step.Number, Text(step, s.m.Terms, lang))
		}
		file := filepath.Join("testdata", "history."+lang+".golden")
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != string(want) {
			t.Errorf("%s: the words have changed; look at them with -update and git diff\n%s", file, out.String())
		}
	}
}

// blame are words that no sentence of the machine may use.
var blame = regexp.MustCompile(`(?i)violat|attack|guilt|occupied|aggress|enem|culprit|compliant|порушен|порушив|напад|винн|окупо|агрес|ворог`)

func TestTheWordsBlameNobody(t *testing.T) {
	for _, words := range []map[string]string{english, ukrainian} {
		for key, sentence := range words {
			if blame.MatchString(sentence) {
				t.Errorf("%s: %q", key, sentence)
			}
		}
	}
	if !blame.MatchString("Party B violated") {
		t.Error("the check sees nothing")
	}
}

func TestBothLanguagesSayTheSame(t *testing.T) {
	field := regexp.MustCompile(`\{[a-z0-9]+\}`)
	for key, en := range english {
		if strings.HasSuffix(key, ".one") {
			continue
		}
		uk, ok := ukrainian[key]
		if !ok {
			t.Errorf("%s has no Ukrainian", key)
		}
		for _, name := range field.FindAllString(uk, -1) {
			if !strings.Contains(en, name) {
				t.Errorf("%s: %s stands in the Ukrainian alone", key, name)
			}
		}
		for _, name := range field.FindAllString(en, -1) {
			if !strings.Contains(uk, name) {
				t.Errorf("%s: %s stands in the English alone", key, name)
			}
		}
	}
}

// TestEveryStepOfRandomHistoriesReads: no sentence is empty or has a hole.
func TestEveryStepOfRandomHistoriesReads(t *testing.T) {
	for seed := uint64(1); seed <= 100; seed++ {
		was, err := play(machine(t), seed, 12)
		if err != nil {
			t.Fatal(err)
		}
		for _, steps := range was.steps {
			for _, step := range steps {
				for _, lang := range []string{"en", "uk"} {
					text := Text(step, was.m.Terms, lang)
					if len(text) < 30 || strings.ContainsAny(text, "{}") || strings.Contains(text, "  ") || !strings.HasSuffix(text, ".") || strings.Contains(text, "бо .") || strings.Contains(text, "because .") {
						t.Fatalf("history %d, step %d (%s), %s: %q", seed, step.Number, step.Kind, lang, text)
					}
				}
			}
		}
	}
}
