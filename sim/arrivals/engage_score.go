package arrivals

import (
	"fmt"
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// FoundShot is a shot of the answer.
type FoundShot struct {
	Muzzle, Impact int // indices of the found events; Muzzle -1: none
	Launch         *geo.Position
	Target         geo.Position

	Direction, DirectionSigma geo.Degrees
	Classes                   map[string]float64 // by the names of GunClasses; the rest is not known
	Probability               float64
	Salvo                     float64    // that the same gun fired within a minute
	Left, Right               float64    // of the line
	Near, Far                 geo.Metres // of one without a muzzle: hold the distance with 90 %
}

// ShotScore is how an answer about shots compares with the truth. Scores add up.
type ShotScore struct {
	Shots   int // true ones
	Heard   int // of which muzzle and impact were heard by five each
	Located int // of which both were found as events
	Found   int
	Right   int               // found with both events of one true shot
	Sure    int               // of the right, those that count as heard
	ByClass map[string][3]int // heard, located, right

	// Shots without a muzzle; true impacts; true direction within 1.645 sigma; true distance
	// between Near and Far.
	Sectors, SectorsRight, SectorsIn, SectorsFar int

	Launch, Impact       Spread
	DirectionIn          int // true direction within 1.645 sigma
	Pair, Salvo, Side    Brier
	Class, ClassBase     Brier   // over all classes of a shot; the base tells the shares of the field
	Named, NamedRight    int     // classes given more than half, and those that are right
	NamedSaid            float64 // sum of what they were given
	SideGiven, SideWrong int
	SideHeard            int // given ones of shots that count as heard
}

// Spread is how far off places are.
type Spread struct {
	N, Inside int       // in the stated 90 % ellipse
	Over      []float64 // errors over their Cramer-Rao bounds
}

// Brier sums squared errors of probabilities.
type Brier struct {
	N   int
	Sum float64
}

// Mean is the score, 0 for none.
func (b Brier) Mean() float64 { return b.Sum / math.Max(1, float64(b.N)) }

func (b *Brier) add(p float64, is bool) {
	b.N++
	if is {
		p = 1 - p
	}
	b.Sum += p * p
}

// SideBar is how probable a side must be for it to be given.
const SideBar = .85

// salvoSeconds is the longest between two rounds of a salvo.
const salvoSeconds = 60

// ScoreShots holds an answer about shots against the truth. A found event stands for the
// true one that at least half of its arrivals come from; a found shot is right when its two
// stand for the muzzle and the impact of one true shot. One without a muzzle counts apart. A side is right when it is that of
// the shot whose muzzle blast most of the arrivals come from.
func (d *Duels) ScoreShots(events []Found, shots []FoundShot) ShotScore {
	s := ShotScore{Shots: len(d.Shots), ByClass: map[string][3]int{}}
	truth, most, found := d.standFor(events)
	muzzleOf, burstOf := map[int]int{}, map[int]int{}
	for i, shot := range d.Shots {
		muzzleOf[shot.Muzzle], burstOf[shot.Burst] = i, i
		if d.audible(shot.Muzzle) && d.audible(shot.Burst) {
			by := s.ByClass[shot.Class]
			s.Heard++
			by[0]++
			if found[shot.Muzzle] && found[shot.Burst] {
				s.Located++
				by[1]++
			}
			s.ByClass[shot.Class] = by
		}
	}
	delete(muzzleOf, -1)
	delete(burstOf, -1)
	shares := d.classShares()
	for _, f := range shots {
		shot, fired := lookUp(f.Muzzle, truth, muzzleOf)
		burst, hit := lookUp(f.Impact, truth, burstOf)
		if f.Muzzle < 0 {
			s.sector(d, f, burst, hit)
			s.side(d, f, burst, hit)
			continue
		}
		s.Found++
		right := fired && hit && shot == burst
		s.Pair.add(f.Probability, right)
		from, fired := lookUp(f.Muzzle, most, muzzleOf)
		s.side(d, f, from, fired)
		if right {
			s.right(d, f, shot, shares)
		}
	}
	return s
}

// audible says whether a true event was heard by as many as workload A asks for.
func (d *Duels) audible(event int) bool {
	return event >= 0 && len(d.Events[event].Picks) >= leastAcousticPicks
}

// standFor gives the true event of each found one, that which most of its arrivals come from
// even if these are fewer than half, and which true ones were found.
func (d *Duels) standFor(events []Found) (truth, most map[int]int, found map[int]bool) {
	truth, most, found = map[int]int{}, map[int]int{}, map[int]bool{}
	owner := d.owners()
	for i, f := range events {
		event, shared := mostFrequent(f.Arrivals, owner)
		if event < 0 {
			continue
		}
		if most[i] = event; 2*shared >= len(f.Arrivals) {
			truth[i], found[event] = event, true
		}
	}
	return truth, most, found
}

func lookUp(event int, truth, shotOf map[int]int) (shot int, ok bool) {
	of, ok := truth[event]
	if !ok {
		return 0, false
	}
	shot, ok = shotOf[of]
	return shot, ok
}

// sector counts a shot of which only the impact is an event.
func (s *ShotScore) sector(d *Duels, f FoundShot, burst int, hit bool) {
	s.Sectors++
	if !hit {
		return
	}
	s.SectorsRight++
	away, _, azimuth := geo.Inverse(d.Shots[burst].Launch, d.Shots[burst].Impact)
	if away >= f.Near && away <= f.Far {
		s.SectorsFar++
	}
	if math.Abs(math.Remainder(float64(f.Direction-azimuth), 360)) <= 1.645*float64(f.DirectionSigma) {
		s.SectorsIn++
	}
}

// side counts a side given; that of what is no muzzle is wrong.
func (s *ShotScore) side(d *Duels, f FoundShot, shot int, fired bool) {
	if f.Left+f.Right == 0 {
		return
	}
	left := fired && d.Shots[shot].Side == geo.Left
	s.Side.add(f.Left/(f.Left+f.Right), left)
	if max(f.Left, f.Right) < SideBar {
		return
	}
	s.SideGiven++
	if fired && d.audible(d.Shots[shot].Muzzle) && d.audible(d.Shots[shot].Burst) {
		s.SideHeard++
	}
	if !fired || (f.Left > f.Right) != left {
		s.SideWrong++
	}
}

// right counts what is said of a shot whose events are right.
func (s *ShotScore) right(d *Duels, f FoundShot, number int, shares map[string]float64) {
	shot := &d.Shots[number]
	s.Right++
	if d.audible(shot.Muzzle) && d.audible(shot.Burst) {
		by := s.ByClass[shot.Class]
		by[2]++
		s.ByClass[shot.Class] = by
		s.Sure++
	}
	if f.Launch != nil {
		s.Launch.add(*f.Launch, shot.Launch, d.Bound(d.Events[shot.Muzzle]))
	}
	s.Impact.add(f.Target, shot.Impact, d.Bound(d.Events[shot.Burst]))
	_, azimuth, _ := geo.Inverse(shot.Launch, shot.Impact)
	if math.Abs(math.Remainder(float64(f.Direction-azimuth), 360)) <= 1.645*float64(f.DirectionSigma) {
		s.DirectionIn++
	}
	s.Salvo.add(f.Salvo, d.again(number))
	s.classes(f, shot.Class, shares)
}

func (s *ShotScore) classes(f FoundShot, class string, shares map[string]float64) {
	told, base := 0.0, 0.0
	rest := 1.0
	for _, name := range GunClasses() {
		is := 0.0
		if name == class {
			is = 1
		}
		told += (f.Classes[name] - is) * (f.Classes[name] - is)
		base += (shares[name] - is) * (shares[name] - is)
		rest -= f.Classes[name]
		if f.Classes[name] > .5 {
			s.Named++
			s.NamedSaid += f.Classes[name]
			s.NamedRight += int(is)
		}
	}
	s.Class.N++
	s.Class.Sum += told + rest*rest
	s.ClassBase.N++
	s.ClassBase.Sum += base
}

func (s *Spread) add(told geo.Position, is geo.Point, bound geo.Metres) {
	away, azimuth, _ := geo.Inverse(told.Point, is)
	s.N++
	if inside90(told.Error.Ellipse(), away, azimuth) {
		s.Inside++
	}
	s.Over = append(s.Over, float64(away/bound))
}

// again says whether another shot of the same fire, of one gun or two side by side, came within
// a minute.
func (d *Duels) again(number int) bool {
	shot := &d.Shots[number]
	for i := range d.Shots {
		o := &d.Shots[i]
		if i != number && o.Fire == shot.Fire && math.Abs(o.Time.Sub(shot.Time).Seconds()) <= salvoSeconds {
			return true
		}
	}
	return false
}

// classShares are how often each class fires in this world.
func (d *Duels) classShares() map[string]float64 {
	out := map[string]float64{}
	for _, s := range d.Shots {
		out[s.Class] += 1 / float64(len(d.Shots))
	}
	return out
}

// Plus is the score over two worlds.
func (s ShotScore) Plus(o ShotScore) ShotScore {
	by := map[string][3]int{}
	for _, name := range GunClasses() {
		a, b := s.ByClass[name], o.ByClass[name]
		by[name] = [3]int{a[0] + b[0], a[1] + b[1], a[2] + b[2]}
	}
	return ShotScore{
		Shots: s.Shots + o.Shots, Heard: s.Heard + o.Heard, Located: s.Located + o.Located, Found: s.Found + o.Found, Right: s.Right + o.Right, Sure: s.Sure + o.Sure, ByClass: by,
		Sectors: s.Sectors + o.Sectors, SectorsRight: s.SectorsRight + o.SectorsRight, SectorsIn: s.SectorsIn + o.SectorsIn, SectorsFar: s.SectorsFar + o.SectorsFar,
		Launch: s.Launch.plus(o.Launch), Impact: s.Impact.plus(o.Impact), DirectionIn: s.DirectionIn + o.DirectionIn,
		Pair: s.Pair.plus(o.Pair), Salvo: s.Salvo.plus(o.Salvo), Side: s.Side.plus(o.Side), Class: s.Class.plus(o.Class), ClassBase: s.ClassBase.plus(o.ClassBase),
		Named: s.Named + o.Named, NamedRight: s.NamedRight + o.NamedRight, NamedSaid: s.NamedSaid + o.NamedSaid,
		SideGiven: s.SideGiven + o.SideGiven, SideWrong: s.SideWrong + o.SideWrong, SideHeard: s.SideHeard + o.SideHeard,
	}
}

func (s Spread) plus(o Spread) Spread {
	return Spread{s.N + o.N, s.Inside + o.Inside, append(slices.Clone(s.Over), o.Over...)}
}

func (b Brier) plus(o Brier) Brier { return Brier{b.N + o.N, b.Sum + o.Sum} }

// Precision is the share of the found shots that are right.
func (s ShotScore) Precision() float64 { return share(s.Right, s.Found) }

// Recall is the share of the shots whose two blasts were heard by five that were found.
func (s ShotScore) Recall() float64 { return share(s.Sure, s.Heard) }

// RecallLocated is Recall of those whose two blasts were found as events.
func (s ShotScore) RecallLocated() float64 { return share(s.Sure, s.Located) }

// SideShare is the share of the shots heard, tied or not, that were given a side.
func (s ShotScore) SideShare() float64 { return share(s.SideHeard, s.Heard) }

// WrongSide is the share of the sides given that are wrong.
func (s ShotScore) WrongSide() float64 { return share(s.SideWrong, s.SideGiven) }

// Coverage is the share inside the stated 90 % ellipse.
func (s Spread) Coverage() float64 { return share(s.Inside, s.N) }

// OverBound is the median of the errors over their Cramer-Rao bounds; a perfect fit has
// about 0.8. 0 for none.
func (s Spread) OverBound() float64 {
	if len(s.Over) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.Over))
	return sorted[len(sorted)/2]
}

