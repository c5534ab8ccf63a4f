package fuse

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// copyOdds are the odds that two copies of one report with the same act and place mean
// one happening.
const copyOdds = 1000

// apart is the place of b seen from a in kilometres, good to a few parts in a thousand
// over the tens of kilometres that errors reach.
func apart(a, b *item) (east, north float64) {
	cos := math.Cos((a.lat + b.lat) / 2 * math.Pi / 180)
	return math.Remainder(b.lon-a.lon, 360) * 111.32 * cos, (b.lat - a.lat) * 111.2
}

// within says whether two events pass the gates of place and time.
func within(a, b *item) bool {
	if !a.located || !b.located {
		return false
	}
	pad := gateSigmas * math.Hypot(a.when.Sigma, b.when.Sigma)
	if !ofOneSeries(a, b) && (a.when.From > b.when.To+pad || b.when.From > a.when.To+pad) {
		return false
	}
	east, north := apart(a, b)
	return sum(a.cov, b.cov).Mahalanobis2(east, north) <= gate
}

// ofOneSeries says whether an instrument heard both as shots of one series, which goes on for
// as long as it says.
func ofOneSeries(a, b *item) bool {
	return a.copies >= 0 && a.copies == b.copies && !a.tells && !b.tells
}

func sum(a, b num.Cov) num.Cov { return num.Cov{XX: a.XX + b.XX, XY: a.XY + b.XY, YY: a.YY + b.YY} }

// odds are the odds that two events within the gates are one happening, against two
// happenings that chance put there:
//
//	link/(1-link) x place x time x kind / crowd
//
// place and time are the integrals of the product of the two events' densities, per km2
// and hour: how well both can be one. crowd is the density of unrelated events of the
// same kind in the denser family, of which the share link has a companion of its own
// and is no rival. See docs/methods/fusion.md.
func (f *Fuser) odds(a, b *item) float64 {
	if f.copied(a, b) {
		return copyOdds
	}
	link := num.Odds(f.link(a, b)) * f.kinds.like[a.kind][b.kind] * a.trust * b.trust
	if link == 0 {
		return 0
	}
	east, north := apart(a, b)
	place := sum(a.cov, b.cov).Density(east, north)
	return link * place * num.Overlap(a.when, b.when) / max(a.crowd, b.crowd)
}

// link is the chance that the sparser of two sources is companion to the other. One
// source that names two acts tells of two happenings.
func (f *Fuser) link(a, b *item) float64 {
	switch {
	case a.source == b.source && (a.kind != b.kind || !a.tells || !b.tells):
		return 0
	case a.source == b.source:
		return f.cfg.LinkSame
	case a.heat || b.heat:
		return f.cfg.LinkHeat
	default:
		return f.cfg.Link
	}
}

// copied says whether two events repeat one report on one act and one place.
func (f *Fuser) copied(a, b *item) bool {
	if a.copies < 0 || a.copies != b.copies || a.kind != b.kind {
		return false
	}
	east, north := apart(a, b)
	return math.Hypot(east, north) < 1
}

// chance is the probability that an unrelated event of the denser family lies as near as
// its error allows: within the 95 % ellipse of the difference and the time both span.
func (f *Fuser) chance(a, b *item) truce.Probability {
	area := math.Pi * num.Chi2Quantile2(0.95) * math.Sqrt(sum(a.cov, b.cov).Det())
	hours := (a.when.To - a.when.From) + (b.when.To - b.when.From) + 2*1.96*math.Hypot(a.when.Sigma, b.when.Sigma)
	return truce.Probability(num.AtLeastOne(max(a.crowd, b.crowd) * area * hours))
}
