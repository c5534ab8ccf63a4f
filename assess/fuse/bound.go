package fuse

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// What can be said of a pair before its place and time are compared. The odds are no
// better than if both lay on one spot at the best moment: the density of a place is at
// most 1/(2 pi sqrt(det)) of the summed covariance, that of a time at most 1/length of the
// longer span and 1/(sqrt(2 pi) sigma) of their blur. On a crowded day that settles all
// but one pair in a hundred, and it drops none whose odds are enough.

// spare is what the bounds allow for rounding; without it they hold exactly.
const spare = 1.001

// bound is the best of all items of one kind on a shelf: what makes the odds largest.
type bound struct {
	any                         bool
	size, length, sigma2, crowd float64 // least
	trust                       float64 // most
}

func (b *bound) add(it *item) {
	size, length, sigma2 := math.Sqrt(it.cov.Det()), it.when.To-it.when.From, it.when.Sigma*it.when.Sigma
	if !b.any {
		*b = bound{true, size, length, sigma2, it.crowd, it.trust}
		return
	}
	b.size, b.length, b.sigma2 = min(b.size, size), min(b.length, length), min(b.sigma2, sigma2)
	b.crowd, b.trust = min(b.crowd, it.crowd), max(b.trust, it.trust)
}

// hope notes the kinds on a shelf with which an item may reach the least odds, and says
// whether there are any. The square roots of determinants add up to no more than that of
// the sum (Minkowski). Copies need no odds.
func (s *search) hope(it *item, at *shelf) bool {
	some := false
	size, sigma2 := math.Sqrt(it.cov.Det()), it.when.Sigma*it.when.Sigma
	for kind := range at.kinds {
		b := &at.kinds[kind]
		s.hopeful[kind] = b.any && (it.copies >= 0 && int(it.kind) == kind ||
			s.linkOdds(it, int16(kind))*s.kinds.like[it.kind][kind]*it.trust*b.trust*spare >=
				s.least*max(it.crowd, b.crowd)*2*math.Pi*(size+b.size)*longest(it.when.To-it.when.From, b.length, sigma2+b.sigma2))
		some = some || s.hopeful[kind]
	}
	return some
}

// linkOdds are the best odds of a link between an item and any of a kind.
func (s *search) linkOdds(it *item, kind int16) float64 {
	link := s.cfg.Link
	if it.heat || s.kinds.acts[kind] == truce.ActHeat {
		link = s.cfg.LinkHeat
	}
	return num.Odds(max(link, s.cfg.LinkSame))
}

// longest is the inverse of the best density of time; sigma2 is the variance of the blur.
func longest(a, b, sigma2 float64) float64 {
	return max(a, b, math.Sqrt(2*math.Pi*sigma2))
}

// mayReach is the same for a pair.
func (s *search) mayReach(a, b *item) bool {
	if a.copies >= 0 && a.copies == b.copies {
		return true
	}
	link := s.link(a, b)
	if link == 0 {
		return false
	}
	sigma2 := a.when.Sigma*a.when.Sigma + b.when.Sigma*b.when.Sigma
	long := longest(a.when.To-a.when.From, b.when.To-b.when.From, sigma2)
	size := math.Sqrt(sum(a.cov, b.cov).Det())
	return num.Odds(link)*s.kinds.like[a.kind][b.kind]*a.trust*b.trust*spare >= s.least*max(a.crowd, b.crowd)*2*math.Pi*size*long
}
