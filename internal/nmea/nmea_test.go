package nmea_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce/internal/nmea"
)

// all reads a stream: sentences as "offset talker type fields", damage as "offset: reason".
func all(t testing.TB, src io.Reader) (out []string) {
	t.Helper()
	r := nmea.NewReader(src)
	var s nmea.Sentence
	for {
		err := r.Next(&s)
		var bad *nmea.Error
		switch {
		case err == io.EOF:
			return out
		case errors.As(err, &bad):
			out = append(out, fmt.Sprintf("%d: %s", bad.Offset, bad.Reason))
		case err != nil:
			t.Fatal(err)
		default:
			var fields []string
			for _, f := range s.Fields {
				fields = append(fields, string(f))
			}
			out = append(out, fmt.Sprintf("%d %s %s %s", s.Offset, s.Talker, s.Type, strings.Join(fields, "|")))
		}
	}
}

// TestLinesAreTakenApart: the first sentence is the example of RMC that most manuals print.
func TestLinesAreTakenApart(t *testing.T) {
	rmc := "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A"
	long := "$" + strings.Repeat("x", nmea.MaxLine) + "\n"
	in := rmc + "\r\n\n# a remark\n" + rmc[:len(rmc)-1] + "B\n" + long + "hello\n" + string(nmea.Append(nil, '$', []byte("PGRME,1.0"))) + rmc
	fields := "123519|A|4807.038|N|01131.000|E|022.4|084.4|230394|003.1|W"
	got := all(t, iotest.OneByteReader(strings.NewReader(in)))
	at := len(rmc) + 2 + 1 + 11
	want := []string{
		"0 GP RMC " + fields,
		fmt.Sprintf("%d: the checksum is 6A, and the sentence says 6B", at),
		fmt.Sprintf("%d: the line is over the bound of %d bytes", at+len(rmc)+1, nmea.MaxLine),
		fmt.Sprintf("%d: no sentence: there is neither $ nor !", at+len(rmc)+1+len(long)),
		fmt.Sprintf("%d P GRME 1.0", at+len(rmc)+1+len(long)+6),
		fmt.Sprintf("%d GP RMC %s", len(in)-len(rmc), fields),
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if again := all(t, strings.NewReader(in)); strings.Join(again, "\n") != strings.Join(got, "\n") {
		t.Error("read in one piece it is another stream")
	}
}

// TestWhenAndByWhomItWasReceived: tag blocks, times before the sentence and behind it.
func TestWhenAndByWhomItWasReceived(t *testing.T) {
	body := string(nmea.Append(nil, '!', []byte("AIVDM,1,1,,A,0,0")))
	block := func(text string) string { return fmt.Sprintf("\\%s*%02X\\", text, nmea.Checksum([]byte(text))) + body }
	const at = 1_700_000_000_000_000
	for _, row := range []struct {
		line, source string
		time         int64
	}{
		{block("s:r003669945,c:1700000000"), "r003669945", at},
		{block("g:1-2-1234,c:1700000000123"), "", at + 123_000},
		{block("c:1700000000.25,n:7"), "", at + 250_000},
		{"1700000000 " + body, "", at},
		{"2023-11-14T22:13:20.5Z," + body, "", at + 500_000},
		{strings.TrimSpace(body) + ",s1234,b003669945,1700000000", "b003669945", at},
		{block("c:17"), "", 0}, {"99999 " + body, "", 0}, {body, "", 0}, {block("c:1700000000x"), "", 0},
		{string(nmea.AppendTag(nil, "hill", at+5000)) + body, "hill", at + 5000},
		{string(nmea.AppendTag(nil, "hill", at)) + body, "hill", at},
	} {
		var s nmea.Sentence
		if err := nmea.NewReader(strings.NewReader(row.line)).Next(&s); err != nil {
			t.Errorf("%s: %v", row.line, err)
		} else if s.Tag.Time != row.time || string(s.Tag.Source) != row.source || string(s.Type) != "VDM" {
			t.Errorf("%s: received at %d by %q, want %d by %q", row.line, s.Tag.Time, s.Tag.Source, row.time, row.source)
		}
	}
	var s nmea.Sentence
	if err := nmea.NewReader(strings.NewReader(block("g:1-2-1234,d:shore,t:hi,n:9"))).Next(&s); err != nil || s.Tag.Group != (nmea.Group{Line: 1, Lines: 2, ID: 1234}) ||
		string(s.Tag.Destination) != "shore" || string(s.Tag.Text) != "hi" || s.Tag.Line != 9 {
		t.Errorf("%+v, %v", s.Tag, err)
	}
}

// TestWhatIsNoSentence is told with what is wrong with it.
func TestWhatIsNoSentence(t *testing.T) {
	for line, want := range map[string]string{
		"$GPGGA,1":                       "no checksum",
		"$GPGGA,1*G0":                    "two hexadecimal digits",
		"$GPGGA,1*4":                     "two hexadecimal digits",
		"\\c:1700000000*00\\!AIVDM,1*00": "checksum of the tag block",
		"\\c:1700000000*5":               "not closed",
		"\\c:1700000000\\!AIVDM,1*00":    "no checksum",
		sentence("GPGG,1"):               "address",
		sentence("gpgga,1"):              "capital letters",
		sentence("GPGGA" + commas(65)):   "more than 64 fields",
	} {
		if got := all(t, strings.NewReader(line)); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if got := all(t, strings.NewReader(sentence("GPGGA"+commas(64)))); len(got) != 1 || strings.Contains(got[0], "more") {
		t.Errorf("64 fields: %q", got)
	}
}

func sentence(body string) string { return string(nmea.Append(nil, '$', []byte(body))) }
func commas(n int) string         { return strings.Repeat(",", n) }

// TestAFailingSourceEndsTheReading with its error, and gives no line that it cut.
func TestAFailingSourceEndsTheReading(t *testing.T) {
	failed := errors.New("the port is gone")
	r := nmea.NewReader(io.MultiReader(strings.NewReader(sentence("GPGGA,1")+"$GPG"), iotest.ErrReader(failed)))
	var s nmea.Sentence
	if err := r.Next(&s); err != nil {
		t.Fatal(err)
	}
	if err := r.Next(&s); !errors.Is(err, failed) {
		t.Errorf("%v", err)
	}
}

// FuzzReader: every line is told of once, in order, and a sentence written anew reads the same.
func FuzzReader(f *testing.F) {
	f.Add("$GPRMC,123519,A*3F\r\n\\c:1700000000*5C\\!AIVDM,1,1,,A,0,0*26")
	f.Add("1700000000 !AIVDM,1,1,,A,0,0*26,b1,1700000000\n\\\\\\$*")
	f.Fuzz(func(t *testing.T, in string) {
		r, last := nmea.NewReader(strings.NewReader(in)), int64(-1)
		var s nmea.Sentence
		for {
			err := r.Next(&s)
			if err == io.EOF {
				return
			}
			at := s.Offset
			var bad *nmea.Error
			if errors.As(err, &bad) {
				at = bad.Offset
			}
			if at <= last || at >= int64(len(in)) {
				t.Fatalf("offset %d behind %d, of %d bytes", at, last, len(in))
			}
			if last = at; err != nil {
				continue
			}
			body := string(s.Talker) + string(s.Type)
			for _, field := range s.Fields {
				body += "," + string(field)
			}
			if again := all(t, strings.NewReader(string(nmea.Append(nil, s.Start, []byte(body))))); !strings.ContainsAny(body, "\\$!*") && (len(again) != 1 || !strings.HasPrefix(again[0], "0 ")) {
				t.Fatalf("%q: %q", body, again)
			}
		}
	})
}
