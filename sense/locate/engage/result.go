package engage

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate"
)

const degreesPerRadian = 180 / math.Pi

// used finds an arrival that lies outside of the list.
func used(arrivals int) func(locate.Used) bool {
	return func(u locate.Used) bool { return u.Arrival < 0 || u.Arrival >= arrivals }
}

// position is an event's place with its error.
func (n *node) position() geo.Position { return geo.Position{Point: n.at, Error: n.error} }

// engagements are the tied pairs as others see them.
func (t *tier) engagements(tied []int) []Engagement {
	out := make([]Engagement, 0, len(tied))
	fired := t.fired()
	salvos := t.salvos(tied, fired)
	for number, group := range t.fires(tied) {
		shots := make([]int, len(group))
		for i, at := range group {
			shots[i] = tied[at]
		}
		weights := t.classesOf(shots)
		for _, at := range group {
			e := t.engagement(&t.edges[tied[at]])
			e.Fire, e.Salvo, e.Classes, e.Fired = number, salvos[at], slices.Clone(weights), fired[t.edges[tied[at]].muzzle]
			out = append(out, e)
		}
	}
	slices.SortFunc(out, t.byImpact)
	return out
}

// byImpact orders shots by when they came down.
func (t *tier) byImpact(a, b Engagement) int {
	one, two := &t.field.Events[a.Impact], &t.field.Events[b.Impact]
	return cmp.Or(cmp.Compare(one.Time, two.Time), bytes.Compare(a.ID[:], b.ID[:]))
}

func (t *tier) engagement(e *edge) Engagement {
	m, i := &t.nodes[e.muzzle], &t.nodes[e.impact]
	launch := m.position()
	u, v := e.east/e.distance, e.north/e.distance
	across := math.Sqrt(along(m.error, v, -u) + along(i.error, v, -u))
	return Engagement{
		ID:     truce.NewID(m.time, "engagement", Method, append(m.id[:], i.id[:]...)),
		Muzzle: m.index, Impact: i.index, Launch: &launch, Target: i.position(),
		Direction: turned(math.Atan2(e.east, e.north) * degreesPerRadian), DirectionSigma: geo.Degrees(math.Atan2(across, e.distance) * degreesPerRadian),
		Distance: geo.Metres(e.distance), DistanceSigma: geo.Metres(e.distanceSigma(t)),
		TimeOfFlight: e.time, TimeOfFlightSigma: e.timeSigma, Shocks: e.shock, Score: e.score, Probability: e.p,
	}
}

// fires groups tied pairs that seem of one gun, or guns side by side, firing into one area:
// indices into tied, by the first shot of each group.
func (t *tier) fires(tied []int) [][]int {
	sets := num.NewSets(len(tied))
	for i := range tied { // rising: by the time of the muzzle
		for j := i + 1; j < len(tied) && t.apart(tied[i], tied[j]) <= fireTime; j++ {
			a, b := &t.edges[tied[i]], &t.edges[tied[j]]
			spread := roundSpread + roundShare*max(a.distance, b.distance)
			if t.sameGun(a.muzzle, b.muzzle) > .5 && t.samePlace(a.impact, b.impact, 2*spread) > .5 {
				sets.Union(i, j)
			}
		}
	}
	return sets.Groups()
}

// fired are by node the probability that it is a muzzle, whatever its impact: that
// of its candidates, times that it is one blast, for which a partner speaks as tiedWeight allows.
func (t *tier) fired() []float64 {
	out := make([]float64, len(t.nodes))
	for i := range t.edges {
		out[t.edges[i].muzzle] = min(1, out[t.edges[i].muzzle]+t.edges[i].p)
	}
	for i := range out {
		if real := math.Exp(t.nodes[i].real); real < 1 {
			out[i] *= num.FromOdds(tiedWeight * num.Odds(real))
		}
	}
	return out
}

