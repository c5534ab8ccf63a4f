package source

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
)

type sink struct {
	rejected []truce.Rejection
	full     error
}

func (s *sink) Observe(truce.Observation) error { return s.full }
func (s *sink) Reject(r truce.Rejection) error {
	s.rejected = append(s.rejected, r)
	return s.full
}

func TestOutCutsAndCopies(t *testing.T) {
	s := &sink{}
	raw := []byte(strings.Repeat("x", truce.MaxRejectedRow+1))
	out := NewOut("a\xff.csv", s)
	if err := out.Reject(7, raw, "no\x1b[2J"); err != nil {
		t.Fatal(err)
	}
	raw[0] = '!'
	r := s.rejected[0]
	if r.File != "a.csv" || r.Line != 7 || r.Reason != "no[2J" || len(r.Raw) != truce.MaxRejectedRow || r.Raw[0] != 'x' {
		t.Errorf("%s:%d %q, %d bytes", r.File, r.Line, r.Reason, len(r.Raw))
	}
	err := out.Unusable("no rows: %w", io.ErrUnexpectedEOF)
	if truce.CodeOf(err) != truce.CodeInvalid || !errors.Is(err, io.ErrUnexpectedEOF) || err.Error() != "a.csv: no rows: unexpected EOF" {
		t.Errorf("%v", err)
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]float64{"48.5": 48.5, "-0.25": -.25, "1e3": 1000, "+7": 7, ".5": .5, "-0": 0, "-0.0": 0, "1e-400": 0} {
		got, err := Number([]byte(text))
		if err != nil || got != want || 1/got != 1/want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", " 1", "1 ", "NaN", "Inf", "-inf", "0x10", "1_000", "48,5", "1e400", "e", "--1", "１", "\x00"} {
		if got, err := Number([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, ok := range [][2]string{{"90", "180"}, {"-90", "-180"}, {"0", "1e-5"}} {
		if _, err := Place([]byte(ok[0]), []byte(ok[1])); err != nil {
			t.Errorf("%v: %v", ok, err)
		}
	}
	for _, bad := range [][2]string{{"90.0001", "0"}, {"1", "180.0001"}, {"0", "0"}, {"-0", "0"}, {"x", "1"}, {"1", ""}} {
		if p, err := Place([]byte(bad[0]), []byte(bad[1])); err == nil {
			t.Errorf("%v was read as %v", bad, p)
		}
	}
	if _, err := Point(129, 61); err == nil {
		t.Error("latitude 129 was taken")
	}
}

func TestCutKeepsCharactersWhole(t *testing.T) {
	for n, want := range []string{"", "a", "a", "aй", "aй", "aйб"} {
		if got := Cut("aйб", n); got != want {
			t.Errorf("cut to %d: %q, want %q", n, got, want)
		}
	}
	if got := Shown([]byte(strings.Repeat("\x1b", shown+1))); strings.ContainsRune(got, 0x1b) || !strings.HasSuffix(got, "...") {
		t.Errorf("shown as %q", got)
	}
}

// TestDateAgreesWithTheCalendar: every day of the range, and none beside it.
func TestDateAgreesWithTheCalendar(t *testing.T) {
	day := time.Date(MinYear, 1, 1, 0, 0, 0, 0, time.UTC)
	for ; day.Year() <= MaxYear; day = day.AddDate(0, 0, 1) {
		got, err := Date([]byte(day.Format(time.DateOnly)))
		if err != nil || got != truce.InstantOf(day) {
			t.Fatalf("%s: %v, %v", day.Format(time.DateOnly), got, err)
		}
	}
	for _, bad := range []string{"2026-02-29", "2100-01-01", "1989-12-31", "2026-13-01", "2026-00-10", "2026-04-00", "2026-04-31", "2026/04/10", "20260410", "2026-4-1", "", "2026-04-1x"} {
		if got, err := Date([]byte(bad)); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func TestBox(t *testing.T) {
	ukraine, err := ParseBox("22, 44,41,53")
	if err != nil {
		t.Fatal(err)
	}
	pacific, err := ParseBox("170,-20,-170,0")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		box  *Box
		p    geo.Point
		want bool
	}{
		{ukraine, geo.Point{Lat: 44, Lon: 22}, true}, {ukraine, geo.Point{Lat: 53, Lon: 41}, true},
		{ukraine, geo.Point{Lat: 43.999, Lon: 30}, false}, {ukraine, geo.Point{Lat: 50, Lon: 41.001}, false},
		{ukraine, geo.Point{Lat: 61.48, Lon: 129.15}, false},
		{pacific, geo.Point{Lat: -10, Lon: 175}, true}, {pacific, geo.Point{Lat: -10, Lon: -175}, true}, {pacific, geo.Point{Lat: -10}, false},
		{nil, geo.Point{Lat: -90, Lon: 180}, true},
	}
	for _, c := range cases {
		if got := c.box.Contains(c.p); got != c.want {
			t.Errorf("%v contains %v: %v", c.box, c.p, got)
		}
	}
	if ukraine.String() != "22,44,41,53" || (*Box)(nil).String() != "-180,-90,180,90" || (*Box)(nil).Validate() != nil {
		t.Errorf("%v, %v", ukraine, (*Box)(nil))
	}
	for _, bad := range []string{"", "1,2,3", "1,2,3,4,5", "a,2,3,4", "0,10,1,5", "0,0,0,1", "0,-91,1,0", "-181,0,1,1", "NaN,0,1,1"} {
		if b, err := ParseBox(bad); err == nil || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q was read as %v, %v", bad, b, err)
		}
	}
}

func TestTable(t *testing.T) {
	s := &sink{}
	out := NewOut("t.csv", s)
	table, err := NewTable(strings.NewReader(" Name ,COUNT,\na,1,\nb\n\"c,2,\nd,3,\n"), out, bounded.CSVLimits{})
	if err != nil {
		t.Fatal(err)
	}
	name, count, none := table.Column("title", "name"), table.Column("count"), table.Column("nothing")
	var got []string
	for err = table.Next(); err == nil; err = table.Next() {
		got = append(got, string(table.Field(name))+string(table.Field(count))+string(table.Field(none)))
	}
	if err != io.EOF || strings.Join(got, " ") != "a1 d3" || strings.Join(table.Header(), "|") != "name|count|" {
		t.Errorf("%q, header %q, %v", got, table.Header(), err)
	}
	if len(s.rejected) != 2 || s.rejected[0].Line != 3 || s.rejected[1].Line != 4 {
		t.Errorf("rejected %+v", s.rejected)
	}
}

func TestTableRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "t.csv: the file is empty",
		"a,b,A\n":                 `t.csv: line 1: column "a" stands twice in the header, as 1 and 3`,
		"\"a\n":                   "t.csv: line 1: a quote is opened",
		strings.Repeat("a,", 2e3): "t.csv: line 1: more than 1024 columns",
	} {
		_, err := NewTable(strings.NewReader(in), NewOut("t.csv", &sink{}), bounded.CSVLimits{})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", in, err, want)
		}
	}
	broken, full := errors.New("link down"), errors.New("disk full")
	table, err := NewTable(io.MultiReader(strings.NewReader("a\n1\n"), iotest.ErrReader(broken)), NewOut("t.csv", &sink{}), bounded.CSVLimits{})
	if err != nil || table.Next() != nil || !errors.Is(table.Next(), broken) {
		t.Error("a failure of the source was not passed on")
	}
	table, err = NewTable(strings.NewReader("a\n1,2\n"), NewOut("t.csv", &sink{full: full}), bounded.CSVLimits{})
	if err != nil || !errors.Is(table.Next(), full) {
		t.Error("a failure of the sink was not passed on")
	}
}
