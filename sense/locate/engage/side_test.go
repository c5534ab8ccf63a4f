package engage_test

import (
	"math"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate/engage"
)

// TestSidesIntegrateTheLaunch: a launch d metres south of a straight line, s metres of error.
func TestSidesIntegrateTheLaunch(t *testing.T) {
	plane := geo.NewPlane(gun)
	var edge []geo.Point // many points, since the straight way between two far ones is a geodesic
	for east := geo.Metres(-20_000); east <= 20_000; east += 1000 {
		edge = append(edge, plane.From(east, 0))
	}
	line, err := geo.NewLine("contact", edge)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ north, sigma, accuracy, p float64 }{{-300, 100, 0, .9}, {40, 100, 0, 1}, {-200, 100, 200, .8}, {0, 80, 0, .6}, {5000, 100, 100, .7}} {
		e := engage.Engagement{Fired: c.p, Launch: &geo.Position{Point: plane.From(0, geo.Metres(c.north)), Error: geo.Isotropic(geo.Metres(c.sigma))}}
		left, right, unknown := e.Sides(line, geo.Metres(c.accuracy))
		want := c.p * num.NormalCDF(c.north/math.Hypot(c.sigma, c.accuracy)) // north of it is left
		if math.Abs(left-want) > .004 || math.Abs(left+right+unknown-1) > 1e-9 || math.Abs(unknown-(1-c.p)) > 1e-9 {
			t.Errorf("%+v: %.4f left, %.4f right, %.4f unknown, want %.4f left", c, left, right, unknown, want)
		}
	}
	var nowhere engage.Engagement
	if left, right, unknown := nowhere.Sides(line, 0); left != 0 || right != 0 || unknown != 1 {
		t.Errorf("nothing known gives %g, %g, %g", left, right, unknown)
	}
}
