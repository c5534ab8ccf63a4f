package firms_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/firms"
)

// printer is a sink that prints what it is given.
type printer struct{}

func (printer) Observe(o truce.Observation) error {
	fmt.Printf("%s %s %s, %.0f by %.0f m\n", o.Sensor, o.Phenomenon.From, o.Place.Point, o.Place.Footprint.Scan, o.Place.Footprint.Track)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Printf("%s, line %d: %s\n", r.File, r.Line, r.Reason)
	return nil
}

func ExampleDecode() {
	table := `latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,frp,daynight
46.47431,35.30969,336.52,0.39,0.44,2026-04-10,0011,N20,n,2.53,N
north,35.30969,336.52,0.39,0.44,2026-04-10,0011,N20,n,2.53,N
`
	if err := firms.Decode(strings.NewReader(table), "april.csv", firms.Config{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// N20 2026-04-10T00:11:00.000000Z 46.47431,35.30969, 390 by 440 m
	// april.csv, line 3: latitude is "north", want a decimal number such as 48.5
}
