package truce_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

func TestInstantTextRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := truce.Instant(rapid.Int64Range(-62_135_596_800_000_000, 253_402_300_799_999_999).Draw(t, "instant"))
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got truce.Instant
		if err := got.UnmarshalText(text); err != nil || got != want || len(text) != len("2026-04-11T16:00:00.000000Z") {
			t.Fatalf("%d wrote %s, read %d, %v", want, text, got, err)
		}
	})
}

func TestInstantReadsOffsets(t *testing.T) {
	for text, want := range map[string]string{
		"2026-04-11T16:00:00Z":              "2026-04-11T16:00:00.000000Z",
		"2026-04-11T19:00:00.5+03:00":       "2026-04-11T16:00:00.500000Z",
		"2026-04-11T16:00:00.1234569Z":      "2026-04-11T16:00:00.123456Z",
		"1969-12-31T23:59:59.9999999-00:00": "1969-12-31T23:59:59.999999Z",
	} {
		var got truce.Instant
		if err := got.UnmarshalText([]byte(text)); err != nil || got.String() != want {
			t.Errorf("%s read as %s, %v, want %s", text, got, err, want)
		}
	}
	for _, bad := range []string{"", "2026-04-11", "2026-04-11 16:00:00Z", "2026-02-30T00:00:00Z", "2026-04-11T24:00:00Z", "2026-04-11T16:00:60Z"} {
		var got truce.Instant
		if err := got.UnmarshalText([]byte(bad)); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q read as %s, %v, want an invalid error", bad, got, err)
		}
	}
}

func TestInstantArithmetic(t *testing.T) {
	at := truce.InstantOf(time.Date(2026, 4, 11, 23, 59, 59, 999_999_900, time.FixedZone("", 3*3600)))
	if at.String() != "2026-04-11T20:59:59.999999Z" || at.Day() != "2026-04-11" {
		t.Errorf("instant = %s on %s", at, at.Day())
	}
	if moved := at.Add(time.Hour + 1500*time.Nanosecond); moved.Sub(at) != time.Hour+time.Microsecond {
		t.Errorf("moved by %s", moved.Sub(at))
	}
	if m := truce.MicrosOf(2 * time.Second); m != 2_000_000 || m.Duration() != 2*time.Second {
		t.Errorf("two seconds are %d microseconds", m)
	}
}

// An open end is no time: as a beginning it lies before 1953, as an end after 2026.
func TestOpenInstants(t *testing.T) {
	korea := truce.InstantOf(time.Date(1953, 7, 27, 13, 0, 0, 0, time.UTC))
	today := truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))
	if korea >= 0 || korea.String() != "1953-07-27T13:00:00.000000Z" || korea.Day() != "1953-07-27" {
		t.Errorf("the armistice is %d, %s on %s", korea, korea, korea.Day())
	}
	var none truce.Instant
	for _, at := range []truce.Instant{korea, today, -1, 1} {
		if none.OrEarliest() >= at || none.OrLatest() <= at || at.OrEarliest() != at || at.OrLatest() != at {
			t.Errorf("%s: open lies from %d to %d", at, none.OrEarliest(), none.OrLatest())
		}
	}
}

// Two times more than 292 years apart are as far apart as a duration can say, not nearer.
func TestSubOfFarTimes(t *testing.T) {
	early, late := truce.InstantOf(time.Date(1648, 10, 24, 0, 0, 0, 0, time.UTC)), truce.InstantOf(time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))
	const century = 100 * 365 * 24 * time.Hour
	if d := late.Sub(early); d < 2*century {
		t.Errorf("from 1648 to 2026 it is %s", d)
	}
	if d := early.Sub(late); d > -2*century {
		t.Errorf("from 2026 to 1648 it is %s", d)
	}
	korea := truce.InstantOf(time.Date(1953, 7, 27, 13, 0, 0, 0, time.UTC))
	if d := korea.Add(72 * time.Hour).Sub(korea); d != 72*time.Hour {
		t.Errorf("three days are %s", d)
	}
}

// Each role of time has the text of an instant, and keeps apart from the others by type.
func TestTimesInJSON(t *testing.T) {
	type times struct {
		Result   truce.ResultTime   `json:"result"`
		Received truce.ReceivedTime `json:"received"`
		Recorded truce.RecordedTime `json:"recorded"`
	}
	want := times{1_000_000, 2_000_000, 3_000_000}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != `{"result":"1970-01-01T00:00:01.000000Z","received":"1970-01-01T00:00:02.000000Z","recorded":"1970-01-01T00:00:03.000000Z"}` {
		t.Errorf("wrote %s", text)
	}
	var got times
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("read %+v, %v", got, err)
	}
}

func TestPhenomenonTime(t *testing.T) {
	moment := truce.Moment(5, time.Second)
	if err := moment.Validate(); err != nil || moment.From != moment.To || moment.Sigma != 1_000_000 || moment.Mid() != 5 {
		t.Errorf("moment = %+v, %v", moment, err)
	}
	if mid := (truce.PhenomenonTime{From: 1<<62 - 10, To: 1 << 62}).Mid(); mid != 1<<62-5 {
		t.Errorf("the middle of a far interval is %d", mid)
	}
	for name, p := range map[string]truce.PhenomenonTime{"ends before it begins": {From: 2, To: 1}, "has a negative sigma": {Sigma: -1}} {
		if err := p.Validate(); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("a time that %s: %v", name, err)
		}
	}
}

// Days are cut in a zone: a day with a clock change has 23 or 25 hours.
func TestDaysInAZone(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	for day, hours := range map[truce.Day]float64{"2026-03-28": 24, "2026-03-29": 23, "2026-10-25": 25} {
		from, err := day.Start(kyiv)
		if err != nil {
			t.Fatal(err)
		}
		to, err := day.AddDays(1).Start(kyiv)
		if err != nil || to.Sub(from).Hours() != hours {
			t.Errorf("%s has %v hours, %v, want %v", day, to.Sub(from).Hours(), err, hours)
		}
		p := truce.Period{From: from, To: to, Zone: "Europe/Kyiv"}
		if !p.Contains(from) || p.Contains(to) || p.Contains(from-1) {
			t.Errorf("%s is not half open", day)
		}
	}
	for _, bad := range []truce.Day{"", "2026-4-1", "2026-02-30", "11.04.2026"} {
		if _, err := bad.Start(time.UTC); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("day %q: %v, want an invalid error", bad, err)
		}
		if bad.AddDays(1) != bad {
			t.Errorf("day %q was moved to %q", bad, bad.AddDays(1))
		}
	}
}

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", time.Microsecond: "0 s", 200 * time.Millisecond: "200 ms", 1500 * time.Millisecond: "2 s", 59 * time.Second: "59 s", time.Minute: "1 min", 3 * time.Hour: "3 h",
		90 * time.Minute: "1 h 30 min", 48*time.Hour - time.Second: "47 h 59 min 59 s", 48 * time.Hour: "48 h", 96 * time.Hour: "4 days",
		100*time.Hour + time.Second: "4 days 4 h 1 s", -2 * time.Minute: "-2 min", 1<<63 - 1: "106751 days 23 h 47 min 16 s", -1 << 63: "-106751 days 23 h 47 min 16 s",
	} {
		if got := truce.DurationText(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}
