package agreement

import (
	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// ControlAreaAt is the area that a control map draws for its inner party, with the map's
// version; ok is false when no version holds at valid or is known by known (0: all).
func (g *Geometry) ControlAreaAt(id string, valid, known truce.Instant) (area *geo.Area, version string, ok bool) {
	e := g.maps[id].at(valid, known)
	if e == nil {
		return nil, "", false
	}
	return e.value.area, e.value.version, true
}
