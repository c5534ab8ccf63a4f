package agreement

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// told builds the rows of one notification; times are of April 2026, "8 00:00" being the
// 8th at midnight.
type told struct {
	rows []truce.NotificationRow
}

func april(s string) truce.Instant {
	t, err := time.Parse("2006-01-2 15:04", "2026-04-"+s)
	if err != nil {
		panic(err)
	}
	return truce.InstantOf(t)
}

func (s told) then(recorded string, by truce.PartyID, what truce.NotificationStep, until string) told {
	n := truce.Notification{Number: "N-1", Step: what, By: by}
	if until != "" {
		n.Until = april(until)
	}
	if what == truce.StepSuperseded {
		n.Replacement, n.Until = "N-2", 0
	}
	row := truce.NotificationRow{Seq: truce.Seq(len(s.rows) + 10), Recorded: truce.RecordedTime(april(recorded)), Notification: n}
	return told{append(slices.Clone(s.rows), row)}
}

// toldOf begins with A's demining of the 11th, 08:00 to 12:00, 3.7 km west of the line.
func toldOf(recorded string, change func(*truce.NotifiedActivity)) told {
	s := told{}.then(recorded, "A", truce.StepGiven, "")
	s.rows[0].Activity = &truce.NotifiedActivity{Kind: "demining", Bearer: "A", From: april("11 08:00"), To: april("11 12:00"),
		Place: truce.NotifiedPlace{Points: []geo.Point{{Lat: -48, Lon: -21.65}}, WithinM: 1000}}
	if change != nil {
		change(s.rows[0].Activity)
	}
	return s
}

func given8() told { return toldOf("8 00:00", nil) }

const ack, objection, extend, cancel, over = truce.StepAcked, truce.StepObjected, truce.StepExtended, truce.StepCancelled, truce.StepEnded

var strictDemining = Permission{Ack: AckOtherParty, Notice: 48 * time.Hour, MaxHours: 8, RadiusM: 1000}

