package cot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// noon is when the events of the tests are made.
var noon = truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 5, 250e6, time.UTC))

// event is one of XML; what stands in the detail is given.
func event(uid, kind, detail string) string {
	return fmt.Sprintf(`<event version="2.0" uid="%s" type="%s" how="m-g" time="2031-03-03T12:00:05.250Z" start="2031-03-03T12:00:05.250Z" stale="2031-03-03T12:01:05.250Z">`+
		`<point lat="48.5" lon="37.25" hae="212.5" ce="8" le="9999999"/><detail>%s</detail></event>`, uid, kind, detail)
}

// all reads a stream to its end, byte by byte and at once: both must give the same.
func all(t testing.TB, stream []byte) (out []Message, damaged []*source.Damage) {
	t.Helper()
	out, damaged = readAll(t, bytes.NewReader(stream), len(stream))
	if len(stream) < 20_000 {
		again, broken := readAll(t, iotest.OneByteReader(bytes.NewReader(stream)), len(stream))
		if fmt.Sprintf("%+v %v", out, damaged) != fmt.Sprintf("%+v %v", again, broken) {
			t.Fatalf("read byte by byte it is another:\n%+v %v\n%+v %v", out, damaged, again, broken)
		}
	}
	return out, damaged
}

func readAll(t testing.TB, in io.Reader, size int) (out []Message, damaged []*source.Damage) {
	t.Helper()
	r := NewReader(in, Options{})
	for range size + 2 {
		var m Message
		err := r.Next(&m)
		var d *source.Damage
		switch {
		case errors.As(err, &d):
			damaged = append(damaged, d)
		case err == io.EOF:
			return out, damaged
		case err != nil:
			t.Fatal(err)
		default:
			m.raw = bytes.Clone(m.raw)
			out = append(out, m)
		}
	}
	t.Fatal("it does not end")
	return nil, nil
}

// TestAnEventIsRead with everything that is looked at.
func TestAnEventIsRead(t *testing.T) {
	text := event("M-1", "a-f-A-M-F-Q", `<contact callsign="Eye 1" endpoint="*:-1:stcp"/><__group name="Cyan" role="Team Member"/><track speed="21.5" course="288"/><status battery="77"/>`+
		`<precisionlocation geopointsrc="GPS" altsrc="DTED0"/><takv device="x" platform="y" os="1" version="2"/><link uid="p" type="a-f-G" relation="p-p" parent_callsign="q"/><remarks>over the &lt;mill&gt;<![CDATA[ & back]]></remarks>`)
	got, damaged := all(t, []byte(text))
	if len(got) != 1 || len(damaged) > 0 {
		t.Fatalf("%d events, %v", len(got), damaged)
	}
	m := got[0]
	if m.UID != "M-1" || m.Type != "a-f-A-M-F-Q" || m.How != "m-g" || m.Encoding != EncodingXML || m.Time != noon || m.Stale != noon.Add(time.Minute) || string(m.Raw()) != text {
		t.Errorf("%+v", m)
	}
	if m.LatDeg != source.Told(48.5) || m.LonDeg != source.Told(37.25) || m.HeightM != source.Told(212.5) || m.RadiusM != source.Told(8) || m.SpreadM.Told {
		t.Errorf("%+v", m)
	}
	d := m.Detail
	if len(d.Links) != 1 || d.Links[0] != (Link{UID: "p", Type: "a-f-G", Relation: "p-p"}) || !strings.HasPrefix(d.XML, "<contact") || !strings.HasSuffix(d.XML, "</remarks>") {
		t.Errorf("%+v", d)
	}
	d.Links, d.XML = nil, ""
	want := Detail{Callsign: "Eye 1", Endpoint: "*:-1:stcp", Team: "Cyan", Role: "Team Member", Remarks: "over the <mill> & back", SpeedMps: source.Told(21.5), CourseDeg: source.Told(288),
		Battery: source.Told(77), PlaceSource: "GPS", HeightSource: "DTED0", Device: "x", Platform: "y", OS: "1", Version: "2"}
	if fmt.Sprint(d) != fmt.Sprint(want) {
		t.Errorf("%+v\nwant %+v", d, want)
	}
}

