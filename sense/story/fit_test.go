package story

import (
	"flag"
	"math"
	"testing"

	"github.com/trucewatch/truce/sim/news"
)

var fitWeights = flag.Bool("fit", false, "fit the weights anew on the tuned half of the workload and print them")

// pair is the evidence for one article and one story near it, and whether it belongs.
type pair struct {
	e  evidence
	is bool
}

// pairsOf runs a workload with the truth as teacher: every article goes to its event's story,
// and is held against all that are near.
func pairsOf(t *testing.T, cfg news.Config) []pair {
	w, err := news.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	x := New(Config{})
	event := map[int]*thread{}
	var out []pair
	n := 0
	for a := range w.Articles() {
		if n++; n%5 == 0 {
			a.Text = "" // lists give headlines alone
		}
		d := x.reader.read.read(&a.Article, x.reader.agencies)
		x.age(d.At)
		m := x.member(d, false)
		q := x.query(d, &m.Vector, &m.TitleVec)
		for _, number := range x.candidates(&m.Vector) {
			s := x.Stories[number]
			out = append(out, pair{x.weigh(q, s), s == event[a.Event]})
		}
		if s := event[a.Event]; s == nil || s.Heavy == nil {
			event[a.Event] = x.open(d)
		}
		x.grow(event[a.Event], d, m)
	}
	return out
}

// floors keep weights where the workload says less than real texts do: its background
// sentences come from a short list, its events end after two days.
var floors = map[int]float64{
	evNames: 1, evConcepts: 1, evNumbers: .5, evWords: 2, evTitle: 2, evRareNames: .5, evRareWords: .5, evGap: -1.5, evBareTitle: 1,
	evGoesOn: weightGoesOn, // the workload has no courses of things; testdata/courses.tsv has
}

// ceilings keep what must part look-alikes, however alike they are.
var ceilings = map[int]float64{evOtherDay: -8, evActOther: -8, evOtherNames: -2, evOtherBoth: -4, evBare: 1.5}

// fit is logistic regression by gradient descent with a little shrinkage.
func fit(pairs []pair) (w evidence) {
	for step := range 2500 {
		var grad evidence
		for _, p := range pairs {
			z := 0.
			for i := range w {
				z += w[i] * p.e[i]
			}
			y := 0.
			if p.is {
				y = 1
			}
			g := y - 1/(1+math.Exp(-z))
			for i := range w {
				grad[i] += g * p.e[i]
			}
		}
		rate := 8 / (1 + float64(step)/2000)
		for i := range w {
			w[i] += rate * (grad[i]/float64(len(pairs)) - 1e-5*w[i])
			if floor, has := floors[i]; has {
				w[i] = max(w[i], floor)
			}
			if ceiling, has := ceilings[i]; has {
				w[i] = min(w[i], ceiling)
			}
		}
	}
	return w
}

func TestFitWeights(t *testing.T) {
	if !*fitWeights {
		t.Skip("run with -fit to fit the weights anew")
	}
	var pairs []pair
	for seed := range uint64(3) {
		pairs = append(pairs, pairsOf(t, news.Config{Seed: 100 + seed, Articles: 1000, Half: news.Tuned, Plain: true})...)
	}
	w := fit(pairs)
	right, is := 0, 0
	for _, p := range pairs {
		z := 0.
		for i := range w {
			z += w[i] * p.e[i]
		}
		if (z > 0) == p.is {
			right++
		}
		if p.is {
			is++
		}
	}
	t.Logf("%d pairs, %d of one story, %.4f right", len(pairs), is, float64(right)/float64(len(pairs)))
	for i, v := range w {
		t.Logf("%2d %.2f", i, v)
	}
}