func TestStatesOfANotification(t *testing.T) {
	silence := strictDemining
	silence.AutoAck = 24 * time.Hour
	both := strictDemining
	both.Ack = AckBoth
	acked := given8().then("9 00:00", "B", ack, "")
	for _, row := range []struct {
		name  string
		terms Permission
		told  told
		known string
		state NoticeState
		end   string
		late  bool
		fault string // of the last step
	}{
		{"just given", silence, given8(), "8 01:00", NoticeProposed, "11 12:00", false, ""},
		{"acknowledged", silence, acked, "9 01:00", NoticeAcked, "11 12:00", false, ""},
		{"not yet known to be", silence, acked, "8 23:00", NoticeProposed, "11 12:00", false, ""},
		{"nobody answered for a day", silence, given8(), "9 00:00", NoticeNoAnswer, "11 12:00", false, ""},
		{"and silence is no answer", strictDemining, given8(), "10 00:00", NoticeProposed, "11 12:00", false, ""},
		{"so it lapsed", strictDemining, given8(), "11 08:00", NoticeLapsed, "11 12:00", false, ""},
		{"where nobody's word is asked for a day of silence counts too", Permission{}, given8(), "9 00:00", NoticeNoAnswer, "11 12:00", false, ""},
		{"one of two", both, acked, "9 01:00", NoticeProposed, "11 12:00", false, ""},
		{"both", both, acked.then("9 02:00", "M", ack, ""), "9 03:00", NoticeAcked, "11 12:00", false, ""},
		{"its own word", strictDemining, given8().then("9 00:00", "A", ack, ""), "9 01:00", NoticeProposed, "11 12:00", false, "to its own notification"},
		{"a stranger's word", strictDemining, given8().then("9 00:00", "X", ack, ""), "9 01:00", NoticeProposed, "11 12:00", false, "no party whose answer"},
		{"active", silence, acked, "11 08:00", NoticeActive, "11 12:00", false, ""},
		{"ended", silence, acked, "11 12:00", NoticeEnded, "11 12:00", false, ""},
		{"objected to", silence, given8().then("9 00:00", "B", objection, ""), "11 09:00", NoticeObjected, "11 12:00", false, ""},
		{"the objection withdrawn", silence, given8().then("9 00:00", "B", objection, "").then("10 00:00", "B", ack, ""), "11 09:00", NoticeActive, "11 12:00", false, ""},
		{"the acknowledgement withdrawn", silence, acked.then("10 00:00", "B", objection, ""), "11 09:00", NoticeObjected, "11 12:00", false, ""},
		{"an objection that comes too late", silence, acked.then("11 09:00", "B", objection, ""), "11 09:30", NoticeActive, "11 12:00", false, ""},
		{"late", silence, toldOf("10 00:00", nil), "10 01:00", NoticeProposed, "11 12:00", true, ""},
		{"late and acknowledged stays late", silence, toldOf("10 00:00", nil).then("10 01:00", "B", ack, ""), "10 02:00", NoticeAcked, "11 12:00", true, ""},
		{"cancelled", silence, acked.then("10 00:00", "A", cancel, ""), "11 09:00", NoticeCancelled, "11 12:00", false, ""},
		{"cancelled by the other", silence, acked.then("10 00:00", "B", cancel, ""), "11 09:00", NoticeActive, "11 12:00", false, "a step of B, and the notification is one of A"},
		{"acknowledged after that", silence, given8().then("8 05:00", "A", cancel, "").then("9 00:00", "B", ack, ""), "9 01:00", NoticeCancelled, "11 12:00", false, "after it was cancelled"},
		{"superseded", silence, acked.then("10 00:00", "A", truce.StepSuperseded, ""), "11 09:00", NoticeSuperseded, "11 12:00", false, ""},
		{"extended in time and acknowledged", strictDemining, acked.then("9 06:00", "A", extend, "11 14:00").then("9 07:00", "B", ack, ""), "11 13:00", NoticeActive, "11 14:00", false, ""},
		{"extended in time, and silence counts", silence, acked.then("9 06:00", "A", extend, "11 14:00"), "11 13:00", NoticeActive, "11 14:00", false, ""},
		{"extended in time, answered by nobody", strictDemining, acked.then("9 06:00", "A", extend, "11 14:00"), "11 13:00", NoticeEnded, "11 12:00", false, "not acknowledged by the other party"},
		{"extended in time, objected to", silence, acked.then("9 06:00", "A", extend, "11 14:00").then("11 09:00", "B", objection, ""), "11 13:00", NoticeEnded, "11 12:00", false, ""},
		{"extended late", silence, acked.then("11 11:00", "A", extend, "11 14:00"), "11 13:00", NoticeEnded, "11 12:00", false, "notified 1 h before the end, 48 h asked for"},
		{"extended after the fact", Permission{}, acked.then("11 12:30", "A", extend, "11 14:00"), "11 13:00", NoticeEnded, "11 12:00", false, "nothing is widened after the fact"},
		{"extended by the other", silence, acked.then("9 06:00", "B", extend, "11 14:00"), "11 13:00", NoticeEnded, "11 12:00", false, "a step of B"},
		{"extended beyond what is permitted", silence, acked.then("9 06:00", "A", extend, "11 17:00"), "11 13:00", NoticeEnded, "11 12:00", false, "open for 9 h in all, at most 8 h permitted by P"},
		{"extended to an earlier end", silence, acked.then("9 06:00", "A", extend, "11 11:00"), "11 11:30", NoticeActive, "11 12:00", false, "no later than its end"},
		{"over sooner", silence, acked.then("11 10:05", "A", over, "11 10:00"), "11 10:10", NoticeEnded, "11 10:00", false, ""},
		{"overrun", silence, acked.then("11 12:50", "A", over, "11 12:45"), "11 13:00", NoticeOverrun, "11 12:00", false, ""},
		{"over in the future", silence, acked.then("11 09:00", "A", over, "11 13:00"), "11 09:30", NoticeActive, "11 12:00", false, "says at 2026-04-11 09:00:00 UTC that it ended at"},
		{"given twice", silence, acked.then("9 06:00", "A", truce.StepGiven, ""), "9 07:00", NoticeAcked, "11 12:00", false, "given in record 10 already"},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := ruled(t, withoutWindows, deminingRules(row.terms)...).Agreement()
			notices := a.Notices(row.told.rows, april(row.known))
			if len(notices) != 1 {
				t.Fatalf("%d notices", len(notices))
			}
			n := notices[0]
			fault := n.Steps[len(n.Steps)-1].Fault
			if n.State != row.state || n.End != april(row.end) || n.Late() != row.late || !strings.Contains(fault, row.fault) || (fault == "") != (row.fault == "") {
				t.Errorf("%s until %s, late %v, fault %q; want %s until %s, late %v, fault %q", n.State, n.End, n.Late(), fault, row.state, april(row.end), row.late, row.fault)
			}
		})
	}
}

