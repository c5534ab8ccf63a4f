package viina_test

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/viina"
)

// printer is a sink that prints what it is given.
type printer struct{}

func (printer) Observe(o truce.Observation) error {
	kind := viina.TypeOf(o)
	fmt.Println(o.Phenomenon.From.Day(), o.PlaceName, kind, kind.Kinetic(), o.Report.Links)
	return nil
}

func (printer) Reject(r truce.Rejection) error {
	fmt.Println(r.Reason)
	return nil
}

func ExampleDecode() {
	events := `{"20260412": [
		[38.59, 48.49, "Novyi", "D", 1, ["https://news.example/1"]],
		[38.59, 48.49, "Novyi", "?", 1, ["https://news.example/1"]]
	]}`
	if err := viina.Decode(strings.NewReader(events), "events.json", viina.Config{}, printer{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 2026-04-12 Novyi D true [https://news.example/1]
	// type is "?", want one of SDAFCVMLO
}
