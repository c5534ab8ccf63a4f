package cot

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// own is an asset of the monitors with everything that is sent.
func own() Outgoing {
	o := Asset("TRUCE-EYE-1", "a-f-A-M-F-Q", "Eye 1", noon, time.Minute)
	o.LatDeg, o.LonDeg, o.HeightM, o.RadiusM = source.Told(48.1234567), source.Told(37.25), source.Told(212.5), source.Told(8)
	o.Detail.Team, o.Detail.Role, o.Detail.Remarks = "Monitors", "UAS", "on station <north> & watching"
	o.Detail.SpeedMps, o.Detail.CourseDeg = source.Told(21.5), source.Told(288)
	return o
}

// incident is one of two days ago in a public cell.
func incident() Outgoing {
	o := Asset("TRUCE-2031-7", "a-u-G", "2031-7", noon, 24*time.Hour)
	o.Happened = noon.Add(-48 * time.Hour)
	o.LatDeg, o.LonDeg, o.RadiusM = source.Told(48.12), source.Told(37.25), source.Told(1500)
	return o
}

// TestWhatIsSentIsRead: any asset, in every encoding, one after the other.
func TestWhatIsSentIsRead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		value := func(name string, low, high float64) source.Value {
			if !rapid.Bool().Draw(rt, name+" told") {
				return source.Value{}
			}
			return source.Told(rapid.Float64Range(low, high).Draw(rt, name))
		}
		o := own()
		o.UID = rapid.StringMatching(`[A-Za-z0-9а-яії<&"'>._-]{1,20}`).Draw(rt, "uid")
		o.Detail.Callsign = rapid.StringMatching(`([A-Z&<>"'][a-zї\]]{0,5})?`).Draw(rt, "callsign")
		o.Detail.Remarks = kept(rapid.StringMatching(`[ a-z\n&<>]{0,30}`).Draw(rt, "remarks"))
		o.HeightM, o.RadiusM, o.SpreadM = value("height", -1000, 20_000), value("radius", 0, 5000), value("spread", 0, 500)
		o.LatDeg, o.LonDeg = source.Told(rapid.Float64Range(-90, -0.1).Draw(rt, "lat")), source.Told(rapid.Float64Range(-180, 180).Draw(rt, "lon"))
		if !rapid.Bool().Draw(rt, "moves") {
			o.Detail.SpeedMps, o.Detail.CourseDeg = source.Value{}, source.Value{}
		}
		var stream []byte
		encodings := []Encoding{EncodingXML, EncodingMesh, EncodingStream, EncodingXML, EncodingStream, EncodingMesh}
		for _, e := range encodings {
			var err error
			if stream, err = o.Append(stream, e); err != nil {
				rt.Fatal(err)
			}
		}
		got, damaged := all(t, stream)
		if len(got) != len(encodings) || len(damaged) > 0 {
			rt.Fatalf("%d events, %v", len(got), damaged)
		}
		want := o.Message
		want.How = "m-g"
		for n, m := range got {
			if m.Encoding != encodings[n] {
				rt.Fatalf("event %d is in %s, want %s", n, m.Encoding, encodings[n])
			}
			m.Offset, m.Encoding, m.raw, m.Detail.XML = 0, "", nil, ""
			if fmt.Sprintf("%+v", m) != fmt.Sprintf("%+v", want) {
				rt.Fatalf("%s:\n%+v\nwant\n%+v", encodings[n], m, want)
			}
		}
	})
}

