package remoteid

import (
	"bytes"
	"testing"

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
