package sim

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// The parties of the exercise: neutral letters, as on every screen.
const (
	PartyA truce.PartyID = "A"
	PartyB truce.PartyID = "B"
)

// Names of the features that the illustrative agreement refers to.
const (
	LineContact       truce.LineID = "LINE-CONTACT"
	ZoneCorridor      truce.ZoneID = "Z-CORRIDOR"
	ZoneDisengagement truce.ZoneID = "Z-DISENGAGEMENT"
	SitePower                      = "S-POWER"
	SiteSubstation                 = "S-SUB-DOVRISK"
	SiteGasPlant                   = "S-GAS"
	SiteSmelter                    = "S-SMELTER"
)

// Island is the invented land. Rings are not closed (the first corner is not
// repeated) and run anticlockwise.
type Island struct {
	Name   string
	NameUK string
	Coast  []geo.Point   // the main shore
	Islets [][]geo.Point // the first lies on B's side, the second on A's
	Line   []geo.Point   // LINE-CONTACT, south to north, its ends on corners of Coast
	Towns  []Town
	Roads  []Road
	Areas  []Area
	Zones  []Zone
	Sites  []Site

	// The same in the plane.
	shore, line   []vec
	islets, roads [][]vec
	middles       []vec // of Towns
}

// Town is a settlement; Point is its middle, people live within Radius of it.
type Town struct {
	Name       string
	NameUK     string
	Point      geo.Point
	Population int
	Radius     geo.Metres
}

// Road joins two towns.
type Road struct {
	From, To string
	Path     []geo.Point
}

// Area is a reporting area of the agreement.
type Area struct {
	ID     truce.AreaID
	Name   string
	NameUK string
	Ring   []geo.Point
}

// Zone is a zone drawn by hand; the buffer along the line is derived in the agreement.
type Zone struct {
	ID     truce.ZoneID
	Kind   string
	Name   string
	NameUK string
	Ring   []geo.Point
}

// Site is a named place with a role.
type Site struct {
	ID     string
	Kind   string // as in the handbook: energy, water, port, hospital, school, crossing, station, industry
	Name   string
	NameUK string
	Point  geo.Point
}

// NewIsland draws the land. It is the same for every seed.
func NewIsland() Island {
	l := Island{Name: "Ormavell", NameUK: "Ормавель"}
	l.Coast = points(mainland.ring())
	l.shore = planes(l.Coast)
	for _, o := range islets {
		l.Islets = append(l.Islets, points(o.ring()))
		l.islets = append(l.islets, planes(l.Islets[len(l.Islets)-1]))
	}
	l.Line = points(contact(l.shore))
	l.line = planes(l.Line)
	l.Towns = towns()
	for _, t := range l.Towns {
		l.middles = append(l.middles, plane(t.Point))
	}
	l.Roads = roads(l.Towns)
	for _, r := range l.Roads {
		l.roads = append(l.roads, planes(r.Path))
	}
	l.Areas = areas()
	l.Zones = zones()
	l.Sites = sites()
	return l
}

// OnLand says whether a place lies on the island or an islet.
func (l Island) OnLand(p geo.Point) bool {
	v := plane(p)
	if inside(l.shore, v) {
		return true
	}
	for _, ring := range l.islets {
		if inside(ring, v) {
			return true
		}
	}
	return false
}

// AreaOf is the reporting area that holds a place, "" outside all of them.
func (l Island) AreaOf(p geo.Point) truce.AreaID {
	for _, a := range l.Areas {
		if inside(planes(a.Ring), plane(p)) {
			return a.ID
		}
	}
	return ""
}

// FromLine is the distance from a place to the contact line.
func (l Island) FromLine(p geo.Point) geo.Metres {
	d := toPath(l.line, plane(p))
	return geo.Metres(max(d, -d))
}

// Town finds a town by its English name.
func (l Island) Town(name string) (Town, bool) {
	for _, t := range l.Towns {
		if t.Name == name {
			return t, true
		}
	}
	return Town{}, false
}

// Site finds a site by its id.
func (l Island) Site(id string) (Site, bool) {
	for _, s := range l.Sites {
		if s.ID == id {
			return s, true
		}
	}
	return Site{}, false
}

// Nearest is the town nearest to a place and how far it is.
func (l Island) Nearest(p geo.Point) (Town, geo.Metres) {
	best := nearestCorner(l.middles, plane(p))
	return l.Towns[best], geo.Metres(plane(p).distance(l.middles[best]))
}
