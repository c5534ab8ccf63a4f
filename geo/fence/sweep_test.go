package fence

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// normal is the part of a normal distribution below x.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

func density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }

// exactShare is the share of a Gaussian in a zone, on the same flat earth, by another theorem
// of Green's: the sum over the edges of the integral of normal(u) density(v) dv, u and v along
// the axes of the ellipse.
func exactShare(z *Zone, p geo.Point, e geo.Ellipse) (sum float64) {
	east, north := perDegree(float64(p.Lat))
	sin, cos := math.Sincos(float64(e.Strike) * math.Pi / 180)
	seen := func(c vertex) (u, v float64) {
		x, y := east*(c.x-float64(p.Lon)), north*(c.y-float64(p.Lat))
		return (x*cos - y*sin) / float64(e.Minor), (x*sin + y*cos) / float64(e.Major)
	}
	for _, ring := range ringsOf(z.Polygons) {
		for i := 1; i < len(ring); i++ {
			au, av := seen(ring[i-1])
			bu, bv := seen(ring[i])
			sum += exactEdge(au, av, bu, bv)
		}
	}
	return sum
}

// exactEdge is one edge's part, cut where u or v leave 8 sigmas.
func exactEdge(au, av, bu, bv float64) float64 {
	if av == bv || max(au, bu) < -8 || min(av, bv) > 8 || max(av, bv) < -8 {
		return 0
	}
	cuts := []float64{0, 1}
	for _, at := range []float64{-8, 8} {
		cuts = append(cuts, min(max((at-au)/(bu-au), 0), 1), min(max((at-av)/(bv-av), 0), 1))
	}
	sum := 0.
	for from := 0.; from < 1; {
		to := 1.
		for _, c := range cuts {
			if c > from {
				to = min(to, c)
			}
		}
		u, v, w, z := au+from*(bu-au), av+from*(bv-av), au+to*(bu-au), av+to*(bv-av)
		switch {
		case u > 8-1e-9 && w > 8-1e-9:
			sum += normal(z) - normal(v)
		case max(u, w) > -8 && min(v, z) < 8 && max(v, z) > -8:
			sum += (z - v) * simpson(func(t float64) float64 { return normal(u+t*(w-u)) * density(v+t*(z-v)) })
		}
		from = to
	}
	return sum
}

// simpson integrates over 0 to 1.
func simpson(of func(t float64) float64) float64 {
	const n = 200
	sum := of(0) + of(1)
	for i := 1; i < n; i++ {
		sum += float64(2+2*(i%2)) * of(float64(i)/n)
	}
	return sum / (3 * n)
}

// zonesOfAllSizes are zones of 5 m to 2,500 km, smooth and ragged, with holes and in parts.
func zonesOfAllSizes() []Zone {
	zones := append(workload(40, 32), hardZones()...)
	for i, z := range workload(20, 500) {
		zones = append(zones, Zone{ID: fmt.Sprint("ragged", i), Polygons: z.Polygons})
	}
	for i, size := range []float64{5e-5, 1e-3, .02, 1, 8} {
		var r geo.Ring
		for k := range 9 + 8*i {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(9+8*i))
			r = append(r, geo.Point{Lat: geo.Degrees(48.4 + size*sin), Lon: geo.Degrees(38.1 + 1.5*size*cos)})
		}
		hole := make(geo.Ring, len(r))
		for k := range r {
			hole[k] = geo.Point{Lat: (r[k].Lat + 48.4) / 2, Lon: (r[k].Lon + 38.1) / 2}
		}
		zones = append(zones, Zone{ID: fmt.Sprint("ring", i), Polygons: []geo.Polygon{{append(r, r[0]), append(hole, hole[0])}}})
	}
	return zones
}

// TestChancesMatchTheIntegral holds what the sweep gives to an integral of another form, for
// errors of 1 m to 17 km, half of the places on corners, on edges or beside them.
func TestChancesMatchTheIntegral(t *testing.T) {
	x := compiled(t, zonesOfAllSizes())
	random := rand.New(rand.NewPCG(7, 7))
	edges := edgesOf(x.zones)
	worst, compared := 0., 0
	for i := range 2000 {
		p := hardPoint(random, i, edges)
		major := math.Exp(math.Log(17_000) * random.Float64())
		e := geo.Ellipse{Major: geo.Metres(major), Minor: geo.Metres(major), Strike: geo.Degrees(180 * random.Float64())}
		if i%3 != 0 {
			e.Minor *= geo.Metres(math.Exp(-4 * random.Float64()))
		}
		got := given(x, geo.Position{Point: p, Error: geo.FromEllipse(e)}, 0)
		near := reachOf(geo.Position{Point: p}, geo.Metres(major))
		for z := range got {
			if got[z] == 0 && !x.shapes.of[z].box.meets(&near) {
				continue
			}
			want := exactShare(&x.zones[z], p, e)
			if got[z] == 0 && want <= LeastChance*1.01 {
				continue
			}
			compared++
			if d := math.Abs(got[z] - want); d > worst {
				worst = d
				if d > .002 {
					t.Errorf("%v, %+v, zone %s: %v, the integral is %v", p, e, x.ID(int32(z)), got[z], want)
				}
			}
		}
	}
	t.Logf("%d compared, worst difference %.5f", compared, worst)
	if compared < 2500 {
		t.Errorf("only %d compared", compared)
	}
}

