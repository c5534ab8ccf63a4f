package sim

import (
	"github.com/trucewatch/truce"
)

// cloudOf is the mean cloud of a day by its place in the exercise; history goes on
// backwards. The second day, the one with most breaches, is the cloudiest: a quiet
// sky is not a quiet day.
var cloudOf = []float64{0.34, 0.62, 0.27, 0.45, 0.71, 0.18}

// CloudDay is the cloud of one area on one day, a fraction of the sky.
type CloudDay struct {
	Day   truce.Day    `json:"day"`
	Area  truce.AreaID `json:"area"`
	Cover float64      `json:"cover"`
}

// clouds is the cover by day (from the first day of history) and area.
type clouds struct {
	first int
	days  [][]float64
}

func (c clouds) cover(day, area int) float64 {
	i := day - c.first
	if i < 0 || i >= len(c.days) || area < 0 {
		return 0.5
	}
	return c.days[i][area]
}

func (w *World) weather() clouds {
	r := stream(w.cfg.Seed, "weather")
	c := clouds{first: -w.cfg.History}
	for day := c.first; day < w.cfg.Days; day++ {
		usual := cloudOf[((day%len(cloudOf))+len(cloudOf))%len(cloudOf)]
		covers := make([]float64, len(w.island.Areas))
		for i := range covers {
			covers[i] = roundTo(min(0.97, max(0.03, usual+0.07*r.NormFloat64())), 4)
		}
		c.days = append(c.days, covers)
	}
	return c
}

// areaIndex is the number of the area that holds a place, -1 outside.
func (w *World) areaIndex(v vec) int {
	id := w.island.AreaOf(v.point())
	for i, a := range w.island.Areas {
		if a.ID == id {
			return i
		}
	}
	return -1
}
