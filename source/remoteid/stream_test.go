package remoteid

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/sourcetest"
)

// TestEveryCut: messages and packs, one behind the other, that end behind any byte: a pack that
// is not whole gives none of its messages.
func TestEveryCut(t *testing.T) {
	frames := [][]byte{one(t, named(IDState, "UA-1")), packOf(t, flying(), operated("OP-1")), one(t, flying()), packOf(t, named(IDSerial, "S-7"))}
	sourcetest.EveryCut(t, nil, frames, func(in []byte) (messages, damage []string) {
		return sourcetest.Messages(t, NewReader(bytes.NewReader(in), Options{Format: FormatRaw, Received: noon}).Next)
	})
}

// TestTextIsNoMessage: a licence, a table or a hex dump holds no messages, however its letters
// would read as the numbers of kinds.
func TestTextIsNoMessage(t *testing.T) {
	for _, in := range []string{strings.Repeat(" ", 11) + "Apache License\nVersion 2.0, January 2004\n", "BASIC ID;LAT;LON;ALT\r\nUA-1;48.5;37.25;120\r\n", "12 00 7f\n", "@"} {
		got, damaged, err := all(t, []byte(in), Options{})
		if len(got) != 0 || len(damaged) != 0 || truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "this is text") {
			t.Errorf("%q: %d messages, %v, %v", in, len(got), damaged, err)
		}
	}
	for _, m := range []Message{named(IDSerial, "1581F45T7228H00A1B2C"), operated("FIN87astrdge12k8"), flying()} {
		if got, damaged, err := all(t, one(t, m), Options{}); len(got) != 1 || len(damaged) != 0 || err != nil {
			t.Errorf("%s: %d messages, %v, %v", m.Kind, len(got), damaged, err)
		}
	}
}
