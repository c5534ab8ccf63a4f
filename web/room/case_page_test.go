package room_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// TestACaseSaysAtOnceWhatItAsks: the top of the page says what is asked of its reader, which
// clocks end next, and what is new, before anything else.
func TestACaseSaysAtOnceWhatItAsks(t *testing.T) {
	s := newSite(t)
	look := func(mark string) string {
		page := s.get("/cases/C-2031-1", signedIn, func(r *http.Request) {
			if mark != "" {
				r.AddCookie(&http.Cookie{Name: "truce_seen", Value: mark})
			}
		}).Body.String()
		_, top, found := strings.Cut(page, `<section class="glance"`)
		top, _, closed := strings.Cut(top, "</section>")
		if !found || !closed || strings.Contains(page[:strings.Index(page, "glance")], "<h2") {
			t.Fatalf("the page does not begin with what it asks:\n%.2000s", page)
		}
		return top
	}
	for mark, want := range map[string][]string{
		"":   {`href="#gates"`, "Asked of you here", "Answer: Tier T1 entered", "Next clocks", "Report</a> <span class=\"nowrap\">in 2 h", "You have not marked a look so far."},
		"59": {"1 new step", "tier T1 was entered &lt;i&gt;"},
		"60": {"Nothing new in this case."},
	} {
		top := look(mark)
		for _, text := range want {
			if !strings.Contains(top, text) {
				t.Errorf("mark %q: no %q in\n%s", mark, text, top)
			}
		}
	}
	s.house.role = truce.RoleParty
	if top := look(""); strings.Contains(top, "last look") || !strings.Contains(top, "Asked of you here") {
		t.Errorf("a party, who does not read the steps, is told\n%s", top)
	}
}

// TestAMissedClockCanBeMetLate: by its owner, as long as that was not noted.
func TestAMissedClockCanBeMetLate(t *testing.T) {
	missed := room.ClockLine{Name: "Receipt", State: truce.ClockMissed, Mine: true}
	done, other := missed, missed
	done.Done, other.Mine = 5, false
	if !missed.Owing() || done.Owing() || other.Owing() {
		t.Error("who may meet a missed clock")
	}
	page := newSite(t).get("/cases/C-2031-1", signedIn).Body.String()
	if n := strings.Count(page, "It was done late"); n != 1 || strings.Count(page, "#clocks\">Owed") != 1 {
		t.Errorf("%d forms to say that a missed clock was met late, want 1, and its owner asked", n)
	}
}

// TestAClockOfAViewIsMetByAReply: its line offers no button to say that it is met, running or
// missed; it leads to the reply.
func TestAClockOfAViewIsMetByAReply(t *testing.T) {
	s := newSite(t)
	s.house.role = truce.RoleParty
	for _, state := range []truce.ClockState{truce.ClockRunning, truce.ClockPaused, truce.ClockMissed} {
		for view, offered := range map[string]bool{"": true, "2031-1": false} {
			k := room.ClockLine{Case: "C-2031-1", ID: "reply-2031-1", For: "A", Name: "Reply to a view", Owner: truce.OfficeLiaison, T0: now, Due: now + 7200e6, State: state, Mine: true, View: view}
			s.house.clocks = []room.ClockLine{k}
			page := s.get("/cases/C-2031-1", signedIn).Body.String()
			if strings.Contains(page, `value="meet"`) != offered || strings.Contains(page, `href="#view-2031-1"`) == offered {
				t.Errorf("%s, view %q: a button to meet it is offered: %v", state, view, !offered)
			}
		}
	}
}

// TestAClockThatNothingWasHeardOf: who may say that the parties were told by other means is
// offered to; others read why it waits.
func TestAClockThatNothingWasHeardOf(t *testing.T) {
	s := newSite(t)
	for _, tells := range []bool{true, false} {
		s.house.clocks = []room.ClockLine{{Case: "C-2031-1", ID: "reply", For: "B", Name: "Reply", Owner: truce.OfficeLiaison, T0: now, Due: now, State: truce.ClockWaiting, Waits: now, Unheard: now, Tells: tells, May: true}}
		page := s.get("/cases/C-2031-1", signedIn).Body.String()
		if strings.Contains(page, "They were told by other means") != tells || !strings.Contains(page, "waits until a message of it has reached both parties") {
			t.Errorf("may tell: %v, and the page offers it: %v", tells, !tells)
		}
	}
}
