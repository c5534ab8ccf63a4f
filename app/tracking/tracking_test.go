package tracking

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/source/plots"
)

const noon truce.Instant = 1_930_000_000_000_000

func twoTracks() []track.Track {
	s := track.State{Time: noon, At: geo.Point{Lat: -47.5, Lon: -21.25}, Sigma: 8, SpeedMps: 12.5, Course: 359.97, Altitude: 99.94, High: true, Existence: 1}
	low := s
	low.High, low.Time = false, noon+1_000_000
	return []track.Track{{Number: 1, States: []track.State{s, s}, Known: []track.State{s}}, {Number: 12, States: []track.State{low}}}
}

func TestTable(t *testing.T) {
	want := TracksShape + "\n" + strings.Repeat("T0001,"+noon.String()+",-47.5000000,-21.2500000,99.9,12.50,0.0,8.00\n", 2) +
		"T0012," + (noon + 1_000_000).String() + ",-47.5000000,-21.2500000,,12.50,0.0,8.00\n"
	if got := string(Tracks(twoTracks())); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := Choose(twoTracks(), true); len(got) != 1 || len(got[0].States) != 1 {
		t.Errorf("as known: %+v", got)
	}
}

// TestShapesAreWellFormed, and hold every state.
func TestShapesAreWellFormed(t *testing.T) {
	text, err := GeoJSON(twoTracks())
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil || len(doc.Features) != 2 || doc.Features[0].Geometry.Type != "LineString" || string(doc.Features[1].Geometry.Coordinates) != "[-21.25,-47.5]" {
		t.Errorf("%s: %v", text, err)
	}
	for name, text := range map[string][]byte{"KML": KML(twoTracks()), "GPX": GPX(twoTracks())} {
		places := 0
		for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if start, ok := token.(xml.StartElement); ok && (start.Name.Local == "coord" || start.Name.Local == "trkpt") {
				places++
			}
		}
		if places != 3 {
			t.Errorf("%s holds %d places of 3", name, places)
		}
	}
}

// TestScans: a scan has the time of its latest plot; what lies far from it is left out.
func TestScans(t *testing.T) {
	s := NewScans(0)
	for i, at := range []truce.Instant{noon, noon + 2_000_000, noon + 1_000_000, noon - 40_000_000} {
		s.Add(plots.Plot{Scan: "7", ID: string(rune('a' + i)), Time: at})
	}
	s.Add(plots.Plot{Scan: "8", Time: noon + 9_000_000})
	scans, left := s.Take()
	if len(scans) != 2 || scans[0].Time != noon+2_000_000 || len(scans[0].Plots) != 3 || len(left) != 1 || !strings.Contains(left[0].Reason, "scan 7, plot d") {
		t.Errorf("%+v, left %q", scans, left)
	}
	if s.Len() != 0 {
		t.Error("taken scans stay")
	}
}

// TestATableThatWasPastedTwice counts once, whether its plots have names or not; two of one name
// at different places are two.
func TestATableThatWasPastedTwice(t *testing.T) {
	s := NewScans(0)
	for range 2 {
		for scan := range 3 {
			for k, id := range []string{"a", "", ""} {
				s.Add(plots.Plot{Scan: string(rune('1' + scan)), ID: id, Time: noon + truce.Instant(scan), At: geo.Point{Lat: geo.Degrees(k), Lon: 30}})
			}
		}
	}
	scans, left := s.Take()
	if len(scans) != 3 || len(left) != 9 || left[0].Kind != "plot twice" || !strings.Contains(left[0].Reason, "scan 1, plot a of ") {
		t.Errorf("%d scans, left %q", len(scans), left)
	}
	for _, scan := range scans {
		if len(scan.Plots) != 3 {
			t.Errorf("scan %s has %d plots", scan.ID, len(scan.Plots))
		}
	}
}

// TestTurns: reports that come when they like are put into looks of even length; of one that
// speaks twice in a look the later report counts, in whatever order they stand.
func TestTurns(t *testing.T) {
	say := func(name string) *plots.Measure {
		return &plots.Measure{Identity: truce.Identity{Scheme: "mmsi", Value: name}}
	}
	s := NewScans(10_000_000)
	for i, row := range []plots.Plot{
		{Time: noon + 4_000_000, More: say("1")}, {Time: noon + 1_000_000, More: say("1")}, {Time: noon + 9_999_999, More: say("2")},
		{Time: noon + 2_000_000}, {Time: noon + 3_000_000}, {Time: noon + 10_000_000, More: say("1")},
	} {
		row.Scan, row.ID = string(rune('a'+i)), string(rune('a'+i))
		s.Add(row)
	}
	scans, left := s.Take()
	if len(left) != 0 || len(scans) != 2 || len(scans[0].Plots) != 4 || len(scans[1].Plots) != 1 {
		t.Fatalf("%+v, left %q", scans, left)
	}
	if scans[0].Plots[0].ID != "a" || scans[0].Time != noon+9_999_999 {
		t.Errorf("the earlier report counts: %+v", scans[0])
	}
	s.Add(plots.Plot{Scan: "x", Time: noon})
	s.Add(plots.Plot{Scan: "y", Time: noon + 1})
	if s.Len() != 1 {
		t.Error("turns are forgotten with the scans")
	}
}

func TestScoreOfFiles(t *testing.T) {
	var truth, answer strings.Builder
	truth.WriteString("target,scan,time,lat,lon\n")
	answer.WriteString(TracksShape + "\n")
	for i := range 12 {
		at := (noon + truce.Instant(i)*1_000_000).String()
		truth.WriteString("1,x," + at + ",-47.5,-21.25\n")
		answer.WriteString("T0001," + at + ",-47.5,-21.25,,1,2,8\n")
	}
	answer.WriteString("T0001,2031-01-01T00:00:00Z,-47.5,-21.25,,1,2,8\n")
	score, astray, err := Score(strings.NewReader(truth.String()), strings.NewReader(answer.String()))
	if err != nil || astray != 1 || score.Scans != 2 || score.GOSPA != 0 || score.Tracks != 1 {
		t.Errorf("%v, %d astray, %v", score, astray, err)
	}
	for _, bad := range []string{"", "track,time\n", TracksShape + "\nT1,now,1,2,,,,\n", TracksShape + "\nT1," + noon.String() + ",91,2,,,,\n", TracksShape + "\nT1\n"} {
		if _, _, err := Score(strings.NewReader(truth.String()), strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "answer: ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