// TestEventsAreFoundBetweenOtherText: declarations, prose, comments, an envelope, zeros.
func TestEventsAreFoundBetweenOtherText(t *testing.T) {
	a, b := event("a", "a-u-A", ""), event("b", "a-u-A", "<x><![CDATA[</event>]]><!-- <event > --></x>")
	for name, text := range map[string]string{
		"declarations":        "<?xml version='1.0' encoding='utf-16'?>\n" + a + "\n<?xml version='1.0'?>" + b,
		"prose":               "receive[1 < 2] {\n" + a + "\n} and \xbf so on: " + b + " end",
		"an envelope":         "<events>" + a + b + "</events>",
		"other elements":      "<eventual/>" + a + "<evens>" + b,
		"a comment":           "<!-- " + event("c", "a-u-A", "") + " -->" + a + b,
		"zeros":               a + "\x00" + b + "\x00",
		"nothing between":     a + b,
		"single quotes":       strings.ReplaceAll(a, `"`, `'`) + b,
		"an end with a blank": strings.Replace(a, "</event>", "</event \n>", 1) + b,
		"greater in quotes":   strings.Replace(a, `how="m-g"`, `how="m-g" qos="1>/>2"`, 1) + b,
	} {
		got, damaged := all(t, []byte(text))
		if len(got) != 2 || len(damaged) > 0 || got[0].UID != "a" || got[1].UID != "b" {
			t.Errorf("%s: %+v, %v", name, got, damaged)
			continue
		}
		for _, m := range got {
			if !strings.HasPrefix(text[m.Offset:], "<event ") || !strings.HasPrefix(text[m.Offset:], string(m.Raw())) {
				t.Errorf("%s: %s is not at %d", name, m.UID, m.Offset)
			}
		}
	}
}

// TestDamagedEventsAreSaid: each stands between two that are whole, and costs nothing but itself.
func TestDamagedEventsAreSaid(t *testing.T) {
	good := event("good", "a-u-A", "")
	with := func(old, now string) string { return strings.Replace(good, old, now, 1) }
	for name, c := range map[string]struct{ bad, reason string }{
		"no end":               {strings.TrimSuffix(good, "</event>"), "another event begins"},
		"an end that is none":  {with("</event>", "<\n/event>"), "another event begins"},
		"cut in a tag":         {good[:100], "another event begins"},
		"a quote too few":      {with(`uid="good"`, `uid="good`), "not well formed"},
		"no point":             {`<event uid="x" type="a-u-A" time="2031-03-03T12:00:05Z"></event>`, "without point"},
		"empty":                {`<event uid="x" type="a-u-A" time="2031-03-03T12:00:05Z"/>`, "without point"},
		"no uid":               {with(`uid="good"`, ``), "without uid"},
		"no type":              {with(`type="a-u-A"`, ``), "of the type"},
		"a type of other text": {with(`type="a-u-A"`, `type="a b"`), "of the type"},
		"no time":              {with(` time="2031-03-03T12:00:05.250Z"`, ``), "without time"},
		"a time of old":        {with(` time="2031`, ` time="1031`), "want a time"},
		"a time of no zone":    {with(`05.250Z`, `05.250`), "want a time"},
		"beyond the pole":      {with(`lat="48.5"`, `lat="90.1"`), "nowhere on Earth"},
		"no number":            {with(`lat="48.5"`, `lat="NaN"`), "lat is"},
		"an infinite one":      {with(`lon="37.25"`, `lon="1e999"`), "lon is"},
		"no longitude":         {with(`lon="37.25"`, ``), "without latitude or longitude"},
		"an error below none":  {with(`ce="8"`, `ce="-8"`), "none is negative"},
		"two latitudes":        {with(`lat="48.5"`, `lat="48.5" lat="49"`), "two attributes"},
		"two points":           {with(`<detail>`, `<point lat="1" lon="2"/><detail>`), "two points"},
		"an entity":            {with(`<detail>`, `<detail>&lol;`), "not well formed"},
		"a document type":      {with(`<detail>`, `<!DOCTYPE x [<!ENTITY lol "lol">]><detail>`), "document type"},
		"deep":                 {event("x", "a-u-A", strings.Repeat("<x>", MaxDepth)+strings.Repeat("</x>", MaxDepth)), "nested deeper"},
		"many attributes":      {event("x", "a-u-A", "<x "+manyAttributes()+"/>"), "more than 100 attributes"},
		"many elements":        {event("x", "a-u-A", strings.Repeat("<x/>", MaxElements)), "more than 10000 elements"},
		"not UTF-8":            {event("x\xff", "a-u-A", ""), "not well formed"},
	} {
		text := good + c.bad + good
		got, damaged := all(t, []byte(text))
		if len(got) != 2 || len(damaged) != 1 || !strings.Contains(damaged[0].Reason, c.reason) {
			t.Errorf("%s: %d events, %v; want %q", name, len(got), damaged, c.reason)
			continue
		}
		if d := damaged[0]; d.Offset != int64(len(good)) || d.Length != int64(len(c.bad)) || len(d.Raw) == 0 {
			t.Errorf("%s: %v, want the %d bytes from %d on", name, d, len(c.bad), len(good))
		}
	}
}

