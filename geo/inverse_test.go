package geo

import (
	"math"
	"testing"
)

// Donetsk to Mariupol, city centres as published with the population table in use; the
// length is the one that GeodSolve 2.1.2 -E prints.
func TestInverseFixedPoint(t *testing.T) {
	donetsk, mariupol := Point{48.023, 37.80224}, Point{47.09514, 37.54131}
	d, out, in := Inverse(donetsk, mariupol)
	if want := Metres(105013.3120897840); math.Abs(float64(d-want)) > 1e-8 {
		t.Errorf("length %.10f m, want %.10f m", d, want)
	}
	if math.Abs(float64(out+169.125933595543785)) > 1e-12 || math.Abs(float64(in+169.318499486719759)) > 1e-12 {
		t.Errorf("azimuths %.14f and %.14f", out, in)
	}
	if Distance(mariupol, donetsk) != d {
		t.Errorf("the way back is %v, the way there %v", Distance(mariupol, donetsk), d)
	}
}
