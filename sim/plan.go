package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// The roles a day can have, in turn.
const (
	quietDay = iota
	breachDay
	easingDay
	roles
)

// recipe says how often an act happens on a day of each role, when, where and how.
// Everything is drawn for both sides alike.
type recipe struct {
	act     truce.Act
	perDay  [roles]float64
	hours   [2]float64 // UTC
	metres  [2]float64 // distance from the contact line
	rounds  [2]int
	minutes [2]float64 // how long it lasts
	unit    truce.Unit
	duel    int     // engagements in a row at one place, the sides taking turns; 0: none
	originM float64 // how far behind the line it comes from; 0: nothing to say
	burns   float64 // chance that it sets something alight
	onRoad  bool
}

var recipes = []recipe{
	{act: truce.ActIndirectFire, perDay: [3]float64{0, 22, 5}, hours: [2]float64{4.5, 20.5}, metres: [2]float64{900, 7000},
		rounds: [2]int{3, 24}, minutes: [2]float64{1, 7}, unit: truce.UnitEngagement, duel: 5, originM: 6000, burns: 0.25},
	{act: truce.ActDirectFire, perDay: [3]float64{0, 6, 2}, hours: [2]float64{6, 21}, metres: [2]float64{400, 1800},
		rounds: [2]int{5, 60}, minutes: [2]float64{0.5, 4}, unit: truce.UnitEngagement, originM: 700},
	{act: truce.ActSniper, perDay: [3]float64{0, 2, 1}, hours: [2]float64{8, 19}, metres: [2]float64{400, 1200},
		rounds: [2]int{1, 3}, minutes: [2]float64{0.2, 1}, unit: truce.UnitEngagement, originM: 500},
	{act: truce.ActFPVUAV, perDay: [3]float64{0, 4, 1}, hours: [2]float64{8, 20}, metres: [2]float64{500, 6000},
		rounds: [2]int{1, 1}, minutes: [2]float64{0.1, 0.3}, unit: truce.UnitEngagement, originM: 4000, burns: 0.3},
	{act: "recon_uav", perDay: [3]float64{1, 4, 2}, hours: [2]float64{6, 20}, metres: [2]float64{300, 1800},
		rounds: [2]int{1, 1}, minutes: [2]float64{8, 25}, unit: truce.UnitFlight},
	{act: "armed_uav", perDay: [3]float64{0, 2, 0}, hours: [2]float64{6, 22}, metres: [2]float64{300, 1800},
		rounds: [2]int{1, 1}, minutes: [2]float64{8, 25}, unit: truce.UnitFlight},
	{act: truce.ActNewTrench, perDay: [3]float64{0, 2, 0}, hours: [2]float64{7, 12}, metres: [2]float64{600, 1700},
		rounds: [2]int{1, 1}, minutes: [2]float64{120, 300}, unit: truce.UnitObject},
	{act: truce.ActPresenceInZone, perDay: [3]float64{0, 1, 1}, hours: [2]float64{7, 17}, metres: [2]float64{600, 1700},
		rounds: [2]int{1, 4}, minutes: [2]float64{40, 200}, unit: truce.UnitObjectDay},
	{act: truce.ActDenyAccess, perDay: [3]float64{0, 2, 1}, hours: [2]float64{9, 17}, metres: [2]float64{2000, 9000},
		rounds: [2]int{1, 1}, minutes: [2]float64{20, 60}, unit: truce.UnitDenial, onRoad: true},
	{act: "delay_access", perDay: [3]float64{1, 1, 1}, hours: [2]float64{9, 17}, metres: [2]float64{2000, 9000},
		rounds: [2]int{1, 1}, minutes: [2]float64{35, 90}, unit: truce.UnitDenial, onRoad: true},
	{act: truce.ActJamGNSS, perDay: [3]float64{0, 3, 1}, hours: [2]float64{5, 21}, metres: [2]float64{1500, 8000},
		rounds: [2]int{1, 1}, minutes: [2]float64{30, 140}, unit: truce.UnitDenial},
}

// stage is an act at a place fixed in advance, whatever the seed.
type stage struct {
	act     truce.Act
	also    []truce.Act
	day     int
	hour    float64
	site    string
	place   vec // when there is no site
	rounds  int
	unit    truce.Unit
	fireMW  float64
	burnsH  float64
	permits bool // permitted, so no origin
	unseen  truce.Family
}

// deminingField is where party A has notified demining on the second and third day,
// within 1 km from 10:00 to 14:00 UTC. No patrol is there on the second day, so that
// only the window can explain what was heard; the last explosion comes after the end.
var deminingField = km(-21.5, 20)

