package agreement

import (
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

func instant(t testing.TB, text string) truce.Instant {
	t.Helper()
	var at truce.Instant
	if err := at.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return at
}

func TestSpansBefore1970(t *testing.T) {
	korea, later, today := instant(t, "1953-07-27T13:00:00Z"), instant(t, "1957-06-20T14:30:00Z"), instant(t, "2026-04-11T00:00:00Z")
	for _, row := range []struct {
		name string
		span Span
		at   truce.Instant
		want bool
	}{
		{"open both ways", Span{}, korea, true},
		{"open beginning", Span{To: later}, korea, true},
		{"open beginning, after the end", Span{To: later}, later, false},
		{"open end", Span{From: korea}, today, true},
		{"open end, its first instant", Span{From: korea}, korea, true},
		{"open end, before it begins", Span{From: korea}, korea - 1, false},
		{"across 1970", Span{korea, today}, 0, true},
	} {
		if got := row.span.holds(row.at); got != row.want {
			t.Errorf("%s: holds %t, want %t", row.name, got, row.want)
		}
	}
	for _, row := range []struct {
		name string
		a, b Span
		want bool // apart
	}{
		{"open and closed", Span{}, Span{korea, later}, false},
		{"one after the other", Span{To: korea}, Span{From: korea}, true},
		{"one after the other, both open", Span{To: later}, Span{From: korea}, false},
		{"apart", Span{korea, later}, Span{later, today}, true},
		{"both begin openly", Span{To: korea}, Span{To: later}, false},
	} {
		if row.a.apart(row.b) != row.want || row.b.apart(row.a) != row.want {
			t.Errorf("%s: apart %t and %t, want %t", row.name, row.a.apart(row.b), row.b.apart(row.a), row.want)
		}
	}
	if got := overlapOf(Span{}, Span{korea, later}); got != (Span{korea, later}) {
		t.Errorf("the overlap with an open span is %v", got)
	}
}

// What was known in 1953 is not what was found out in 1957, and a version without a date
// has been known all along.
func TestVersionsKnownBefore1970(t *testing.T) {
	korea, later := instant(t, "1953-07-27T13:00:00Z"), instant(t, "1957-06-20T14:30:00Z")
	h := newHistory([]era[string]{{version: "2", validFrom: korea, knownFrom: later}, {version: "1"}})
	for _, row := range []struct {
		valid, known truce.Instant
		want         string
	}{{korea, korea, "1"}, {korea, later, "2"}, {korea, 0, "2"}, {korea - 1, later, "1"}, {later, later - 1, "1"}} {
		if e := h.at(row.valid, row.known); e == nil || e.version != row.want {
			t.Errorf("at %s as known by %s: %+v, want %s", row.valid, row.known, e, row.want)
		}
	}
	a := &Agreement{Rules: []Rule{{ID: "R01", Version: "1"}, {ID: "R01", Version: "2", KnownFrom: later}}}
	for at, want := range map[truce.Instant]string{korea: "1", later: "2"} {
		if got := a.RulesAt(at); len(got) != 1 || got[0].Version != want {
			t.Errorf("at %s: %+v, want version %s", at, got, want)
		}
	}
}

// The clocks of Seoul kept nine hours in July 1953, eight and a half from March 1954 on,
// and an hour more in the summer of 1957 (IANA time zone table).
func TestClocksOfSeoul(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Skip("no time zone table on this machine")
	}
	c := Calendar{Zone: "Asia/Seoul", Epoch: "1953-07-27", location: seoul}
	for day, want := range map[truce.Day]string{
		"1953-07-28": "1953-07-27T15:00:00.000000Z",
		"1954-06-01": "1954-05-31T15:30:00.000000Z",
		"1957-06-21": "1957-06-20T14:30:00.000000Z",
		"2026-04-11": "2026-04-10T15:00:00.000000Z",
	} {
		p, err := c.Period(day)
		if err != nil || p.From.String() != want {
			t.Errorf("%s begins at %s (%v), want %s", day, p.From, err, want)
		}
		if got := c.DayAt(p.From); got != day {
			t.Errorf("%s begins in %s", day, got)
		}
		if got := c.DayAt(p.To - 1); got != day {
			t.Errorf("%s ends in %s", day, got)
		}
	}
	if n, err := c.DayNumber("1957-06-21"); err != nil || n != 1425 {
		t.Errorf("21 June 1957 is day %d (%v), want 1425", n, err)
	}
}