// TestWhatANotificationCovers holds a blast of the 11th at 10:00 against notifications.
func TestWhatANotificationCovers(t *testing.T) {
	acked := given8().then("9 00:00", "B", ack, "")
	place := func(p truce.NotifiedPlace) func(*truce.NotifiedActivity) {
		return func(a *truce.NotifiedActivity) { a.Place = p }
	}
	route := []geo.Point{{Lat: -48.05, Lon: -21.65}, {Lat: -47.95, Lon: -21.65}}
	for _, row := range []struct {
		name   string
		told   told
		at     string // of the blast
		covers bool
		says   string
	}{
		{"acknowledged", acked, "11 10:00", true, "notice met, acknowledged by B; given at 2026-04-08 00:00:00 UTC, record 10, acknowledged by B at 2026-04-09 00:00:00 UTC, last changed by record 11"},
		{"not acknowledged", given8(), "11 10:00", false, "not acknowledged by the other party, as P asks; given at 2026-04-08 00:00:00 UTC, record 10"},
		{"objected to", acked.then("10 00:00", "B", objection, ""), "11 10:00", false, "objected to by B at 2026-04-10 00:00:00 UTC"},
		{"objected to after it began", acked.then("11 09:00", "B", objection, ""), "11 10:00", true, "notice met"},
		{"late", toldOf("9 12:00", nil).then("9 13:00", "B", ack, ""), "11 10:00", false, "notified 44 h ahead, 48 h asked for"},
		{"cancelled before", acked.then("10 00:00", "A", cancel, ""), "11 10:00", false, "cancelled at 2026-04-10 00:00:00 UTC, before it began"},
		{"superseded before", acked.then("10 00:00", "A", truce.StepSuperseded, ""), "11 10:00", false, "superseded by N-2 at 2026-04-10"},
		{"cancelled while it lasts, and the blast was before", acked.then("11 11:00", "A", cancel, ""), "11 10:00", true, "notice met"},
		{"cancelled while it lasts, and the blast came after", acked.then("11 09:30", "A", cancel, ""), "11 10:00", false, "ended 30 min before; cancelled at 2026-04-11 09:30:00 UTC"},
		{"within an extension", acked.then("9 06:00", "A", extend, "11 14:00").then("9 07:00", "B", ack, ""), "11 13:00", true, "notice met"},
		{"within one that does not count", acked.then("11 11:00", "A", extend, "11 14:00"), "11 13:30", false, "ended 1 h 30 min before; its extension to 2026-04-11 14:00:00 UTC (record 12, 2026-04-11 11:00:00 UTC) does not count: notified 1 h before the end"},
		{"after it was over sooner", acked.then("11 09:10", "A", over, "11 09:00"), "11 10:00", false, "ended 1 h before"},
		{"an overrun is not covered", acked.then("11 12:50", "A", over, "11 12:45"), "11 12:14", false, "ended 14 min before"},
		{"inside a box", toldOf("8 00:00", place(truce.NotifiedPlace{Box: &truce.NotifiedBox{South: -48.005, West: -21.658, North: -47.995, East: -21.642}})).then("9 00:00", "B", ack, ""), "11 10:00", true, "place p 1.00"},
		{"a box too large", toldOf("8 00:00", place(truce.NotifiedPlace{Box: &truce.NotifiedBox{South: -48.1, West: -21.8, North: -47.9, East: -21.6}})).then("9 00:00", "B", ack, ""), "11 10:00", false, "at most 1.0 km permitted"},
		{"a corridor is no box", toldOf("8 00:00", place(truce.NotifiedPlace{Points: route, WithinM: 1000})).then("9 00:00", "B", ack, ""), "11 10:00", false, "its place reaches along a line"},
		{"the wrong party's", toldOf("8 00:00", func(a *truce.NotifiedActivity) { a.Bearer = "B" }).then("9 00:00", "B", ack, ""), "11 10:00", false, "notified by A for B"},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := ruled(t, withoutWindows, deminingRules(strictDemining)...)
			g, err := g.WithWindows(NotifiedWindows(g.Agreement().Notices(row.told.rows, april("12 00:00"))))
			if err != nil {
				t.Fatal(err)
			}
			in := blastInside("2026-04-12T00:00:00Z")
			in.Incident.Time = truce.Moment(april(row.at), 0)
			f := findingOf(t, g.Evaluate(in), "F")
			if trace := strings.Join(f.Trace, "\n"); (f.Verdict == exempt) != row.covers || f.ClaimsExempt == row.covers || !strings.Contains(trace, row.says) {
				t.Errorf("%s, claims %v; want covered %v and %q in\n%s", f.Verdict, f.ClaimsExempt, row.covers, row.says, trace)
			}
		})
	}
}

