package track_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// A drone flies north at 20 m/s; a camera sees it every second, to ten metres.
func Example() {
	begin := truce.InstantOf(time.Date(2031, 3, 3, 6, 0, 0, 0, time.UTC))
	var scans []track.Scan
	for i := range 12 {
		at := begin.Add(time.Duration(i) * time.Second)
		place, _ := geo.Direct(geo.Point{Lat: -47.9, Lon: -21.6}, 0, geo.Metres(20*i))
		scans = append(scans, track.Scan{ID: fmt.Sprint(i), Time: at, Plots: []track.Plot{{ID: "p", Time: at, At: place, Sigma: 10}}})
	}
	result, err := track.Batch(scans, track.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range result.Tracks {
		last := t.States[len(t.States)-1]
		fmt.Printf("track %d: %d states, last %.0f m/s at %.4f\n", t.Number, len(t.States), last.SpeedMps, float64(last.At.Lat))
	}
	// Output: track 1: 12 states, last 20 m/s at -47.8980
}