// String is the score in a few lines.
func (s ShotScore) String() string {
	out := fmt.Sprintf("%d shots, %d heard, %d located, %d found, %d right: precision %.3f, recall %.3f, of the located %.3f; pair Brier %.3f\n"+
		"launch 90%% ellipse holds %.1f%%, %.2f of the bound; impact %.1f%%, %.2f; direction 90%% holds %.1f%%\n"+
		"class Brier %.3f (base rate %.3f), named %d, said %.3f, right %.3f; salvo Brier %.3f; side given %.3f of heard, wrong %.4f, Brier %.4f\n"+
		"%d without a muzzle, %d of true impacts, %d of these with the true direction in 90%%, %d with the true distance",
		s.Shots, s.Heard, s.Located, s.Found, s.Right, s.Precision(), s.Recall(), s.RecallLocated(), s.Pair.Mean(),
		100*s.Launch.Coverage(), s.Launch.OverBound(), 100*s.Impact.Coverage(), s.Impact.OverBound(), 100*share(s.DirectionIn, s.Right),
		s.Class.Mean(), s.ClassBase.Mean(), s.Named, s.NamedSaid/math.Max(1, float64(s.Named)), share(s.NamedRight, s.Named), s.Salvo.Mean(), s.SideShare(), s.WrongSide(), s.Side.Mean(), s.Sectors, s.SectorsRight, s.SectorsIn, s.SectorsFar)
	for _, name := range GunClasses() {
		by := s.ByClass[name]
		out += fmt.Sprintf("\n  %-22s heard %4d, located %4d, right %4d", name, by[0], by[1], by[2])
	}
	return out
}
