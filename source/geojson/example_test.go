package geojson_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/geojson"
)

// printer is a sink that prints what it is given.
type printer struct{}

func (printer) Observe(o truce.Observation) error {
	if o.ControlMap != nil {
		fmt.Println(o.ControlMap.Map, o.ControlMap.Version)
		return nil
	}
	fmt.Println(o.Phenomenon.From, o.Place.Point, o.Report.Text)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Println(r.Reason)
	return nil
}

func ExampleDecode() {
	points := `{"type": "FeatureCollection", "features": [{"type": "Feature",
		"geometry": {"type": "Point", "coordinates": [37.52, 48.51]},
		"properties": {"time": "2026-04-11T16:00:00Z", "text": "seven bangs"}}]}`
	if err := geojson.Decode(strings.NewReader(points), "points.geojson", geojson.Config{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output: 2026-04-11T16:00:00.000000Z 48.51000,37.52000 seven bangs
}

func ExampleDecodeMap() {
	held := `{"type": "Polygon", "coordinates": [[[37, 48], [38, 48], [38, 49], [37, 48]]]}`
	if err := geojson.DecodeMap(strings.NewReader(held), "held_20260412.geojson", geojson.MapConfig{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output: held 2026-04-12
}
