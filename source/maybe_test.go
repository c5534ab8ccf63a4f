package source_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/trucewatch/truce/source"
)

// TestMaybe: what is not told is left out or null, and never 0.
func TestMaybe(t *testing.T) {
	type pair struct {
		A source.Maybe `json:"a,omitzero"`
		B source.Maybe `json:"b"`
	}
	for _, test := range []struct {
		in   pair
		want string
	}{
		{pair{0, 1.5}, `{"a":0,"b":1.5}`},
		{pair{source.Untold(), source.Untold()}, `{"b":null}`},
		{pair{source.Maybe(math.Inf(1)), -2}, `{"b":-2}`},
	} {
		got, err := json.Marshal(test.in)
		if err != nil || string(got) != test.want {
			t.Errorf("%v: %s, %v, want %s", test.in, got, err, test.want)
		}
		var back pair
		if err := json.Unmarshal([]byte(test.want), &back); err != nil || back.B.Known() != test.in.B.Known() || back.B.Known() && back.B != test.in.B {
			t.Errorf("%s reads %v, %v", test.want, back, err)
		}
	}
	var m source.Maybe
	if err := json.Unmarshal([]byte(`"x"`), &m); err == nil {
		t.Error("a text was read as a number")
	}
}
