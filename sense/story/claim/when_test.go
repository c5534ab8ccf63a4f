package claim_test

import (
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// The labelled day is Tuesday 20 January 2026, 11:00 at UTC+2.
func TestTimesOfEvents(t *testing.T) {
	for _, c := range []struct {
		text     string
		from, to string // local; "" none
		sigma    time.Duration
	}{
		{"Drones attacked Odesa overnight.", "2026-01-19 18:00", "2026-01-20 06:00", time.Hour},
		{"Вночі дрони атакували Одесу.", "2026-01-19 18:00", "2026-01-20 06:00", time.Hour},
		{"Drones attacked Odesa on Tuesday.", "2026-01-20 00:00", "2026-01-21 00:00", time.Hour},
		{"Drones attacked Odesa on Friday.", "2026-01-16 00:00", "2026-01-17 00:00", time.Hour},
		{"У п'ятницю дрони атакували Одесу.", "2026-01-16 00:00", "2026-01-17 00:00", time.Hour},
		{"Drones attacked Odesa yesterday.", "2026-01-19 00:00", "2026-01-20 00:00", time.Hour},
		{"Drones attacked Odesa in the evening.", "2026-01-19 17:00", "2026-01-20 00:00", time.Hour},
		{"Drones attacked Odesa in the afternoon.", "2026-01-20 11:00", "2026-01-20 18:00", time.Hour},
		{"Drones attacked Odesa this morning.", "2026-01-20 05:00", "2026-01-20 12:00", time.Hour},
		{"Drones attacked Odesa today.", "2026-01-20 00:00", "2026-01-21 00:00", time.Hour},
		{"Drones attacked Odesa on 12 January.", "2026-01-12 00:00", "2026-01-13 00:00", time.Hour},
		{"Drones attacked Odesa on January 12th.", "2026-01-12 00:00", "2026-01-13 00:00", time.Hour},
		{"У ніч на 12 січня дрони атакували Одесу.", "2026-01-11 18:00", "2026-01-12 06:00", time.Hour},
		{"Drones attacked Odesa on 30 December.", "2025-12-30 00:00", "2025-12-31 00:00", time.Hour},
		{"Drones attacked Odesa on 31 February.", "", "", 0},
		{"За добу дрони атакували Одесу.", "2026-01-19 11:00", "2026-01-20 11:00", 3 * time.Hour},
		{"Drones attacked Odesa over 30 hours.", "2026-01-19 05:00", "2026-01-20 11:00", 3 * time.Hour},
		{"Drones attacked Odesa in the previous reporting period.", "2026-01-17 11:00", "2026-01-19 11:00", 12 * time.Hour},
		{"Drones attacked Odesa in 30 hours of 12 January.", "2026-01-11 18:00", "2026-01-13 00:00", 3 * time.Hour},
		{"Drones attacked Odesa from 18:00 on Thursday to midnight on Friday.", "2026-01-15 18:00", "2026-01-17 00:00", time.Minute},
		{"Drones attacked Odesa in 30 hours, from 6 p.m. on 14 January to midnight on 15 January.", "2026-01-14 18:00", "2026-01-16 00:00", time.Minute},
		{"Drones attacked Odesa between 6:30 a.m. and noon on January 14.", "2026-01-14 06:30", "2026-01-14 12:00", time.Minute},
		{"Drones attacked Odesa from 10pm to 4am.", "2026-01-19 22:00", "2026-01-20 04:00", time.Minute},
		{"Дрони атакували Одесу з 18:00 четверга до опівночі п'ятниці.", "2026-01-15 18:00", "2026-01-17 00:00", time.Minute},
		{"З 7 ранку до 9 вечора 14 січня дрони атакували Одесу.", "2026-01-14 07:00", "2026-01-14 21:00", time.Minute},
		{"Drones attacked Odesa from 12 villages to 15 towns.", "", "", 0},
		{"Drones attacked Odesa.", "", "", 0},
	} {
		claims := claim.Read(truce.Article{Text: c.text, Published: published}, config(t))
		if len(claims) != 1 {
			t.Errorf("%s: %d claims, want 1", c.text, len(claims))
			continue
		}
		got := claims[0].When
		switch {
		case c.from == "" && got != nil:
			t.Errorf("%s: %v, want no time", c.text, got)
		case c.from == "":
		case got == nil:
			t.Errorf("%s: no time", c.text)
		case local(got.From) != c.from || local(got.To) != c.to || got.Sigma.Duration() != c.sigma:
			t.Errorf("%s: %s to %s within %v, want %s to %s within %v", c.text, local(got.From), local(got.To), got.Sigma.Duration(), c.from, c.to, c.sigma)
		}
	}
}

// TestTimesOfTextsDatedByDay holds that a stretch is as long as the text says, whatever is
// known of the hour of the text, and that its day is that of the calendar in every zone.
func TestTimesOfTextsDatedByDay(t *testing.T) {
	day := time.Date(2026, 5, 16, 0, 0, 0, 0, time.UTC) // a Saturday
	for _, hours := range []int{-8, -4, 0, 3, 13} {
		zone := time.FixedZone("local", hours*3600)
		cfg := config(t)
		cfg.Zone = zone
		dated := truce.PhenomenonTime{From: truce.InstantOf(day), To: truce.InstantOf(day.AddDate(0, 0, 1))}
		for text, want := range map[string][2]string{
			"Two artillery attacks were recorded in 24 hours.":                  {"2026-05-16 00:00", "2026-05-17 00:00"},
			"Two artillery attacks were recorded in 30 hours.":                  {"2026-05-15 18:00", "2026-05-17 00:00"},
			"Two artillery attacks were recorded on Saturday.":                  {"2026-05-16 00:00", "2026-05-17 00:00"},
			"Two artillery attacks were recorded on Friday.":                    {"2026-05-15 00:00", "2026-05-16 00:00"},
			"За добу зафіксовано два артилерійські обстріли.":                   {"2026-05-16 00:00", "2026-05-17 00:00"},
			"Two artillery attacks were recorded from 18:00 on Friday to noon.": {"2026-05-15 18:00", "2026-05-16 12:00"},
		} {
			claims := claim.Read(truce.Article{Text: text, Published: dated}, cfg)
			if len(claims) != 1 || claims[0].When == nil {
				t.Errorf("%s: %v, want one with a time", text, keysOf(claims))
				continue
			}
			got := claims[0].When
			from, to := got.From.Time().In(zone).Format("2006-01-02 15:04"), got.To.Time().In(zone).Format("2006-01-02 15:04")
			if from != want[0] || to != want[1] {
				t.Errorf("%s in UTC%+d: %s to %s, want %s to %s", text, hours, from, to, want[0], want[1])
			}
		}
	}
}

func local(t truce.Instant) string {
	return t.Time().In(time.FixedZone("Kyiv", 2*3600)).Format("2006-01-02 15:04")
}
