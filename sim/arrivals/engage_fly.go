package arrivals

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// gun is a kind of weapon as duels are fought with it. The figures are round ones of their
// own and not those of the program that is tested: it must do with its handbook's.
type gun struct {
	class           string
	mass, calibre   float64 // kg, m
	drag            float64 // coefficient well below the speed of sound
	speeds          []float64
	burn            float64 // s of a rocket's motor, 0: none
	low, high       float64 // degrees
	least           float64 // m
	steep           bool    // fires above 45 degrees only
	muzzleKg        float64 // of TNT it sounds like
	burstKg         float64
	muzzleR, burstR float64 // km, median range of hearing
	pause           float64 // s between rounds
	rounds          int     // at most in one fire
	share           int     // of the fires
}

var guns = []gun{
	{"mortar 60 mm", 1.75, .0607, .17, []float64{92, 128, 165, 205}, 0, 45, 84, 200, true, .04, .28, 4.5, 5, 4, 6, 8},
	{"mortar 82 mm", 3.2, .0819, .16, []float64{105, 134, 165, 195, 230, 262}, 0, 45, 84, 250, true, .07, .42, 6, 6.5, 4.5, 6, 18},
	{"mortar 120 mm", 16.2, .1197, .145, []float64{140, 172, 205, 238, 272, 318}, 0, 45, 80, 500, true, .35, 2.6, 9, 10, 6.5, 6, 20},
	{"howitzer 122 mm", 21.8, .1219, .145, []float64{280, 330, 425, 560, 680}, 0, 1.5, 65, 1500, false, 1.1, 3.6, 11, 11, 11, 5, 18},
	{"howitzer 152 mm", 43.6, .1524, .145, []float64{285, 340, 395, 480, 580, 650}, 0, 1.5, 65, 2000, false, 2.3, 6, 13, 13, 15, 5, 14},
	{"howitzer 155 mm", 43.2, .1547, .14, []float64{240, 305, 385, 480, 570, 680}, 0, 1.5, 65, 2000, false, 2.8, 6.9, 13, 13, 17, 5, 7},
	{"tank gun, direct fire", 23, .125, .15, []float64{850}, 0, .1, 4, 500, false, 2, 3.2, 11, 10, 11, 4, 10},
	{"rocket 122 mm", 46, .122, .21, []float64{565, 625, 688}, 1.8, 3, 50, 3500, false, .4, 6.4, 9, 12, 1.5, 8, 5},
}

// GunClasses are the names of the weapons that duels are fought with.
func GunClasses() []string {
	out := make([]string, len(guns))
	for i := range guns {
		out[i] = guns[i].class
	}
	return out
}

// flight is a gun with one lot of shells in one hour's air.
type flight struct {
	*gun
	density float64 // of the air at the ground, kg/m3
	shape   float64 // factor on the drag
}

// body is the shell on its way, metres and metres a second.
type body struct{ t, x, z, vx, vz float64 }

// fly goes through the air in steps of dt seconds by the method of the midpoint until the
// shell is down, and shows every step.
func (f *flight) fly(speed, elevation, dt float64, see func(body)) body {
	start := speed
	if f.burn > 0 {
		start = 45
	}
	sin, cos := math.Sincos(elevation)
	b := body{vx: start * cos, vz: start * sin, z: 1}
	thrust := 0.0
	if f.burn > 0 {
		thrust = (speed - start) / f.burn
	}
	for b.t < 200 {
		if see != nil {
			see(b)
		}
		ax, az := f.push(b, thrust)
		half := body{b.t + dt/2, b.x + dt/2*b.vx, b.z + dt/2*b.vz, b.vx + dt/2*ax, b.vz + dt/2*az}
		ax, az = f.push(half, thrust)
		next := body{b.t + dt, b.x + dt*half.vx, b.z + dt*half.vz, b.vx + dt*ax, b.vz + dt*az}
		if next.z <= 0 {
			share := b.z / (b.z - next.z)
			return body{b.t + share*dt, b.x + share*(next.x-b.x), 0, next.vx, next.vz}
		}
		b = next
	}
	return b
}

// push is the acceleration: weight, drag in air that thins with the height, and a rocket's
// thrust in place of its drag.
func (f *flight) push(b body, thrust float64) (ax, az float64) {
	v := math.Hypot(b.vx, b.vz)
	if b.t < f.burn {
		return thrust * b.vx / v, thrust*b.vz/v - 9.81
	}
	mach := v / (SpeedAcoustic * (1 - b.z/90_000))
	k := .5 * f.density * math.Exp(-b.z/9300) * f.shape * f.drag * dragAt(mach) * math.Pi / 4 * f.calibre * f.calibre / f.mass
	return -k * v * b.vx, -k*v*b.vz - 9.81
}

// dragAt is how drag rises at the speed of sound and falls beyond it, between values of a
// shell of an ordinary shape.
func dragAt(mach float64) float64 {
	table := [...][2]float64{{0, 1}, {.8, 1}, {.9, 1.15}, {.95, 1.5}, {1, 2.1}, {1.05, 2.45}, {1.2, 2.45}, {1.5, 2.2}, {2, 1.85}, {2.5, 1.6}, {3, 1.45}, {9, 1.2}}
	for i := 1; i < len(table); i++ {
		if a, b := table[i-1], table[i]; mach < b[0] {
			return a[1] + (mach-a[0])/(b[0]-a[0])*(b[1]-a[1])
		}
	}
	return 1.2
}

