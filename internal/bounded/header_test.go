package bounded

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestHeaderSaysWhatIsNoTable: each with what it is and how it is mended.
func TestHeaderSaysWhatIsNoTable(t *testing.T) {
	wide := func(text, order string) string {
		var out strings.Builder
		for i := range len(text) {
			if order == "\xff\xfe" {
				out.WriteString(text[i:i+1] + "\x00")
			} else {
				out.WriteString("\x00" + text[i:i+1])
			}
		}
		return order + out.String()
	}
	for _, test := range []struct{ in, want string }{
		{wide("scan,time\n1,2\n", "\xff\xfe"), "UTF-16: save it as UTF-8"},
		{wide("scan,time\n1,2\n", "\xfe\xff"), "UTF-16: save it as UTF-8"},
		{"sc\x00an,time\n", "NUL byte"},
		{strings.Repeat("\x00", 100), "NUL byte"},
		{"scan,time\r1,2\r", "carriage return alone"},
		{"scan;time;lat\n1;2;3,5\n", "parted by semicolons: part them by commas"},
		{"\xef\xbb\xbfscan;time\n", "semicolons"},
		{"\"scan\"\t\"time\"\r\n", "parted by tabs"},
		{"scan|time\n", "parted by bars"},
	} {
		for _, src := range []io.Reader{strings.NewReader(test.in), iotest.OneByteReader(strings.NewReader(test.in))} {
			fields, err := NewCSV(src, CSVLimits{Row: 50}).Header()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q: %q, %v; want %q", test.in, fields, err, test.want)
			}
		}
	}
	for _, in := range []string{"scan,time\r\n", "scan,time", "one\n", "a;b,c,d\n", "\"a\nb\",c\n", "\xef\xbb\xbfscan,time\n", "say \"a|b\",c,d\n"} {
		if fields, err := NewCSV(strings.NewReader(in), CSVLimits{}).Header(); err != nil || len(fields) == 0 {
			t.Errorf("%q: %v", in, err)
		}
	}
	if _, err := NewCSV(strings.NewReader(""), CSVLimits{}).Header(); err != io.EOF {
		t.Errorf("empty: %v", err)
	}
}
