package klv

import (
	"encoding/binary"
	"unicode/utf16"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Security is the security metadata of a packet, MISB ST 0102.12. It says how the sender
// wants the video handled; Truce keeps it beside what it read and decides nothing by it.
type Security struct {
	Classification string `json:"classification,omitempty"` // unclassified, restricted, confidential, secret, top_secret
	Country        string `json:"classifying_country,omitempty"`
	Compartments   string `json:"compartments,omitempty"`
	Caveats        string `json:"caveats,omitempty"`
	Releasing      string `json:"releasing_instructions,omitempty"`
	ObjectCountry  string `json:"object_countries,omitempty"`
	Comments       string `json:"comments,omitempty"`
	Version        int    `json:"st0102_version,omitempty"`
}

// classificationOf names the five levels.
func classificationOf(b []byte) string {
	names := [...]string{"", "unclassified", "restricted", "confidential", "secret", "top_secret"}
	if len(b) == 1 && int(b[0]) < len(names) {
		return names[b[0]]
	}
	return ""
}

// readSecurity reads the set; false: it lies of a length.
func readSecurity(b []byte) (*Security, bool) {
	s := &Security{}
	for len(b) > 0 {
		number, value, rest, ok := field(b)
		if !ok {
			return nil, false
		}
		b = rest
		switch number {
		case 1:
			s.Classification = classificationOf(value)
		case 3:
			s.Country = textOf(value)
		case 4:
			s.Compartments = textOf(value)
		case 5:
			s.Caveats = textOf(value)
		case 6:
			s.Releasing = textOf(value)
		case 13:
			s.ObjectCountry = wideText(value)
		case 14:
			s.Comments = textOf(value)
		case 22:
			if len(value) == 2 {
				s.Version = int(binary.BigEndian.Uint16(value))
			}
		}
	}
	return s, true
}

func textOf(b []byte) string { return truce.CleanText(source.Cut(string(b), MaxText)) }

// wideText reads the UTF-16 in which object countries are written; later editions write
// UTF-8, which has no zero bytes.
func wideText(b []byte) string {
	if len(b)%2 != 0 || len(b) == 0 || b[0] != 0 {
		return textOf(b)
	}
	var units []uint16
	for i := 0; i < len(b) && i < MaxText; i += 2 {
		units = append(units, binary.BigEndian.Uint16(b[i:]))
	}
	return truce.CleanText(string(utf16.Decode(units)))
}
