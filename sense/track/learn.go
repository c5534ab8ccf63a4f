package track

import "math"

// learnt is what the plots of sure tracks tell of the sensors.
type learnt struct {
	detection float64 // the chance of a plot of an object in a scan
	sigma     float64 // of plots that state no error, m

	found, chances     float64 // plots and scans of sure tracks
	squares, residuals float64 // of unstated plots: their errors squared, and how many
	stated, statedSum  float64 // stated errors, to know how wide gates are
	loose              float64 // plots that were no track's
	lived, ended       float64 // seconds of sure tracks, and how many tracks ended
}

// What is believed before anything is learnt, and how many scans of a track that is worth.
const (
	firstDetection   = .8
	firstTrials      = 20
	firstSigma       = 50 // m: radars and cameras have tens of metres
	firstResiduals   = 5
	leastSigma       = .5 // m
	sureExistence    = .9
	sureChance       = .9
	leastDetection   = .05
	mostDetection    = .995
	keepLearnt       = .998 // of the counts, at each plot that is learnt from
	keepStated       = .99
	leastHeightSigma = 10 // m: no altitude is taken to be better
)

func newLearnt(cfg Config) learnt {
	l := learnt{found: firstDetection * firstTrials, chances: firstTrials, squares: firstSigma * firstSigma * firstResiduals, residuals: firstResiduals, sigma: firstSigma}
	if cfg.Sigma > 0 {
		l.sigma = float64(cfg.Sigma)
	}
	l.settle(cfg)
	return l
}

// plots learns from whether a track had a plot.
func (l *learnt) plots(g *target, was float64) {
	if was < sureExistence {
		return
	}
	l.found = l.found*keepLearnt + g.found
	l.chances = l.chances*keepLearnt + g.exists
}

// learnErrors learns from how far off a plot is that is surely the track's.
func (t *tracker) learnErrors(g *target, edges []edge) {
	for i := range edges {
		if edges[i].chance < sureChance {
			continue
		}
		m := &t.marks[edges[i].mark]
		l := &t.learnt
		if m.stated {
			l.statedSum = l.statedSum*keepStated + math.Sqrt(m.rxx)
			l.stated = l.stated*keepStated + 1
			continue
		}
		// What was expected is wrong by as much as what was taken for the error, so that is
		// corrected in proportion; to take the expected part off would leave less than nothing.
		v := g.whole.see(m)
		l.squares = l.squares*keepLearnt + m.rxx*v.dist2/2
		l.residuals = l.residuals*keepLearnt + 1
	}
}

// births is the share of the plots that are no track's which begin one.
func (l *learnt) births(tracks int) float64 {
	return min(max(1.0/lastBirths, (float64(tracks)+5)/(l.loose+5*firstBirths)), 1.0/firstBirths)
}

// What is believed of how long objects stay in view, s, before any ended, and the bounds of
// what can be learnt.
const (
	firstLifetime = 600.0
	leastLifetime = 60.0
	mostLifetime  = 3600.0
)

// lifetime is how long an object stays in view on average, s.
func (l *learnt) lifetime() float64 {
	return min(max((l.lived+firstLifetime)/(l.ended+1), leastLifetime), mostLifetime)
}

// settle takes over what was learnt, at the end of a scan.
func (l *learnt) settle(cfg Config) {
	l.detection = min(max(l.found/l.chances, leastDetection), mostDetection)
	if cfg.Detection > 0 {
		l.detection = cfg.Detection
	}
	if cfg.Sigma == 0 {
		l.sigma = math.Sqrt(max(l.squares/l.residuals, leastSigma*leastSigma))
	}
}

// usual is a usual error of plots, m.
func (l *learnt) usual() float64 {
	if l.stated > 0 {
		return max(l.statedSum/l.stated, leastSigma)
	}
	return l.sigma
}
