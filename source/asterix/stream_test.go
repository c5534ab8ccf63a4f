package asterix

import (
	"bytes"
	"testing"

	"github.com/trucewatch/truce/source/sourcetest"
)

// TestEveryCut: blocks of four categories, one of two reports, that end behind any byte: a block
// that is not whole gives none of its reports.
func TestEveryCut(t *testing.T) {
	var two []byte
	for i := range 2 {
		record, err := plot048(3600+float64(i), 54, 90).Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		two = append(two, record...)
	}
	pair, err := AppendBlock(nil, 48, two)
	if err != nil {
		t.Fatal(err)
	}
	blocks := [][]byte{
		pair, block(t, 62, track062(1000).Number("105/lat_deg", 48.5).Number("105/lon_deg", -37.5)),
		block(t, 21, Build(21).Number("010/sac", 1).Number("010/sic", 2).Number("040/atp", 0).Text("080/address", "4b1812")),
		block(t, 48, plot048(3700, 20, 10)),
	}
	sourcetest.EveryCut(t, nil, blocks, func(in []byte) (messages, damage []string) {
		return sourcetest.Messages(t, NewReader(bytes.NewReader(in), Options{}).Next)
	})
}
