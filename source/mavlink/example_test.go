package mavlink_test

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/trucewatch/truce/source/mavlink"
)

func ExampleReader() {
	frame := mavlink.Frame{Version: 2, System: 1, Component: 1}
	in, err := frame.Append([]byte("noise"), &mavlink.Message{ID: 253, Text: &mavlink.Text{Severity: 4, Text: "GPS Glitch"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := mavlink.NewReader(bytes.NewReader(in), mavlink.Options{})
	var m mavlink.Message
	for range 2 {
		if err := r.Next(&m); err != nil {
			fmt.Println(err)
			continue
		}
		text, err := json.Marshal(&m)
		fmt.Println(string(text), err)
	}
	// Output:
	// byte 0: no frame begins here (5 bytes passed over)
	// {"offset":5,"mavlink":2,"system":1,"component":1,"sequence":0,"message_id":253,"message":"statustext","statustext":{"severity":4,"text":"GPS Glitch"}} <nil>
}
