package sim

import (
	"strconv"

	"github.com/trucewatch/truce/geo"
)

// AgreementFiles are the GeoJSON files of the illustrative agreement, by their path
// inside its folder, in the order of their names.
func (l Island) AgreementFiles() []File {
	return []File{
		{Name: "areas/areas.geojson", Format: FormatGeoJSON, Data: l.areaFile()},
		{Name: "lines/coast.geojson", Format: FormatGeoJSON, Data: l.coastFile()},
		{Name: "lines/contact.geojson", Format: FormatGeoJSON, Data: l.contactFile()},
		{Name: "places/industry.geojson", Format: FormatGeoJSON, Data: l.industryFile()},
		{Name: "places/places.geojson", Format: FormatGeoJSON, Data: l.placeFile()},
		{Name: "places/roads.geojson", Format: FormatGeoJSON, Data: l.roadFile()},
		{Name: "sites/sites.geojson", Format: FormatGeoJSON, Data: l.siteFile()},
		{Name: "zones/zones.geojson", Format: FormatGeoJSON, Data: l.zoneFile()},
	}
}

func (l Island) areaFile() []byte {
	var out []feature
	for _, a := range l.Areas {
		out = append(out, feature{string(a.ID), named(a.Name, a.NameUK), polygon(a.Ring)})
	}
	return writeCollection(out)
}

// coastFile writes each shore as a closed line, anticlockwise.
func (l Island) coastFile() []byte {
	shore := func(id, name, nameUK string, ring []geo.Point) feature {
		return feature{id, append([]property{{"kind", "coast"}}, named(name, nameUK)...), line(closed(ring))}
	}
	out := []feature{shore("COAST-MAIN", l.Name, l.NameUK, l.Coast)}
	for i, ring := range l.Islets {
		out = append(out, shore("COAST-ISLET-"+strconv.Itoa(i+1), islets[i].name, islets[i].nameUK, ring))
	}
	return writeCollection(out)
}

func (l Island) contactFile() []byte {
	return writeCollection([]feature{{
		id: string(LineContact),
		properties: append([]property{{"kind", "contact"}, {"left", PartyA}, {"right", PartyB}, {"accuracy_m", 200}},
			named("Contact line", "Лінія зіткнення")...),
		geometry: line(l.Line),
	}})
}

// placeFile gives the population under both names that gazetteers use.
func (l Island) placeFile() []byte {
	var out []feature
	for _, t := range l.Towns {
		props := append(named(t.Name, t.NameUK), property{"population", t.Population}, property{"pop", t.Population}, property{"radius_m", t.Radius})
		out = append(out, feature{"P-" + t.Name, append([]property{{"kind", "town"}}, props...), dot(t.Point)})
	}
	return writeCollection(out)
}

// industryFile is apart from the towns because a gazetteer holds settlements only.
func (l Island) industryFile() []byte {
	var out []feature
	for _, s := range l.Sites {
		if s.Kind == kindIndustry {
			out = append(out, siteFeature(s))
		}
	}
	return writeCollection(out)
}

func (l Island) roadFile() []byte {
	var out []feature
	for _, r := range l.Roads {
		props := []property{{"kind", "road"}, {"from", r.From}, {"to", r.To}}
		out = append(out, feature{"ROAD-" + r.From + "-" + r.To, props, line(r.Path)})
	}
	return writeCollection(out)
}

func (l Island) siteFile() []byte {
	var out []feature
	for _, s := range l.Sites {
		if s.Kind != kindIndustry {
			out = append(out, siteFeature(s))
		}
	}
	return writeCollection(out)
}

func siteFeature(s Site) feature {
	return feature{s.ID, append([]property{{"kind", s.Kind}}, named(s.Name, s.NameUK)...), dot(s.Point)}
}

func (l Island) zoneFile() []byte {
	var out []feature
	for _, z := range l.Zones {
		out = append(out, feature{string(z.ID), append([]property{{"kind", z.Kind}}, named(z.Name, z.NameUK)...), polygon(z.Ring)})
	}
	return writeCollection(out)
}

func named(name, nameUK string) []property {
	return []property{{"name", name}, {"name_uk", nameUK}}
}
