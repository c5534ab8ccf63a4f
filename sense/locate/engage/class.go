package engage

import "math"

// Class is a kind of weapon as far as its sounds tell it from others.
type Class uint8

// The classes. NotKnown stands for everything else that flies and bursts.
const (
	NotKnown Class = iota
	Mortar60
	Mortar82
	Mortar120
	Howitzer122
	Howitzer152
	Howitzer155
	TankGun
	Rocket122

	classes = iota
)

var classNames = [classes]string{
	"not known", "mortar 60 mm", "mortar 82 mm", "mortar 120 mm", "howitzer 122 mm", "howitzer 152 mm", "howitzer 155 mm",
	"tank gun, direct fire", "rocket 122 mm",
}

// String names the class for people.
func (c Class) String() string { return classNames[min(int(c), classes-1)] }

// kind is what is taken for a class: one weapon that stands for it, how it is fired, and
// how it sounds.
type kind struct {
	like   string // the weapon whose published figures these are
	shell  shell
	speeds []float64 // m/s, of its charges, rising
	low    float64   // degrees, least elevation
	high   float64
	least  float64 // m, nearest that it is fired at
	reach  float64 // m, published greatest range, at the speed of the shell
	steep  float64 // share of its fire above 45 degrees
	prior  float64 // before anything is known
	pause  float64 // s between the shots of one gun, median
	spread float64 // of the logarithm of the pause
	muzzle float64 // kg of TNT that the shot sounds like
	burst  float64 // kg of TNT in what arrives
}

// kinds are the classes. Speeds, masses, ranges, rates of fire and fillings are those
// commonly published for the weapon named, by its maker and in handbooks such as the
// Worldwide Equipment Guide of the US Army (TRADOC G-2), rounded; form is set so that the
// greatest range comes out, which a test holds to 2 %. The pause is a minute over about half of the
// published greatest rate of fire. What a muzzle sounds like is an estimate: a fifth of the propellant's
// energy (a rocket: its igniter); the spread in levels allows for it.
var kinds = [classes]kind{
	Mortar60:    {"M224, M720 bomb", shell{1.7, .060, .099, 213, 0, 0}, spaced(90, 213, 9), 45, 85, 150, 3490, 1, .09, 4, .6, .03, .3},
	Mortar82:    {"2B9, O-832 bomb", shell{3.1, .082, .152, 272, 0, 0}, spaced(100, 272, 12), 45, 85, 200, 4270, 1, .17, 4.5, .6, .06, .45},
	Mortar120:   {"2S12, OF-843 bomb", shell{16, .120, .162, 325, 0, 0}, spaced(130, 325, 12), 45, 80, 480, 7100, 1, .2, 6, .6, .3, 2.5},
	Howitzer122: {"D-30, OF-462", shell{21.76, .122, .169, 690, 0, 0}, spaced(270, 690, 12), 1, 68, 1500, 15_300, .1, .17, 11, .6, 1.2, 3.7},
	Howitzer152: {"D-20, OF-540", shell{43.56, .152, .155, 655, 0, 0}, spaced(275, 700, 12), 1, 65, 2000, 17_400, .1, .14, 15, .6, 2.5, 6},
	Howitzer155: {"M198, M107", shell{43.1, .155, .151, 684, 0, 0}, spaced(235, 700, 12), 1, 68, 2000, 18_100, .1, .06, 17, .6, 3, 6.8},
	TankGun:     {"2A46, OF26", shell{23, .125, .251, 850, 0, 0}, spaced(820, 880, 2), .1, 4.5, 400, 10_000, 0, .1, 11, .6, 2, 3.2},
	Rocket122:   {"BM-21, 9M22U", shell{46, .122, .227, 690, 50, 1.7}, spaced(540, 700, 5), 3, 52, 3000, 20_380, .05, .07, 1, .7, .3, 6.4},
}

// spaced are n speeds from least to most, evenly.
func spaced(least, most float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = least + (most-least)*float64(i)/float64(n-1)
	}
	return out
}

// of is the shell with another charge.
func (k *kind) of(speed float64) shell {
	s := k.shell
	s.speed = speed
	return s
}

// loudness is the logarithm of the peak overpressure in pascals at 1 km of so many
// kilograms of TNT at the ground: 41 Pa for one, growing with the power 0.3667 (ANSI
// S2.20-1983, whose formula counts kilotons of nuclear yield, twice those of TNT).
func loudness(kg float64) float64 { return math.Log(41) + .3667*math.Log(kg) }