// TestWhatIsNotSent: each change alone makes an event that may be sent one that may not.
func TestWhatIsNotSent(t *testing.T) {
	for name, c := range map[string]struct {
		of     func() Outgoing
		change func(*Outgoing)
		code   truce.Code
	}{
		"hostile":               {own, func(o *Outgoing) { o.Type = "a-h-A-M-F-Q" }, truce.CodeForbidden},
		"suspect":               {own, func(o *Outgoing) { o.Type = "a-s-G" }, truce.CodeForbidden},
		"a joker":               {own, func(o *Outgoing) { o.Type = "a-j-G" }, truce.CodeForbidden},
		"a faker":               {own, func(o *Outgoing) { o.Type = "a-k-G" }, truce.CodeForbidden},
		"assumed a friend":      {own, func(o *Outgoing) { o.Type = "a-a-G" }, truce.CodeForbidden},
		"pending":               {own, func(o *Outgoing) { o.Type = "a-p-G" }, truce.CodeForbidden},
		"neutral, as one's own": {own, func(o *Outgoing) { o.Type = "a-n-G" }, truce.CodeForbidden},
		"a beginning like a-f":  {own, func(o *Outgoing) { o.Type = "a-fx-G" }, truce.CodeForbidden},
		"in capitals":           {own, func(o *Outgoing) { o.Type = "A-F-G" }, truce.CodeForbidden},
		"a strike":              {own, func(o *Outgoing) { o.Type = "t-k" }, truce.CodeForbidden},
		"an alarm":              {own, func(o *Outgoing) { o.Type = "b-a-o-tbl" }, truce.CodeForbidden},
		"an order":              {incident, func(o *Outgoing) { o.Type = "t-k" }, truce.CodeForbidden},
		"a hostile incident":    {incident, func(o *Outgoing) { o.Type = "a-h-G" }, truce.CodeForbidden},
		"a friendly incident":   {incident, func(o *Outgoing) { o.Type = "a-f-G" }, truce.CodeForbidden},
		"fresh":                 {incident, func(o *Outgoing) { o.Happened = noon.Add(-24*time.Hour + time.Second) }, truce.CodeForbidden},
		"of tomorrow":           {incident, func(o *Outgoing) { o.Happened = noon.Add(24 * time.Hour) }, truce.CodeForbidden},
		"precise":               {incident, func(o *Outgoing) { o.RadiusM = source.Told(699) }, truce.CodeForbidden},
		"without a radius":      {incident, func(o *Outgoing) { o.RadiusM = source.Value{} }, truce.CodeForbidden},
		"with an unknown one":   {incident, func(o *Outgoing) { o.RadiusM = source.Told(9_999_999) }, truce.CodeForbidden},
		"with a height":         {incident, func(o *Outgoing) { o.HeightM = source.Told(100) }, truce.CodeForbidden},
		"with a motion":         {incident, func(o *Outgoing) { o.Detail.SpeedMps = source.Told(10) }, truce.CodeForbidden},
		"no number":             {own, func(o *Outgoing) { o.LonDeg = source.Told(math.NaN()) }, truce.CodeInvalid},
		"a radius of no number": {incident, func(o *Outgoing) { o.RadiusM = source.Told(math.NaN()) }, truce.CodeForbidden},
		"an endless radius":     {incident, func(o *Outgoing) { o.RadiusM = source.Told(math.Inf(1)) }, truce.CodeForbidden},
		"nameless":              {own, func(o *Outgoing) { o.UID = "" }, truce.CodeInvalid},
		"without end":           {own, func(o *Outgoing) { o.Stale = 0 }, truce.CodeInvalid},
		"for ever":              {own, func(o *Outgoing) { o.Stale = noon.Add(8 * 24 * time.Hour) }, truce.CodeInvalid},
		"nowhere":               {own, func(o *Outgoing) { o.LatDeg = source.Told(91) }, truce.CodeInvalid},
		"with hidden signs":     {own, func(o *Outgoing) { o.Detail.Remarks = "a\u202eb" }, truce.CodeInvalid},
		"with a bell":           {own, func(o *Outgoing) { o.Detail.Callsign = "a\x07" }, truce.CodeInvalid},
	} {
		o := c.of()
		if err := o.Sendable(); err != nil {
			t.Fatalf("%s: before: %v", name, err)
		}
		c.change(&o)
		for _, e := range []Encoding{EncodingXML, EncodingMesh, EncodingStream} {
			if b, err := o.Append(nil, e); truce.CodeOf(err) != c.code || len(b) > 0 {
				t.Errorf("%s, %s: %q, %v; want %s", name, e, b, err, c.code)
			}
		}
	}
	if b, err := own().Append(nil, "json"); truce.CodeOf(err) != truce.CodeInvalid || len(b) > 0 {
		t.Errorf("another encoding: %q, %v", b, err)
	}
}

