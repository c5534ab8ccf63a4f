package kml_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/kml"
	"github.com/trucewatch/truce/source/sourcetest"
)

// read reads a file: points, damage as text, and what ended it.
func read(in []byte) (out []kml.Message, damage []string, end error) {
	r := kml.NewReader(bytes.NewReader(in), kml.Options{})
	for {
		var m kml.Message
		err := r.Next(&m)
		var bad *source.Damage
		switch {
		case errors.As(err, &bad):
			damage = append(damage, bad.Error())
		case err != nil:
			return out, damage, err
		default:
			out = append(out, m)
		}
	}
}

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>doc</name>
<Folder><Placemark><name>Flight 7</name><description>no <b>text</b></description>
 <gx:Track><altitudeMode>absolute</altitudeMode>
  <when>2026-04-11T10:00:00Z</when><when>2026-04-11T10:00:01Z</when><when></when><when>soon</when><when>2026-04-11T10:00:04Z</when><when>2026-04-11T10:00:05Z</when>
  <gx:coord>37.25 48.5 120.5</gx:coord><gx:coord/><gx:coord>37.26 48.51</gx:coord><gx:coord>37.27 48.52 1</gx:coord><gx:coord>37.27 98 1</gx:coord>
  <gx:angles>1 2 3</gx:angles>
 </gx:Track></Placemark></Folder>
<Placemark><name>Post</name><TimeStamp><when>2026-04-11T11:00:00+03:00</when></TimeStamp><Point><coordinates>37.3,48.6,15</coordinates></Point></Placemark>
<Placemark><TimeSpan><begin>2026-04-11T10:00:00Z</begin><end>2026-04-11T11:00:00Z</end></TimeSpan>
 <LineString><altitudeMode>relativeToGround</altitudeMode><coordinates>37.4,48.7,30 37.5,48.8</coordinates></LineString></Placemark>
<Placemark><TimeStamp><when>2026-04-11</when></TimeStamp><Point><coordinates>37.6,48.9</coordinates></Point></Placemark>
<Placemark><TimeStamp><when>2026-04</when></TimeStamp><Point><coordinates>37.6,48.9</coordinates></Point></Placemark>
<Placemark><TimeStamp><when>2026-04-11T10:00:00Z</when></TimeStamp><LineString><coordinates>37.7,49 37.8,49.1</coordinates></LineString></Placemark>
<Placemark><name>drawn</name><LineString><coordinates>37.7,49</coordinates></LineString><Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
</Document></kml>
`

var offset = regexp.MustCompile(`"offset":\d+,`)

func TestPointsOfPaths(t *testing.T) {
	out, damage, err := read([]byte(sample))
	if err != io.EOF {
		t.Fatal(err)
	}
	var got []string
	for _, m := range out {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, offset.ReplaceAllString(string(raw), ""))
	}
	want := []string{
		`{"line":8,"path":1,"point":1,"name":"Flight 7","kind":"track","time":"2026-04-11T10:00:00.000000Z","lat_deg":48.5,"lon_deg":37.25,"alt_m":120.5,"alt_above":"sea"}`,
		`{"line":8,"path":1,"point":3,"name":"Flight 7","kind":"track","lat_deg":48.51,"lon_deg":37.26}`,
		`{"line":9,"path":2,"point":1,"name":"Post","kind":"point","from":"2026-04-11T08:00:00.000000Z","to":"2026-04-11T08:00:00.000000Z","lat_deg":48.6,"lon_deg":37.3}`,
		`{"line":11,"path":3,"point":1,"kind":"line","from":"2026-04-11T10:00:00.000000Z","to":"2026-04-11T11:00:00.000000Z","lat_deg":48.7,"lon_deg":37.4,"alt_m":30,"alt_above":"ground"}`,
		`{"line":11,"path":3,"point":2,"kind":"line","from":"2026-04-11T10:00:00.000000Z","to":"2026-04-11T11:00:00.000000Z","lat_deg":48.8,"lon_deg":37.5}`,
		`{"line":12,"path":4,"point":1,"kind":"point","from":"2026-04-11T00:00:00.000000Z","to":"2026-04-12T00:00:00.000000Z","lat_deg":48.9,"lon_deg":37.6}`,
		`{"line":13,"path":5,"point":1,"kind":"point","from":"2026-04-01T00:00:00.000000Z","to":"2026-05-01T00:00:00.000000Z","lat_deg":48.9,"lon_deg":37.6}`,
		`{"line":14,"path":6,"point":1,"kind":"line","from":"2026-04-11T10:00:00.000000Z","to":"2026-04-11T10:00:00.000000Z","lat_deg":49,"lon_deg":37.7}`,
		`{"line":14,"path":6,"point":2,"kind":"line","from":"2026-04-11T10:00:00.000000Z","to":"2026-04-11T10:00:00.000000Z","lat_deg":49.1,"lon_deg":37.8}`,
		`{"line":15,"path":7,"point":1,"name":"drawn","kind":"line","lat_deg":49,"lon_deg":37.7}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i, want := range []string{"point 4 of path 1: when is", "point 5 of path 1: latitude is \"98\"", "path 1 has 6 times and 5 places"} {
		if len(damage) != 3 || !strings.Contains(damage[i], want) {
			t.Errorf("%q, want %q", damage, want)
		}
	}
}

