package asterix

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decoderOf(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "radar.bin", cfg, sink)
	}
}

var (
	day   = Options{Day: "2031-03-03"}
	hill  = Radar{SAC: 25, SIC: 201, At: geo.Point{Lat: 48.5, Lon: 37.5}, Height: 300}
	sited = Config{Options: day, Radars: []Radar{hill}, Network: "north"}
)

// TestPolarStaysPolar: a radar whose place is not known gives a bearing and a range with their
// errors, and no place.
func TestPolarStaysPolar(t *testing.T) {
	sink := sourcetest.Check(t, decoderOf(Config{Options: day}), block(t, 48, plot048(3600, 54, 90).Number("120/cal/cal_mps", -30)))
	if len(sink.Observations) != 1 {
		t.Fatalf("%q", sink.Reasons())
	}
	o := sink.Observations[0]
	p := o.Plot.Polar
	if o.Place != nil || o.Sensor != "25-201" || o.Source != ID || p == nil || p.Bearing != 90 || p.BearingSigma != bearingSigmaSSR || math.Abs(float64(p.Range)-54*1852) > 1 || p.RangeSigma != rangeSigmaSSR || p.RadialMps != -30 {
		t.Errorf("%+v, %+v", o, p)
	}
	if got := fmt.Sprint(o.Plot.Identities); got != "[{icao24 4b1812} {callsign TRUCE1} {squawk 7012}]" || o.Plot.Means != truce.MeansSecondary {
		t.Errorf("%s, %s", got, o.Plot.Means)
	}
	if a := o.Plot.Altitude; a == nil || a.Datum != truce.DatumPressure || a.Metres != 3048 {
		t.Errorf("altitude %+v", a)
	}
}

// TestPolarBecomesAPlace: with the radar's place the slant range is laid on the ground, and the
// ellipse lies across the bearing.
func TestPolarBecomesAPlace(t *testing.T) {
	sink := sourcetest.Check(t, decoderOf(sited), block(t, 48, plot048(3600, 54, 90).Number("200/gsp_nmps", .05).Number("200/hdg_deg", 180)))
	o := sink.Observations[0]
	d, azimuth, _ := geo.Inverse(hill.At, o.Place.Point)
	flat := math.Sqrt(54*1852*54*1852 - 2748*2748)
	if math.Abs(float64(azimuth)-90) > 1e-6 || math.Abs(float64(d)-flat) > 40 {
		t.Errorf("%v: %g m at %g degrees, want about %g at 90", o.Place.Point, float64(d), float64(azimuth), flat)
	}
	e := o.Place.Error
	if math.Abs(math.Sqrt(e.EE)-70) > 1 || math.Abs(math.Sqrt(e.NN)-flat*.08*math.Pi/180) > 1 || o.Plot.Network != "north" {
		t.Errorf("error %+v", e)
	}
	if m := o.Plot.Motion; m == nil || math.Abs(m.SpeedMps-92.6) > .1 || m.Course != 180 {
		t.Errorf("motion %+v", m)
	}
}

// TestPlacesHoldTheTruth: an aircraft at a known place, measured by the rule of cosines in
// space, is found again within metres; and without a height the error covers all it may have.
func TestPlacesHoldTheTruth(t *testing.T) {
	const earth = 6_371_008.8
	for _, test := range []struct{ ground, height float64 }{{5_000, 1_000}, {30_000, 9_000}, {100_000, 3_000}, {300_000, 11_000}} {
		a, b := earth+300, earth+test.height
		slant := math.Sqrt(a*a + b*b - 2*a*b*math.Cos(test.ground/earth))
		m := Message{Category: 48}
		m.Seen, m.RangeM, m.BearingDeg = SeenSecondary, source.Told(slant), source.Told(45)
		unknown := hill.place(&m)
		m.LevelM = source.Told(test.height)
		truth, _ := geo.Direct(hill.At, 45, geo.Metres(test.ground))
		if d := geo.Distance(hill.place(&m).Point, truth); d > 1 {
			t.Errorf("%+v: %g m off", test, float64(d))
		}
		major := math.Sqrt(unknown.Error.EE + unknown.Error.NN)
		if d := float64(geo.Distance(unknown.Point, truth)); d > 2*major {
			t.Errorf("%+v without its height: %g m off, sigma %g m", test, d, major)
		}
	}
	m := Message{}
	m.RangeM, m.BearingDeg, m.LevelM = source.Told(2000), source.Told(0), source.Told(9000)
	if at := hill.place(&m); geo.Distance(at.Point, hill.At) > 1 || !at.Error.Valid() {
		t.Errorf("higher than far: %+v", at)
	}
}

