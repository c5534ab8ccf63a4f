package news

import "math/rand/v2"

// dice is the seeded chance behind all that is drawn.
type dice struct{ r *rand.Rand }

func newDice(seed uint64) *dice { return &dice{rand.New(rand.NewPCG(seed, 0x6e657773))} }

func (d *dice) intn(n int) int        { return d.r.IntN(n) }
func (d *dice) next() uint64          { return d.r.Uint64() }
func (d *dice) float() float64        { return d.r.Float64() }
func (d *dice) chance(p float64) bool { return d.r.Float64() < p }

// language draws English and Ukrainian alike and some Russian.
func (d *dice) language(english bool) int {
	switch x := d.float(); {
	case english || x < .45:
		return 0
	case x < .88:
		return 1
	}
	return 2
}

func (d *dice) pick(of []string) string { return of[d.intn(len(of))] }

func (d *dice) plan(of []plan) plan { return of[d.intn(len(of))] }

// place draws a place: a few make news often, most seldom, as towns do. The cube of an even
// draw gives the first tenth of the places nearly half of the events.
func (d *dice) place(n int) int {
	x := d.float()
	return int(x * x * x * float64(n))
}
