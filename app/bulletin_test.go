package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// withReports is a mission that was told of shelling on 11 March and a crater on the 12th.
func withReports(t *testing.T) program {
	t.Helper()
	p := newProgram(t)
	rows := "time,time_sigma_s,lat,lon,sigma_m,family,act,count,unit,text\n" +
		"2031-03-11T14:20:05Z,10,-47.9040,-21.6225,150,acoustic,indirect_fire,6,explosion,six blasts\n" +
		"2031-03-11T14:20:00Z,10,-47.9050,-21.6235,250,patrol,indirect_fire,6,explosion,six impacts\n" +
		"2031-03-12T09:00:00Z,10,-47.9050,-21.6235,250,patrol,crater,,,a crater\n"
	p.good(t, "import", "--format", "csv", p.write(t, "rows.csv", rows))
	p.good(t, "assess")
	return p
}

func dailyOf(t *testing.T, p program, day string, more ...string) truce.Bulletin {
	t.Helper()
	var b truce.Bulletin
	text := p.good(t, append([]string{"bulletin", "daily", "--date", day, "--format", "json"}, more...)...)
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return b
}

// TestRefusedDailyLeavesNothing: a form or language that cannot be printed freezes no
// bulletin.
func TestRefusedDailyLeavesNothing(t *testing.T) {
	p := withReports(t)
	before := p.good(t, "verify-store")
	for _, args := range [][]string{{"--format", "pdf"}, {"--lang", "fr"}, {"--published", "noon"}} {
		p.bad(t, append([]string{"bulletin", "daily", "--date", "2031-03-11"}, args...)...)
	}
	if after := p.good(t, "verify-store"); after != before {
		t.Errorf("before: %safter: %s", before, after)
	}
}

// TestDailiesChain: the previous period of a day is the period of the day before.
func TestDailiesChain(t *testing.T) {
	p := withReports(t)
	first, second := dailyOf(t, p, "2031-03-11"), dailyOf(t, p, "2031-03-12")
	if second.Previous != first.Period || second.DayNumber != first.DayNumber+1 {
		t.Errorf("the day after has previous %+v, day number %d; the day is %+v, number %d", second.Previous, second.DayNumber, first.Period, first.DayNumber)
	}
	if len(first.Rows) != 1 || first.Rows[0].Act != truce.ActIndirectFire {
		t.Errorf("rows of the first day: %+v", first.Rows)
	}
}

func TestPublishedIsWhatWasAsked(t *testing.T) {
	p := withReports(t)
	b := dailyOf(t, p, "2031-03-11", "--published", "2031-03-13T20:00:00+02:00")
	if b.Published.String() != "2031-03-13T18:00:00.000000Z" {
		t.Errorf("published %s", b.Published)
	}
	// A quarter before the hour it may not leave, and the refusal says when it may.
	p.now = time.Date(2031, 3, 13, 17, 45, 0, 0, time.UTC)
	mustHold(t, p.bad(t, "bulletin", "release", "--date", "2031-03-11"), "D-2031-03-11", "2031-03-13T18:00:00")
	if _, err := os.Stat(filepath.Join(p.dir, "public.db")); err == nil {
		t.Error("a refused release left a public store")
	}
	p.now = time.Date(2031, 3, 13, 18, 0, 0, 0, time.UTC)
	mustHold(t, p.good(t, "bulletin", "release", "--date", "2031-03-11"), "D-2031-03-11 released to public.db")
}

func TestDailyGoesIntoAFile(t *testing.T) {
	p := withReports(t)
	for format, holds := range map[string]string{"html": "<!doctype html>", "md": "# Daily bulletin", "json": `"number":"D-2031-03-11"`, "csv": "indirect_fire"} {
		path := filepath.Join(filepath.Dir(p.dir), "daily."+format)
		out := p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", format, "--out", path)
		text, err := os.ReadFile(path)
		if out != "D-2031-03-11 written to "+path+"\n" || err != nil || !strings.Contains(string(text), holds) {
			t.Errorf("%s: said %q, %v, holds no %q", format, out, err, holds)
		}
	}
}

// TestDailyOfTheSameRowsInBothLanguages: what differs is words, not numbers.
func TestDailyOfTheSameRowsInBothLanguages(t *testing.T) {
	p := withReports(t)
	rows := func(lang string) int {
		text := p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--lang", lang)
		mustHold(t, text, "D-2031-03-11", "(#row-1)")
		return strings.Count(text, `<a id="row-`)
	}
	if en, uk := rows("en"), rows("uk"); en != uk || en != 1 {
		t.Errorf("%d rows in English, %d in Ukrainian", en, uk)
	}
}

// TestNoDailyBeforeTheAgreement: a day that ends before the agreement takes effect has no
// Daily; the day on which it does has one.
func TestNoDailyBeforeTheAgreement(t *testing.T) {
	p := newProgram(t)
	for _, args := range [][]string{{"daily", "--date", "2026-03-31"}, {"series", "--from", "2026-03-31", "--to", "2026-04-01"}} {
		mustHold(t, p.bad(t, append([]string{"bulletin"}, args...)...),
			"the agreement takes effect on 2026-04-01 (00:01 local time on 1 April 2026), the period of 2026-03-31 ends before that: ask for 2026-04-01 or later")
	}
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2026-04-01"), "2026-04-01")
}
