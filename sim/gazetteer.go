package sim

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// gazetteer holds the towns: kilometres east and north of the origin, and people.
// Every name is invented; none is among 171,000 real places looked up.
var gazetteer = []struct {
	name, nameUK string
	east, north  float64
	people       int
}{
	{"Kelvost", "Келвост", 24, 25.5, 128000},
	{"Dovrisk", "Довриск", -46, 11, 96000},
	{"Brenhala", "Бренгала", 48, 8, 61000},
	{"Vesperin", "Весперін", -58, 27, 34000},
	{"Kastrenik", "Кастренік", 34, -13, 27000},
	{"Selmara", "Сельмара", 78, 13, 24000},
	{"Haldrin", "Гальдрін", -29, 41, 19000},
	{"Lurmane", "Лурмане", -28, -8, 17500},
	{"Morvesh", "Морвеш", -62, -22, 15000},
	{"Ushkera", "Ушкера", 39, -42, 12500},
	{"Polvanta", "Полванта", 57, 43, 11800},
	{"Gorselda", "Горсельда", 60, -21, 9400},
	{"Tolverny", "Тольверни", -69, 1, 8700},
	{"Narvetta", "Нарветта", 11, -30, 8200},
	{"Merrivost", "Мерривост", 7, 13, 7600},
	{"Anvelka", "Анвелька", 2, 46, 6900},
	{"Cormisk", "Корміск", -41, -43, 6100},
	{"Zelbora", "Зельбора", -27, 22, 5400},
	{"Ildova", "Ільдова", -38, -22, 4800},
	{"Tindrava", "Тіндрава", 5, -9.5, 3900},
	{"Thurmova", "Турмова", 4, 27, 3100},
	{"Quorrin", "Кворрін", -25, -37, 2600},
	{"Ondrivar", "Ондрівар", -7, -29, 2200},
	{"Jorvelle", "Йорвель", 0.5, 4, 1900},
	{"Tresvany", "Тресвани", -15, 1, 1700},
	{"Yarlomea", "Ярломея", -17, -9, 900},
}

func towns() []Town {
	out := make([]Town, len(gazetteer))
	for i, g := range gazetteer {
		// Three thousand people to the square kilometre.
		radius := math.Round(math.Sqrt(float64(g.people)/3000/math.Pi)*10) * 100
		out[i] = Town{Name: g.name, NameUK: g.nameUK, Point: km(g.east, g.north).point(), Population: g.people, Radius: geo.Metres(radius)}
	}
	return out
}

// roadPairs lists the roads; the last three cross the contact line.
var roadPairs = [][2]string{
	{"Dovrisk", "Vesperin"}, {"Dovrisk", "Tolverny"}, {"Tolverny", "Morvesh"}, {"Morvesh", "Ildova"}, {"Ildova", "Lurmane"},
	{"Dovrisk", "Lurmane"}, {"Lurmane", "Tresvany"}, {"Lurmane", "Yarlomea"}, {"Dovrisk", "Zelbora"}, {"Zelbora", "Haldrin"},
	{"Ildova", "Cormisk"}, {"Ildova", "Quorrin"}, {"Quorrin", "Cormisk"}, {"Yarlomea", "Quorrin"},
	{"Jorvelle", "Merrivost"}, {"Merrivost", "Kelvost"}, {"Jorvelle", "Tindrava"}, {"Tindrava", "Kastrenik"}, {"Kelvost", "Brenhala"},
	{"Brenhala", "Selmara"}, {"Brenhala", "Kastrenik"}, {"Kastrenik", "Gorselda"}, {"Gorselda", "Selmara"}, {"Kelvost", "Polvanta"},
	{"Kastrenik", "Ushkera"}, {"Narvetta", "Tindrava"}, {"Narvetta", "Ondrivar"}, {"Thurmova", "Anvelka"}, {"Thurmova", "Merrivost"},
	{"Tresvany", "Jorvelle"}, {"Quorrin", "Ondrivar"}, {"Zelbora", "Thurmova"},
}

func roads(all []Town) []Road {
	r := stream(islandSeed, "roads")
	middle := map[string]vec{}
	for _, t := range all {
		middle[t.Name] = plane(t.Point)
	}
	out := make([]Road, 0, len(roadPairs))
	for _, pair := range roadPairs {
		path := []vec{middle[pair[0]], middle[pair[1]]}
		for range 4 {
			bent := halve(r, path, 0.07)
			path = bent[:len(bent)-1]
		}
		out = append(out, Road{From: pair[0], To: pair[1], Path: points(path)})
	}
	return out
}

