package guarantee

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/ladder"
)

// teller runs a random history of one case and composes what follows from each step, as a
// desk does, in memory.
type teller struct {
	*rand.Rand
	m       ladder.Machine
	c       truce.Case
	now     truce.Instant
	i       truce.CaseIncident
	earlier []alert.Box
	stopped map[string]int // the step in which a clock was last stopped
	began   int
	late    int  // whose zero point came after the tier
	mute    bool // a desk that says nothing of clocks when they begin
}

const minute = truce.Instant(60_000_000)

// anyLadder has clocks of everybody in its tiers and on a path, counting from anything.
func anyLadder(r *rand.Rand) truce.Ladder {
	bases := append(truce.T0Bases(), truce.T0Entered)
	n := 0
	clocks := func() []truce.ClockTerm {
		var out []truce.ClockTerm
		for _, owner := range []truce.Office{truce.OfficeLiaison, truce.OfficeChair, truce.OfficeDutyOfficer} {
			n++
			id := fmt.Sprintf("clock%dx", n)
			t := truce.ClockTerm{ID: id, Names: truce.Names{"en": id}, Basis: bases[r.IntN(len(bases))], Due: truce.Micros(int64(1+r.IntN(300)) * int64(minute)), Owner: owner, Each: owner != truce.OfficeChair}
			if r.IntN(4) == 0 {
				t.Every = t.Due
			}
			out = append(out, t)
		}
		return out
	}
	gate := []truce.Gate{{Office: truce.OfficeWatchLead}}
	return truce.Ladder{
		Names: truce.Names{"en": "any"}, Standing: truce.StandingIllustrative, T0: truce.T0Bases()[r.IntN(5)], Gather: truce.Gather{Within: 100 * 3600e6},
		Tiers: []truce.Tier{
			{ID: "X1", Gates: gate, Enter: truce.Criteria{Hits: 1}, Clocks: clocks(), Tell: []truce.Role{truce.RoleParty}},
			{ID: "X2", Gates: gate, Enter: truce.Criteria{SeverityMin: 2}, Clocks: clocks()},
		},
		Paths: []truce.Path{{ID: "grave", Enter: truce.Criteria{SeverityMin: 3}, Tiers: []truce.TierID{"X2"}, Clocks: clocks()}},
		Down:  []truce.Descent{{From: "X2", To: "X1", Quiet: 60 * truce.Micros(minute), Gates: gate}, {From: "X1", Quiet: 60 * truce.Micros(minute), Gates: gate}},
	}
}

func newTeller(seed uint64) (*teller, error) {
	r := rand.New(rand.NewPCG(seed, 202))
	start := truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC))
	t := &teller{Rand: r, now: start, stopped: map[string]int{}}
	var err error
	if t.m, err = ladder.New(anyLadder(r), []truce.PartyID{"A", "B"}, []truce.StateID{"FAR", "NOR"}); err != nil {
		return nil, err
	}
	t.i = truce.CaseIncident{ID: truce.NewID(start, "incident", "begins", nil), Revision: 1, Number: "2026-1", Known: start, Detected: start, Time: truce.Moment(start-minute, 0), Area: "centre",
		Act: truce.ActIndirectFire, P: 0.9, Occurrence: truce.OccurrenceDetected, Findings: []truce.CaseFinding{{Rule: "R01", Verdict: truce.VerdictHit, P: 0.9, Severity: 1 + r.IntN(3), Count: 1}}}
	return t, t.hear(t.m.Open(truce.NewID(start, "case", "begins", nil), truce.CaseOpening{Title: truce.Names{"en": "x"}}, ladder.Fact{Incidents: []truce.CaseIncident{t.i}}, start))
}

// hear folds steps and composes what is told of them, all in one commit.
func (t *teller) hear(steps []truce.CaseStep) error {
	for _, s := range steps {
		if err := ladder.Apply(&t.c, s); err != nil {
			return err
		}
		out, err := alert.Compose(alert.Input{Ladder: t.m.Terms, Case: t.c, Step: s, People: posts(), Parties: t.m.Parties, Earlier: t.earlier, Realm: truce.RealmReal, Now: t.now, Ground: ladder.GroundText})
		if err != nil {
			return err
		}
		for _, a := range out.Alerts {
			if t.mute && s.Kind == truce.StepClockStarted {
				continue
			}
			t.earlier = append(t.earlier, alert.Box{Alert: a})
		}
		switch s.Kind {
		case truce.StepClockStopped:
			t.stopped[s.Clock.Clock+s.Clock.For] = s.Number
		case truce.StepClockStarted:
			if err := t.told(s); err != nil {
				return fmt.Errorf("step %d: %w", s.Number, err)
			}
		}
	}
	return nil
}

// posts are the offices of the tests, each with a contact.
func posts() []truce.Person {
	out := slices.Clone(offices)
	for n := range out {
		out[n].Language, out[n].Contacts = "en", []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}
	}
	return out
}