// TestTracksAndSelfReports: positions that come as such, with the accuracy that is sent or the
// one that is documented.
func TestTracksAndSelfReports(t *testing.T) {
	own := func() *Builder {
		return Build(21).Number("010/sac", 1).Number("010/sic", 2).Number("040/atp", 0).Text("080/address", "4b1812").Number("073/received_s", 60).Number("131/lat_deg", 48.5).Number("131/lon_deg", -37.5)
	}
	for _, test := range []struct {
		name  string
		feed  []byte
		sigma float64
		want  string
	}{
		{"a track", block(t, 62, track062(60).Number("105/lat_deg", 48.5).Number("105/lon_deg", -37.5).Number("185/vx_mps", -30).Number("185/vy_mps", 40)), trackSigma, "asterix fused 50/323 <nil>"},
		{"a track with its error", block(t, 62, track062(60).Number("105/lat_deg", 48.5).Number("105/lon_deg", -37.5).Number("500/apc/x_m", 20).Number("500/apc/y_m", 20)), 20, "asterix fused - <nil>"},
		{"NACp 9", block(t, 21, own().Number("090/nucpnic", 8).Number("090/nacp", 9)), 30 / 2.4477, "asterix-adsb self - 3d"},
		{"NUCp 7", block(t, 21, own().Number("090/nucpnic", 7)), 185.2 / 2 / 2.4477, "asterix-adsb self - 3d"},
		{"NIC 0", block(t, 21, own().Number("090/nucpnic", 0).Number("090/nacp", 0)), 18520 / 2.4477, "asterix-adsb self - none"},
		{"nothing of it", block(t, 21, own()), 18520 / 2.4477, "asterix-adsb self - <nil>"},
	} {
		sink := sourcetest.Check(t, decoderOf(Config{Options: day}), test.feed)
		if len(sink.Observations) != 1 {
			t.Errorf("%s: %q", test.name, sink.Reasons())
			continue
		}
		o := sink.Observations[0]
		motion, fix := "-", "<nil>"
		if m := o.Plot.Motion; m != nil {
			motion = fmt.Sprintf("%.0f/%.0f", m.SpeedMps, float64(m.Course))
		}
		if f := o.Plot.Fix; f != nil {
			fix = string(f.Kind)
		}
		if got := fmt.Sprintf("%s %s %s %s", o.Source, o.Plot.Means, motion, fix); got != test.want || math.Abs(math.Sqrt(o.Place.Error.EE)/test.sigma-1) > .1 {
			t.Errorf("%s: %s, sigma %g, want %s, %g", test.name, got, math.Sqrt(o.Place.Error.EE), test.want, test.sigma)
		}
	}
}