// TestACorridorReachesToEitherSide: a convoy on its route, and beside it.
func TestACorridorReachesToEitherSide(t *testing.T) {
	s := toldOf("8 00:00", func(a *truce.NotifiedActivity) {
		a.Kind, a.Object, a.Quantity = "rotation", "vehicles", 12
		a.Place = truce.NotifiedPlace{Points: []geo.Point{{Lat: -48.05, Lon: -21.65}, {Lat: -47.95, Lon: -21.65}}, WithinM: 500}
	})
	duty := Rule{ID: "R", Kind: KindRequire, Acts: []truce.Act{"rotation_unnotified"}, Where: Where{Anywhere: true}, Families: 1,
		Require: &Requirement{Acts: []truce.Act{"rotation_unnotified"}, Notify: &NotifyDuty{Window: WindowRotation, Notice: 72 * time.Hour, Object: "vehicles", Threshold: 10}}}
	g := ruled(t, withoutWindows, duty)
	g, err := g.WithWindows(NotifiedWindows(g.Agreement().Notices(s.rows, 0)))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		east     float64
		vehicles int
		verdict  truce.Verdict
		says     string
	}{
		{-3729, 12, exempt, "covers it"}, {-3729 - 300, 12, exempt, "covers it"}, {-3729 - 900, 12, truce.VerdictHit, ""},
		{-3729, 30, truce.VerdictHit, "notified for 12 vehicles, 30 seen"},
	} {
		in := seen("rotation_unnotified", truce.Detail{Quantity: row.vehicles}, move(spot(row.east, 20)))
		in.Incident.Time = truce.Moment(april("11 10:00"), 0)
		f := findingOf(t, g.Evaluate(in), "R")
		if trace := strings.Join(f.Trace, "\n"); f.Verdict != row.verdict || !strings.Contains(trace, row.says) {
			t.Errorf("%d vehicles %g m east: %s, want %s and %q\n%s", row.vehicles, row.east, f.Verdict, row.verdict, row.says, trace)
		}
	}
}

// TestWhatWasKnownWhen is the question a commission asks: what did we know on the 10th?
func TestWhatWasKnownWhen(t *testing.T) {
	s := given8().then("9 00:00", "B", ack, "").then("10 12:00", "A", cancel, "")
	g := ruled(t, withoutWindows, deminingRules(strictDemining)...)
	for _, row := range []struct {
		known  string
		state  NoticeState
		covers bool
		named  bool
	}{
		{"8 12:00", NoticeProposed, false, true}, {"10 10:00", NoticeAcked, true, false}, {"10 12:00", NoticeCancelled, false, true}, {"7 12:00", "", false, false},
	} {
		notices := g.Agreement().Notices(s.rows, april(row.known))
		state := NoticeState("")
		if len(notices) > 0 {
			state = notices[0].State
		}
		with, err := g.WithWindows(NotifiedWindows(notices))
		if err != nil {
			t.Fatal(err)
		}
		f := findingOf(t, with.Evaluate(blastInside(fmt.Sprint(april(row.known)))), "F")
		if state != row.state || (f.Verdict == exempt) != row.covers || slices.Contains(f.NotCoveredBy, "N-1") != row.named {
			t.Errorf("as known at %s: %s, %s, not covered by %v", row.known, state, f.Verdict, f.NotCoveredBy)
		}
	}
}