// aim finds the elevation at which a charge comes down at a distance; false: it does not.
func (f *flight) aim(speed, distance float64, steep bool) (float64, bool) {
	const coarse, steps, slack = .1, 16, 100.0
	if f.burn == 0 && distance > speed*speed/9.81+slack { // not even without air
		return 0, false
	}
	at := func(degrees float64) float64 { return f.fly(speed, degrees*math.Pi/180, coarse, nil).x }
	low, high, top, most := f.low, f.high, f.low, 0.0
	for degrees := f.low; degrees <= f.high; degrees += 3 {
		if x := at(degrees); x > most {
			top, most = degrees, x
		}
	}
	if steep {
		low = max(f.low, top)
	} else {
		high = top
	}
	near, far := at(low), at(high)
	if (near < distance) == (far < distance) {
		return 0, false
	}
	for range steps {
		middle := (low + high) / 2
		if (at(middle) < distance) == (near < distance) {
			low = middle
		} else {
			high = middle
		}
	}
	return low * math.Pi / 180, true
}

// arm draws a kind of weapon.
func (d *duelist) arm() *gun {
	total := 0
	for i := range guns {
		total += guns[i].share
	}
	n := d.dice.IntN(total)
	for i := range guns {
		if n -= guns[i].share; n < 0 {
			return &guns[i]
		}
	}
	return &guns[0]
}

// load draws a lot of shells, a charge and the elevation that reaches a distance. It is false
// when the weapon does not.
func (d *duelist) load(g *gun, distance float64) (f flight, speed, elevation float64, ok bool) {
	f = flight{g, 1.225 * (1 + .03*d.dice.NormFloat64()), 1 + .05*d.dice.NormFloat64()}
	if distance < g.least {
		return f, 0, 0, false
	}
	steep := g.steep || g.high > 60 && d.dice.Float64() < .1
	lot := 1 + lotSpread*d.dice.NormFloat64()
	for _, charge := range d.dice.Perm(len(g.speeds)) {
		speed = g.speeds[charge] * lot
		if elevation, ok = f.aim(speed, distance, steep); ok {
			break
		}
	}
	return f, speed, elevation, ok
}

// loud is how a blast sounds: the logarithm of its pascals at 1 km, how it falls with
// distance, and for a muzzle where it points to, louder ahead than behind.
type loud struct {
	base, fall float64
	ahead      geo.Degrees
	directed   float64
}

// fire draws the rounds of one gun, or two side by side, at a target. It says whether the
// weapon reaches it.
func (d *duelist) fire(g *gun, at truce.Instant, from, to [2]float64) bool {
	f, speed, elevation, ok := d.load(g, math.Hypot(to[0]-from[0], to[1]-from[1]))
	if !ok {
		return false
	}
	tubes := 1
	if d.dice.Float64() < pairShare {
		tubes = 2
	}
	fall := 1.5 + .1*d.dice.NormFloat64()
	reach := math.Exp(.25 * d.dice.NormFloat64()) // the weather of the hour
	when, tube := at, 0
	for range 1 + d.dice.IntN(f.rounds) {
		place := [2]float64{from[0] + pairApart*float64(tube), from[1]}
		d.round(f, when, place, to, speed, elevation, reach, fall)
		tube = (tube + 1) % tubes
		when = after(when, f.pause*math.Exp(.35*d.dice.NormFloat64())/float64(tubes))
	}
	d.fires++
	return true
}

// round fires one shot.
func (d *duelist) round(f flight, when truce.Instant, from, to [2]float64, speed, elevation, reach, fall float64) {
	direction := math.Atan2(to[0]-from[0], to[1]-from[1]) + aimSpread*d.dice.NormFloat64()
	sin, cos := math.Sincos(direction)
	const fine = .01
	var path []body
	end := f.fly(speed*(1+chargeSpread*d.dice.NormFloat64()), elevation, fine, func(b body) { path = append(path, b) })
	impact := [2]float64{from[0] + sin*end.x, from[1] + cos*end.x}
	shot := Shot{
		Fire: d.fires, Class: f.class, Time: when, Launch: d.spot(from), Impact: d.spot(impact), Flight: end.t, Muzzle: -1, Burst: -1,
	}
	shot.Side = d.out.Line.SideOf(shot.Launch)
	number := len(d.out.Shots)
	d.out.Shots = append(d.out.Shots, shot)
	ahead := geo.Degrees(direction * 180 / math.Pi)
	muzzle := loud{math.Log(41) + .3667*math.Log(f.muzzleKg) + .3*d.dice.NormFloat64(), fall, ahead, .3}
	if !d.cfg.Muffled {
		d.blow(source{time: when, e: from[0], n: from[1], reach: f.muzzleR * reach}, blast{shot: number, muzzle: true}, muzzle)
	}
	d.blow(source{time: after(when, end.t), e: impact[0], n: impact[1], reach: f.burstR * reach}, blast{shot: number},
		loud{base: math.Log(41) + .3667*math.Log(f.burstKg) + .3*d.dice.NormFloat64(), fall: fall})
	d.shock(number, when, from, sin, cos, path)
}

func (d *duelist) spot(p [2]float64) geo.Point {
	return place(d.plane.From(geo.Metres(p[0]), geo.Metres(p[1])))
}
