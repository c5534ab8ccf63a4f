package agreement

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// answerRule asks for an answer.
func answerRule(id truce.RuleID, after string, within time.Duration) Rule {
	acts := []truce.Act{"failure_to_acknowledge"}
	if after == AfterDetermination {
		acts = []truce.Act{"no_disciplinary_notice"}
	}
	return Rule{ID: id, Kind: KindRequire, Acts: acts, Where: Where{Anywhere: true}, Families: 2, Unit: truce.UnitOmission,
		Require: &Requirement{Acts: acts, Reply: &ReplyDuty{After: after, Within: within}}}
}

// silent is the incident of an omission.
func silent(o Omission) truce.Incident {
	e := o.Event()
	return truce.Incident{ID: e.ID, Revision: 1, Occurrence: truce.OccurrenceDetected, P: 1, Acts: []truce.ActWeight{{Act: o.Act, P: 1}},
		Time: e.Origin, Families: []truce.Family{truce.FamilyRegister}, Sources: []truce.SourceID{SourceRegister}, Detail: e.Detail}
}

// TestSilenceIsAFinding: nobody has to report it, and one register entry is held against
// the one rule that asks for the answer.
func TestSilenceIsAFinding(t *testing.T) {
	for _, row := range []struct {
		name  string
		told  told
		known string
		hits  []truce.RuleID
		says  string
	}{
		{"nobody answered", given8(), "9 00:30", []truce.RuleID{"Q"}, "answer of B to notification N-1 (record 10), given at 2026-04-08 00:00:00 UTC: due at 2026-04-09 00:00:00 UTC, none was recorded by then"},
		{"to the microsecond of its deadline it is not overdue", given8(), "9 00:00", nil, ""},
		{"answered in time", given8().then("8 20:00", "B", ack, ""), "9 00:30", nil, ""},
		{"objected in time", given8().then("8 20:00", "B", objection, ""), "9 00:30", nil, ""},
		{"late stays late", given8().then("9 02:10", "B", ack, ""), "9 12:00", []truce.RuleID{"Q"}, "recorded at 2026-04-09 02:10:00 UTC (record 11), 2 h 10 min late; late stays late"},
		{"as known before the late answer", given8().then("9 02:10", "B", ack, ""), "9 01:00", []truce.RuleID{"Q"}, "none was recorded by then"},
		{"its own word is no answer", given8().then("8 20:00", "A", ack, ""), "9 00:30", []truce.RuleID{"Q"}, "none was recorded"},
		{"cancelled before it was due", given8().then("8 20:00", "A", cancel, ""), "9 00:30", nil, ""},
		{"cancelled after it was due", given8().then("9 20:00", "A", cancel, ""), "9 21:00", []truce.RuleID{"Q"}, "none was recorded"},
		{"the slower rule is due as well", given8(), "10 00:30", []truce.RuleID{"Q", "SLOW"}, "none was recorded by then"},
		{"B tells, A owes", toldOf("8 00:00", nil).as("B"), "9 00:30", []truce.RuleID{"Q"}, "answer of A to notification N-1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			only := answerRule("ONLY-C", AfterNotification, time.Hour)
			only.Bearer = "C"
			g := ruled(t, withoutWindows, answerRule("Q", AfterNotification, 24*time.Hour), answerRule("SLOW", AfterNotification, 48*time.Hour),
				answerRule("D", AfterDetermination, time.Hour), only)
			known := april(row.known)
			var hits []truce.RuleID
			for _, o := range g.Agreement().Omissions(g.Agreement().Notices(row.told.rows, known), nil, known) {
				e := g.CountTogether([]Counted{{silent(o), g.Evaluate(Input{Incident: silent(o), KnownAt: known})}})[0]
				for _, f := range e.Findings {
					trace := strings.Join(f.Trace, "\n")
					if f.Rule != o.Rule {
						if f.Verdict != truce.VerdictOutside || f.Reason != truce.ReasonAct {
							t.Errorf("%s of the duty under %s: %s %s\n%s", f.Rule, o.Rule, f.Verdict, f.Reason, trace)
						}
						continue
					}
					if f.Verdict != truce.VerdictHit || f.Count != 1 || f.P != 1 || !slices.Equal(f.Bearer, []truce.SideShare{{Party: o.By, P: 1}}) {
						t.Errorf("%+v", f)
					}
					if !strings.Contains(trace, row.says) || !strings.Contains(trace, "counted once, unit omission") {
						t.Errorf("want %q in\n%s", row.says, trace)
					}
					hits = append(hits, f.Rule)
				}
			}
			if !slices.Equal(hits, row.hits) {
				t.Errorf("hits %v, want %v", hits, row.hits)
			}
		})
	}
}

// as turns the parties around: what A told is told by B, and the other way.
func (s told) as(by truce.PartyID) told {
	out := told{slices.Clone(s.rows)}
	for i := range out.rows {
		out.rows[i].By = by
		if of := out.rows[i].Activity; of != nil {
			copied := *of
			copied.Bearer, out.rows[i].Activity = by, &copied
		}
	}
	return out
}

