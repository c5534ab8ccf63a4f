package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/viina"
)

// locate gives a report that only names its place the position of the agreement's place
// of that name, and says in a sentence what was done. The report's id does not change:
// the same words are the same report when the agreement learns the name later.
func (a *App) locate(o *truce.Observation) string {
	terms, err := a.readTerms()
	if err != nil {
		return fmt.Sprintf("note: kept without a position, so it gives no event: the agreement, which knows the places, cannot be read: %v", err)
	}
	found := placesNamed(terms.Places, o.PlaceName)
	switch len(found) {
	case 0:
		if len(terms.Places) == 0 {
			return fmt.Sprintf("note: kept without a position, so it gives no event: the agreement names no places, so %q is not known; enter it again with --lat and --lon", o.PlaceName)
		}
		var names []string
		for _, p := range terms.Places {
			names = append(names, p.Key)
		}
		return fmt.Sprintf("note: kept without a position, so it gives no event: the agreement knows no place %q%s; enter it again with a known name or with --lat and --lon",
			o.PlaceName, didYouMean(o.PlaceName, names))
	case 1:
		put(o, found[0])
		return fmt.Sprintf("note: at %s as the agreement knows it, %.5f %.5f within %.0f m (1 sigma)", found[0].Key, found[0].At.Lat, found[0].At.Lon, float64(townSigma(found[0])))
	}
	at := make([]string, len(found))
	for i, p := range found {
		at[i] = fmt.Sprintf("%.5f %.5f", p.At.Lat, p.At.Lon)
	}
	return fmt.Sprintf("note: kept without a position, so it gives no event: the agreement knows %d places %q (%s); enter it again with --lat and --lon",
		len(found), o.PlaceName, strings.Join(at, "; "))
}

// put gives a report the position of a whole place.
func put(o *truce.Observation, p agreement.Place) {
	o.PlaceName = p.Key
	o.Place = &geo.Position{Point: p.At, Error: geo.Isotropic(townSigma(p))}
}

// placedByName are the reports as the senses read them: one that only names its place lies
// at the agreement's place of that name, unless several bear it. How many do is counted.
// The reports given stay as they were received.
func placedByName(reports []truce.Observation, places []agreement.Place) ([]truce.Observation, int) {
	bearers := bearersOf(places)
	out, n := slices.Clone(reports), 0
	for i := range out {
		o := &out[i]
		if o.Place != nil {
			continue
		}
		if found := bearers[foldName(o.PlaceName)]; len(found) == 1 {
			put(o, places[found[0]])
			n++
		}
	}
	return out, n
}

// bearersOf are the places that bear each name, in any language.
func bearersOf(places []agreement.Place) map[string][]int {
	out := map[string][]int{}
	for i, p := range places {
		for _, name := range append(slices.Collect(maps.Values(p.Names)), p.Key) {
			folded := foldName(name)
			if list := out[folded]; folded != "" && !slices.Contains(list, i) {
				out[folded] = append(list, i)
			}
		}
	}
	return out
}

// placesNamed are the places that bear a name, in any language of the agreement.
func placesNamed(places []agreement.Place, name string) []agreement.Place {
	var found []agreement.Place
	for _, p := range places {
		if hasName(p, foldName(name)) {
			found = append(found, p)
		}
	}
	return found
}

func hasName(p agreement.Place, folded string) bool {
	for _, name := range p.Names {
		if foldName(name) == folded {
			return true
		}
	}
	return foldName(p.Key) == folded
}

// townSigma is the error of a point that stands for a whole place, as source/viina takes
// it: a disc of radius r, evenly filled, has r/2 along each axis.
func townSigma(p agreement.Place) geo.Metres {
	if p.Radius <= 0 {
		return viina.DefaultSigma
	}
	return max(p.Radius/2, viina.MinSigma)
}
