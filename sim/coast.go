package sim

import "math/rand/v2"

// islandSeed draws the land once and for all: the illustrative agreement's files
// show the same coast, so a user's seed never moves it.
const islandSeed = 4790216

// outline is a closed shore drawn by hand in kilometres east and north of the
// origin, anticlockwise, and made ragged by halving every span a number of times.
type outline struct {
	purpose  string // its random stream
	name     string // of an islet
	nameUK   string
	halvings int
	rough    float64 // size of the displacement as a share of the span
	knots    [][2]float64
}

// mainland has 43 knots and, after four halvings, 688 corners: one every 0.8 km.
var mainland = outline{purpose: "coast", halvings: 4, rough: 0.17, knots: [][2]float64{
	{91, 12}, {84, 22}, {72, 27}, {66, 36}, {70, 46}, {56, 53}, {44, 49}, {36, 40}, {27, 30}, {20, 29}, {17, 38}, {13, 51},
	{2, 57}, {-9, 54}, {-18, 46}, {-31, 47}, {-42, 42}, {-50, 33}, {-62, 31}, {-71, 24}, {-67, 16}, {-77, 12}, {-88, 3},
	{-83, -9}, {-73, -13}, {-76, -24}, {-66, -33}, {-52, -37}, {-49, -48}, {-37, -53}, {-24, -46}, {-12, -49}, {0, -45},
	{8, -35}, {15, -36}, {20, -46}, {34, -51}, {47, -44}, {52, -33}, {63, -30}, {75, -22}, {72, -11}, {80, -3},
}}

// The islets lie off the north-east and the south-west.
var islets = []outline{
	{purpose: "islet/east", name: "Wexolm", nameUK: "Вексольм", halvings: 3, rough: 0.14, knots: [][2]float64{{91, 44}, {87, 48.5}, {81.5, 47}, {80, 42}, {84.5, 39.5}}},
	{purpose: "islet/west", name: "Skarnell", nameUK: "Скарнель", halvings: 3, rough: 0.14, knots: [][2]float64{{-70, -46}, {-74.5, -43.5}, {-79, -45.5}, {-78, -50}, {-72.5, -51}}},
}

// ring draws the shore: each halving moves the new corner sideways, and a little
// along, by a random share of its span (random midpoint displacement; Fournier,
// Fussell and Carpenter 1982).
func (o outline) ring() []vec {
	r := stream(islandSeed, o.purpose)
	ring := make([]vec, len(o.knots))
	for i, k := range o.knots {
		ring[i] = km(k[0], k[1])
	}
	for range o.halvings {
		ring = halve(r, ring, o.rough)
	}
	return ring
}

func halve(r *rand.Rand, ring []vec, rough float64) []vec {
	out := make([]vec, 0, 2*len(ring))
	for i, a := range ring {
		span := ring[(i+1)%len(ring)].sub(a)
		sideways := span.left().scale(rough * clamped(r))
		along := span.scale(0.5 + 0.4*rough*clamped(r))
		out = append(out, a, a.add(along).add(sideways))
	}
	return out
}

// clamped is a standard normal number cut at 1.8, so that no spike is ever drawn.
func clamped(r *rand.Rand) float64 { return max(-1.8, min(1.8, r.NormFloat64())) }
