package capxml_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce/respond/alert/capxml"
)

// A message that was received is read, and acknowledged by another.
func Example() {
	got, err := capxml.Decode([]byte(document("", "")))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := capxml.Reply(got, capxml.TypeAck, "R-1", "duty@fa.example.org", time.Date(2026, 4, 12, 12, 5, 0, 0, time.UTC), "read by the duty officer")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := capxml.Encode(reply)
	fmt.Print(string(text))
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
	//   <identifier>R-1</identifier>
	//   <sender>duty@fa.example.org</sender>
	//   <sent>2026-04-12T12:05:00-00:00</sent>
	//   <status>Actual</status>
	//   <msgType>Ack</msgType>
	//   <scope>Private</scope>
	//   <addresses>s</addresses>
	//   <note>read by the duty officer</note>
	//   <references>s,1,2026-04-12T12:00:04-00:00</references>
	// </alert>
}
