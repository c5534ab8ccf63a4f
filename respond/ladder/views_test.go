package ladder

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// viewed is a case on which a view on responsibility stands since hour 24.
func viewed(t *testing.T, reply truce.Micros) (*story, truce.Attribution) {
	s, i := climb(t)
	s.m.Terms.Reply = reply
	a := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "B", At: after(24 * hour)}
	s.fact(after(24*hour), Fact{Attribution: &a})
	return s, a
}

func TestEachPartyMayReplyToAView(t *testing.T) {
	liaison := office("a-1", truce.OfficeLiaison)
	liaison.Party = "A"
	for name, c := range map[string]struct {
		reply, at truce.Micros
		state     truce.ClockState
		late      bool
	}{
		"in time by the default": {0, 47 * hour, truce.ClockMet, false},
		"late by the default":    {0, 49 * hour, truce.ClockMissed, true},
		"in time by the terms":   {2 * hour, hour, truce.ClockMet, false},
		"late by the terms":      {2 * hour, 3 * hour, truce.ClockMissed, true},
	} {
		s, _ := viewed(t, c.reply)
		clock := s.one().Views[0].Clock
		for _, whose := range []string{"A", "B"} {
			if k := s.clock(clock, whose); k.State != truce.ClockRunning || k.Due != after(24*hour)+truce.Instant(s.m.Terms.ReplyWithin()) || k.Owner != truce.OfficeLiaison {
				t.Errorf("%s: %s of %s is %s, due %s", name, clock, whose, k.State, k.Due)
			}
		}
		said := truce.Deed{Kind: truce.DeedState, Clock: clock, For: "A", Text: "not ours"}
		s.deed(after(24*hour+c.at), liaison, said)
		said.Text = "and here is the log"
		s.deed(after(24*hour+c.at+minute), liaison, said)
		k, replies := s.clock(clock, "A"), s.one().Replies
		if k.State != c.state || (k.Done != 0) != c.late || len(replies) != 2 || replies[0].Text != "not ours" || replies[1].At != after(24*hour+c.at+minute) || replies[0].Party != "A" {
			t.Errorf("%s: %s, done %s, %+v", name, k.State, k.Done, replies)
		}
		said.For = "B"
		if err := s.try(after(24*hour+c.at+2*minute), liaison, said); truce.CodeOf(err) != truce.CodeForbidden {
			t.Errorf("%s: for the other party: %v", name, err)
		}
		said.For, said.Text = "A", " \t"
		if err := s.try(after(24*hour+c.at+2*minute), liaison, said); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: without a word: %v", name, err)
		}
	}
}

func TestAViewThatIsWithdrawnOrReplacedAsksNoMore(t *testing.T) {
	liaison := office("a-1", truce.OfficeLiaison)
	liaison.Party = "A"
	s, a := viewed(t, 0)
	first := s.one().Views[0].Clock
	other := a
	other.Level = truce.AttributionClear
	s.fact(after(25*hour), Fact{Attribution: &other})
	second := s.one().Views[1].Clock
	if old, now := s.clock(first, "B"), s.clock(second, "B"); first == second || old.State != truce.ClockStopped || now.State != truce.ClockRunning || now.Due != after(25*hour)+truce.Instant(truce.DefaultReply) {
		t.Errorf("%s is %s, %s is %s and due %s", first, old.State, second, now.State, now.Due)
	}
	gone := other
	gone.Withdrawn = true
	s.fact(after(26*hour), Fact{Attribution: &gone})
	for _, whose := range []string{"A", "B"} {
		if k := s.clock(second, whose); k.State != truce.ClockStopped {
			t.Errorf("withdrawn, and the clock of %s is %s", whose, k.State)
		}
	}
	if err := s.try(after(27*hour), liaison, truce.Deed{Kind: truce.DeedState, Clock: second, For: "A", Text: "late"}); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("a reply to a view that was withdrawn: %v", err)
	}
}

func TestTheTimeToReplyWaitsUntilBothPartiesAreTold(t *testing.T) {
	s, i := climb(t)
	s.m.Untold = []truce.PartyID{"B"}
	a := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "B", At: after(24 * hour)}
	s.fact(after(24*hour), Fact{Attribution: &a})
	clock := s.one().Views[0].Clock
	if k := s.clock(clock, "A"); k.State != truce.ClockWaiting {
		t.Fatalf("nobody was told and the clock is %s", k.State)
	}
	s.m.Untold = nil
	s.incidents(after(34*hour), revised(i, truce.OccurrenceVerified, after(34*hour)))
	for _, whose := range []string{"A", "B"} {
		if k := s.clock(clock, whose); k.State != truce.ClockRunning || k.Due != after(34*hour)+truce.Instant(truce.DefaultReply) {
			t.Errorf("the clock of %s is %s, due %s", whose, k.State, k.Due)
		}
	}
}

// TestAClockOfAViewIsMetByAReplyAlone: a word that it is met would be read by nobody.
func TestAClockOfAViewIsMetByAReplyAlone(t *testing.T) {
	s, _ := viewed(t, 0)
	clock := s.one().Views[0].Clock
	met := truce.Deed{Kind: truce.DeedMeet, Clock: clock, For: "A", Text: "done"}
	for _, at := range []truce.Instant{after(25 * hour), after(73 * hour)} { // while it runs, and after it was missed
		err := s.try(at, liaison, met)
		if truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "truce attribute reply") || !strings.Contains(err.Error(), s.one().Views[0].Number) {
			t.Errorf("at %s: %v", at, err)
		}
	}
	if k := s.clock(clock, "A"); k.State != truce.ClockMissed || k.Done != 0 || len(s.one().Replies) != 0 {
		t.Errorf("%+v, replies %+v", k, s.one().Replies)
	}
	if err := s.try(after(74*hour), chair, met); truce.CodeOf(err) != truce.CodeForbidden {
		t.Errorf("of the chair: %v", err)
	}
}
