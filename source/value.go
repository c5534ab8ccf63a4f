package source

import (
	"encoding/json"
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
