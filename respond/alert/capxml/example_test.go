package capxml_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

// An acknowledgement on record is written as a message, and read again when somebody who is
// signed in brings it.
func Example() {
	answer := truce.Acknowledgement{Alert: ours().ID, Kind: truce.AckRead, Person: "fa-duty", At: release.Add(time.Minute), Text: "read by the duty officer"}
	message, err := capxml.Acknowledged(ours(), answer, "truce.5tore")
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := capxml.Encode(message)
	fmt.Print(string(text))
	if err != nil {
		fmt.Println(err)
	}
	got, err := capxml.Decode(text)
	if err != nil {
		fmt.Println(err)
		return
	}
	read, err := capxml.ReadAnswer(got, capxml.Receiver{Ours: "truce.5tore", Realm: truce.RealmReal, Person: "fa-duty", Now: release.Add(time.Hour).Time()})
	fmt.Println(read.Kind, len(read.To), err)
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
	//   <identifier>01KP0S0CD0ND1WMBBHV4R9612F.fa-duty.1775995264000000</identifier>
	//   <sender>fa-duty.truce.5tore</sender>
	//   <sent>2026-04-12T12:01:04-00:00</sent>
	//   <status>Actual</status>
	//   <msgType>Ack</msgType>
	//   <scope>Private</scope>
	//   <addresses>truce.5tore</addresses>
	//   <code>truce:ack:read</code>
	//   <note>read by the duty officer</note>
	//   <references>truce.5tore,01KP0S0CD0ND1WMBBHV4R9612F,2026-04-12T12:00:04-00:00</references>
	// </alert>
	// read 1 <nil>
}
