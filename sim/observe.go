package sim

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// row is one observation of the ground, before it has an id and a line.
type row struct {
	family truce.Family
	sensor truce.SensorID
	from   truce.Instant
	to     truce.Instant
	at     *vec
	sigma  float64
	act    truce.Act
	count  int
	unit   truce.Unit
	accuse truce.PartyID
	place  string
	text   string
	url    string
	cause  string
}

// observe lets everybody watch, then writes the files and closes the truth.
func (w *World) observe() {
	w.truth.Outages = w.outages()
	rows := append(w.watchGround(), w.troubleRows()...)
	w.files = append(w.files, w.cloudFile())
	w.files = append(w.files, w.controlFiles()...)
	w.files = append(w.files, w.firmsFiles()...)
	w.files = append(w.files, w.newsFiles()...)
	w.files = append(w.files, w.reportFiles(rows)...)
	w.files = append(w.files, w.healthFile())
	w.files = append(w.files, w.earFiles()...)
	w.files = append(w.files, w.flightFiles()...)
	slices.SortFunc(w.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	w.truth.seal()
}

// watchGround asks every family about every happening.
func (w *World) watchGround() []row {
	r := stream(w.cfg.Seed, "ground")
	all := w.network()
	var out []row
	for _, h := range w.truth.Happenings {
		for _, m := range manners {
			if m.act != h.Act || m.family == h.unseenBy {
				continue
			}
			if told, ok := w.tell(r, all, m, h); ok {
				out = append(out, told)
			}
		}
	}
	return out
}

// tell makes the row of one family about one happening, when it noticed it.
func (w *World) tell(r *rand.Rand, all []sensor, m manner, h Happening) (row, bool) {
	noticed := r.Float64() < m.chance
	switch m.family {
	case truce.FamilyCivilian:
		return w.tellTown(r, m, h, noticed)
	case truce.FamilyParty:
		return w.tellParty(r, m, h), noticed
	}
	at := plane(h.Point)
	s, ok := w.nearestSensor(all, m.family, at, h.From)
	if !ok && h.Site != "" {
		s, ok = w.visitor(all, m.family, h.From)
	}
	if !ok || !noticed || w.clouded(r, m.family, at, h.From) {
		return row{}, false
	}
	sigma := math.Round(between(r, m.sigma))
	seen := scatter(r, at, sigma)
	out := w.newRow(r, m, h, s.id, seen, sigma)
	out.from, out.to = w.timeTold(m.family, h)
	out.count = max(1, int(float64(h.Count)*(0.7+0.3*r.Float64())))
	return out, true
}

// clouded says whether cloud hid it from a satellite camera.
func (w *World) clouded(r *rand.Rand, family truce.Family, at vec, t truce.Instant) bool {
	return family == truce.FamilyOptical && r.Float64() < w.clouds.cover(w.dayOf(t), w.areaIndex(at))
}

func (w *World) newRow(r *rand.Rand, m manner, h Happening, id truce.SensorID, seen vec, sigma float64) row {
	return row{family: m.family, sensor: id, from: h.From, to: h.To, at: &seen, sigma: sigma,
		act: m.says[r.IntN(len(m.says))], count: h.Count, unit: m.unit, place: w.describe(seen), text: m.text, cause: h.ID}
}

// timeTold is how a family states the time: instruments to the second, patrols to the
// minute, a satellite only since the image before.
func (w *World) timeTold(family truce.Family, h Happening) (from, to truce.Instant) {
	switch family {
	case truce.FamilyPatrol, truce.FamilyDrone:
		return floor(h.From, time.Minute), floor(h.To, time.Minute).Add(time.Minute)
	case truce.FamilyOptical:
		return floor(h.From, 24*time.Hour), floor(h.From, 24*time.Hour).Add(24 * time.Hour)
	default:
		return floor(h.From, time.Second), floor(h.To, time.Second).Add(time.Second)
	}
}

func floor(t truce.Instant, step time.Duration) truce.Instant {
	return truce.InstantOf(t.Time().Truncate(step))
}

// earshotM is how far from its middle people of a town notice things, beyond its edge.
const earshotM = 6000

// tellTown is what people say: the town, not the place, and the quarter of an hour.
func (w *World) tellTown(r *rand.Rand, m manner, h Happening, noticed bool) (row, bool) {
	town, away := w.island.Nearest(h.Point)
	if !noticed || float64(away) > float64(town.Radius)+earshotM {
		return row{}, false
	}
	at := plane(town.Point)
	out := w.newRow(r, m, h, "", at, math.Round(max(1000, float64(town.Radius)+float64(away)*0.5)))
	out.place = town.Name
	out.from = floor(h.From, 15*time.Minute)
	out.to = out.from.Add(30 * time.Minute)
	out.count = max(1, int(float64(h.Count)*(0.4+r.Float64())))
	return out, true
}

// tellParty is the complaint of the party on whose side it had its effect.
func (w *World) tellParty(r *rand.Rand, m manner, h Happening) row {
	sigma := math.Round(between(r, m.sigma))
	out := w.newRow(r, m, h, truce.SensorID("LIAISON-"+string(h.Side)), scatter(r, plane(h.Point), sigma), sigma)
	out.from = floor(h.From, 5*time.Minute)
	out.to = out.from.Add(10 * time.Minute)
	out.count = int(math.Ceil(float64(h.Count) * (1 + r.Float64())))
	out.accuse = otherParty(h.Side)
	return out
}

func otherParty(p truce.PartyID) truce.PartyID {
	if p == PartyA {
		return PartyB
	}
	return PartyA
}