func decode(t testing.TB, in []byte, cfg kml.Config) *sourcetest.Sink {
	t.Helper()
	return sourcetest.Check(t, func(in []byte, sink truce.Sink) error { return kml.Decode(bytes.NewReader(in), "a.kml", cfg, sink) }, in)
}

func TestPlots(t *testing.T) {
	sink := decode(t, []byte(sample), kml.Config{Class: "uav"})
	if len(sink.Observations) != 5 {
		t.Fatalf("%d plots, %q", len(sink.Observations), sink.Reasons())
	}
	first, span := sink.Observations[0], sink.Observations[2]
	if p := first.Plot; p.Class != "uav" || *p.Altitude != (truce.Altitude{Metres: 120.5, Datum: truce.DatumSea}) || p.Identities[0].Value != "Flight 7" || first.Place.Error != geo.Isotropic(10) {
		t.Errorf("%+v at %+v", p, first.Place)
	}
	if p := span.Plot; span.Phenomenon.To.Sub(span.Phenomenon.From).Hours() != 1 || p.Altitude.Datum != truce.DatumGround || p.Identities[0].Value != "#3" {
		t.Errorf("%+v at %+v", p, span.Phenomenon)
	}
	reasons := strings.Join(sink.Reasons(), "\n")
	for _, want := range []string{"8: the point has no time", "13: the point was passed at some time within more than a day", "14: the line has one time", "15: the point has no time"} {
		if !strings.Contains(reasons, want) {
			t.Errorf("no %q in\n%s", want, reasons)
		}
	}
	if got := decode(t, []byte(sample), kml.Config{Bounds: &source.Box{West: 0, South: 0, East: 1, North: 1}}); len(got.Observations) != 0 {
		t.Errorf("%d plots outside the bounds", len(got.Observations))
	}
	if err := kml.Info().Validate(); err != nil {
		t.Error(err)
	}
}

