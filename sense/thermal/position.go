package thermal

import (
	"math"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// passGap separates two passes of one satellite: an orbit takes 101 minutes, the rows of
// one pass over a theatre a few.
const passGap = 15 * time.Minute

// box is a rectangle in the axes of the smallest pixel: along its track and across.
type box struct{ low, high [2]float64 }

// positionOf is where the fire is. One detection: its own pixel. Several: within a pass
// the rectangle around its pixels, since all of them were hot; over passes the part that
// the passes share, since each saw the fire, but never smaller than the smallest pixel.
// Passes that share nothing show a front that moved: then the rectangle around all.
func positionOf(fire []pixel, tolerance geo.Metres) geo.Position {
	if len(fire) == 1 {
		return single(&fire[0])
	}
	smallest := smallestOf(fire)
	plane := geo.NewPlane(smallest.obs.Place.Point)
	passes := passBoxes(fire, smallest, &plane)
	floor := 2 * min(smallest.track, smallest.scan)
	shared, ok := intersection(passes, floor, float64(tolerance))
	if !ok {
		shared = hull(passes)
	}
	along, across := (shared.low[0]+shared.high[0])/2, (shared.low[1]+shared.high[1])/2
	f := geo.Footprint{
		Track:   metre(shared.high[0] - shared.low[0]),
		Scan:    metre(shared.high[1] - shared.low[1]),
		Azimuth: footprintOf(smallest.obs.Place).Azimuth,
	}
	centre := plane.From(
		geo.Metres(along*smallest.sin+across*smallest.cos),
		geo.Metres(along*smallest.cos-across*smallest.sin))
	return geo.Position{Point: onGrid(centre), Error: errorOf(f), Footprint: &f}
}

// single keeps the pixel as it came.
func single(p *pixel) geo.Position {
	out := *p.obs.Place
	f := footprintOf(p.obs.Place)
	out.Footprint, out.Error = &f, errorOf(f)
	return out
}

// smallestOf is the pixel of least area, the first of equals.
func smallestOf(fire []pixel) *pixel {
	best := &fire[0]
	for i := range fire {
		if fire[i].track*fire[i].scan < best.track*best.scan {
			best = &fire[i]
		}
	}
	return best
}

// passBoxes is the rectangle around the pixels of each pass, in order of the passes'
// first pixels.
func passBoxes(fire []pixel, axes *pixel, plane *geo.Plane) []box {
	type open struct {
		satellite string
		last      truce.Instant
	}
	var passes []open
	var boxes []box
next:
	for i := range fire {
		p := &fire[i]
		b := p.box(axes, plane)
		for k := range passes {
			if passes[k].satellite == p.obs.Detection.Satellite && p.at.Sub(passes[k].last) <= passGap {
				passes[k].last = p.at
				boxes[k] = hull([]box{boxes[k], b})
				continue next
			}
		}
		passes = append(passes, open{p.obs.Detection.Satellite, p.at})
		boxes = append(boxes, b)
	}
	return boxes
}

// box is the pixel's own rectangle in the axes of another.
func (p *pixel) box(axes *pixel, plane *geo.Plane) box {
	e, n := plane.To(p.obs.Place.Point)
	east, north := float64(e), float64(n)
	along, across := east*axes.sin+north*axes.cos, east*axes.cos-north*axes.sin
	turn, cross := math.Abs(p.sin*axes.sin+p.cos*axes.cos), math.Abs(p.sin*axes.cos-p.cos*axes.sin)
	halfAlong, halfAcross := p.track*turn+p.scan*cross, p.track*cross+p.scan*turn
	return box{[2]float64{along - halfAlong, across - halfAcross}, [2]float64{along + halfAlong, across + halfAcross}}
}

func hull(boxes []box) box {
	out := boxes[0]
	for _, b := range boxes[1:] {
		for k := range 2 {
			out.low[k], out.high[k] = min(out.low[k], b.low[k]), max(out.high[k], b.high[k])
		}
	}
	return out
}

// intersection is the part all boxes share, each side at least floor. Boxes that miss
// each other by no more than the tolerance share the middle of the gap.
func intersection(boxes []box, floor, tolerance float64) (box, bool) {
	out := boxes[0]
	for _, b := range boxes[1:] {
		for k := range 2 {
			out.low[k], out.high[k] = max(out.low[k], b.low[k]), min(out.high[k], b.high[k])
		}
	}
	for k := range 2 {
		side := out.high[k] - out.low[k]
		if side < -tolerance {
			return out, false
		}
		if side < floor {
			mid := (out.low[k] + out.high[k]) / 2
			out.low[k], out.high[k] = mid-floor/2, mid+floor/2
		}
	}
	return out, true
}

// errorOf is the footprint's covariance in steps of a square millimetre, the same on every
// processor.
func errorOf(f geo.Footprint) geo.Covariance {
	c := f.Covariance()
	return geo.Covariance{EE: num.Quantise(c.EE, 1e-6), EN: num.Quantise(c.EN, 1e-6), NN: num.Quantise(c.NN, 1e-6)}
}

// metre rounds a side to a tenth of a metre.
func metre(x float64) geo.Metres { return geo.Metres(num.Quantise(x, 0.1)) }

// onGrid rounds a point to 1e-7 degree, a centimetre.
func onGrid(p geo.Point) geo.Point {
	return geo.Point{Lat: geo.Degrees(num.Quantise(float64(p.Lat), 1e-7)), Lon: geo.Degrees(num.Quantise(float64(p.Lon), 1e-7))}
}
