package alert_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// A step of a case becomes an alert; the outbox says what is to be tried at the second of
// its release, and what follows from what came of it.
func Example() {
	composed, err := alert.Compose(input())
	if err != nil {
		fmt.Println(err)
		return
	}
	a := composed.Alerts[0]
	fmt.Println(a.Headline["en"])
	fmt.Println("released", a.Release)

	box := alert.Box{Alert: a}
	for _, attempt := range alert.Plan(box, a.Release)[:2] {
		begun := alert.Begin(alert.Box{Alert: a}, attempt, a.Release)
		box.Deliveries = append(box.Deliveries, begun)
		outcome := alert.Outcome(box, attempt, alert.Failed("450 try later"), a.Release)
		fmt.Println(attempt.Person, attempt.Channel, outcome.State, "again after", outcome.Next.Sub(a.Release))
	}

	for _, silence := range alert.Silences(box, a.Release.Add(time.Hour)) {
		fmt.Println("no answer of", silence.State, "by", silence.Due)
	}
	// Output:
	// Case C-2026-19: tier T1 (warning) entered
	// released 2026-04-12T12:00:04.000000Z
	// a-liaison email failed again after 10s
	// b-liaison email failed again after 10s
	// no answer of FA by 2026-04-12T13:00:04.000000Z
	// no answer of NE by 2026-04-12T13:00:04.000000Z
}

// Mark adds to an acknowledgement what follows from what the alert asked.
func ExampleMark() {
	composed, err := alert.Compose(input())
	if err != nil {
		fmt.Println(err)
		return
	}
	a := composed.Alerts[0]
	ack := alert.Mark(alert.Box{Alert: a}, truce.Acknowledgement{
		Alert: a.ID, Kind: truce.AckPosition, Position: truce.PositionReserve, Role: truce.RoleGuarantor, State: "FA", At: a.Release.Add(2 * time.Hour),
	})
	fmt.Println("late:", ack.Late, "due", ack.Due)
	// Output: late: true due 2026-04-12T13:00:04.000000Z
}