// Half the width and height of the reporting areas together: the island and at
// least 20 km of sea.
const (
	areasEastKM  = 115
	areasNorthKM = 78
)

// areas are three bands with the borders slightly tilted, so that nobody takes them
// for parallels. Neighbours share their corners exactly.
func areas() []Area {
	w, h := float64(areasEastKM), float64(areasNorthKM)
	south, north := [2]vec{km(-w, -13), km(w, -19)}, [2]vec{km(-w, 20), km(w, 12)}
	band := func(id truce.AreaID, name, nameUK string, lower, upper [2]vec) Area {
		return Area{ID: id, Name: name, NameUK: nameUK, Ring: points([]vec{lower[0], lower[1], upper[1], upper[0]})}
	}
	return []Area{
		band("north", "North", "Північ", north, [2]vec{km(-w, h), km(w, h)}),
		band("centre", "Centre", "Центр", south, north),
		band("south", "South", "Південь", [2]vec{km(-w, -h), km(w, -h)}, south),
	}
}

func zones() []Zone {
	lane := []vec{km(20.5, 33.5), km(26.5, 33), km(32, 76), km(24, 77)}
	crossing := []vec{km(-9.8, -1), km(-3.6, -1.4), km(-3.2, 4.4), km(-9.4, 4.8)}
	return []Zone{
		{ID: ZoneCorridor, Kind: "maritime_corridor", Name: "Kelvost sea lane", NameUK: "Морський шлях Келвоста", Ring: points(lane)},
		{ID: ZoneDisengagement, Kind: "disengagement", Name: "Tresvany crossing", NameUK: "Перехід Тресвани", Ring: points(crossing)},
	}
}

// kindIndustry is a plant that burns: no site of the agreement, but a place to know.
const kindIndustry = "industry"

// siteList places the sites in kilometres east and north of the origin.
var siteList = []struct {
	id, kind, name, nameUK string
	east, north            float64
}{
	{SitePower, "energy", "Kastrenik power station", "Кастреницька електростанція", 30.5, -10},
	{SiteSubstation, "energy", "Dovrisk substation", "Підстанція Довриск", -42.5, 9},
	{"S-SUB-MERRIVOST", "energy", "Merrivost substation", "Підстанція Мерривост", 8.5, 15},
	{"S-WATER", "water", "Lurmane waterworks", "Лурманський водоканал", -25.5, -6},
	{"S-PORT", "port", "Kelvost harbour", "Порт Келвост", 23.5, 28.3},
	{"S-PORT-VESPERIN", "port", "Vesperin harbour", "Порт Весперін", -60, 29.3},
	{"S-HOSPITAL-KELVOST", "hospital", "Kelvost hospital", "Лікарня Келвоста", 25.5, 24},
	{"S-HOSPITAL-DOVRISK", "hospital", "Dovrisk hospital", "Лікарня Довриска", -47.5, 12},
	{"S-HOSPITAL-JORVELLE", "hospital", "Jorvelle hospital", "Лікарня Йорвеля", 1, 4.4},
	{"S-SCHOOL-TRESVANY", "school", "Tresvany school", "Школа Тресвани", -15.3, 1.3},
	{"S-CROSSING", "crossing", "Tresvany crossing", "Перехід Тресвани", -7.5, 2},
	{"S-STATION-NORTH", "station", "Monitors' station north", "Станція спостерігачів Північ", 2, 29},
	{"S-STATION-CENTRE", "station", "Monitors' station centre", "Станція спостерігачів Центр", -19, 2},
	{"S-STATION-SOUTH", "station", "Monitors' station south", "Станція спостерігачів Південь", -6, -31},
	{SiteGasPlant, kindIndustry, "Brenhala gas plant", "Бренгальський газовий завод", 52, 3.5},
	{SiteSmelter, kindIndustry, "Tolverny smelter", "Тольвернський металургійний завод", -66, 4},
}

func sites() []Site {
	out := make([]Site, len(siteList))
	for i, s := range siteList {
		out[i] = Site{ID: s.id, Kind: s.kind, Name: s.name, NameUK: s.nameUK, Point: km(s.east, s.north).point()}
	}
	return out
}
