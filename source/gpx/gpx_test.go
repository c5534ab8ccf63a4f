package gpx_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/gpx"
	"github.com/trucewatch/truce/source/sourcetest"
)

// read reads a file: points, damage as text, and what ended it.
func read(in string) (out []gpx.Message, damage []string, end error) {
	r := gpx.NewReader(strings.NewReader(in), gpx.Options{})
	for {
		var m gpx.Message
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
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1" xmlns:e="urn:e">
<metadata><name>not the track's</name><time>2026-04-11T10:00:00Z</time></metadata>
<wpt lat="1" lon="2"><name>a place</name></wpt>
<rte><rtept lat="3" lon="4"><time>2026-04-11T10:00:00Z</time></rtept></rte>
<trk><name>Patrol &amp; 3</name><type>walk</type>
 <trkseg>
  <trkpt lat="48.5" lon="37.25"><ele>112.5</ele><time>2026-04-11T10:00:00Z</time><fix>3d</fix><sat>9</sat><hdop>1.2</hdop></trkpt>
  <trkpt lon="37.2501" lat="48.5001"><time>2026-04-11T13:00:01.25+03:00</time><extensions><e:point><e:speed>3.5</e:speed><e:course>271</e:course></e:point></extensions></trkpt>
  <trkpt lat="91" lon="37.25"><time>2026-04-11T10:00:02Z</time></trkpt>
  <trkpt lat="48.5" lon="37.25"><time>tomorrow</time></trkpt>
  <trkpt lat="48.5" lon="37.25"/>
 </trkseg>
 <trkseg><trkpt lat="48.6" lon="37.3"><time>2026-04-11T10:01:00Z</time><fix>none</fix></trkpt></trkseg>
</trk>
<trk><trkseg><trkpt lat="48.7" lon="37.4"><time>2026-04-11T10:02:00Z</time><speed>0</speed><course>360</course></trkpt></trkseg></trk>
</gpx>
`

func TestPointsOfTracks(t *testing.T) {
	out, damage, err := read(sample)
	if err != io.EOF || len(out) != 5 || len(damage) != 2 {
		t.Fatalf("%d points, %q, %v", len(out), damage, err)
	}
	for i, want := range []string{
		`{"line":8,"track":1,"segment":1,"point":1,"name":"Patrol \u0026 3","time":"2026-04-11T10:00:00.000000Z","lat_deg":48.5,"lon_deg":37.25,"ele_m":112.5,"fix":"3d","satellites":9,"hdop":1.2}`,
		`{"line":9,"track":1,"segment":1,"point":2,"name":"Patrol \u0026 3","time":"2026-04-11T10:00:01.250000Z","lat_deg":48.5001,"lon_deg":37.2501,"speed_mps":3.5,"course_deg":271}`,
		`{"line":12,"track":1,"segment":1,"point":5,"name":"Patrol \u0026 3","lat_deg":48.5,"lon_deg":37.25}`,
		`{"line":14,"track":1,"segment":2,"point":1,"name":"Patrol \u0026 3","time":"2026-04-11T10:01:00.000000Z","lat_deg":48.6,"lon_deg":37.3,"fix":"none"}`,
		`{"line":16,"track":2,"segment":1,"point":1,"time":"2026-04-11T10:02:00.000000Z","lat_deg":48.7,"lon_deg":37.4,"speed_mps":0,"course_deg":360}`,
	} {
		if out[i].Offset <= 0 || !strings.HasPrefix(sample[out[i].Offset-1:], ">") {
			t.Errorf("point %d: offset %d", i, out[i].Offset)
		}
		raw, err := json.Marshal(out[i])
		if got := strings.Replace(string(raw), fmt.Sprintf(`"offset":%d,`, out[i].Offset), "", 1); err != nil || got != want {
			t.Errorf("point %d is\n%s, want\n%s", i, got, want)
		}
	}
	if !strings.Contains(damage[0], "line 10: point 3 of track 1: latitude") || !strings.Contains(damage[1], "point 4 of track 1: time is") {
		t.Errorf("%q", damage)
	}
}

func TestPlots(t *testing.T) {
	sink := sourcetest.Check(t, func(in []byte, sink truce.Sink) error {
		return gpx.Decode(bytes.NewReader(in), "a.gpx", gpx.Config{Class: "vehicle", Bounds: &source.Box{West: 30, South: 40, East: 37.35, North: 50}}, sink)
	}, []byte(sample))
	if len(sink.Observations) != 2 {
		t.Fatalf("%d plots", len(sink.Observations))
	}
	first, second := sink.Observations[0], sink.Observations[1]
	if p := first.Plot; p.Class != "vehicle" || p.Altitude.Metres != 112.5 || p.Altitude.Datum != truce.DatumSea || p.Motion != nil || *p.Fix != (truce.Fix{Kind: truce.FixThree, Satellites: 9, HDOP: 1.2}) ||
		p.Identities[0] != (truce.Identity{Scheme: "track", Value: "Patrol & 3"}) || math.Abs(math.Sqrt(first.Place.Error.EE)-6/math.Sqrt2) > 1e-9 {
		t.Errorf("%+v at %+v", p, first.Place)
	}
	if p := second.Plot; p.Altitude != nil || *p.Motion != (truce.Motion{SpeedMps: 3.5, Course: 271}) || p.Fix != nil || second.Place.Error != geo.Isotropic(10) {
		t.Errorf("%+v at %+v", p, second.Place)
	}
	reasons := strings.Join(sink.Reasons(), "\n")
	for _, want := range []string{"latitude is \"91\"", "time is", "12: the point has no time", "14: the receiver had no fix", "16: outside the mission's bounds"} {
		if !strings.Contains(reasons, want) {
			t.Errorf("no %q in\n%s", want, reasons)
		}
	}
	if err := gpx.Info().Validate(); err != nil {
		t.Error(err)
	}
}

// TestBrokenFiles: what is no GPX or breaks off ends with a sentence, behind what was read.
func TestBrokenFiles(t *testing.T) {
	for name, row := range map[string]struct {
		in     string
		points int
		want   string
	}{
		"cut off":      {sample[:strings.Index(sample, "</trkseg>")], 3, "the file ends in the middle"},
		"in a point":   {sample[:strings.Index(sample, "<fix>3d")], 0, "the file ends in the middle"},
		"another file": {"<kml></kml>", 0, "the root is <kml>, want <gpx>"},
		"no XML":       {"lat,lon\n1,2\n", 0, "holds no <gpx>"},
		"an entity":    {`<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx>&a;</gpx>`, 0, "invalid character entity"},
		"deep":         {"<gpx>" + strings.Repeat("<a>", 40), 0, "the nesting of elements is over the bound of 32"},
		"a long text":  {"<gpx><trk><name>" + strings.Repeat("x", 2<<20), 0, "over the bound"},
	} {
		out, _, err := read(row.in)
		if len(out) != row.points || err == nil || truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %d points, %v; want %d, %q", name, len(out), err, row.points, row.want)
		}
	}
	gone := errors.New("the disk is gone")
	if err := gpx.Decode(io.MultiReader(strings.NewReader("<gpx>"), iotest.ErrReader(gone)), "a.gpx", gpx.Config{}, &sourcetest.Sink{}); !errors.Is(err, gone) || truce.CodeOf(err) == truce.CodeInvalid {
		t.Errorf("the disk fails: %v", err)
	}
	if out, _, err := read(`<?xml version="1.0" encoding="windows-1251"?><gpx><trk><name>` + "\xcf\xe0\xf2\xf0\xf3\xeb\xfc" + `</name><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>`); err != io.EOF || len(out) != 1 || out[0].Name != "Патруль" {
		t.Errorf("another encoding: %+v, %v", out, err)
	}
}

// TestWhatIsWrittenIsReadAgain: any tracks, to the last decimal that is written.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 7))
	for range 200 {
		var tracks []source.Track
		for range rng.IntN(4) {
			tr := source.Track{Name: []string{"", "a <b> & \"c\"", "Патруль"}[rng.IntN(3)]}
			for range 1 + rng.IntN(5) {
				p := source.TrackPoint{At: geo.Point{Lat: geo.Degrees(rng.Float64()*180 - 90), Lon: geo.Degrees(rng.Float64()*360 - 180)}}
				if rng.IntN(2) == 0 {
					p.Time = truce.Instant(1_700_000_000_000_000 + rng.Int64N(1e15))
				}
				if alt := geo.Metres(rng.Float64()*9000 - 100); rng.IntN(2) == 0 {
					p.Alt = &alt
				}
				tr.Points = append(tr.Points, p)
			}
			tracks = append(tracks, tr)
		}
		var b strings.Builder
		if err := gpx.Write(&b, tracks); err != nil {
			t.Fatal(err)
		}
		out, damage, err := read(b.String())
		if err != io.EOF || len(damage) != 0 {
			t.Fatalf("%q, %v in\n%s", damage, err, b.String())
		}
		i := 0
		for n, tr := range tracks {
			for _, p := range tr.Points {
				m := out[i]
				if i++; m.Track != n+1 || m.Name != tr.Name || m.Time != p.Time || math.Abs(m.LatDeg-float64(p.At.Lat)) > 6e-8 || math.Abs(m.LonDeg-float64(p.At.Lon)) > 6e-8 || (m.EleM == nil) != (p.Alt == nil) {
					t.Fatalf("%+v is read as %+v", p, m)
				}
				if p.Alt != nil && math.Abs(*m.EleM-float64(*p.Alt)) > 0.06 {
					t.Fatalf("%v m is read as %v", *p.Alt, *m.EleM)
				}
			}
		}
	}
	if err := gpx.Write(io.Discard, []source.Track{{Points: []source.TrackPoint{{At: geo.Point{Lat: 91}}}}}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("%v", err)
	}
}

// FuzzReader: reading ends, and its points are on the globe.
func FuzzReader(f *testing.F) {
	f.Add(sample)
	f.Add("<gpx><trk><trkseg><trkpt lat='1' lon='2'><ele>1e3</ele>")
	f.Fuzz(func(t *testing.T, in string) {
		out, _, end := read(in)
		for _, m := range out {
			if !(math.Abs(m.LatDeg) <= 90 && math.Abs(m.LonDeg) <= 180) || m.Track < 1 || m.Point < 1 {
				t.Fatalf("%+v", m)
			}
		}
		if end != io.EOF && truce.CodeOf(end) != truce.CodeInvalid {
			t.Fatal(end)
		}
		sourcetest.Check(t, func(in []byte, sink truce.Sink) error {
			return gpx.Decode(bytes.NewReader(in), "f.gpx", gpx.Config{}, sink)
		}, []byte(in))
	})
}

func BenchmarkReader(b *testing.B) {
	var points strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&points, `<trkpt lat="48.%06d" lon="37.25"><ele>112.5</ele><time>2026-04-11T%02d:%02d:%02dZ</time></trkpt>`, i, i/3600, i/60%60, i%60)
	}
	in := "<gpx><trk><trkseg>" + points.String() + "</trkseg></trk></gpx>"
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		out, _, _ := read(in)
		n += len(out)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "points/s")
}