func manyAttributes() string {
	var b strings.Builder
	for n := range MaxAttributes + 1 {
		fmt.Fprintf(&b, "a%d='' ", n)
	}
	return b.String()
}

// TestTheEndOfAStream: what is cut is damaged; an event that never ends is passed over at a bound.
func TestTheEndOfAStream(t *testing.T) {
	good := event("good", "a-u-A", "")
	for name, c := range map[string]struct {
		text    string
		events  int
		reasons string
	}{
		"cut":               {good + good[:150], 1, "the text ends within an event"},
		"a comment":         {good + good[:len(good)-20] + "<!-- " + good, 1, "the text ends within an event"},
		"prose":             {good + "<!-- never ends " + good, 1, ""},
		"longer than bound": {good + good[:len(good)-30] + strings.Repeat("x", MaxEvent) + good, 2, "longer than"},
		"nothing":           {"", 0, ""},
		"almost":            {"<event", 0, ""},
	} {
		got, damaged := all(t, []byte(c.text))
		if len(got) != c.events || (c.reasons == "") != (len(damaged) == 0) || len(damaged) > 0 && !strings.Contains(damaged[0].Reason, c.reasons) {
			t.Errorf("%s: %d events, %v; want %d and %q", name, len(got), damaged, c.events, c.reasons)
		}
	}
	broken := errors.New("cable")
	r := NewReader(io.MultiReader(strings.NewReader(good[:100]), iotest.ErrReader(broken)), Options{})
	if err := r.Next(&Message{}); !errors.Is(err, broken) {
		t.Errorf("the source fails: %v", err)
	}
}

// TestMarksThatNeverComeCostNoMoreThanTheirBytes: each would be looked for to the end again and again.
func TestMarksThatNeverComeCostNoMoreThanTheirBytes(t *testing.T) {
	good := event("good", "a-u-A", "")
	for _, mark := range []string{"<!-- ", "<![CDATA[", "</event x", "<? ", "<event a='", "\xbf\x85\x80\x40"} {
		flood := []byte(strings.Repeat(mark, 1_500_000/len(mark)))
		inside := append([]byte(good[:len(good)-20]), flood...)
		for _, text := range [][]byte{flood, inside} {
			got, damaged := readAll(t, bytes.NewReader(text), len(text))
			if len(got) > 0 || len(damaged) > len(text)/4+1 {
				t.Errorf("%q: %d events, %d stretches", mark, len(got), len(damaged))
			}
		}
	}
}