// TestSweepsOfEdges holds the rule for each length of edge to the integral along it.
func TestSweepsOfEdges(t *testing.T) {
	table := newFading()
	random := rand.New(rand.NewPCG(8, 8))
	for i := range 20_000 {
		length := 12 * random.Float64() * random.Float64()
		toward, about := 2*math.Pi*random.Float64(), 2*math.Pi*random.Float64()
		away := 5 * random.Float64()
		if i%10 == 0 {
			away = 0
		}
		mu, mv := away*math.Cos(about), away*math.Sin(about)
		du, dv := length*math.Cos(toward), length*math.Sin(toward)
		au, av, bu, bv := mu-du/2, mv-dv/2, mu+du/2, mv+dv/2
		cross := au*bv - av*bu
		want := cross * simpson(func(s float64) float64 { return faded(square(au+s*du) + square(av+s*dv)) })
		middle, step, length2 := mu*mu+mv*mv, bu*bu+bv*bv-au*au-av*av, length*length
		rules := map[string]float64{"along": table.along(au, av, bu, bv)}
		if length2 <= 1.5 {
			rules["short"] = cross * table.short(middle, step, length2)
		}
		if length2 <= 9 {
			rules["three"] = cross * table.three(middle, step, length2)
		}
		if length2 <= 25 {
			rules["five"] = cross * table.five(middle, step, length2)
		}
		for name, got := range rules {
			if d := math.Abs(got-want) / (2 * math.Pi); !(d < 4e-4) {
				t.Errorf("%s from %v,%v to %v,%v: %v, the integral is %v", name, au, av, bu, bv, got, want)
			}
		}
	}
}

// TestFadingTable holds the table to its function, and the bends to differences of it.
func TestFadingTable(t *testing.T) {
	table := newFading()
	for i := range 60_000 {
		s := math.Exp(float64(i)/60_000*23-12) - 1e-6
		if got, want := table.at(max(s, 0)), faded(max(s, 0)); math.Abs(got-want) > 2.5e-5 {
			t.Fatalf("at %v: %v, not %v", s, got, want)
		}
		if s > .01 && s < 60 {
			step := .003 * (1 + s)
			want := (faded(s+step) - 2*faded(s) + faded(max(s-step, 0))) / (step * step)
			if got := fadedBend(s); s > step && math.Abs(got-want) > 1e-4 {
				t.Fatalf("bend at %v: %v, not %v", s, got, want)
			}
		}
	}
	if got := table.at(-1e-15); math.Abs(got-.5) > 1e-6 {
		t.Errorf("what rounding puts below 0 gives %v, not 0.5", got)
	}
}

// TestLeastHoldsLittle holds that what is passed over holds no more than LeastChance: the
// whole quarter of the plane beyond the nearest corner of the box.
func TestLeastHoldsLittle(t *testing.T) {
	s := sweep{g: gauss{perLon: 1, perLat: 1, ux: 1, vy: 1}}
	past := 0
	for i := range 500 {
		for k := range 500 {
			u, v := float64(i)/125-.5, float64(k)/125-.5
			b := box{u, v, 1000, 1000}
			if s.least(&b) {
				past++
				if p := normal(-u) * normal(-v); p > LeastChance {
					t.Fatalf("%v lies in a box from %v,%v, which is passed over", p, u, v)
				}
			}
		}
	}
	if past < 60_000 {
		t.Errorf("only %d boxes are passed over", past)
	}
	if small := (box{0, 0, .079, .079}); !s.least(&small) || normal(.079)-.5 > math.Sqrt(LeastChance) {
		t.Errorf("a small box holds %v", square(normal(.079)-.5))
	}
}

// TestShapesInOrder holds that corners laid down anew are those of the same zone.
func TestShapesInOrder(t *testing.T) {
	var given shapes
	zones := zonesOfAllSizes()
	order := make([]uint32, len(zones))
	for i := range zones {
		given.add(ringsOf(zones[i].Polygons))
		order[i] = uint32(i*29) % uint32(len(zones))
	}
	laid := given.inOrder(order)
	for i := range zones {
		was, is := &given.of[i], &laid.of[i]
		if was.box != is.box || was.blocksEnd-was.block != is.blocksEnd-is.block || fmt.Sprint(given.groupsOf(was)) != fmt.Sprint(laid.groupsOf(is)) {
			t.Fatalf("zone %d is another: %+v, %+v", i, was, is)
		}
		for k := range was.blocksEnd - was.block {
			a, b := given.blocks[was.block+k], laid.blocks[is.block+k]
			if fmt.Sprint(given.corners[a.first:a.last+1]) != fmt.Sprint(laid.corners[b.first:b.last+1]) || a.box != b.box {
				t.Fatalf("zone %d, block %d is another", i, k)
			}
		}
	}
	if len(zones)%29 == 0 || len(laid.corners) != len(given.corners) {
		t.Errorf("%d corners of %d", len(laid.corners), len(given.corners))
	}
}
