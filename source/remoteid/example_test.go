package remoteid_test

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/remoteid"
)

// A drone of the monitors says who and where it is; a receiver reads it.
func ExampleReader() {
	pack, err := remoteid.AppendPack(nil, 2,
		remoteid.Message{Kind: remoteid.KindBasicID, BasicID: &remoteid.BasicID{IDType: remoteid.IDSerial, ID: "1ABC23DEF"}},
		remoteid.Message{Kind: remoteid.KindLocation, Location: &remoteid.Location{Status: remoteid.StatusAirborne, LatDeg: source.Told(48.5), LonDeg: source.Told(37.25), SpeedMps: source.Told(20.5)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	received := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 5, 0, time.UTC))
	r := remoteid.NewReader(bytes.NewReader(pack), remoteid.Options{Received: received})
	var m remoteid.Message
	for err = r.Next(&m); err == nil; err = r.Next(&m) {
		switch m.Kind {
		case remoteid.KindBasicID:
			fmt.Println(m.Kind, m.BasicID.ID)
		case remoteid.KindLocation:
			fmt.Println(m.Kind, m.Location.LatDeg.V, m.Location.LonDeg.V, m.Location.SpeedMps.V, m.Location.GeodeticM.Told)
		}
	}
	if err != io.EOF {
		fmt.Println(err)
	}
	// Output:
	// basic_id 1ABC23DEF
	// location 48.5 37.25 20.5 false
}