// TestDoubtfulValues: what a report itself calls garbled, not validated or beyond its range is
// among the items and not taken for the target's.
func TestDoubtfulValues(t *testing.T) {
	own := Build(21).Number("010/sac", 1).Number("010/sic", 2).Number("040/atp", 0).Text("080/address", "4b1812").
		Number("140/height_ft", 0x7fff*6.25).Number("155/re", 1).Number("155/bvr_ft_min", 1000).Number("160/re", 1).Number("160/gs_nmps", .1).Number("160/ta_deg", 90)
	radar := plot048(1, 2, 3).Number("070/g", 1).Number("090/v", 1).Number("120/cal/d", 1).Number("120/cal/cal_mps", 30)
	for number, b := range map[uint8]*Builder{21: own, 48: radar} {
		got, damage := messages(t, block(t, number, b), Options{})
		if len(got) != 1 {
			t.Fatal(damage)
		}
		m := got[0]
		if m.HeightM.Told || m.ClimbMps.Told || m.SpeedMps.Told || !m.Squawk.IsZero() || m.LevelM.Told || m.RadialMps.Told {
			t.Errorf("category %d: %+v", number, m.Target)
		}
	}
}

// TestLeftOut: what is no target of the world, or has neither place nor bearing, or lies
// outside, becomes no plot; and feeds without a date and senseless radars are refused.
func TestLeftOut(t *testing.T) {
	box, err := source.ParseBox("0,0,10,10")
	if err != nil {
		t.Fatal(err)
	}
	outside := sited
	outside.Bounds = box
	for name, test := range map[string]struct {
		cfg  Config
		feed []byte
	}{
		"a test target":        {sited, block(t, 48, plot048(1, 2, 3).Number("020/tst", 1))},
		"a simulated one":      {sited, block(t, 48, plot048(1, 2, 3).Number("020/sim", 1))},
		"a track carried on":   {sited, block(t, 48, Build(48).Number("010/sac", 25).Number("010/sic", 201).Number("140/tod_s", 1).Number("020/typ", 0).Number("040/rho_nm", 1).Number("040/theta_deg", 1))},
		"a cartesian track":    {sited, block(t, 62, track062(60).Number("100/x_m", 5).Number("100/y_m", 5))},
		"a place of zeros":     {sited, block(t, 62, track062(60).Number("105/lat_deg", 0).Number("105/lon_deg", 0))},
		"outside":              {outside, block(t, 48, plot048(1, 2, 3))},
		"a message of service": {sited, block(t, 34, Build(34).Number("010/sac", 25).Number("010/sic", 201).Number("000/type", 1))},
	} {
		if sink := sourcetest.Check(t, decoderOf(test.cfg), test.feed); len(sink.Observations)+len(sink.Rejections) != 0 {
			t.Errorf("%s: %+v", name, sink)
		}
	}
	err = decoderOf(Config{})(block(t, 48, plot048(1, 2, 3)), &sourcetest.Sink{})
	if truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "say the day") {
		t.Errorf("without a date: %v", err)
	}
	for _, cfg := range []Config{{Radars: []Radar{hill, hill}}, {Radars: []Radar{{At: geo.Point{Lat: 91}}}}, {Radars: make([]Radar, MaxRadars+1)}, {Bounds: &source.Box{South: 1}}} {
		if err := decoderOf(cfg)(nil, &sourcetest.Sink{}); err == nil {
			t.Errorf("%d radars, bounds %v: accepted", len(cfg.Radars), cfg.Bounds)
		}
	}
	for _, info := range Infos() {
		if err := info.Validate(); err != nil || info.Redistribute {
			t.Errorf("%s: %v, redistribute %v", info.ID, err, info.Redistribute)
		}
	}
}

// TestSharedPlots: the shared captures give plots that can be recorded, but for two tracks that
// were only carried on; damage is quarantined.
func TestSharedPlots(t *testing.T) {
	for name, want := range map[string][2]int{"cat_001_002.pcap": {7, 0}, "cat_034_048.pcap": {126, 0}, "cat_062_065.pcap": {2, 0}, "asterix.pcap": {0, 100}} {
		in := sourcetest.Open(t, "asterix/sample_data/"+name)
		sink := sourcetest.Check(t, decoderOf(Config{}), in)
		if len(sink.Observations) != want[0] || len(sink.Rejections) != want[1] {
			t.Errorf("%s: %d plots, %d rejections, want %d", name, len(sink.Observations), len(sink.Rejections), want)
		}
	}
}
