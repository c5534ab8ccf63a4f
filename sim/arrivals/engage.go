package arrivals

import (
	"math"
	"math/rand/v2"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// DuelConfig says which duels across a line are made; a zero field means its default.
type DuelConfig struct {
	Seed    uint64
	Fires   int     // fires, return fire counted; default 100, at most MaxFires
	Sensors int     // default 200, as workload A
	Noise   float64 // false arrivals per true one; negative: none; default 0.3
	Others  float64 // blasts that belong to no shot, per shot; negative: none; default 0.2

	Wind   float64     // m/s, at most MaxWind
	WindTo geo.Degrees // where it blows to

	Amplitudes bool // every arrival has one, in pascals
	Muffled    bool // nobody hears a muzzle blast: guns behind a ridge
}

// Shot is one round truly fired.
type Shot struct {
	Fire   int    // number of the fire: one gun, or two side by side, at one target
	Class  string // of the weapon, as GunClasses names it
	Time   truce.Instant
	Launch geo.Point
	Impact geo.Point
	Flight float64  // s
	Side   geo.Side // of the line, where it was fired from
	Muzzle int      // index of the world's events, -1: heard by under three
	Burst  int      // of its impact
	Shocks []int    // arrivals of its shock wave
}

// Duels is a world in which guns on both sides of a line fire at each other.
type Duels struct {
	*World
	Line  *geo.Line // from west to east
	Shots []Shot    // by time
}

// The recipe: a crooked line from west to east through the field of workload A. A fire is a
// gun up to 5 km from it, or two side by side, at a target up to 5 km beyond it; four in
// ten are returned. A fifth as many blasts as shots belong to no shot.
const (
	duelWidth     = 90e3 // m along the line
	crooked       = 1500 // m that the line leaves the straight
	farthestGun   = 5000.0
	nearestGun    = 200.0
	targetSpread  = 1500.0 // m along the line from the gun, one sigma
	returnedShare = .4
	pairShare     = .15 // of the fires are of two guns
	pairApart     = 60  // m
	aimSpread     = .0015
	chargeSpread  = .003 // of the speed, from round to round
	lotSpread     = .012 // from fire to fire
	defaultFires  = 100
	shockRange    = 2000.0 // m from where the wave left the path, half as likely there
	shockSoft     = 300.0
	shockSigma    = .1 // s
	leastToLocate = 3  // arrivals; what fewer heard is not among the true events
)

// duelist draws duels.
type duelist struct {
	*maker
	cfg    DuelConfig
	dice   *rand.Rand
	out    *Duels
	blasts []blast // what may be heard, by number
	fires  int
}

// blast is something that is heard, kept as an event of the world until all is drawn.
type blast struct {
	shot   int // -1: of no shot
	muzzle bool
	shock  bool
}

// NewDuels makes a world of duels.
func NewDuels(cfg DuelConfig) (*Duels, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	base := Config{Seed: cfg.Seed, Kind: KindAcoustic, Events: 1, Sensors: cfg.Sensors, Noise: max(cfg.Noise, 0), Wind: cfg.Wind, WindTo: cfg.WindTo, Amplitudes: cfg.Amplitudes}
	if err := base.complete(); err != nil {
		return nil, err
	}
	d := &duelist{maker: newMaker(base), cfg: cfg, dice: rand.New(rand.NewPCG(cfg.Seed, 0x6475656c)), out: &Duels{}}
	d.out.World = d.maker.world
	if err := d.line(); err != nil {
		return nil, err
	}
	for d.fires < cfg.Fires {
		d.duel()
	}
	for range int(math.Round(max(cfg.Others, 0) * float64(len(d.out.Shots)))) {
		d.other()
	}
	d.noise()
	d.loudNoise()
	d.finish()
	d.settle()
	return d.out, nil
}

func (c *DuelConfig) complete() error {
	if c.Fires == 0 {
		c.Fires = defaultFires
	}
	if c.Noise == 0 {
		c.Noise = .3
	}
	if c.Others == 0 {
		c.Others = .2
	}
	switch {
	case c.Fires < 0 || c.Fires > MaxFires:
		return truce.Errorf(truce.CodeInvalid, "%d fires: write 1 to %d", c.Fires, MaxFires)
	case !(c.Others <= MaxNoise):
		return truce.Errorf(truce.CodeInvalid, "%g other blasts per shot: write at most %d", c.Others, MaxNoise)
	}
	return nil
}

// MaxFires bounds the fires of one world: some four shots each, and a quarter of an hour of
// every sensor's day.
const MaxFires = 20_000

// line draws the line.
func (d *duelist) line() error {
	phase, points := 2*math.Pi*d.dice.Float64(), []geo.Point{}
	for i := range 41 {
		x := acousticEast * (float64(i)/40 - .5) * 1.4
		y := crooked*math.Sin(x/9000+phase) + 300*(d.dice.Float64()-.5)
		points = append(points, d.plane.From(geo.Metres(x), geo.Metres(y)))
	}
	line, err := geo.NewLine("contact", points)
	d.out.Line = line
	return err
}

// duel draws a fire and, often, the fire that answers it. A weapon stands where it reaches
// its target from.
func (d *duelist) duel() {
	at := d.moment(d.dice)
	side := 1.0 // north
	if d.dice.Float64() < .5 {
		side = -1
	}
	g := d.arm()
	var gun [2]float64
	for range maxDraws {
		x := duelWidth * (d.dice.Float64() - .5)
		gun = d.beside(x, side)
		if d.fire(g, at, gun, d.beside(x+targetSpread*d.dice.NormFloat64(), -side)) {
			break
		}
	}
	if d.dice.Float64() >= returnedShare || d.fires >= d.cfg.Fires {
		return
	}
	at = after(at, 20+160*d.dice.Float64())
	target := [2]float64{gun[0] + 80*d.dice.NormFloat64(), gun[1] + 80*d.dice.NormFloat64()}
	g = d.arm()
	for range maxDraws {
		if d.fire(g, at, d.beside(gun[0]+targetSpread*d.dice.NormFloat64(), -side), target) {
			break
		}
	}
}

// beside is a place on one side of the line, near x along it.
func (d *duelist) beside(x, side float64) [2]float64 {
	for {
		y := side * (nearestGun + (farthestGun+crooked)*d.dice.Float64())
		foot := d.out.Line.Nearest(d.plane.From(geo.Metres(x), geo.Metres(y)))
		left := foot.Side == geo.Left
		if left == (side > 0) && float64(foot.Distance) >= nearestGun && float64(foot.Distance) <= farthestGun {
			return [2]float64{x, y}
		}
	}
}

// other draws a blast that belongs to no shot: a mine, a demolition, a shot of which nothing
// else is heard.
func (d *duelist) other() {
	s := source{time: d.moment(d.dice), e: acousticEast * (d.dice.Float64() - .5), n: acousticNorth * (d.dice.Float64() - .5)}
	s.reach = min(mostRange, max(leastRange, middleRange*math.Exp(rangeSpread*d.dice.NormFloat64())))
	d.blow(s, blast{shot: -1}, loud{base: math.Log(50) + .7*d.dice.NormFloat64(), fall: amplitudeFall})
}

// settle takes apart what was kept as events: blasts that under three heard are none, and
// shock waves are arrivals of their shots.
func (d *duelist) settle() {
	w := d.out.World
	kept := w.Events[:0]
	for _, e := range w.Events {
		b := d.blasts[e.Salvo]
		e.Salvo = -1
		if b.shot >= 0 {
			e.Salvo = d.out.Shots[b.shot].Fire
		}
		switch {
		case b.shock:
			for _, p := range e.Picks {
				d.out.Shots[b.shot].Shocks = append(d.out.Shots[b.shot].Shocks, p.Arrival)
			}
			continue
		case len(e.Picks) < leastToLocate:
			continue
		case b.shot >= 0 && b.muzzle:
			d.out.Shots[b.shot].Muzzle = len(kept)
		case b.shot >= 0:
			d.out.Shots[b.shot].Burst = len(kept)
		}
		e.ID = number("e", len(kept)+1, 5)
		kept = append(kept, e)
	}
	w.Events = kept
}
