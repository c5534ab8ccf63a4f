package cot_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/cot"
)

// A capture with text around an event.
func ExampleReader() {
	stream := `received: <event version="2.0" uid="EYE-1" type="a-f-A-M-F-Q" how="m-g" time="2031-03-03T12:00:05Z" start="2031-03-03T12:00:05Z" stale="2031-03-03T12:01:05Z">
		<point lat="48.5" lon="37.25" hae="212.5" ce="8" le="9999999"/><detail><contact callsign="Eye 1"/></detail></event>`
	var m cot.Message
	if err := cot.NewReader(strings.NewReader(stream), cot.Options{}).Next(&m); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Offset, m.Detail.Callsign, m.LatDeg.V, m.LonDeg.V, m.HeightM.V, m.SpreadM.Told)
	// Output: 10 Eye 1 48.5 37.25 212.5 false
}

// An asset of the monitors may be sent; a hostile type may not.
func ExampleOutgoing_Append() {
	at := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 5, 0, time.UTC))
	eye := cot.Asset("EYE-1", "a-f-A-M-F-Q", "Eye 1", at, time.Minute)
	eye.LatDeg, eye.LonDeg = source.Told(48.5), source.Told(37.25)
	text, err := eye.Append(nil, cot.EncodingXML)
	fmt.Println(strings.Contains(string(text), `lat="48.5"`), err)
	eye.Type = "a-h-A-M-F-Q"
	_, err = eye.Append(nil, cot.EncodingXML)
	fmt.Println(err)
	// Output:
	// true <nil>
	// the event "EYE-1": the type a-h-A-M-F-Q is not sent; an asset of the monitors has one that begins with a-f-
}
