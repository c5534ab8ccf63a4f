package publish

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// tells says whether a family states what it heard of and records nothing itself.
func tells(f truce.Family) bool {
	return f == truce.FamilyMedia || f == truce.FamilyCivilian || f == truce.FamilyParty
}

// toldBesideHeat says whether an act is known from statements alone while satellites saw
// heat: what they recorded is the heat and never the act.
func toldBesideHeat(act truce.Act, means []truce.Family) bool {
	instrument := func(f truce.Family) bool { return f.Witness() && !tells(f) }
	return act != "" && act != truce.ActHeat && slices.Contains(means, truce.FamilyThermal) && slices.ContainsFunc(means, tells) &&
		!slices.ContainsFunc(means, func(f truce.Family) bool { return instrument(f) && f != truce.FamilyThermal })
}

// judgeHeat makes a row of what was only told, beside heat that nothing links to it, a
// reported one, as probable as the act itself is: that something burned is nearly certain,
// that it was this act is not. Where heat and a statement are found to agree beyond chance,
// or people signed, the row keeps its state.
func judgeHeat(row *truce.BulletinRow, acts []truce.ActWeight) {
	if row.Occurrence != truce.OccurrenceDetected || !toldBesideHeat(row.Act, row.Means) {
		return
	}
	row.Occurrence = truce.OccurrenceReported
	const step = 1e-6 // as finely as probabilities are kept
	row.P = truce.Probability(math.Round(float64(row.P*acts[0].P)/step) * step)
}

// saysHeat says whether a row has to tell of the heat apart from its act.
func saysHeat(r truce.BulletinRow) bool {
	return r.Occurrence == truce.OccurrenceReported && toldBesideHeat(r.Act, r.Means)
}
