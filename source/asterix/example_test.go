package asterix_test

import (
	"bytes"
	"fmt"
	"io"

	"github.com/trucewatch/truce/source/asterix"
)

func ExampleReader() {
	record, err := asterix.Build(48).Number("010/sac", 25).Number("010/sic", 201).Number("140/tod_s", 3600).Number("020/typ", 1).
		Number("040/rho_nm", 5).Number("040/theta_deg", 90).Append(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	block, err := asterix.AppendBlock(nil, 48, record)
	if err != nil {
		fmt.Println(err)
		return
	}
	r := asterix.NewReader(bytes.NewReader(block), asterix.Options{Day: "2031-03-03"})
	for {
		var m asterix.Message
		if err := r.Next(&m); err == io.EOF {
			return
		} else if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s radar %d/%d: %s echo at %.0f m, %.0f degrees\n", m.Time, m.SAC, m.SIC, m.Seen, m.RangeM.V, m.BearingDeg.V)
	}
	// Output: 2031-03-03T01:00:00.000000Z radar 25/201: primary echo at 9260 m, 90 degrees
}