// notify lists the windows of the exercise.
func (w *World) notify() {
	for day := 1; day < min(3, w.cfg.Days); day++ {
		w.truth.Windows = append(w.truth.Windows, Window{Kind: "demining", Bearer: PartyA,
			From: w.at(day, 10), To: w.at(day, 14), Point: deminingField.point(), RadiusM: 1000})
	}
}

var stages = []stage{
	{act: truce.ActMissileStrike, also: []truce.Act{truce.ActAttackEnergy}, day: 1, hour: 11.62, site: SitePower, rounds: 2,
		unit: truce.UnitSiteEvent, fireMW: 95, burnsH: 9},
	{act: truce.ActOWAUAV, also: []truce.Act{truce.ActAttackEnergy}, day: 2, hour: 1.35, site: SiteSubstation, rounds: 3,
		unit: truce.UnitSiteEvent, fireMW: 30, burnsH: 4},
	{act: truce.ActControlledExplos, day: 1, hour: 11.33, place: deminingField, rounds: 3, unit: truce.UnitExplosion, permits: true,
		unseen: truce.FamilyPatrol},
	{act: truce.ActControlledExplos, day: 2, hour: 12.08, place: deminingField, rounds: 2, unit: truce.UnitExplosion, permits: true},
	{act: truce.ActControlledExplos, day: 2, hour: 14.84, place: deminingField, rounds: 1, unit: truce.UnitExplosion, permits: true},
}

// plan decides what happens: staged acts, then the recipes, then the nuisances.
func (w *World) plan() {
	w.notify()
	for _, s := range stages {
		if s.day < w.cfg.Days {
			w.perform(s)
		}
	}
	for _, rc := range recipes {
		r := stream(w.cfg.Seed, "act/"+string(rc.act))
		for day := range w.cfg.Days {
			w.cook(r, rc, day)
		}
	}
	w.annoy()
}

func (w *World) perform(s stage) {
	at := s.place
	if site, ok := w.island.Site(s.site); ok {
		at = plane(site.Point)
	}
	h := Happening{Act: s.act, Also: s.also, From: w.at(s.day, s.hour), Site: s.site, Count: s.rounds, Unit: s.unit, unseenBy: s.unseen}
	h.To = h.From.Add(time.Duration(s.rounds-1) * 2 * time.Minute)
	h = w.happen(h, at)
	if !s.permits {
		w.setOrigin(len(w.truth.Happenings)-1, 20000)
	}
	if s.fireMW > 0 {
		w.fires = append(w.fires, blaze(h.ID, at, h.To, s.burnsH, s.fireMW))
	}
}

// cook makes one day's helping of a recipe.
func (w *World) cook(r *rand.Rand, rc recipe, day int) {
	n := int(math.Round(rc.perDay[day%roles] * w.cfg.Scale))
	each := max(1, rc.duel)
	courses := (n + each - 1) / each
	for i, slot := range r.Perm(courses) {
		// Courses are spread over the line, so that no area is left out by chance.
		spot := 0.06 + 0.88*(float64(slot)+r.Float64())/float64(courses)
		w.serve(r, rc, day, spot, min(each, n-i*each))
	}
}

// serve makes the engagements of one duel, or a single act, near a spot of the line.
func (w *World) serve(r *rand.Rand, rc recipe, day int, spot float64, n int) {
	hour := rc.hours[0] + r.Float64()*(rc.hours[1]-rc.hours[0])
	left := r.IntN(2) == 0
	for range n {
		from := w.at(day, hour)
		at := w.findPlace(r, rc, day, spot, left, from)
		lasts := between(r, rc.minutes)
		h := Happening{Act: rc.act, From: from, To: from.Add(time.Duration(lasts * float64(time.Minute))),
			Count: rc.rounds[0] + r.IntN(rc.rounds[1]-rc.rounds[0]+1), Unit: rc.unit}
		h = w.happen(h, at)
		if rc.originM > 0 {
			w.setOrigin(len(w.truth.Happenings)-1, rc.originM*(0.5+r.Float64()))
		}
		if r.Float64() < rc.burns {
			w.fires = append(w.fires, blaze(h.ID, at, from, 1+2*r.Float64(), 3+9*r.Float64()))
		}
		hour += (18 + 22*r.Float64()) / 60
		left = !left
	}
}

func between(r *rand.Rand, span [2]float64) float64 { return span[0] + r.Float64()*(span[1]-span[0]) }

// happen enters an act in the truth with its place described.
func (w *World) happen(h Happening, at vec) Happening {
	h.ID = fmt.Sprintf("T-%04d", len(w.truth.Happenings)+1)
	h.Point = at.point()
	h.Place = w.describe(at)
	h.Area = w.island.AreaOf(h.Point)
	h.Side = w.island.Holder(h.Point)
	h.FromLineM = geo.Metres(math.Round(float64(w.island.FromLine(h.Point))))
	h.AtSea = !w.island.OnLand(h.Point)
	w.truth.Happenings = append(w.truth.Happenings, h)
	m := moment{h.From, at}
	w.moments[m.slot()] = append(w.moments[m.slot()], m)
	return h
}

