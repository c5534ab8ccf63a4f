package draw_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

// A map shows a place with its error, and says under it where its line comes from.
func ExampleFigure() {
	middle := geo.Point{Lat: -48, Lon: -21.8}
	figure := string(draw.Figure(draw.Scene{
		Title: "Incident 2031-104", Desc: "90 % ellipse",
		View:   geo.Bounds{South: -48.1, West: -22, North: -47.9, East: -21.6},
		Shapes: []draw.Shape{{Kind: draw.Ellipse, Ring: geo.Ellipse90{Major: 800, Minor: 500}.Ring(middle, 48)}},
		Lines:  []draw.Line{{Points: []geo.Point{{Lat: -48.1, Lon: -21.75}, {Lat: -47.9, Lon: -21.75}}, Accuracy: 200}},
		Notes:  []string{"Line LINE-CONTACT (source: agreement), version 2026-04-01, accuracy 200 m (1 sigma)."},
	}))
	for _, part := range []string{"m-ellipse", "m-line", "m-band", "m-scale", "<figcaption><p>Line LINE-CONTACT"} {
		fmt.Println(part, strings.Count(figure, part))
	}
	// Output:
	// m-ellipse 1
	// m-line 1
	// m-band 1
	// m-scale 1
	// <figcaption><p>Line LINE-CONTACT 1
}