// TestNothingElseOfADetailIsSent: neither addresses nor links nor what others wrote.
func TestNothingElseOfADetailIsSent(t *testing.T) {
	o := own()
	o.Detail.Endpoint, o.Detail.XML, o.Detail.Links, o.Detail.Device = "10.0.0.7:4242:tcp", "<secret/>", []Link{{UID: "secret", Point: "1,2"}}, "secret"
	o.Access = "secret"
	for _, e := range []Encoding{EncodingXML, EncodingMesh} {
		b, err := o.Append(nil, e)
		if err != nil || strings.Contains(string(b), "secret") || strings.Contains(string(b), "10.0.0.7") {
			t.Errorf("%q, %v", b, err)
		}
	}
	if b, err := incident().Append(nil, EncodingXML); err != nil || !strings.Contains(string(b), `how="h-e"`) || !strings.Contains(string(b), `hae="9999999" ce="1500"`) {
		t.Errorf("%s, %v", b, err)
	}
}

// TestTheProtocolOfTAK: fields that are not known are passed over, and what a detail's XML says
// stands behind what its fields do.
func TestTheProtocolOfTAK(t *testing.T) {
	o := own()
	b, err := o.Append(nil, EncodingMesh)
	if err != nil {
		t.Fatal(err)
	}
	body := b[3:]
	body = append(append([]byte{}, body...), 3<<3|wireVarint, 7, 4<<3|wireVarint, 9)    // two times of newer servers
	control := appendText(nil, 1, string([]byte{1<<3 | wireVarint, 1}))                 // it speaks version 1
	stream := append([]byte{takMark, 1, takMark}, append(control, body...)...)          // both in one
	stream = append(stream, append([]byte{takMark, byte(len(control))}, control...)...) // the protocol alone
	detail := appendText(nil, 1, `<contact callsign="of XML"/><takv os="9"/><remarks>said</remarks><link uid="l"/>`)
	detail = appendText(appendText(detail, 2, string(appendText(nil, 2, "of a field"))), 9, "\xff\xff new")
	detail = appendText(detail, 5, string([]byte{1<<3 | wireVarint, 50}))
	e := appendText(appendText(nil, 1, "a-f-A"), 5, "second")
	e = append(e, 6<<3|wireVarint)
	e = appendText(binary.AppendUvarint(e, uint64(noon.Time().UnixMilli())), 15, string(detail))
	second := appendText(nil, 2, string(append(e, 30<<3&0x7f|wireFour|0x80, 1, 0, 0, 0, 0)))
	stream = append(append(stream, takMark, byte(len(second)|0x80), byte(len(second)>>7)), second...)
	got, damaged := all(t, stream)
	if len(got) != 2 || len(damaged) > 0 || got[0].UID != o.UID || got[0].Encoding != EncodingMesh || got[1].UID != "second" {
		t.Fatalf("%+v, %v", got, damaged)
	}
	m := got[1]
	if d := m.Detail; d.Callsign != "of a field" || d.OS != "9" || d.Remarks != "said" || len(d.Links) != 1 || d.Battery != source.Told(50) || m.LatDeg.Told || m.Time != noon {
		t.Errorf("%+v", m)
	}
}

