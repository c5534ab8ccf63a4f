package csv_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/csv"
)

// printer is a sink that prints what it is given.
type printer struct{}

func (printer) Observe(o truce.Observation) error {
	fmt.Println(o.Source, o.Phenomenon.From, o.PlaceName, o.Report.Claims[0].Act, o.Report.Claims[0].Count)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Printf("%s, line %d: %s\n", r.File, r.Line, r.Reason)
	return nil
}

func ExampleDecode() {
	table := `time,lat,lon,sigma_m,family,act,count,unit,place,text
2026-04-11T16:00Z,48.51,37.52,800,patrol,burst,7,engagement,Novyi,"heard, 2-7 km, N to NE"
2026-04-11T17:00Z,48.51,,800,patrol,burst,2,engagement,Novyi,
`
	if err := csv.Decode(strings.NewReader(table), "patrol.csv", csv.Config{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// csv-patrol 2026-04-11T16:00:00.000000Z Novyi burst 7
	// patrol.csv, line 3: longitude is empty
}