// TestAnErasedNotificationSaysNothing: of one whose first record was erased the later
// steps cannot be understood.
func TestAnErasedNotificationSaysNothing(t *testing.T) {
	a := ruled(t, withoutWindows, deminingRules(strictDemining)...).Agreement()
	if got := a.Notices(given8().then("9 00:00", "B", ack, "").rows[1:], 0); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestOverrunByAnIncident(t *testing.T) {
	w := demining(nil)
	cancelled := demining(func(w *Window) { w.CancelledAt = w.From })
	blast := func(act truce.Act, p truce.Probability, s string) truce.Incident {
		return truce.Incident{Acts: []truce.ActWeight{{Act: act, P: p}}, Time: truce.Moment(april(s), 0)}
	}
	for _, row := range []struct {
		name string
		w    Window
		i    truce.Incident
		want bool
	}{
		{"soon after", w, blast(truce.ActControlledExplos, 0.9, "11 12:20"), true}, {"within its hours", w, blast(truce.ActControlledExplos, 0.9, "11 11:20"), false},
		{"much later", w, blast(truce.ActControlledExplos, 0.9, "11 13:20"), false}, {"fire", w, blast(truce.ActIndirectFire, 0.9, "11 12:20"), false},
		{"hardly demining", w, blast(truce.ActControlledExplos, 0.4, "11 12:20"), false}, {"never begun", cancelled, blast(truce.ActControlledExplos, 0.9, "11 12:20"), false},
	} {
		if got := row.w.Overran(row.i); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

// TestNothingIsWidenedAfterTheFact: whatever is recorded after an instant, a window that
// did not reach it then does not reach it later, and a late notice stays late.
func TestNothingIsWidenedAfterTheFact(t *testing.T) {
	silence := strictDemining
	silence.AutoAck = 24 * time.Hour
	a := ruled(t, withoutWindows, deminingRules(silence)...).Agreement()
	rapid.Check(t, func(t *rapid.T) {
		s := toldOf(rapid.SampledFrom([]string{"8 00:00", "10 00:00"}).Draw(t, "given"), nil)
		hour := rapid.IntRange(1, 30)
		recorded := 10 * 24
		for range rapid.IntRange(0, 6).Draw(t, "steps") {
			recorded += hour.Draw(t, "later")
			what := rapid.SampledFrom([]truce.NotificationStep{ack, objection, extend, cancel, over}).Draw(t, "step")
			until := ""
			if what == extend || what == over {
				until = fmt.Sprintf("%d %02d:00", 11, hour.Draw(t, "until")%24)
			}
			s = s.then(fmt.Sprintf("%d %02d:00", recorded/24, recorded%24), rapid.SampledFrom([]truce.PartyID{"A", "B", "M"}).Draw(t, "by"), what, until)
		}
		late := a.Notices(s.rows[:1], 0)[0].Late()
		for i := range s.rows {
			known := truce.Instant(s.rows[i].Recorded)
			before, after := a.Notices(s.rows[:i+1], known)[0], a.Notices(s.rows, 0)[0]
			if before.End <= known && after.End > before.End {
				t.Fatalf("at %s it had ended at %s, later it is said to have lasted until %s", known, before.End, after.End)
			}
			if after.Late() != late {
				t.Fatalf("late %v, and with more known %v", late, after.Late())
			}
			again := a.Notices(s.rows, known)[0]
			if again.State != before.State || again.End != before.End || len(again.Steps) != len(before.Steps) {
				t.Fatalf("as known at %s: %s until %s, asked later %s until %s", known, before.State, before.End, again.State, again.End)
			}
		}
	})
}

// TestAWindowBefore1970IsClaimedForItsOwnHours: nothing of it is taken for the instant 0.
func TestAWindowBefore1970IsClaimedForItsOwnHours(t *testing.T) {
	w := Window{From: at("1969-06-01T08:00:00Z"), To: at("1969-06-01T12:00:00Z")}
	if w.claimed() != w.To || w.end() != w.To {
		t.Errorf("claimed until %s, over at %s", w.claimed(), w.end())
	}
}