// TestDamageInTheProtocolOfTAK: between two events that are whole.
func TestDamageInTheProtocolOfTAK(t *testing.T) {
	good, err := own().Append(nil, EncodingStream)
	if err != nil {
		t.Fatal(err)
	}
	framed := func(body []byte) []byte {
		return append(binary.AppendUvarint([]byte{takMark}, uint64(len(body))), body...)
	}
	outer := func(e []byte) []byte { return framed(appendText(nil, 2, string(e))) }
	plain := func(lat float64) []byte {
		e := appendText(appendText(nil, 1, "a-u-A"), 5, "x")
		e = binary.AppendUvarint(append(e, 6<<3|wireVarint), uint64(noon.Time().UnixMilli()))
		return appendFloat(appendFloat(e, 10, lat), 11, 37)
	}
	many := []byte{}
	for range MaxFields + 1 {
		many = append(many, 16<<3&0x7f|wireVarint|0x80, 1, 1)
	}
	for name, c := range map[string]struct {
		bad    []byte
		reason string
	}{
		"a length of nothing":   {[]byte{takMark, 0}, "no head"},
		"a length without end":  {[]byte{takMark, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, "no head"},
		"another version":       {[]byte{takMark, 2, takMark, 7, 7}, ""},
		"nowhere":               {outer(plain(91)), "nowhere on Earth"},
		"no number":             {outer(plain(math.NaN())), "no number"},
		"no uid":                {outer(appendText(nil, 1, "a-u-A")), "without uid"},
		"a time of 1970":        {outer([]byte{6<<3 | wireVarint, 1}), "no time"},
		"no text":               {outer(appendText(nil, 5, "\xff")), "no text"},
		"a field cut":           {outer([]byte{5<<3 | wireBytes, 9, 'x'}), "is cut"},
		"field 0":               {outer([]byte{0, 1}), "is cut"},
		"a group":               {outer([]byte{5<<3 | 3}), "is cut"},
		"more fields than any":  {outer(many), "more than 100 fields"},
		"two events":            {framed(append(appendText(nil, 2, string(plain(1))), appendText(nil, 2, string(plain(1)))...)), "two events"},
		"a detail of no XML":    {outer(appendText(plain(1), 15, string(appendText(nil, 1, "<x>")))), "not well formed"},
		"a detail with a bomb":  {outer(appendText(plain(1), 15, string(appendText(nil, 1, "<!DOCTYPE x>")))), "document type"},
		"a datagram with a lie": {append([]byte{takMark, 1, takMark}, 2<<3|wireBytes, 255, 255, 127), "the datagram ends"},
	} {
		stream := append(append(append([]byte{}, good...), c.bad...), good...)
		got, damaged := all(t, stream)
		if len(got) != 2 || len(damaged) == 0 || !strings.Contains(damaged[0].Reason, c.reason) || damaged[0].Offset != int64(len(good)) {
			t.Errorf("%s: %d events, %v; want %q", name, len(got), damaged, c.reason)
		}
	}
	if got, damaged := all(t, good[:len(good)-1]); len(got) != 0 || len(damaged) == 0 || !strings.Contains(damaged[0].Reason, "the stream ends") {
		t.Errorf("cut: %+v, %v", got, damaged)
	}
}

// FuzzTypes: whatever type, name and words an event has, what is written calls nobody hostile,
// suspect or another's friend, and is read as the one event that it was.
func FuzzTypes(f *testing.F) {
	for _, kind := range []string{"a-h-A", "a-f-A-M-F-Q", "a-f\"-h", "b-m-p-s-m", "a-n-G", "t-x-d-d", "a-f-\u202eh-a", "a-f\n-h", "a-s-G", " a-f", "a-f-A\" type=\"a-h-G"} {
		f.Add(kind, "name", "<remarks>&", true)
		f.Add(kind, "a-h-G\" type=\"a-h-G", "</remarks></detail></event><event type='a-h-G'>", false)
	}
	f.Fuzz(func(t *testing.T, kind, name, words string, asset bool) {
		o := incident()
		if asset {
			o = own()
		}
		o.Type, o.Detail.Callsign, o.Detail.Remarks = kind, name, words
		for _, e := range []Encoding{EncodingXML, EncodingMesh, EncodingStream} {
			out, err := o.Append(nil, e)
			if err != nil {
				if len(out) > 0 {
					t.Fatalf("%q: %d bytes of what is refused", kind, len(out))
				}
				continue
			}
			r := NewReader(bytes.NewReader(out), Options{})
			var m Message
			if err := r.Next(&m); err != nil || m.Type != kind {
				t.Fatalf("%s of %q: %+v, %v", e, kind, m, err)
			}
			allowed := []string{"a-n", "a-u", "b-m-p"}
			if asset {
				allowed = []string{"a-f", "t-x"}
			}
			if !slices.ContainsFunc(allowed, func(branch string) bool { return m.Type == branch || strings.HasPrefix(m.Type, branch+"-") }) {
				t.Fatalf("%s: an event of the type %q", e, m.Type)
			}
			if err := r.Next(&m); err != io.EOF {
				t.Fatalf("%s of %q, %q: a second event, %v", e, name, words, err)
			}
		}
	})
}
