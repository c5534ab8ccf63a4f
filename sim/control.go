package sim

import (
	"bytes"
	"fmt"

	"github.com/trucewatch/truce/geo"
)

// The bulge in the control map on days of breaches: B's edge moves west here and is
// back the next day. Nothing moved in truth; the analyst corrected a mistake.
var (
	bulgeAt     = km(-19, -31)
	bulgeDepthM = 950.0
	bulgeReachM = 5500.0
)

// drawContactLines draws the line of each day, from the day before the start.
func (w *World) drawContactLines() {
	for day := -1; day < w.cfg.Days; day++ {
		line := w.island.line
		if day >= 0 && day%roles == breachDay {
			line = planes(points(bulge(line, bulgeAt, bulgeDepthM, bulgeReachM)))
		}
		w.contact = append(w.contact, line)
	}
}

// ContactLine is the contact line of a day as the control map of that day draws it;
// day 0 is the first, -1 the day before.
func (w *World) ContactLine(day int) []geo.Point { return points(w.contact[day+1]) }

// controlFiles writes the area under control of B day by day in the shape of the
// public maps: one MultiPolygon without properties, the date in the file's name only.
func (w *World) controlFiles() []File {
	var out []File
	for day := -1; day < w.cfg.Days; day++ {
		stem := "exercise_control_" + fileDay(w.at(day, 0).Time())
		rings := [][]geo.Point{heldBy(w.ContactLine(day), w.island.Coast), w.island.Islets[0]}
		name := "control/" + stem + ".geojson"
		out = append(out, File{Name: name, Format: FormatControl, Data: controlMap(stem, rings)})
		w.truth.Files[name] = 1
	}
	return out
}

func controlMap(name string, rings [][]geo.Point) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"type\": \"FeatureCollection\",\n\"name\": %s,\n", quoted(name))
	b.WriteString("\"crs\": { \"type\": \"name\", \"properties\": { \"name\": \"urn:ogc:def:crs:OGC:1.3:CRS84\" } },\n\"features\": [\n")
	writeFeature(&b, feature{geometry: geometry{"MultiPolygon", rings}})
	b.WriteString("\n]\n}\n")
	return b.Bytes()
}
