package source_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/trucewatch/truce/source"
)

// TestValues: a number that was told is written even when it is 0, one that was not is left
// out, and both are read back.
func TestValues(t *testing.T) {
	type row struct {
		A source.Value `json:"a,omitzero"`
		B source.Value `json:"b,omitzero"`
		C source.Value `json:"c"`
	}
	in := row{A: source.Told(0), C: source.Told(-12.5)}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"a":0,"c":-12.5}` {
		t.Fatalf("%s, %v", text, err)
	}
	var back row
	if err := json.Unmarshal(text, &back); err != nil || back != in {
		t.Errorf("%+v, %v", back, err)
	}
	if text, err := json.Marshal(row{}); err != nil || string(text) != `{"c":null}` {
		t.Errorf("%s, %v", text, err)
	}
	if json.Unmarshal([]byte(`{"c":null}`), &back) != nil || back.C.Told {
		t.Errorf("null was read as %+v", back.C)
	}
	if json.Unmarshal([]byte(`{"c":"x"}`), &back) == nil {
		t.Error("a word was read as a number")
	}
}

// TestNoNumberIsNotTold: what is infinite or no number is none, whatever is compared with it.
func TestNoNumberIsNotTold(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		v := source.Finite(x)
		if v != (source.Value{}) || !v.IsZero() || v.OrNaN() < 1 || v.OrNaN() >= 1 {
			t.Errorf("%v is %+v", x, v)
		}
	}
	if v := source.Finite(-2.5); v != source.Told(-2.5) || v.OrNaN() != -2.5 || v.IsZero() {
		t.Errorf("%+v", v)
	}
}
