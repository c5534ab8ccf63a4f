package source

import (
	"encoding/json"
	"math"
)

// Maybe is a number that may not be told: it is then NaN, and JSON leaves the field out when
// it is tagged omitzero. Formats say in many ways that a value is not known; decoders bring
// them all to this one.
type Maybe float64

// Untold is the number that nobody told.
func Untold() Maybe { return Maybe(math.NaN()) }

// Known says whether there is a number. What is infinite is none.
func (m Maybe) Known() bool { return !math.IsNaN(float64(m)) && !math.IsInf(float64(m), 0) }

// IsZero says whether there is none: JSON's omitzero asks for it.
func (m Maybe) IsZero() bool { return !m.Known() }

// MarshalJSON writes the number, or null.
func (m Maybe) MarshalJSON() ([]byte, error) {
	if !m.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(m))
}

// UnmarshalJSON reads a number, or null.
func (m *Maybe) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*m = Untold()
		return nil
	}
	return json.Unmarshal(b, (*float64)(m))
}
