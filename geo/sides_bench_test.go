package geo

import "testing"

// beside are the positions that probabilities along a line are timed with.
var beside = []struct {
	name string
	pos  Position
}{
	{"far", at(Point{47.5, 36}, 400, 200, 20)},
	{"10 km off", at(Point{47.5, 33.9}, 400, 200, 20)},
	{"1 km off", at(Point{47.5, 34.05}, 400, 200, 20)},
	{"on the line", at(Point{47.5, 34.035}, 400, 200, 20)},
	{"a pixel on the line", pixel(Point{47.5, 34.035}, 600, 400, 20)},
	{"a pixel 25 km off", pixel(Point{47.5, 33.7}, 600, 400, 20)},
	{"a town on the line", at(Point{47.5, 34.035}, 3000, 3000, 20)},
	{"a town 10 km off", at(Point{47.5, 33.9}, 3000, 3000, 20)},
}

// BenchmarkSides asks a line of 3,000 vertices, 250 m from one to the next.
func BenchmarkSides(b *testing.B) {
	l := mustLine(b, winding(3000, 1))
	for _, row := range beside {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Sides(row.pos, 200)
			}
		})
	}
}

// BenchmarkBands asks bands along the same line.
func BenchmarkBands(b *testing.B) {
	l := mustLine(b, winding(3000, 1))
	for _, band := range []struct {
		name string
		Band
	}{
		{"0 to 25 km", Band{l, Left, 0, 25_000}}, {"0 to 1 km", Band{l, Left, 0, 1000}},
		{"both sides, 2 km", Band{l, On, 0, 2000}}, {"10 to 15 km", Band{l, Left, 10_000, 15_000}},
	} {
		for _, row := range beside {
			b.Run(band.name+"/"+row.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					band.Probability(row.pos, 200)
				}
			})
		}
	}
}
