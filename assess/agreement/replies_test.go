package agreement

import (
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// TestAnswersOwedForANotification: by whom and when, and whether they came in time.
func TestAnswersOwedForANotification(t *testing.T) {
	duty := Rule{ID: "Q", Kind: KindRequire, Acts: []truce.Act{"failure_to_acknowledge"}, Where: Where{Anywhere: true}, Families: 1,
		Require: &Requirement{Acts: []truce.Act{"failure_to_acknowledge"}, Reply: &ReplyDuty{After: "notification", Within: 24 * time.Hour}}}
	other := duty
	other.ID, other.Require = "C", &Requirement{Acts: duty.Acts, Reply: &ReplyDuty{After: "complaint", Within: time.Hour}}
	for _, row := range []struct {
		name    string
		told    told
		known   string
		owed    bool
		overdue bool
		verdict truce.Verdict
		says    string
	}{
		{"nobody answered", given8(), "9 00:30", true, true, truce.VerdictHit, "answer of B to notification N-1, given at 2026-04-08 00:00:00 UTC: due at 2026-04-09 00:00:00 UTC, none recorded by 2026-04-09 00:30:00 UTC"},
		{"not due yet", given8(), "8 23:59", true, false, truce.VerdictIndeterminate, "none recorded by 2026-04-08 23:59:00 UTC"},
		{"answered in time", given8().then("8 20:00", "B", ack, ""), "9 00:30", true, false, outside, "recorded at 2026-04-08 20:00:00 UTC"},
		{"objected in time", given8().then("8 20:00", "B", objection, ""), "9 00:30", true, false, outside, "recorded at 2026-04-08 20:00:00 UTC"},
		{"answered late", given8().then("9 00:10", "B", ack, ""), "9 00:30", true, true, truce.VerdictHit, "recorded at 2026-04-09 00:10:00 UTC"},
		{"its own word is no answer", given8().then("8 20:00", "A", ack, ""), "9 00:30", true, true, truce.VerdictHit, "none recorded"},
		{"cancelled first", given8().then("8 20:00", "A", cancel, ""), "9 00:30", false, false, truce.VerdictIndeterminate, "since when it was owed is not known"},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := ruled(t, withoutWindows, duty, other)
			known := april(row.known)
			notices := g.Agreement().Notices(row.told.rows, known)
			replies := notices[0].Window.Replies
			if owed := len(replies) == 1 && replies[0].Rule == "Q" && replies[0].By == "B"; owed != row.owed || owed && replies[0].Overdue(known) != row.overdue {
				t.Errorf("owed %+v", replies)
			}
			g, err := g.WithWindows(NotifiedWindows(notices))
			if err != nil {
				t.Fatal(err)
			}
			in := seen("failure_to_acknowledge", truce.Detail{})
			in.Incident.Time, in.KnownAt = truce.Moment(april("9 00:01"), 0), known
			f := findingOf(t, g.Evaluate(in), "Q")
			if trace := strings.Join(f.Trace, "\n"); f.Verdict != row.verdict || !strings.Contains(trace, row.says) {
				t.Errorf("%s, want %s and %q in\n%s", f.Verdict, row.verdict, row.says, trace)
			}
		})
	}
}

// TestTwoAnswersDueAtOnceAreNotTold: which of them is meant is for the incident to say.
func TestTwoAnswersDueAtOnceAreNotTold(t *testing.T) {
	duty := Rule{ID: "Q", Kind: KindRequire, Acts: []truce.Act{"failure_to_acknowledge"}, Where: Where{Anywhere: true}, Families: 1,
		Require: &Requirement{Acts: []truce.Act{"failure_to_acknowledge"}, Reply: &ReplyDuty{After: "notification", Within: 24 * time.Hour}}}
	rows := given8().rows
	second := rows[0]
	second.Seq, second.Number = 11, "N-2"
	g := ruled(t, withoutWindows, duty)
	g, err := g.WithWindows(NotifiedWindows(g.Agreement().Notices(append(rows, second), april("9 12:00"))))
	if err != nil {
		t.Fatal(err)
	}
	in := seen("failure_to_acknowledge", truce.Detail{})
	in.Incident.Time, in.KnownAt = truce.Moment(april("9 00:01"), 0), april("9 12:00")
	if f := findingOf(t, g.Evaluate(in), "Q"); f.Verdict != truce.VerdictIndeterminate {
		t.Errorf("%s\n%s", f.Verdict, strings.Join(f.Trace, "\n"))
	}
}
