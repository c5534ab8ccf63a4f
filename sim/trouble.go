package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/trucewatch/truce"
)

// How many of each nuisance a day of each role has at scale 1.
var (
	stubblePerDay = [roles]float64{4, 5, 4}
	quarryPerDay  = [roles]float64{1, 1, 1}
	thunderPerDay = [roles]float64{2, 1, 3}
	falsePerDay   = [roles]float64{1, 3, 2}
)

// quarry is in earshot of the southern arrays.
var quarry = km(-27, -33)

// annoy adds what looks like an act and is none.
func (w *World) annoy() {
	w.burnSteadily()
	r := stream(w.cfg.Seed, "nuisances")
	for day := -w.cfg.History; day < w.cfg.Days; day++ {
		w.burnStubble(r, day)
	}
	for day := range w.cfg.Days {
		w.blastQuarry(r, day)
		w.thunder(r, day)
		w.spreadRumour(r, day)
		if day%roles != quietDay {
			w.claimTotals(r, day)
		}
	}
}

// nuisance enters one and returns its id.
func (w *World) nuisance(n Nuisance, at *vec) string {
	n.ID = fmt.Sprintf("N-%04d", len(w.truth.Nuisances)+1)
	if at != nil {
		p := at.point()
		n.Point = &p
		n.Place = w.describe(*at)
	}
	w.truth.Nuisances = append(w.truth.Nuisances, n)
	return n.ID
}

func (w *World) times(perDay [roles]float64, day int) int {
	return int(math.Round(perDay[((day%roles)+roles)%roles] * w.cfg.Scale))
}

// burnSteadily lights the two plants that burn on every pass.
func (w *World) burnSteadily() {
	plants := []struct {
		site    string
		powerMW float64
		note    string
	}{
		{SiteGasPlant, 6.5, "flare of a gas plant, on every clear pass"},
		{SiteSmelter, 3.2, "smelter, on most clear passes"},
	}
	for _, p := range plants {
		site, ok := w.island.Site(p.site)
		if !ok {
			continue
		}
		at := plane(site.Point)
		f := w.steadyFire("", at, p.powerMW)
		f.cause = w.nuisance(Nuisance{Kind: NuisanceRecurring, From: f.from, To: f.to, Note: p.note}, &at)
		w.fires = append(w.fires, f)
	}
}

// burnStubble burns fields in the afternoon, two of them a day near the line.
func (w *World) burnStubble(r *rand.Rand, day int) {
	for i := range w.times(stubblePerDay, day) {
		at := w.inland(r, i < 2)
		from := w.at(day, 12+4*r.Float64())
		f := blaze("", at, from, 1.5+3*r.Float64(), 8+30*r.Float64())
		f.cause = w.nuisance(Nuisance{Kind: NuisanceStubble, From: f.from, To: f.to, Note: "a farmer burns stubble"}, &at)
		w.fires = append(w.fires, f)
	}
}

// inland draws a field: 3 to 12 km from the contact line, or anywhere farther off.
func (w *World) inland(r *rand.Rand, nearLine bool) vec {
	at := vec{}
	for range placeTries {
		at = plane(km(-90+185*r.Float64(), -55+112*r.Float64()).point())
		_, toTown := w.island.Nearest(at.point())
		off := float64(w.island.FromLine(at.point()))
		near := off > 3000 && off < 12000
		if inside(w.island.shore, at) && toTown > 3000 && near == nearLine {
			break
		}
	}
	if !inside(w.island.shore, at) {
		return plane(km(-20, -14).point())
	}
	return at
}

func (w *World) blastQuarry(r *rand.Rand, day int) {
	for range w.times(quarryPerDay, day) {
		from := floor(w.at(day, 11+5*r.Float64()), time.Second)
		at := quarry
		w.nuisance(Nuisance{Kind: NuisanceQuarry, From: from, To: from, Note: "blasting in a quarry"}, &at)
	}
}

func (w *World) thunder(r *rand.Rand, day int) {
	for range w.times(thunderPerDay, day) {
		from := floor(w.at(day, 24*r.Float64()), time.Second)
		spot := w.island.line[1+r.IntN(len(w.island.line)-2)]
		at := scatter(r, spot, 4000)
		w.nuisance(Nuisance{Kind: NuisanceThunder, From: from, To: from, Note: "thunder taken for a blast"}, &at)
	}
}

// spreadRumour makes reports of what never was.
func (w *World) spreadRumour(r *rand.Rand, day int) {
	for range w.times(falsePerDay, day) {
		from := floor(w.at(day, 7+14*r.Float64()), 15*time.Minute)
		town := w.island.Towns[r.IntN(len(w.island.Towns))]
		at := plane(town.Point)
		w.nuisance(Nuisance{Kind: NuisanceFalse, From: from, To: from.Add(30 * time.Minute), Note: "nothing happened there"}, &at)
	}
}

// claimTotals gives each party's total for the island's day: what it says of the other
// side, without a breakdown that could be compared.
func (w *World) claimTotals(r *rand.Rand, day int) {
	for _, party := range []truce.PartyID{PartyA, PartyB} {
		n, other := 120+r.IntN(400), otherParty(party)
		w.nuisance(Nuisance{Kind: NuisanceTotal, From: w.at(day, islandBehind.Hours()), To: w.at(day+1, islandBehind.Hours()),
			Of: string(party), Count: n, Note: fmt.Sprintf("Units of party %s opened fire %d times during the day", other, n)}, nil)
	}
}

// troubleRows are the rows that come of nuisances on the ground.
func (w *World) troubleRows() []row {
	r := stream(w.cfg.Seed, "trouble")
	all := w.network()
	var out []row
	for _, n := range w.truth.Nuisances {
		base := row{from: n.From, to: n.To.Add(time.Second), place: n.Place, cause: n.ID, count: 1, unit: truce.UnitSignature}
		switch n.Kind {
		case NuisanceQuarry, NuisanceThunder:
			s, ok := w.nearestSensor(all, truce.FamilyAcoustic, plane(*n.Point), n.From)
			if !ok {
				continue
			}
			seen := scatter(r, plane(*n.Point), 350)
			base.family, base.sensor, base.at, base.sigma = truce.FamilyAcoustic, s.id, &seen, 350
			base.act, base.text = truce.ActExplosion, "Explosions recorded: %d."
		case NuisanceFalse:
			at := plane(*n.Point)
			base.family, base.at, base.sigma = truce.FamilyCivilian, &at, 2000
			base.act, base.count, base.text = truce.ActIndirectFire, 2+r.IntN(9), "People are said to have heard explosions: %d."
			base.to = n.To
		case NuisanceTotal:
			base.family, base.sensor, base.text = truce.FamilyParty, truce.SensorID("LIAISON-"+n.Of), n.Note+"."
			base.act, base.count, base.unit, base.to, base.accuse = "", n.Count, truce.UnitMixed, n.To, otherParty(truce.PartyID(n.Of))
		default:
			continue
		}
		out = append(out, base)
	}
	return out
}
