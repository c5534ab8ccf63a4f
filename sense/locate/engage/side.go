package engage

import "github.com/trucewatch/truce/geo"

// Sides are the probabilities that a shot was fired from the left and from the right of a
// line known to an accuracy (one sigma): the posterior of the launch integrated over both
// sides, times the probability that something was fired there. What is left, neither, is not
// known. The three sum to 1. They say where, never who.
func (e *Engagement) Sides(line *geo.Line, accuracy geo.Metres) (left, right, unknown float64) {
	e.EachOrigin(func(at geo.Position, p float64) {
		l, r := line.Sides(at, accuracy)
		left, right = left+p*l, right+p*r
	})
	return left, right, max(0, 1-left-right)
}

// EachOrigin hands out the posterior of the launch in parts that sum to the probability that
// something was fired there: one place with its error, or the parts of a sector.
func (e *Engagement) EachOrigin(part func(at geo.Position, p float64)) {
	switch {
	case e.Launch != nil:
		part(*e.Launch, e.Fired)
	case e.Sector != nil:
		for _, w := range e.Sector.places {
			part(w.at, w.p*e.Fired)
		}
	}
}
