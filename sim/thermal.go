package sim

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// fire is something hot: a plant that always burns, a field, or what a strike left.
type fire struct {
	cause   string // id of the happening or nuisance
	at      vec
	from    truce.Instant
	to      truce.Instant
	powerMW float64 // fire radiative power at its best
	spreadM float64 // 1-sigma of where in it the heat comes from
	steady  bool    // does not rise and fall
}

// power is the radiative power at an instant, 0 outside its life: a quick rise, then
// a slow fall.
func (f fire) power(t truce.Instant) float64 {
	if t < f.from || t >= f.to {
		return 0
	}
	if f.steady {
		return f.powerMW
	}
	age := float64(t-f.from) / float64(f.to-f.from)
	return f.powerMW * min(1, 6*age) * (1 - 0.8*age)
}

// detection is one hot pixel of one pass.
type detection struct {
	pass     Pass
	at       vec // pixel centre
	scan     float64
	track    float64
	frp      float64
	grade    truce.Confidence
	ti4, ti5 float64
	cause    string
}

// detect looks at every fire from every pass.
func (w *World) detect() []detection {
	r := stream(w.cfg.Seed, "satellites")
	var out []detection
	for _, p := range w.passes {
		grid := newPixelGrid(r, p)
		seen := map[[2]int]bool{}
		for _, f := range w.fires {
			if power := f.power(p.At); power > 0 {
				out = append(out, w.seeFire(r, grid, f, power, seen)...)
			}
		}
	}
	return out
}

// pixelGrid is how one pass cuts the ground into pixels.
type pixelGrid struct {
	pass        Pass
	scan, track float64
	phase       vec
}

func newPixelGrid(r *rand.Rand, p Pass) pixelGrid {
	scan, track := pixelSize(p.ScanDeg)
	return pixelGrid{pass: p, scan: scan, track: track, phase: vec{r.Float64() * scan, r.Float64() * track}}
}

func (g pixelGrid) axes() (across, along vec) {
	along = compass(g.pass.heading, 1)
	return vec{along.n, -along.e}, along
}

func (g pixelGrid) cell(v vec) [2]int {
	across, along := g.axes()
	return [2]int{int(math.Floor((v.dot(across) - g.phase.e) / g.scan)), int(math.Floor((v.dot(along) - g.phase.n) / g.track))}
}

func (g pixelGrid) centre(c [2]int) vec {
	across, along := g.axes()
	return across.scale((float64(c[0])+0.5)*g.scan + g.phase.e).add(along.scale((float64(c[1])+0.5)*g.track + g.phase.n))
}

// flames is into how many equal flames a fire is cut to spread it over pixels.
const flames = 16

// seeFire gives the pixels a pass reports of one fire, none under cloud. A pixel is
// reported once, whatever burns in it.
func (w *World) seeFire(r *rand.Rand, g pixelGrid, f fire, power float64, seen map[[2]int]bool) []detection {
	share := map[[2]int]float64{}
	for range flames {
		flame := f.at.add(vec{r.NormFloat64(), r.NormFloat64()}.scale(f.spreadM))
		share[g.cell(flame)] += 1.0 / flames
	}
	cloudy := r.Float64() < w.clouds.cover(w.dayOf(g.pass.At), w.areaIndex(f.at))
	var out []detection
	for _, c := range sortedCells(share) {
		hot := power * share[c] * math.Exp(0.25*r.NormFloat64())
		found := r.Float64() < g.chance(hot)
		if cloudy || !found || seen[c] {
			continue
		}
		seen[c] = true
		out = append(out, g.detection(r, c, hot, f.cause))
	}
	return out
}

func sortedCells(share map[[2]int]float64) [][2]int {
	out := make([][2]int, 0, len(share))
	for c := range share {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	return out
}

// chance is the probability that a pixel of that power is reported under clear sky.
// Half are found at 0.5 MW at night and 2 MW by day in a pixel at nadir, more power is
// needed where pixels are larger (invented numbers of a plausible size).
func (g pixelGrid) chance(powerMW float64) float64 {
	half := 2.0
	if g.pass.Night {
		half = 0.5
	}
	half *= g.scan * g.track / (387 * 371)
	return 1 / (1 + math.Pow(half/powerMW, 2.5))
}

func (g pixelGrid) detection(r *rand.Rand, c [2]int, hot float64, cause string) detection {
	d := detection{pass: g.pass, at: g.centre(c), scan: g.scan, track: g.track, frp: hot, cause: cause}
	if g.pass.Night {
		d.ti4, d.ti5 = 286+22*math.Pow(hot, 0.75), 270+3*r.Float64()+1.5*math.Sqrt(hot)
	} else {
		d.ti4, d.ti5 = 306+12*math.Pow(hot, 0.45), 288+5*r.Float64()+1.2*math.Sqrt(hot)
	}
	d.ti4 = min(saturationK, d.ti4)
	d.grade = truce.ConfidenceNominal
	switch {
	case !g.pass.Night && hot < 3 && r.Float64() < 0.4:
		d.grade = truce.ConfidenceLow
	case d.ti4 >= saturationK:
		d.grade = truce.ConfidenceHigh
	}
	return d
}

// saturationK is where the 3.7 micron imagery band stops counting, kelvin.
const saturationK = 367

// steadyFire burns for the whole exercise and its history.
func (w *World) steadyFire(cause string, at vec, powerMW float64) fire {
	return fire{cause: cause, at: at, from: w.at(-w.cfg.History, 0), to: w.at(w.cfg.Days, 0), powerMW: powerMW, spreadM: 25, steady: true}
}

// blaze burns for some hours after its start.
func blaze(cause string, at vec, from truce.Instant, hours, powerMW float64) fire {
	return fire{cause: cause, at: at, from: from, to: from.Add(time.Duration(hours * float64(time.Hour))),
		powerMW: powerMW, spreadM: 25 * math.Sqrt(powerMW)}
}
