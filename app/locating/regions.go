package locating

import (
	"encoding/json"
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// regionProps are the properties of a feature of Regions.
type regionProps struct {
	Event     string    `json:"event"`
	Level     float64   `json:"level"`
	IsEllipse bool      `json:"is_ellipse"`
	Open      bool      `json:"open"`
	Lobes     []float64 `json:"lobes"` // what each part of the 90 % region holds
}

// Regions is GeoJSON with the 90 and 50 % regions of every event that has one.
func Regions(result *locate.Result) ([]byte, error) {
	var out geo.Collection
	for i := range result.Events {
		e := &result.Events[i]
		if e.Region == nil {
			continue
		}
		props := regionProps{Event: e.ID.String(), IsEllipse: e.Region.IsEllipse, Open: e.Region.Open}
		for _, l := range e.Region.Lobes {
			props.Lobes = append(props.Lobes, math.Round(1e4*l.Share)/1e4)
		}
		for _, level := range []struct {
			share float64
			parts []geo.Polygon
		}{{.9, e.Region.Ninety}, {.5, e.Region.Half}} {
			if len(level.parts) == 0 {
				continue
			}
			props.Level = level.share
			text, err := json.Marshal(props)
			if err != nil {
				return nil, err
			}
			out.Features = append(out.Features, geo.Feature{Props: text, Geom: geo.Geometry{Polygons: level.parts}})
		}
	}
	return geo.WriteGeoJSON(&out), nil
}

// bent says whether an event's place is no ellipse.
func bent(e *locate.Event) bool { return e.Region != nil && !e.Region.IsEllipse }

// area is that of polygons, square metres.
func area(list []geo.Polygon) (sum float64) {
	for _, p := range list {
		sum += math.Abs(float64(p.SquareMetres()))
	}
	return sum
}
