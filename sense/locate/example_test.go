package locate_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// One shot among six ears and stray arrivals of an afternoon: where and when it was.
func ExampleBatch() {
	ears := []locate.Sensor{
		{ID: "mill", At: geo.Point{Lat: -47.90, Lon: -21.60}}, {ID: "well", At: geo.Point{Lat: -47.90, Lon: -21.50}},
		{ID: "barn", At: geo.Point{Lat: -47.85, Lon: -21.60}}, {ID: "ford", At: geo.Point{Lat: -47.85, Lon: -21.50}},
		{ID: "quay", At: geo.Point{Lat: -47.875, Lon: -21.48}}, {ID: "hill", At: geo.Point{Lat: -47.82, Lon: -21.55}},
	}
	noon := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	var heard []locate.Arrival
	hear := func(sensor int, seconds float64) {
		heard = append(heard, locate.Arrival{ID: fmt.Sprint("arrival ", len(heard)), Sensor: sensor, Time: noon + truce.Instant(seconds*1e6), Phase: locate.Acoustic})
	}
	for sensor, seconds := range []float64{23.704, 23.704, 23.708, 23.708, 25.401, 27.986} {
		hear(sensor, seconds)
	}
	hear(0, 4000) // a door, a tractor
	hear(2, 7311)
	hear(5, 9012)

	result, err := locate.Batch(ears, heard, locate.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range result.Events {
		fmt.Printf("%s at %.3f, %.3f, heard by %d\n", e.Time.Time().Round(time.Second).Format(time.TimeOnly), e.At.Lat, e.At.Lon, len(e.Used))
	}
	// Output:
	// 12:00:10 at -47.875, -21.550, heard by 6
}
