package sim

import (
	"bytes"
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/arrivals"
	"github.com/trucewatch/truce/source/cloud"
	"github.com/trucewatch/truce/source/csv"
	"github.com/trucewatch/truce/source/firms"
	"github.com/trucewatch/truce/source/geojson"
	"github.com/trucewatch/truce/source/sourcetest"
	"github.com/trucewatch/truce/source/viina"
)

// decoders reads each format with the source that a mission would use.
var decoders = map[Format]func(f File, sink truce.Sink) error{
	FormatFIRMS: func(f File, sink truce.Sink) error {
		return firms.Decode(bytes.NewReader(f.Data), f.Name, firms.Config{}, sink)
	},
	FormatCloud: func(f File, sink truce.Sink) error {
		return cloud.Decode(bytes.NewReader(f.Data), f.Name, cloud.Config{}, sink)
	},
	FormatCSV: func(f File, sink truce.Sink) error {
		return csv.Decode(bytes.NewReader(f.Data), f.Name, csv.Config{}, sink)
	},
	FormatHealth: func(f File, sink truce.Sink) error {
		return csv.Decode(bytes.NewReader(f.Data), f.Name, csv.Config{}, sink)
	},
	FormatControl: func(f File, sink truce.Sink) error {
		return geojson.DecodeMap(bytes.NewReader(f.Data), f.Name, geojson.MapConfig{}, sink)
	},
	FormatSensors: func(f File, sink truce.Sink) error {
		return arrivals.DecodeSensors(bytes.NewReader(f.Data), f.Name, arrivals.Known{}, sink)
	},
	FormatArrivals: func(f File, sink truce.Sink) error {
		return arrivals.Decode(bytes.NewReader(f.Data), f.Name, arrivals.Known{}, sink)
	},
	FormatVIINA: func(f File, sink truce.Sink) error {
		return viina.Decode(bytes.NewReader(f.Data), f.Name, viina.Config{}, sink)
	},
}

func TestDecodersRefuseOnlyTheBadRows(t *testing.T) {
	for _, cfg := range []Config{{}, {Seed: 6, Days: 6, Scale: 3}} {
		w := newWorld(t, cfg)
		bad := map[string]map[int]string{}
		for _, b := range w.Truth().BadRows {
			if bad[b.File] == nil {
				bad[b.File] = map[int]string{}
			}
			bad[b.File][b.Line] = b.Reason
		}
		read := map[Format]int{}
		for _, f := range w.Files() {
			decode, ok := decoders[f.Format]
			if !ok {
				continue
			}
			sink := &sourcetest.Sink{}
			if err := decode(f, sink); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
			read[f.Format] += len(sink.Observations)
			checkRejections(t, f, sink, bad[f.Name])
			if got, want := len(sink.Observations)+len(sink.Rejections), w.Truth().Files[f.Name]*perRow(w, f.Format); got != want {
				t.Errorf("%s: %d observations and refusals, the truth counts %d", f.Name, got, want)
			}
		}
		for format := range decoders {
			if read[format] == 0 {
				t.Errorf("nothing was read in format %s", format)
			}
		}
	}
}

// perRow is how many observations one row makes.
func perRow(w *World, format Format) int {
	if format == FormatCloud {
		return len(w.island.Areas)
	}
	return 1
}

func checkRejections(t *testing.T, f File, sink *sourcetest.Sink, bad map[int]string) {
	t.Helper()
	for _, r := range sink.Rejections {
		if bad[r.Line] == "" {
			t.Errorf("%s line %d was refused (%s) and is not bad on purpose: %s", f.Name, r.Line, r.Reason, r.Raw)
		}
	}
	if len(sink.Rejections) != len(bad) {
		t.Errorf("%s: %d rows refused, %d are bad on purpose", f.Name, len(sink.Rejections), len(bad))
	}
}

func TestDetectionsReadBackAsTheyWereMade(t *testing.T) {
	w := newWorld(t, Config{})
	made := map[string]detection{}
	for _, d := range w.detect() {
		made[d.at.point().String()+d.pass.At.String()] = d
	}
	for _, f := range w.Files() {
		if f.Format != FormatFIRMS {
			continue
		}
		sink := &sourcetest.Sink{}
		if err := decoders[FormatFIRMS](f, sink); err != nil {
			t.Fatal(err)
		}
		for _, o := range sink.Observations {
			d, ok := made[o.Place.Point.String()+o.Phenomenon.From.String()]
			if !ok {
				t.Fatalf("%s: a detection at %v, %v was never made", f.Name, o.Place.Point, o.Phenomenon.From)
			}
			if o.Detection.Night != d.pass.Night || o.Detection.Confidence != d.grade || o.Detection.Satellite != string(d.pass.Satellite) {
				t.Errorf("%s: made %+v, read %+v", f.Name, d, o.Detection)
			}
			if math.Abs(float64(o.Place.Footprint.Scan)-d.scan) > 6 || math.Abs(float64(o.Place.Footprint.Track)-d.track) > 6 {
				t.Errorf("%s: pixel made %.0f by %.0f m, read %+v", f.Name, d.scan, d.track, o.Place.Footprint)
			}
		}
	}
}

func TestGazetteerKnowsTheTowns(t *testing.T) {
	if _, err := viina.ReadGazetteer(bytes.NewReader(NewIsland().placeFile()), "places.geojson"); err != nil {
		t.Error(err)
	}
}

func TestStreamIsReadToTheEnd(t *testing.T) {
	const rows = 5000
	sink := &sourcetest.Sink{}
	if err := firms.Decode(FIRMSStream(2, rows), "stream", firms.Config{}, sink); err != nil {
		t.Fatal(err)
	}
	if len(sink.Observations) != rows || len(sink.IDs()) != rows || len(sink.Rejections) != 0 {
		t.Errorf("%d observations, %d different, %v refused; want %d", len(sink.Observations), len(sink.IDs()), sink.Reasons(), rows)
	}
}