// TestWhatIsNotKnownStaysSo: 0, 0 is no place; 9999999 no height; a motion that nothing has is none.
func TestWhatIsNotKnownStaysSo(t *testing.T) {
	text := event("x", "b-t-f", `<track speed="-1" course="400"/><status battery="?"/>`)
	text = strings.NewReplacer(`lat="48.5"`, `lat="0.0"`, `lon="37.25"`, `lon="-0"`, `hae="212.5"`, `hae="9999999.0"`, `ce="8"`, `ce="NaN"`).Replace(text)
	got, damaged := all(t, []byte(text))
	if len(got) != 1 || len(damaged) > 0 {
		t.Fatal(got, damaged)
	}
	m := got[0]
	for name, v := range map[string]source.Value{"lat": m.LatDeg, "lon": m.LonDeg, "hae": m.HeightM, "ce": m.RadiusM, "le": m.SpreadM, "speed": m.Detail.SpeedMps, "course": m.Detail.CourseDeg, "battery": m.Detail.Battery} {
		if v.Told {
			t.Errorf("%s is %v", name, v.V)
		}
	}
}

// TestCapturesOfATeam: of the 18 events of the note one is damaged: a quote and its end are missing.
func TestCapturesOfATeam(t *testing.T) {
	text := sourcetest.Open(t, "cot/atakcotcaptures.txt")
	got, damaged := all(t, text)
	if len(got) != 17 || len(damaged) != 1 || !bytes.HasPrefix(text[damaged[0].Offset:], []byte(`<event version="2.0" uid="0377f926`)) {
		t.Fatalf("%d events, %v", len(got), damaged)
	}
	kinds, places := map[string]int{}, 0
	for _, m := range got {
		kinds[m.Type]++
		if m.LatDeg.Told {
			places++
		}
	}
	if fmt.Sprint(kinds) != "map[a-f-G-U-C:7 a-f-G-U-C-I:6 b-f-t-a:1 b-f-t-r:2 b-t-f:1]" || places != 15 {
		t.Errorf("%v, %d with a place", kinds, places)
	}
	if m := got[6]; m.Detail.Callsign != "JAKAL" || m.LatDeg != source.Told(41.61282081) || m.RadiusM != source.Told(3) || m.SpreadM.Told || m.Time.String() != "2015-10-15T20:23:45.410000Z" {
		t.Errorf("%+v", m)
	}
	if m := got[16]; m.Detail.Remarks != "Roger" || len(m.Detail.Links) != 1 {
		t.Errorf("%+v", m.Detail)
	}
}

// TestTheExamplesAreRead: each holds one event.
func TestTheExamplesAreRead(t *testing.T) {
	files := sourcetest.Files(t, "cot/examples/*.cot")
	if len(files) != 12 {
		t.Errorf("%d examples, want 12", len(files))
	}
	for _, f := range files {
		got, damaged := all(t, sourcetest.Open(t, f))
		if len(got) != 1 || len(damaged) > 0 {
			t.Errorf("%s: %d events, %v", f, len(got), damaged)
			continue
		}
		if zero := strings.Contains(f, "Route") || strings.Contains(f, "Telestration"); got[0].LatDeg.Told == zero {
			t.Errorf("%s: %+v", f, got[0].LatDeg)
		}
	}
}

// FuzzReader: whatever the bytes, it ends; what is read is within the stream and on Earth.
func FuzzReader(f *testing.F) {
	f.Add([]byte(event("a", "a-f-A-M-F-Q", `<contact callsign="Eye 1"/><remarks>x</remarks>`)))
	for _, e := range []Encoding{EncodingXML, EncodingMesh, EncodingStream} {
		b, err := own().Append(nil, e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(append(b, b...))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		got, damaged := all(t, stream)
		for _, m := range got {
			if m.LatDeg.V < -90 || m.LatDeg.V > 90 || m.UID == "" || m.Time == 0 || !bytes.HasPrefix(stream[m.Offset:], m.raw) {
				t.Fatalf("%+v", m)
			}
		}
		for _, d := range damaged {
			if d.Reason == "" || d.Offset < 0 || d.Offset+d.Length > int64(len(stream)) || d.Length <= 0 {
				t.Fatalf("%+v in %d bytes", d, len(stream))
			}
		}
	})
}
