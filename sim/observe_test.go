package sim

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// told is a row of a report file, read back.
type told struct {
	fields map[string]string
	line   int
	at     vec
	from   truce.Instant
}

func readReports(t *testing.T, f File) []told {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(string(f.Data))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	var out []told
	for i, record := range records[1:] {
		row := told{fields: map[string]string{}, line: i + 2}
		for j, name := range records[0] {
			row.fields[name] = record[j]
		}
		if at, err := time.Parse(time.RFC3339, row.fields["time"]); err == nil {
			row.from = truce.InstantOf(at)
		}
		row.at = vec{math.NaN(), math.NaN()}
		if lat, err := strconv.ParseFloat(row.fields["lat"], 64); err == nil {
			lon, _ := strconv.ParseFloat(row.fields["lon"], 64)
			row.at = plane(pointOf(lat, lon))
		}
		out = append(out, row)
	}
	return out
}

// Every family's stated error must be honest: the sum of squared offsets over the
// stated variance has a mean of 2 in the plane.
func TestStatedErrorsAreHonest(t *testing.T) {
	w := newWorld(t, Config{Seed: 17, Scale: 12})
	where := map[string]vec{}
	for _, h := range w.Truth().Happenings {
		where[h.ID] = plane(h.Point)
	}
	causes := causesOf(w.Truth())
	for _, f := range w.Files() {
		if f.Format != FormatCSV || strings.Contains(f.Name, "civilian") {
			continue // people name their town, which is no measurement
		}
		sum, n := 0.0, 0.0
		for _, row := range readReports(t, f) {
			at, known := where[causes[RowRef{File: f.Name, Line: row.line}]]
			sigma, err := strconv.ParseFloat(row.fields["sigma_m"], 64)
			if !known || err != nil || math.IsNaN(row.at.e) {
				continue
			}
			off := row.at.distance(at) / sigma
			sum += off * off
			n++
		}
		if n < 8 {
			t.Errorf("%s: only %.0f rows to judge by", f.Name, n)
		} else if mean := sum / n; math.Abs(mean-2) > 6*2/math.Sqrt(n) {
			t.Errorf("%s: squared offsets are %.2f of the stated variance, want 2 (%.0f rows)", f.Name, mean, n)
		}
	}
}

// causesOf maps each row of a file to the happening behind it.
func causesOf(truth Truth) map[RowRef]string {
	out := map[RowRef]string{}
	for _, h := range truth.Happenings {
		for _, row := range h.Rows {
			out[RowRef{File: row.File, Line: row.Line}] = h.ID
		}
	}
	return out
}

func TestReportsUseTheControlledWords(t *testing.T) {
	w := newWorld(t, Config{Scale: 3})
	bad := map[RowRef]bool{}
	for _, b := range w.Truth().BadRows {
		bad[RowRef{File: b.File, Line: b.Line}] = true
	}
	units := map[string]bool{}
	for _, u := range truce.Units() {
		units[string(u)] = true
	}
	for _, f := range w.Files() {
		if f.Format != FormatCSV {
			continue
		}
		for _, row := range readReports(t, f) {
			if bad[RowRef{File: f.Name, Line: row.line}] {
				continue
			}
			if act := truce.Act(row.fields["act"]); act != "" && (!act.Known() || !units[row.fields["unit"]]) {
				t.Errorf("%s line %d: act %q, unit %q", f.Name, row.line, act, row.fields["unit"])
			}
			if strings.Contains(row.fields["text"], "%") || row.fields["text"] == "" {
				t.Errorf("%s line %d: text %q", f.Name, row.line, row.fields["text"])
			}
			for _, word := range []string{"violat", "breach", "enemy", "occupied"} {
				if strings.Contains(row.fields["text"], word) {
					t.Errorf("%s line %d: %q is not an observer's word", f.Name, row.line, word)
				}
			}
		}
	}
}

func TestPatrolsKeepTheirHours(t *testing.T) {
	w := newWorld(t, Config{Seed: 30, Scale: 5})
	for _, f := range w.Files() {
		if f.Name != "reports/exercise_patrol.csv" {
			continue
		}
		for _, row := range readReports(t, f) {
			hour := row.from.Time().Hour()
			if row.from != 0 && (hour < 8 || hour > 19) && !strings.Contains(row.fields["text"], "Site visit") {
				t.Errorf("line %d: out at %v", row.line, row.from)
			}
		}
	}
}

func TestNetworkStandsOnLandOnBothSides(t *testing.T) {
	w := newWorld(t, Config{})
	sides := map[truce.PartyID]int{}
	seen := map[truce.SensorID]bool{}
	for _, s := range w.network() {
		if seen[s.id] {
			t.Errorf("%s stands twice", s.id)
		}
		seen[s.id] = true
		if s.family == truce.FamilyOptical {
			continue
		}
		if !inside(w.island.shore, s.at) {
			t.Errorf("%s stands in the sea", s.id)
		}
		sides[w.island.Holder(s.at.point())]++
	}
	if sides[PartyA] < 10 || sides[PartyB] < 10 {
		t.Errorf("sensors by side: %v", sides)
	}
}

func TestSensorSeesItsCircleInItsHours(t *testing.T) {
	w := newWorld(t, Config{})
	w.truth.Outages = []Outage{{Sensor: "S-1", From: w.at(0, 12), To: w.at(0, 13)}}
	s := sensor{"S-1", truce.FamilyPatrol, vec{}, 1000, [2]float64{8, 18}}
	for name, c := range map[string]struct {
		at   vec
		hour float64
		want bool
	}{
		"in range":                {vec{999, 0}, 9, true},
		"out of range":            {vec{1001, 0}, 9, false},
		"before hours":            {vec{}, 7.9, false},
		"after hours":             {vec{}, 18.1, false},
		"as the outage begins":    {vec{}, 12, false},
		"when the outage is over": {vec{}, 13, true},
	} {
		if got := w.sees(s, c.at, w.at(0, c.hour)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
