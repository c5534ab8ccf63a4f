package cloud_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/cloud"
)

// printer is a sink that prints what it is given.
type printer struct{}

func (printer) Observe(o truce.Observation) error {
	fmt.Printf("%s %s: %.0f %% covered\n", o.Phenomenon.From.Day(), o.Weather.Area, 100*o.Weather.CloudCover)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Println(r.Reason)
	return nil
}

func ExampleDecode() {
	table := "date,cloud_cover_in_country,cloud_cover_in_east_of_country\n2026-04-10,0.781,85.5\n"
	if err := cloud.Decode(strings.NewReader(table), "cloud.csv", cloud.Config{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 2026-04-10 country: 78 % covered
	// cloud_cover_in_east_of_country is "85.5", want 0 to 1 (a share of the sky, not percent)
}