// told: whoever must act by a clock that begins got a message that names it and when it is due,
// since it was asked for and since it was last stopped; of the parties both did. It reads the words
// of the messages.
func (t *teller) told(s truce.CaseStep) error {
	t.began++
	k := *s.Clock
	asked := t.stopped[k.Clock+k.For]
	for _, v := range t.c.Tiers {
		if v.Tier == k.Tier && v.Left == 0 {
			asked = max(asked, v.Step)
			if k.Basis != truce.T0Entered && s.At > v.Entered {
				t.late++
			}
		}
	}
	groups := []string{k.For}
	if k.Owner.Role() == truce.RoleParty {
		groups = []string{"A", "B"}
	}
	for _, group := range groups {
		if !slices.ContainsFunc(t.earlier, func(b alert.Box) bool { return b.Alert.Step >= asked && t.names(b.Alert, k, group) }) {
			return fmt.Errorf("the clock %s of %q begins, counting from %s, and %q was not told of it since step %d", k.Clock, k.For, k.Basis, group, asked)
		}
	}
	return nil
}

// names says whether an alert names a clock to the holder of its office in a group.
func (t *teller) names(a truce.Alert, k truce.ClockChange, group string) bool {
	return slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool {
		return r.Office == k.Owner && (group == "" || string(r.Party)+string(r.State) == group) && t.saysDue(a.Read(r.Party == "").Text["en"], k)
	})
}

// saysDue says whether a line of a text names a clock with when it is due; of a round that follows
// one that was met or missed, which was told of with the first, whether one names it.
func (t *teller) saysDue(text string, k truce.ClockChange) bool {
	due := k.Due.Time().Format("2006-01-02 15:04:05 UTC")
	for _, o := range t.c.Clocks {
		if o.ID == k.Clock && o.For == k.For && o.Round == k.Round-1 && o.State != truce.ClockStopped {
			due = ""
		}
	}
	return slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.Contains(line, k.Clock) && strings.Contains(line, due)
	})
}

// turn is one thing that happens: a fact, or a deed of who may do it.
func (t *teller) turn() error {
	t.now += truce.Instant(t.Int64N(int64(90 * minute)))
	steps := t.m.Tick(t.c, t.now)
	if err := t.hear(steps); err != nil {
		return err
	}
	if t.IntN(4) == 0 {
		i := t.i
		i.Revision++
		i.Occurrence = []truce.Occurrence{truce.OccurrenceVerified, truce.OccurrenceVerified, truce.OccurrenceRefuted, truce.OccurrenceDetected}[t.IntN(4)]
		if i.Known = t.now; i.Occurrence == truce.OccurrenceVerified && i.Verified == 0 {
			i.Verified = t.now
		}
		t.i = i
		return t.hear(t.m.Take(t.c, ladder.Fact{Known: t.now, Incidents: []truce.CaseIncident{i}}, t.now))
	}
	d, by := t.deed()
	p := offices[slices.IndexFunc(offices, func(p truce.Person) bool { return p.ID == by })]
	d.Case, d.Person, d.Office, d.At, d.After, d.Text = t.c.ID, p.ID, p.Office, t.now, t.c.Steps, "because"
	steps, err := t.m.Do(t.c, d, p, t.now)
	if err != nil {
		return nil // refused by the rules
	}
	return t.hear(steps)
}

func (t *teller) deed() (truce.Deed, truce.PersonID) {
	switch k := t.IntN(10); {
	case len(t.c.Open) > 0 && k < 6:
		o := t.c.Open[t.IntN(len(t.c.Open))]
		return truce.Deed{Kind: truce.DeedSign, Tier: o.Tier, Down: o.Down}, "wl"
	case k < 7:
		return truce.Deed{Kind: truce.DeedComplain}, "a"
	case k < 8:
		return truce.Deed{Kind: truce.DeedDetermine}, "chair"
	case t.c.State == truce.CaseClosed:
		return truce.Deed{Kind: truce.DeedReopen}, "lead"
	case len(t.c.Clocks) > 0:
		c := t.c.Clocks[t.IntN(len(t.c.Clocks))]
		by := map[string]truce.PersonID{"A": "a", "B": "b", "FAR": "far", "NOR": "nor", "": "chair"}[c.For]
		return truce.Deed{Kind: truce.DeedMeet, Clock: c.ID, For: c.For}, by
	}
	return truce.Deed{Kind: truce.DeedNote}, "wo"
}

// TestNoClockBeginsUntoldR22: whatever a clock counts from and whatever happens, it begins with
// a message to those who must act by it, or after one; of the parties to both.
func TestNoClockBeginsUntoldR22(t *testing.T) {
	histories, began, late := uint64(2_000), 0, 0
	if testing.Short() {
		histories = 50
	}
	for seed := range histories {
		one, err := tellAll(seed, false)
		if err != nil {
			t.Fatalf("history %d: %v", seed, err)
		}
		began, late = began+one.began, late+one.late
	}
	t.Logf("%d clocks began, %d of them later than their tier", began, late)
	if uint64(late) < histories/2 {
		t.Errorf("only %d clocks began later than their tier", late)
	}
}

// tellAll runs a history to its end.
func tellAll(seed uint64, mute bool) (*teller, error) {
	one, err := newTeller(seed)
	if err != nil {
		return nil, err
	}
	one.mute = mute
	for turn := 0; err == nil && turn < 14; turn++ {
		err = one.turn()
	}
	return one, err
}

// TestADeskThatIsMuteWhenClocksBeginIsCaughtR22 is the negative control.
func TestADeskThatIsMuteWhenClocksBeginIsCaughtR22(t *testing.T) {
	caught := 0
	for seed := range uint64(150) {
		if _, err := tellAll(seed, true); err != nil {
			caught++
		}
	}
	if t.Logf("caught in %d histories", caught); caught < 10 {
		t.Errorf("a desk that says nothing when clocks begin was caught in %d of 150 histories", caught)
	}
}
