package klv_test

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/trucewatch/truce/source/klv"
)

func ExampleReader() {
	var sent klv.Message
	sent.Set(klv.Item{Tag: klv.TagTime, Number: 1_900_000_000_000_000})
	sent.Set(klv.Item{Tag: klv.TagTailNumber, Bytes: []byte("M-07")})
	sent.Set(klv.Item{Tag: klv.TagFrameLat, State: klv.NotTold}) // above the horizon
	r := klv.NewReader(bytes.NewReader(append(sent.Append(nil), "noise"...)), klv.Options{})
	var m klv.Message
	for range 2 {
		if err := r.Next(&m); err != nil {
			fmt.Println(err)
			continue
		}
		text, err := json.Marshal(&m)
		fmt.Println(string(text), err)
	}
	// Output:
	// {"offset":0,"standard":"st0601","time":"2030-03-17T17:46:40.000000Z","precision_time_stamp_us":1900000000000000,"platform_tail_number":"M-07","frame_center_lat_deg":null,"checksum":64292} <nil>
	// byte 43: no KLV packet begins here (5 bytes passed over)
}