// TestAnswersOwedInACase: after a determination and a complaint, by those who are asked.
func TestAnswersOwedInACase(t *testing.T) {
	bound := answerRule("ONE", AfterDetermination, 24*time.Hour)
	bound.Bearer = "A"
	a := ruled(t, withoutWindows, answerRule("D", AfterDetermination, 240*time.Hour), answerRule("C", AfterComplaint, time.Hour), bound).Agreement()
	decided := Call{After: AfterDetermination, Of: "C-1", At: april("1 10:00"), Record: 20, To: []truce.PartyID{"B"},
		Words: []Word{{"B", april("1 09:00"), 19}, {"A", april("2 10:00"), 22}}}
	answered := decided
	answered.Words = append(slices.Clone(decided.Words), Word{"B", april("10 10:00"), 30})
	late := decided
	late.Words = append(slices.Clone(decided.Words), Word{"B", april("11 10:01"), 31})
	complained := Call{After: AfterComplaint, Of: "C-2", At: april("2 10:00"), Record: 25, To: []truce.PartyID{"A", "M"}}
	for _, row := range []struct {
		name  string
		calls []Call
		known string
		want  string
	}{
		{"not due yet", []Call{decided}, "11 10:00", ""},
		{"due, and what was said before or by another is no answer", []Call{decided}, "11 10:01", "D no_disciplinary_notice C-1 B due 2026-04-11T10:00:00.000000Z met 1970-01-01T00:00:00.000000Z records [20]"},
		{"answered", []Call{answered}, "12 00:00", ""},
		{"answered late", []Call{late}, "12 00:00", "D no_disciplinary_notice C-1 B due 2026-04-11T10:00:00.000000Z met 2026-04-11T10:01:00.000000Z records [20 31]"},
		{"of which nobody knew yet", []Call{late}, "1 09:00", ""},
		{"only parties owe answers, by deadline", []Call{decided, complained}, "2 11:30", "C failure_to_acknowledge C-2 A due 2026-04-02T11:00:00.000000Z met 1970-01-01T00:00:00.000000Z records [25]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, o := range a.Omissions(nil, row.calls, april(row.known)) {
				got = append(got, fmt.Sprintf("%s %s %s %s due %s met %s records %v", o.Rule, o.Act, o.Of, o.By, o.Due, o.MetAt, o.Records))
			}
			if strings.Join(got, "\n") != row.want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), row.want)
			}
		})
	}
}

// TestAReportedSilenceCountsOnce: what somebody reports and the register holds is one.
func TestAReportedSilenceCountsOnce(t *testing.T) {
	rule := answerRule("Q", AfterNotification, 24*time.Hour)
	rule.Families = 1
	g := ruled(t, withoutWindows, rule)
	known := april("9 12:00")
	notices := g.Agreement().Notices(given8().rows, known)
	held := silent(g.Agreement().Omissions(notices, nil, known)[0])
	g, err := g.WithWindows(NotifiedWindows(notices))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		at   string
		duty *truce.Duty
		want int
	}{
		{"told of the same deadline", "9 00:10", nil, 0},
		{"told since when it is owed", "9 11:00", &truce.Duty{Since: april("8 00:00")}, 0},
		{"owed since another time", "9 11:00", &truce.Duty{Since: april("7 00:00")}, 1},
	} {
		report := seen("failure_to_acknowledge", truce.Detail{Duty: row.duty}).Incident
		report.ID, report.Time = truce.NewID(1, "incident", "test", []byte(row.name)), truce.Moment(april(row.at), 0)
		var rows []Counted
		for _, in := range []truce.Incident{report, held} {
			rows = append(rows, Counted{in, g.Evaluate(Input{Incident: in, KnownAt: known})})
		}
		out := g.CountTogether(rows)
		told, kept := findingOf(t, out[0], "Q"), findingOf(t, out[1], "Q")
		if told.Verdict != truce.VerdictHit || told.Count != row.want || kept.Count != 1 {
			t.Errorf("%s: %s counts %d, the register's %d\n%s", row.name, told.Verdict, told.Count, kept.Count, strings.Join(told.Trace, "\n"))
		}
	}
}

// TestTheDeadlineMovesWithTheTerms: the event of an omission is the same, whatever the
// terms say of its deadline, and what an answer in time was is no omission any more.
func TestTheDeadlineMovesWithTheTerms(t *testing.T) {
	known := april("12 00:00")
	rows := given8().then("9 12:00", "B", ack, "").rows
	short := ruled(t, withoutWindows, answerRule("Q", AfterNotification, 24*time.Hour))
	o := short.Agreement().Omissions(short.Agreement().Notices(rows, known), nil, known)[0]
	shorter := ruled(t, withoutWindows, answerRule("Q", AfterNotification, 12*time.Hour)).Agreement()
	if other := shorter.Omissions(shorter.Notices(rows, known), nil, known)[0]; other.Event().ID != o.Event().ID || other.Due == o.Due {
		t.Errorf("%+v is another omission than %+v", other, o)
	}
	long := ruled(t, withoutWindows, answerRule("Q", AfterNotification, 48*time.Hour))
	if f := findingOf(t, long.Evaluate(Input{Incident: silent(o), KnownAt: known}), "Q"); f.Verdict != truce.VerdictOutside || f.Reason != truce.ReasonTime {
		t.Errorf("under the longer term: %s %s", f.Verdict, f.Reason)
	}
	open := silent(o)
	duty := *open.Detail.Duty
	duty.MetAt, open.Detail = 0, &truce.Detail{Duty: &duty}
	if f := findingOf(t, long.Evaluate(Input{Incident: open, KnownAt: april("9 01:00")}), "Q"); f.Verdict != truce.VerdictIndeterminate {
		t.Errorf("while the longer term runs: %s", f.Verdict)
	}
}
