package adsb_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/trucewatch/truce/source/adsb"
)

func ExampleReader() {
	feed := "1457996402,8D40621D58C386435CC412692AD6\n1457996405,8D40621D58C382D690C8AC2863A7\n"
	r := adsb.NewReader(strings.NewReader(feed), adsb.Options{})
	for {
		var m adsb.Message
		if err := r.Next(&m); err == io.EOF {
			return
		} else if err != nil {
			fmt.Println(err)
			continue
		}
		if m.LatDeg.Told {
			fmt.Printf("%s %.4f,%.4f at %.0f ft, found %s\n", m.Address, m.LatDeg.V, m.LonDeg.V, m.AltitudeFt.V, m.PositionFrom)
		} else {
			fmt.Printf("%s no position: %s\n", m.Address, m.PositionRefused)
		}
	}
	// Output:
	// 40621d no position: no other half in time
	// 40621d 52.2572,3.9194 at 38000 ft, found global
}
