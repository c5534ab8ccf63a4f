package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

const secret = "three shells near the dam, ask for the log of gun 7"

// speaks is the step in which the liaison officer of A complains or makes a statement.
func speaks(in alert.Input, kind truce.DeedKind) alert.Input {
	as := truce.StepStatement
	if kind == truce.DeedComplain {
		as = truce.StepNoted
	}
	return step(in, as, func(s *truce.CaseStep) {
		s.Text = secret
		s.Deed = &truce.Deed{Kind: kind, Person: "a-liaison", Office: truce.OfficeLiaison, Text: secret}
	})
}

// firstComplaint is speaks of the first complaint, which sets a zero point, under a ladder
// with clocks that count from it: one of the mechanism's, one that each party has.
func firstComplaint() alert.Input {
	in := input()
	in.Ladder.Tiers[1].Clocks = append(in.Ladder.Tiers[1].Clocks,
		truce.ClockTerm{ID: "answer", Names: truce.Names{"en": "answer to complaint", "uk": "відповідь на звернення"}, Basis: truce.T0Complaint, Due: micros(12 * time.Hour), Owner: truce.OfficeAnalyst},
		truce.ClockTerm{ID: "position-of-parties", Names: truce.Names{"en": "position of the parties"}, Basis: truce.T0Complaint, Due: micros(6 * time.Hour), Owner: truce.OfficeLiaison, Each: true})
	in.Case.Tiers = []truce.TierVisit{{Tier: "T1", Rank: 2, Step: 7, Entered: noon}}
	in = speaks(in, truce.DeedComplain)
	in.Step.Kind = truce.StepT0Moved
	in.Step.T0 = &truce.T0Change{Basis: truce.T0Complaint, New: in.Step.At}
	in.Case.T0 = map[truce.T0Basis]truce.Instant{truce.T0Verified: noon, truce.T0Complaint: in.Step.At}
	return in
}

func TestAComplaintIsToldToThoseWhoMustActAndToBothParties(t *testing.T) {
	in := firstComplaint()
	a := compose(t, in)
	now, later := to(a)
	if want := []string{"a-liaison", "b-liaison", "watch-lead", "analyst", "duty-head", "mech-lead"}; !slices.Equal(now, want) || len(later) != 0 {
		t.Errorf("told %v, later %v; want %v: both parties, who keeps watch and the owner of the clock", now, later, want)
	}
	outer, inside := a.Read(false), a.Read(true)
	for _, lang := range []string{"en", "uk"} {
		due := in.Step.At.Add(12 * time.Hour).Time().Format("15:04:05 UTC")
		if text := inside.Text.In(lang); !strings.Contains(text, secret) || !strings.Contains(text, due) || !strings.Contains(inside.Headline.In(lang), " A ") {
			t.Errorf("inside, %s: %q: want the words, whose they are, and the clock until %s\n%s", lang, inside.Headline.In(lang), due, text)
		}
		due = in.Step.At.Add(6 * time.Hour).Time().Format("15:04:05 UTC")
		if text := outer.Text.In(lang); !strings.Contains(text, due) {
			t.Errorf("outside, %s: want the clock that each party has, until %s\n%s", lang, due, text)
		}
	}
	holdsNothing(t, outer)
}

// holdsNothing holds that the words both parties read have neither what was said nor whose it is.
func holdsNothing(t *testing.T, outer truce.Alert) {
	t.Helper()
	for _, lang := range []string{"en", "uk"} {
		text := outer.Headline.In(lang) + "\n" + outer.Text.In(lang)
		for _, private := range []string{secret, "gun 7", "a-liaison", "party A", "сторона A", "answer to complaint", "відповідь на звернення"} {
			if strings.Contains(text, private) {
				t.Errorf("outside, %s: %q stands in\n%s", lang, private, text)
			}
		}
	}
}

func TestAStatementAndALaterComplaintAreTold(t *testing.T) {
	for _, kind := range []truce.DeedKind{truce.DeedState, truce.DeedComplain} {
		a := compose(t, speaks(input(), kind))
		now, _ := to(a)
		if want := []string{"a-liaison", "b-liaison", "watch-lead", "duty-head", "mech-lead"}; !slices.Equal(now, want) {
			t.Errorf("%s: told %v, want %v", kind, now, want)
		}
		if !strings.Contains(a.Read(true).Text["en"], secret) {
			t.Errorf("%s: inside\n%s", kind, a.Read(true).Text["en"])
		}
		holdsNothing(t, a.Read(false))
	}
	note := speaks(input(), truce.DeedNote)
	if out := composeAll(t, note); len(out.Alerts) != 0 {
		t.Errorf("a note tells %+v", out.Alerts)
	}
}

// Rules that ask every other party for an answer are named with when it is due, to both alike.
func TestAComplaintNamesTheAnswerThatRulesAskFor(t *testing.T) {
	in := speaks(input(), truce.DeedComplain)
	in.Replies = []alert.Reply{{Rule: "R08", Names: truce.Names{"en": "Answer to a complaint"}, Within: 48 * time.Hour}}
	a := compose(t, in)
	want := "for an answer by " + in.Step.At.Add(48*time.Hour).Time().Format("2006-01-02 15:04:05 UTC") + ": Answer to a complaint (R08)"
	for _, inside := range []bool{true, false} {
		if text := a.Read(inside).Text["en"]; !strings.Contains(text, want) {
			t.Errorf("inside %v: want %q\n%s", inside, want, text)
		}
	}
	in = speaks(in, truce.DeedState)
	if text := compose(t, in).Text["en"]; strings.Contains(text, "R08") {
		t.Errorf("a statement asks for no answer:\n%s", text)
	}
}

// Who speaks ten times within a minute makes two messages: the first, and one for the rest.
func TestWhoSpeaksAgainAndAgainFillsNoMailbox(t *testing.T) {
	in := speaks(input(), truce.DeedComplain)
	first := compose(t, in)
	in = after(in, first)
	release := map[truce.Instant]bool{first.Release: true}
	last, earlier := first, []truce.Alert{first}
	at := first.Release.Add(time.Second)
	for range 9 {
		in = speaks(in, truce.DeedState)
		in.Step.At, in.Now = at, at
		last = compose(t, in)
		in = after(in, last)
		earlier = append(earlier, last)
		release[last.Release] = true
		at = at.Add(2 * time.Second)
	}
	if len(release) != 2 || last.Release != first.Release.Add(alert.UpdateWindow) {
		t.Errorf("released at %v, the last %s after the first; want two seconds, a minute apart", release, last.Release.Sub(first.Release))
	}
	sent := 0
	for _, a := range earlier {
		if len(alert.InsteadOf(a, earlier)) == 0 {
			sent++
		} else if got := len(alert.InsteadOf(a, earlier)); got != len(a.To) {
			t.Errorf("%d of %d get the later one instead", got, len(a.To))
		}
	}
	if sent != 2 || !strings.Contains(last.Read(true).Text["en"], "in this case: 8.") {
		t.Errorf("%d messages of ten; the last says\n%s", sent, last.Read(true).Text["en"])
	}
}
