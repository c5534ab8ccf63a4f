package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// notified is a mission with a window of A for the 13th, 10:00 to 14:00, given four days
// ahead, and a blast in it at 11:00 and one a quarter of an hour after its end.
func notified(t *testing.T) program {
	t.Helper()
	p := newProgram(t)
	at := func(day, hour int) { p.now = time.Date(2031, 3, day, hour, 0, 0, 0, time.UTC) }
	at(16, 9)
	p.good(t, "notify", "give", "demining", "--number", "N-1", "--by", "A", "--from", "2031-03-20T10:00:00Z", "--to", "2031-03-20T14:00:00Z",
		"--lat", "-47.72013", "--lon", "-21.88656", "--radius", "900")
	at(17, 9)
	p.good(t, "notify", "ack", "N-1", "--by", "B")
	at(17, 10)
	p.good(t, "notify", "ack", "N-1", "--by", "M")
	at(20, 18)
	for _, when := range []string{"2031-03-20T11:00:00Z", "2031-03-20T14:15:00Z"} {
		p.good(t, "note", "a controlled blast at "+when, "--at", when, "--lat", "-47.72013", "--lon", "-21.88656", "--radius", "50", "--act", "controlled_explosion")
	}
	return p
}

// TestANotificationThatChangesIsEvaluatedAnew: what was found before is kept, and the run
// names the notification.
func TestANotificationThatChangesIsEvaluatedAnew(t *testing.T) {
	p := notified(t)
	mustHold(t, p.good(t, "assess"), "2 evaluations, 2 new or changed", "1 notifications\n")
	p.now = p.now.Add(time.Hour)
	p.good(t, "notify", "end", "N-1", "--by", "A", "--until", "2031-03-20T10:30:00Z")
	mustHold(t, p.good(t, "assess"), "2 evaluations, 2 new or changed", "1 notifications, findings of earlier runs changed by N-1\n")
	mustHold(t, p.good(t, "assess"), "2 evaluations, 0 new or changed", "1 notifications\n")

	a, err := Open(t.Context(), p.dir, func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{OldestFirst: true})
	if err != nil || len(page.Rows) != 2 {
		t.Fatalf("%d incidents, %v", len(page.Rows), err)
	}
	records, err := a.store.Records(t.Context(), 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	var verdicts, causes []string
	for _, r := range records {
		switch {
		case r.Subject == "evaluation/"+page.Rows[0].Incident.ID.String():
			e, err := truce.DecodeBody[truce.Evaluation](r)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(e.Findings, func(f truce.Finding) bool { return f.Rule == "R08" })
			f := e.Findings[i]
			verdicts = append(verdicts, string(f.Verdict)+" "+f.Window+strings.Join(f.NotCoveredBy, " "))
			mustHold(t, strings.Join(f.Trace, "\n"), "given at 2031-03-16 09:00:00 UTC, record 2, acknowledged by B at 2031-03-17 09:00:00 UTC")
		case r.Kind == truce.RecordReevaluation:
			body, err := truce.DecodeBody[truce.Reevaluation](r)
			if err != nil {
				t.Fatal(err)
			}
			causes = append(causes, body.Cause)
		}
	}
	if want := []string{"exempt N-1", "outside_scope N-1"}; !slices.Equal(verdicts, want) {
		t.Errorf("verdicts under R08 over time: %q, want %q", verdicts, want)
	}
	if want := []string{"assess", "assess; notifications N-1"}; !slices.Equal(causes, want) {
		t.Errorf("causes %q, want %q", causes, want)
	}
}

// TestTheDailyPrintsNotifications: who answered, what the window covers, and that it went
// on after its end.
func TestTheDailyPrintsNotifications(t *testing.T) {
	p := notified(t)
	p.good(t, "assess")
	p.now = p.now.Add(72 * time.Hour)
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-20"),
		"Window N-1 (demining) of Party A:", "acknowledged by Party B at", "acknowledged by The mission at",
		"At the cut-off it had ended; an activity of its kind was recorded after its end.", "Exempt under it: 1 incident", "Near it and not covered by it: 1 incident")
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-20", "--lang", "uk"), "після його кінця записано діяльність цього виду")
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-20", "--format", "json"), `"state":"overrun"`, `"acks":[{"at":"2031-03-17T09:00:00.000000Z","by":"B"}`)
	p.good(t, "bulletin", "release", "--date", "2031-03-20")
}

// TestAZoneThatWasTakenOutStopsNothing: a window in it covers nothing, and the rest goes on.
func TestAZoneThatWasTakenOutStopsNothing(t *testing.T) {
	p := notified(t)
	a, err := Open(t.Context(), p.dir, func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	n := truce.Notification{Number: "N-2", Step: truce.StepGiven, By: "A", Activity: &truce.NotifiedActivity{
		Kind: "demining", Bearer: "A", From: 1, To: 2, Place: truce.NotifiedPlace{Zone: "Z-GONE"}}}
	draft, err := truce.NewDraft(truce.RecordNotification, n.Subject(), "k", n)
	if err == nil {
		_, err = a.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	mustHold(t, p.good(t, "assess"), "2 notifications")
	mustHold(t, p.good(t, "findings", "--rule", "R08", "--verdict", "exempt"), "1 findings")
}
