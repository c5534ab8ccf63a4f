package track

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Said is an identity that came with a plot which may be a track's.
type Said struct {
	Time     truce.Instant
	At       geo.Point // the plot
	Identity truce.Identity
	Chance   float64 // that the plot is the track's
}

// Named is an identity that was said on a track, and its share of all that was said there.
type Named struct {
	Identity truce.Identity
	Share    float64
}

// tally is what identities were said on a track, each weighted with the chance that the plot
// was its. The heaviest maxNames are kept.
type tally []struct {
	identity truce.Identity
	weight   float64
}

// How far an identity moves the odds that a plot is a track's: nameOdds either way at most.
// It is easily copied and easily changed, so that it neither forces nor forbids. Half of that
// weighs what was said nameTrust times.
const (
	nameOdds  = 20.0
	nameTrust = 2.0
	leastSaid = .1 // chance of a plot from which what it says is kept
	// apartOdds are those of each other's identity below which two tracks are two.
	apartOdds = .25
)

// add counts an identity. Where the table is full the lightest gives way.
func (t *tally) add(id truce.Identity, weight float64) {
	least := 0
	for i := range *t {
		if (*t)[i].identity == id {
			(*t)[i].weight += weight
			return
		}
		if (*t)[i].weight < (*t)[least].weight {
			least = i
		}
	}
	if len(*t) < maxNames {
		*t = append(*t, struct {
			identity truce.Identity
			weight   float64
		}{id, weight})
		return
	}
	if (*t)[least].weight < weight {
		(*t)[least].identity, (*t)[least].weight = id, weight
	}
}

// odds is how much likelier a plot is the track's for what it says: 1 where nothing was said.
// Identities of another scheme say nothing about each other.
func (t tally) odds(id truce.Identity) float64 {
	sum, same := 0.0, 0.0
	for i := range t {
		if t[i].identity.Scheme != id.Scheme {
			continue
		}
		sum += t[i].weight
		if t[i].identity == id {
			same += t[i].weight
		}
	}
	if sum == 0 {
		return 1
	}
	trust := sum / (sum + nameTrust)
	share := same / sum
	return 1 - trust + trust*(share*nameOdds+(1-share)/nameOdds)
}

// named are the identities with their shares, the heaviest first and then in the order they
// were first said.
func (t tally) named() (out []Named) {
	sum := 0.0
	for i := range t {
		sum += t[i].weight
	}
	for i := range t {
		n := Named{t[i].identity, t[i].weight / sum}
		at := len(out)
		for at > 0 && out[at-1].Share < n.Share {
			at--
		}
		out = append(out[:at], append([]Named{n}, out[at:]...)...)
	}
	return out
}

// apart says whether two tracks have each said enough that is not the other's: they are no
// doubles of each other, however near they fly.
func (x *extras) apart(o *extras) bool {
	if x == nil || o == nil || len(x.names) == 0 || len(o.names) == 0 {
		return false
	}
	a, b := x.names.named()[0], o.names.named()[0]
	return a.Identity.Scheme == b.Identity.Scheme && a.Identity != b.Identity && x.names.odds(b.Identity) < apartOdds && o.names.odds(a.Identity) < apartOdds
}
