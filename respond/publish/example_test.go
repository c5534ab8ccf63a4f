package publish_test

import (
	"fmt"
	"time"
	_ "time/tzdata"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
)

// A day on which nothing was seen and nobody looked: no number is printed as zero.
func Example() {
	cutOff := truce.InstantOf(time.Date(2026, 4, 11, 16, 30, 0, 0, time.UTC))
	day := func(end truce.Instant) truce.Period {
		return truce.Period{From: end.Add(-24 * time.Hour), To: end, Zone: "Europe/Kyiv"}
	}
	b, err := publish.Daily(publish.DailyInput{
		Mission: "Demonstration mission", Realm: truce.ExerciseRealm("demo"), Version: 1,
		Period: day(cutOff), Previous: day(cutOff.Add(-24 * time.Hour)), Published: cutOff.Add(publish.PreliminaryDelay),
		Terms: publish.Terms{
			Agreement: "Illustrative reference agreement", Epoch: "2026-04-01",
			Areas: []truce.BulletinArea{{ID: "north", Names: truce.Names{"en": "North", "uk": "Північ"}}},
			Rules: []truce.BulletinRule{{ID: "R01", Version: "v1", Clause: "1.1", Unit: truce.UnitEngagement,
				Acts: []truce.Act{truce.ActIndirectFire}, Titles: truce.Names{"en": "no fire", "uk": "без вогню"}}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	hits := b.Tables[0].Total.Cells[0].This
	fmt.Println(b.Number, "day", b.DayNumber, hits.N, hits.Form)
	page, err := publish.HTML(b, publish.PrintOptions{Lang: "uk"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Lang, publish.Refusal(b.Number, publish.Lint(b, page)))
	// Output:
	// D-2026-04-11 day 10 0 not_observed
	// uk <nil>
}
