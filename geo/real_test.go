package geo

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"
)

// detections reads latitude, longitude, scan and track of a file of thermal detections.
func detections(t *testing.T, name string) []Position {
	t.Helper()
	f, err := os.Open(shared(t, "firms", name+".txt.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []Position
	for _, row := range rows[1:] {
		var n [4]float64
		for i, column := range [4]int{0, 1, 3, 4} {
			if n[i], err = strconv.ParseFloat(row[column], 64); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, pixel(Point{Degrees(n[0]), Degrees(n[1])}, Metres(n[2]*1000), Metres(n[3]*1000), 0))
	}
	return out
}

// controlMap is one of the shared maps of control.
func controlMap(t testing.TB, day string) *Area {
	t.Helper()
	return mustArea(t, load(t, "deepstate", "deepstatemap_data_"+day+".geojson").Features[0].Geom.Polygons...)
}

func TestDetectionsInsideRealMaps(t *testing.T) {
	const viirs = "VIIRS_C2_Global_"
	for _, row := range []struct {
		file, day   string
		inside, all int
	}{ // as the README of the data counts them
		{"J1_" + viirs + "VJ114IMGTDL_NRT_2026100", "20260410", 13, 43},
		{"J1_" + viirs + "VJ114IMGTDL_NRT_2026101", "20260411", 15, 26},
		{"J1_" + viirs + "VJ114IMGTDL_NRT_2026102", "20260412", 8, 33},
		{"J1_" + viirs + "VJ114IMGTDL_NRT_2026273", "20260615", 34, 96},
		{"J2_" + viirs + "VJ214IMGTDL_NRT_2026273", "20260615", 34, 97},
		{"SUOMI_" + viirs + "VNP14IMGTDL_NRT_2026273", "20260615", 31, 88},
	} {
		area := controlMap(t, row.day)
		found := detections(t, row.file)
		inside, expected := 0, 0.
		for _, pos := range found {
			in := area.Contains(pos.Point)
			if in {
				inside++
			}
			p := area.Probability(pos, 200)
			expected += p
			if in && p < .2 || !in && p > .8 {
				t.Errorf("%s: %v inside: %v, but with %.3f only", row.file, pos.Point, in, p)
			}
		}
		if inside != row.inside || len(found) != row.all {
			t.Errorf("%s: %d of %d inside, want %d of %d", row.file, inside, len(found), row.inside, row.all)
		}
		if !near(expected, float64(inside), 1.5) {
			t.Errorf("%s: the chances sum to %.2f, %d are inside", row.file, expected, inside)
		}
	}
}

func TestChancesAlongARealLine(t *testing.T) {
	reference, err := NewReference(load(t, "viina", "ukraine-oblasts.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	area := controlMap(t, "20260412")
	control, err := NewControl(area, reference, ControlConfig{})
	if err != nil {
		t.Fatal(err)
	}
	line := control.Contact()
	for _, part := range line.Parts()[:3] {
		for _, sigma := range []Metres{150, 2000, 8000} {
			pos, _ := Direct(part[len(part)/2], 60, sigma/2)
			here := at(pos, sigma, sigma/2, 120)
			const n = 30_000 // samples: four of their sigmas are 0.012
			left, _ := line.Sides(here, 200)
			if want := sampled(n, 3, here, 200, func(p Point) bool { return line.SideOf(p) == Left }); !near(left, want, .017) {
				t.Errorf("%v, sigma %v: %.4f on the left, of %d samples %.4f", pos, sigma, left, n, want)
			}
			band := Band{line, Right, 0, 3000}
			if got, want := band.Probability(here, 200), sampled(n, 4, here, 200, band.Contains); !near(got, want, .017) {
				t.Errorf("%v, sigma %v: %.4f in the band, of %d samples %.4f", pos, sigma, got, n, want)
			}
			if got, want := area.Probability(here, 200), sampled(n, 5, here, 200, area.Contains); !near(got, want, .017) {
				t.Errorf("%v, sigma %v: %.4f in the area, of %d samples %.4f", pos, sigma, got, n, want)
			}
		}
	}
}

func BenchmarkRealMap(b *testing.B) {
	area := controlMap(b, "20260412")
	on := area.Polygons()[0][0][700]
	off, _ := Direct(on, 45, 4000)
	for _, row := range []struct {
		name string
		run  func()
	}{
		{"Contains", func() { area.Contains(off) }},
		{"BoundaryDistance", func() { area.BoundaryDistance(off) }},
		{"a pixel off the edge", func() { area.Probability(pixel(off, 400, 400, 0), 200) }},
		{"a pixel on the edge", func() { area.Probability(pixel(on, 400, 400, 0), 200) }},
		{"an ellipse on the edge", func() { area.Probability(at(on, 300, 100, 30), 200) }},
		{"a town on the edge", func() { area.Probability(at(on, 3000, 3000, 0), 200) }},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				row.run()
			}
		})
	}
}