// The one instant that stands for what is open, and years that are slips of the keys, are
// refused with the mend.
func TestTimesThatCannotBeMeant(t *testing.T) {
	for _, row := range []struct{ name, old, replacement, want string }{
		{"zero", `valid_from: "2026-04-01T00:00:00Z"`, `valid_from: "1970-01-01T00:00:00Z"`, "kept for what is left open: write a second before or after it"},
		{"zero elsewhere", `valid_from: "2026-04-01T00:00:00Z"`, `valid_from: "1970-01-01T03:00:00+03:00"`, "kept for what is left open"},
		{"zero as a day", `in_force: {from: "2026-04-10T00:00:00Z"`, `in_force: {from: 1970-01-01`, "kept for what is left open"},
		{"a slip", `valid_from: "2026-04-01T00:00:00Z"`, `valid_from: "0226-04-01T00:00:00Z"`, "lies outside the years 1800 to 2200: mend the year"},
		{"a slip in a day", `in_force: {from: "2026-04-10T00:00:00Z"`, `in_force: {from: 2206-04-10`, "lies outside the years 1800 to 2200"},
		{"a start that no day can be counted from", `effective_at: {at: "2026-04-01T00:00:00Z"`, `effective_at: {at: "1970-01-01T00:00:00Z"`, "kept for what is left open"},
	} {
		problems := refusal(t, edited(t, MainFile, row.old, row.replacement))
		if !strings.Contains(problems[0].Text, row.want) {
			t.Errorf("%s: %s, want %q", row.name, problems[0], row.want)
		}
	}
	for _, near := range []string{"1969-12-31T23:59:59Z", "1970-01-01T00:00:01Z"} {
		a := mustParse(t, edited(t, MainFile, `valid_from: "2026-04-01T00:00:00Z"`, `valid_from: "`+near+`"`))
		if got := a.Lines[0].Versions[0].ValidFrom; got != instant(t, near) {
			t.Errorf("%s was read as %s", near, got)
		}
	}
}

// Windows that roll on are remarked before 1970 as well.
func TestRollingWindowsBefore1970(t *testing.T) {
	files := edited(t, MainFile, `effective_at: {at: "2026-04-01T00:00:00Z"`, `effective_at: {at: "1953-04-01T00:00:00Z"`)
	row := func(day string) Window {
		return Window{ID: day, Kind: "demining", Bearer: "A", Zone: "Z-BUFFER", From: instant(t, "1953-05-"+day+"T08:00:00Z"), To: instant(t, "1953-05-"+day+"T16:00:00Z")}
	}
	a := mustParse(t, files)
	d := &decoder{reader: reader{file: MainFile}, a: a}
	a.Windows = []Window{row("01"), row("02"), row("03"), row("04")}
	d.lintRolling()
	if len(d.problems) != 1 || !strings.Contains(d.problems[0].Text, "rolling windows: 4 of kind demining of A") {
		t.Errorf("four windows in a row: %v", d.problems)
	}
	d.problems = nil
	a.Windows = []Window{row("01"), row("05"), row("10"), row("15")}
	d.lintRolling()
	if len(d.problems) > 0 {
		t.Errorf("four windows with pauses: %v", d.problems)
	}
}

// A window whose grace ends at the instant that stands for an open end has an end.
func TestWindowEndsAtTheOpenInstant(t *testing.T) {
	w := Window{To: instant(t, "1969-12-31T23:50:00Z"), Grace: 10 * time.Minute}
	if got := w.end(); got != -1 {
		t.Errorf("the window ends at %d, want a microsecond before 1970", got)
	}
}

// An unknown clause is answered with the same suggestion every time.
func TestSuggestedClauseIsAlwaysTheSame(t *testing.T) {
	want := ""
	for range 20 {
		got := refusal(t, edited(t, MainFile, `clause: "2.1"`, `clause: "6.1"`))[0].Text
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%s, and another time %s", got, want)
		}
	}
}
