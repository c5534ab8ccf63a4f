package cloud

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(in []byte, sink truce.Sink) error {
	return Decode(bytes.NewReader(in), "in.csv", Config{}, sink)
}

func TestDecode(t *testing.T) {
	sink := sourcetest.Check(t, decode, []byte("\xef\xbb\xbfdate,note,cloud_cover_in_Country,cloud_cover_in_east_of_country\r\n2026-04-10,x,0.781,1\r\n"))
	if len(sink.Observations) != 2 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[1]
	if *o.Weather != (truce.Weather{Area: "east_of_country", CloudCover: 1}) || o.Source != ID || o.Origin.Line != 2 {
		t.Errorf("%+v of %s from %+v", *o.Weather, o.Source, o.Origin)
	}
	if o.Phenomenon.From.String() != "2026-04-10T00:00:00.000000Z" || o.Phenomenon.To.String() != "2026-04-11T00:00:00.000000Z" {
		t.Errorf("time %v to %v", o.Phenomenon.From, o.Phenomenon.To)
	}
	if sink.Observations[0].ID == o.ID {
		t.Error("two areas have one id")
	}
	other := &sourcetest.Sink{}
	if err := Decode(strings.NewReader("date,cloud_cover_in_country\n2026-04-10,0.5\n"), "x", Config{Source: "icon"}, other); err != nil || other.Observations[0].Source != "icon" {
		t.Errorf("%v, %+v", err, other.Observations)
	}
}

func TestBadValuesAreQuarantined(t *testing.T) {
	for cell, reason := range map[string]string{
		"2026-04-10,83,0.5":          "cloud_cover_in_a is \"83\", want 0 to 1 (a share of the sky, not percent)",
		"2026-04-10,,0.5":            "cloud_cover_in_a is empty",
		"2026-04-10,NaN,0.5":         "cloud_cover_in_a is \"NaN\"",
		"2026-04-10,-0.1,0.5":        "cloud_cover_in_a is",
		"10.04.2026,0.1,0.5":         "date is",
		"1970-01-01,0.1,0.5":         "date is",
		"9999-12-31,0.1,0.5":         "date is",
		"2026-04-10,0.1":             "the row has 2 fields",
		"2026-04-10,\"0.1,0.5":       "a quote is opened",
		"2026-04-10,0.1\x00,0.5":     "cloud_cover_in_a is",
		strings.Repeat("9", 70<<10):  "the row is over the bound",
		strings.Repeat("9,", 10_000): "more than 512 columns",
	} {
		sink := sourcetest.Check(t, decode, []byte("date,cloud_cover_in_a,cloud_cover_in_b\n"+cell+"\n2026-04-11,0,1\n"))
		if len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, reason) || sink.Rejections[0].Line != 2 {
			t.Errorf("%.30s: rejected %q, want %q on line 2", cell, sink.Reasons(), reason)
		}
		if n := len(sink.Observations); n < 2 || n > 3 {
			t.Errorf("%.30s: %d values were read", cell, n)
		}
	}
}

func TestFilesThatAreNoTable(t *testing.T) {
	for _, in := range []string{"", "date\n2026-04-10\n", "cloud_cover_in_a\n0.5\n", "date,cloud_cover_in_\n", "<html>", "\x00\x00"} {
		err := decode([]byte(in), &sourcetest.Sink{})
		if err == nil || !strings.HasPrefix(err.Error(), "in.csv: ") || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// TestSharedFile holds the figures stated beside the shared data.
func TestSharedFile(t *testing.T) {
	sink := sourcetest.Check(t, decode, sourcetest.Open(t, "firms/cloud_cover_2026-03-31_2026-04-20.csv"))
	if len(sink.Observations) != 42 || len(sink.Rejections) != 0 || len(sink.IDs()) != 42 {
		t.Fatalf("%d values, rejected %q", len(sink.Observations), sink.Reasons())
	}
	cover := map[string]float64{}
	for _, o := range sink.Observations {
		cover[string(o.Phenomenon.From.Day())+" "+o.Weather.Area] = o.Weather.CloudCover
	}
	for at, want := range map[string]float64{
		"2026-04-09 country": .825, "2026-04-10 country": .781, "2026-04-12 country": .648, "2026-04-13 country": .495,
		"2026-04-11 east_of_country": .762, "2026-04-05 country": .223, "2026-04-05 east_of_country": .193,
	} {
		if math.Abs(cover[at]-want) > .0005 {
			t.Errorf("%s: %.3f, want %.3f", at, cover[at], want)
		}
	}
}

func TestInfo(t *testing.T) {
	if err := Info().Validate(); err != nil || Info().Family.Witness() {
		t.Errorf("%+v: %v; weather is context and no witness", Info(), err)
	}
}

// FuzzDecode: a table of two areas gives two values or one rejection a row, or one value
// and one rejection; values are shares of the sky.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"2026-04-10,0.5,1\n", "2026-04-10,,x\n", "\"2026-04-10\",0,\"0\"\n", "\n,,\n", "2026-02-30,0,0\n", "\"\n\x00,1e9,-0\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, rows []byte) {
		sink := sourcetest.Check(t, decode, append([]byte("date,cloud_cover_in_a,cloud_cover_in_b\n"), rows...))
		byLine := map[int]int{}
		for _, o := range sink.Observations {
			if c := o.Weather.CloudCover; !(c >= 0 && c <= 1) {
				t.Fatalf("cover %v", c)
			}
			byLine[o.Origin.Line]++
		}
		for _, r := range sink.Rejections {
			byLine[r.Line]++
		}
		for line, n := range byLine {
			if n > 2 {
				t.Fatalf("line %d came out %d times", line, n)
			}
		}
	})
}
