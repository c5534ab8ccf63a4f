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

func local(t truce.Instant) string {
	return t.Time().In(time.FixedZone("Kyiv", 2*3600)).Format("2006-01-02 15:04")
}