// packed is a KMZ of some files.
func packed(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestKMZ: the document is doc.kml or the first at the top; what unpacks beyond all measure is
// refused.
func TestKMZ(t *testing.T) {
	plain, _, _ := read([]byte(sample))
	for _, in := range [][]byte{packed(t, "a/b.kml", "<kml/>", "x.KML", "<kml/>", "doc.kml", sample), packed(t, "a.png", "x", "a/b.kml", "<kml/>", "path.kml", sample)} {
		if out, _, err := read(in); err != io.EOF || len(out) != len(plain) {
			t.Errorf("%d points, %v", len(out), err)
		}
	}
	bomb := packed(t, "doc.kml", "<kml>"+strings.Repeat(" <a/>", 4_000_000))
	for want, in := range map[string][]byte{"no .kml file": packed(t, "a.txt", ""), "cannot be unpacked": append([]byte("PK\x03\x04"), 1, 2), "over the bound": bomb} {
		if _, _, err := read(in); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestBrokenFiles(t *testing.T) {
	for name, row := range map[string]struct {
		in     string
		points int
		want   string
	}{
		"cut in a track": {sample[:strings.Index(sample, "<gx:coord>37.27 48.52")], 2, "the file ends in the middle"},
		"cut behind":     {sample[:strings.Index(sample, "<Placemark><TimeSpan>")], 3, "the file ends in the middle"},
		"another file":   {"<gpx></gpx>", 0, "the root is <gpx>, want <kml>"},
		"empty":          {"", 0, "the file holds no <kml>"},
		"deep":           {"<kml>" + strings.Repeat("<Folder>", 70), 0, "the nesting of elements is over the bound of 64"},
		"too many":       {"<kml><Placemark><LineString><coordinates>" + strings.Repeat("1,2 ", 600_001) + "</coordinates>", 600_000, "more than 600000 points"},
	} {
		out, _, err := read([]byte(row.in))
		if len(out) != row.points || err == nil || truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %d points, %v; want %d, %q", name, len(out), err, row.points, row.want)
		}
	}
	broken := packed(t, "doc.kml", sample)
	broken[60] ^= 0x55
	if _, _, err := read(broken); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "cannot be unpacked") {
		t.Errorf("a broken KMZ: %v", err)
	}
	gone := errors.New("the disk is gone")
	for _, head := range []string{"", "PK\x03\x04", "<kml>"} {
		err := kml.Decode(io.MultiReader(strings.NewReader(head), iotest.ErrReader(gone)), "a.kml", kml.Config{}, &sourcetest.Sink{})
		if !errors.Is(err, gone) || truce.CodeOf(err) == truce.CodeInvalid {
			t.Errorf("behind %q the disk fails: %v", head, err)
		}
	}
	if _, damage, err := read([]byte("<kml><Placemark><TimeSpan><begin>2026-04-12</begin><end>2026-04-10</end></TimeSpan><Point><coordinates>1,2</coordinates></Point></Placemark></kml>")); err != io.EOF || len(damage) != 1 || !strings.Contains(damage[0], "ends before it begins") {
		t.Errorf("%q, %v", damage, err)
	}
}

// TestWhatIsWrittenIsReadAgain: tracks with times as tracks, others as lines.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 7))
	for range 200 {
		var tracks []source.Track
		for range rng.IntN(4) {
			tr := source.Track{Name: []string{"", "a <b> & \"c\"", "Патруль"}[rng.IntN(3)]}
			timed, high := rng.IntN(2) == 0, rng.IntN(2) == 0
			for range 1 + rng.IntN(5) {
				p := source.TrackPoint{At: geo.Point{Lat: geo.Degrees(rng.Float64()*180 - 90), Lon: geo.Degrees(rng.Float64()*360 - 180)}}
				if timed {
					p.Time = truce.Instant(1_700_000_000_000_000 + rng.Int64N(1e15))
				}
				if alt := geo.Metres(rng.Float64()*9000 - 100); high {
					p.Alt = &alt
				}
				tr.Points = append(tr.Points, p)
			}
			tracks = append(tracks, tr)
		}
		var b bytes.Buffer
		if err := kml.Write(&b, "all", tracks); err != nil {
			t.Fatal(err)
		}
		out, damage, err := read(b.Bytes())
		if err != io.EOF || len(damage) != 0 {
			t.Fatalf("%q, %v in\n%s", damage, err, b.String())
		}
		i := 0
		for n, tr := range tracks {
			for _, p := range tr.Points {
				m := out[i]
				if i++; m.Path != n+1 || m.Name != tr.Name || m.Time != p.Time || math.Abs(m.LatDeg-float64(p.At.Lat)) > 6e-8 || math.Abs(m.LonDeg-float64(p.At.Lon)) > 6e-8 || (m.AltM == nil) != (p.Alt == nil) {
					t.Fatalf("%+v is read as %+v", p, m)
				}
				if p.Alt != nil && math.Abs(*m.AltM-float64(*p.Alt)) > 0.06 {
					t.Fatalf("%v m is read as %v", *p.Alt, *m.AltM)
				}
			}
		}
	}
	if err := kml.Write(io.Discard, "", []source.Track{{Points: []source.TrackPoint{{At: geo.Point{Lat: 91}}}}}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("%v", err)
	}
}

// FuzzReader: reading ends, points are on the globe, plots are valid.
func FuzzReader(f *testing.F) {
	f.Add([]byte(sample))
	f.Add(packed(f, "doc.kml", sample))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, _, end := read(in)
		for _, m := range out {
			if !(math.Abs(m.LatDeg) <= 90 && math.Abs(m.LonDeg) <= 180) || m.Path < 1 || m.Point < 1 || m.To < m.From {
				t.Fatalf("%+v", m)
			}
		}
		if end != io.EOF && truce.CodeOf(end) != truce.CodeInvalid {
			t.Fatal(end)
		}
		decode(t, in, kml.Config{})
	})
}

func BenchmarkReader(b *testing.B) {
	var whens, coords strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&whens, "<when>2026-04-11T%02d:%02d:%02dZ</when>", i/3600, i/60%60, i%60)
		fmt.Fprintf(&coords, "<gx:coord>37.25 48.%06d 112.5</gx:coord>", i)
	}
	in := []byte("<kml><Placemark><Track>" + whens.String() + coords.String() + "</Track></Placemark></kml>")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		out, _, _ := read(in)
		n += len(out)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "points/s")
}