// setOrigin puts the origin across the line, so many metres behind it or, where the
// line bends back, as much farther as it takes.
func (w *World) setOrigin(i int, behind float64) {
	h := &w.truth.Happenings[i]
	at := plane(h.Point)
	near := nearestOn(w.island.line, at)
	across := near.sub(at)
	for try := 1.0; try < 6; try++ {
		p := near.add(across.scale(try * behind / max(1, across.length()))).point()
		if side := w.island.Holder(p); side != h.Side {
			h.Origin, h.OriginSide = &p, side
			return
		}
	}
}

func nearestOn(path []vec, p vec) vec {
	best := path[0]
	for i := 0; i+1 < len(path); i++ {
		if q, _ := toSegment(p, path[i], path[i+1]); p.distance(q) < p.distance(best) {
			best = q
		}
	}
	return best
}

// findPlace draws a place for an act near a spot of the line: on land, on the wanted
// side of the line of that day and of the agreement, and apart from what happens at
// about the same time.
func (w *World) findPlace(r *rand.Rand, rc recipe, day int, spot float64, left bool, from truce.Instant) vec {
	best := w.offLine(r, rc, day, spot, left)
	for try := range placeTries {
		if w.suits(best, rc, left, day) && (try >= crowdTries || !w.crowded(best, from)) {
			return best
		}
		best = w.offLine(r, rc, day, spot, left)
	}
	return best
}

func (w *World) offLine(r *rand.Rand, rc recipe, day int, spot float64, left bool) vec {
	line := w.contact[day+1]
	along := min(0.97, max(0.03, spot+0.02*r.NormFloat64())) * float64(len(line)-1)
	i := int(along)
	base := lerp(line[i], line[i+1], along-float64(i))
	aside := line[min(i+4, len(line)-1)].sub(line[max(i-3, 0)]).left()
	if !left {
		aside = aside.scale(-1)
	}
	at := base.add(aside.scale(between(r, rc.metres) / aside.length()))
	if rc.onRoad {
		at = w.nearestRoad(at)
	}
	return plane(at.point())
}

func (w *World) nearestRoad(p vec) vec {
	best := vec{math.Inf(1), 0}
	for _, road := range w.island.roads {
		if q := nearestOn(road, p); p.distance(q) < p.distance(best) {
			best = q
		}
	}
	return best
}

func (w *World) suits(p vec, rc recipe, left bool, day int) bool {
	if !inside(w.island.shore, p) {
		return false
	}
	agreed, drawn := toPath(w.island.line, p), toPath(w.contact[day+1], p)
	if (agreed > 0) != left || (drawn > 0) != left {
		return false
	}
	return rc.onRoad || math.Abs(drawn) >= 0.7*rc.metres[0]
}

// Two acts nearer than this in time and place are taken for one, so they are kept apart.
const (
	apartTime = 25 * time.Minute
	apartM    = 3000.0
)

// moment is when and where something happens; slot is the box of time and ground it
// lies in.
type moment struct {
	from truce.Instant
	at   vec
}

type slot [3]int

func (m moment) slot() slot {
	return slot{int(m.from / truce.Instant(apartTime.Microseconds())), int(math.Floor(m.at.e / apartM)), int(math.Floor(m.at.n / apartM))}
}

// crowded says whether something happens near a place at about the same time.
func (w *World) crowded(p vec, from truce.Instant) bool {
	m := moment{from, p}
	middle := m.slot()
	for i := range 27 {
		near := slot{middle[0] + i/9 - 1, middle[1] + i/3%3 - 1, middle[2] + i%3 - 1}
		for _, other := range w.moments[near] {
			apart := other.from.Sub(from)
			if max(apart, -apart) < apartTime && other.at.distance(p) < apartM {
				return true
			}
		}
	}
	return false
}

var winds = []string{"N", "NE", "E", "SE", "S", "SW", "W", "NW"}

// describe names a place by the nearest town, as a person would.
func (w *World) describe(p vec) string {
	town, away := w.island.Nearest(p.point())
	if away <= town.Radius {
		return town.Name
	}
	from := p.sub(plane(town.Point))
	turn := math.Mod(math.Atan2(from.e, from.n)*180/math.Pi+360+22.5, 360)
	return fmt.Sprintf("%.1f km %s of %s", float64(away)/1000, winds[int(turn/45)], town.Name)
}
