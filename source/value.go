package source

import (
	"encoding/json"
	"math"
	"strconv"
)

// Value is a number that a message may leave out. The zero Value is one that was not told,
// and is left out of JSON by the tag omitzero.
type Value struct {
	V    float64
	Told bool
}

// Told makes the value that was told.
func Told(v float64) Value { return Value{V: v + 0, Told: true} }

// Finite is v as a value that was told, and none where v is infinite or no number, by which
// some formats say that they do not know.
func Finite(v float64) Value {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Value{}
	}
	return Value{V: v, Told: true}
}

// OrNaN is the number, and NaN where none was told: every comparison with that is false.
func (v Value) OrNaN() float64 {
	if !v.Told {
		return math.NaN()
	}
	return v.V
}

// IsZero says whether nothing was told.
func (v Value) IsZero() bool { return !v.Told }

// MarshalJSON writes the number, null where none was told.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.Told {
		return []byte("null"), nil
	}
	return json.Marshal(v.V)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	if string(b) == "null" {
		return nil
	}
	x, err := strconv.ParseFloat(string(b), 64)
	if err == nil {
		*v = Told(x)
	}
	return err
}