// salvos are for each tied pair the probability that the same gun fired again within a
// minute, whatever became of that shot.
func (t *tier) salvos(tied []int, fired []float64) []float64 {
	out := make([]float64, len(tied))
	for i, at := range tied {
		m, none := t.edges[at].muzzle, 1.0
		for _, step := range [2]int{-1, 1} {
			for j := m + step; j >= 0 && j < len(t.nodes) && math.Abs(since(&t.nodes[m], &t.nodes[j])) <= salvoTime; j += step {
				none *= 1 - fired[j]*t.sameGun(m, j)
			}
		}
		out[i] = 1 - none
	}
	return out
}

// classesOf is what the shots of one fire say of the class together. They share a gun, a
// charge and the day's air, so n of them count as the root of n.
func (t *tier) classesOf(shots []int) []Weight {
	var logs [classes]float64
	for _, i := range shots {
		e := &t.edges[i]
		most := 0.0
		for c := range logs {
			most = max(most, e.bare[c]*e.also[c])
		}
		for c := range logs {
			logs[c] += math.Log(max(e.bare[c]*e.also[c], leastLikelihood*most))
		}
	}
	rhythm := t.rhythm(shots)
	top := math.Inf(-1)
	for c := range logs {
		logs[c] = classTrust*(logs[c]/math.Sqrt(float64(len(shots)))+rhythm[c]) + math.Log(priorOf(Class(c)))
		top = max(top, logs[c])
	}
	out, sum := make([]Weight, classes), 0.0
	for c := range out {
		out[c] = Weight{Class(c), math.Exp(logs[c] - top)}
		sum += out[c].P
	}
	for c := range out {
		out[c].P /= sum
	}
	return out
}

// classTrust is how much of what shots say of the class is believed: a handbook's shells,
// charges and paces are not those of the day. It is set so that classes given a probability
// are right about as often, on duels of guns with figures of their own.
const classTrust = .4

// leastLikelihood keeps one odd shot from ruling a class out for all others of its fire.
const leastLikelihood = 1e-5

// rhythm is what the pauses between the shots of one fire say of the class, as logarithms:
// one gun keeps its own pace; several, or shots that were missed, blur it.
func (t *tier) rhythm(shots []int) (out [classes]float64) {
	const longest, blurred, blurredSpread, otherPause, otherSpread = 120.0, .3, 1.2, 8.0, 1.3
	n := 0.0
	for i := 1; i < len(shots); i++ {
		pause := t.apart(shots[i-1], shots[i])
		if pause > longest {
			continue
		}
		n++
		at := math.Log(max(pause, .1))
		out[NotKnown] += math.Log(gaussian(at, math.Log(otherPause), square(otherSpread)))
		for c := NotKnown + 1; c < classes; c++ {
			k := &kinds[c]
			own := gaussian(at, math.Log(k.pause), square(k.spread))
			out[c] += math.Log((1-blurred)*own + blurred*gaussian(at, math.Log(k.pause), square(blurredSpread)))
		}
	}
	for c := range out {
		out[c] /= math.Sqrt(max(n, 1))
	}
	return out
}

// role is what an event without a partner may be: what its candidates leave open, and
// what lies at the same place.
func (t *tier) role(i int) Role {
	var muzzle, impact, guns, targets float64
	n := &t.nodes[i]
	from := sort.Search(len(t.edges), func(j int) bool { return since(n, &t.nodes[t.edges[j].muzzle]) >= -fireTime-longestFlight })
	for j := from; j < len(t.edges) && since(n, &t.nodes[t.edges[j].muzzle]) <= fireTime; j++ {
		e := &t.edges[j]
		switch {
		case e.muzzle == i:
			muzzle += e.p
		case e.impact == i:
			impact += e.p
		case e.p >= leastTied:
			guns += e.p * t.samePlace(i, e.muzzle, gunSpread)
			targets += e.p * t.samePlace(i, e.impact, roundSpread+roundShare*e.distance)
		}
	}
	if sum := muzzle + impact; sum > 1 {
		muzzle, impact = muzzle/sum, impact/sum
	}
	rest := 1 - muzzle - impact
	muzzle += rest * guns / (1 + guns + targets)
	impact += rest * targets / (1 + guns + targets)
	return Role{Event: n.index, Muzzle: muzzle, Impact: impact, Unknown: max(0, 1-muzzle-impact)}
}
