package plots

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

const manyHeader = Shape + "," + ManyShape + "\n"

// TestRowsOfManySensors: range and bearing, a bearing, a place with Doppler, an error with
// axes, an identity.
func TestRowsOfManySensors(t *testing.T) {
	rows := []string{
		"1,2031-03-03T06:00:00Z,,,,,,radar,primary,-47.9,-21.6,5000,25,41.5,.3,-12.5,2,,,",
		"1,2031-03-03T06:00:00Z,,,,,,mast,acoustic,-47.9,-21.6,,,360,3,,,,,",
		"1,2031-03-03T06:00:00Z,,1,2,,20,radar,,-47.9,-21.6,,,,,7,1,,,",
		"1,2031-03-03T06:00:00Z,,1,2,,20,,,,,,,,,,,5,30,",
		"1,2031-03-03T06:00:00Z,,1,2,,20,receiver,self,,,,,,,,,,,icao24:4ca1b2",
		"1,2031-03-03T06:00:00Z,,1,2,,20,receiver,self,,,,,,,,,,,S17",
		"1,2031-03-03T06:00:00Z,,1,2,,20,,,,,,,,,,,,,",
	}
	station := geo.Point{Lat: -47.9, Lon: -21.6}
	want := []struct {
		sensor string
		means  truce.PlotMeans
		more   *Measure
	}{
		{"radar", truce.MeansPrimary, &Measure{Station: station, Unplaced: true, Polar: truce.Polar{Bearing: 41.5, BearingSigma: .3, Range: 5000, RangeSigma: 25, RadialMps: -12.5, RadialSigma: 2}}},
		{"mast", truce.MeansAcoustic, &Measure{Station: station, Unplaced: true, Polar: truce.Polar{BearingSigma: 3}}},
		{"radar", "", &Measure{Station: station, Polar: truce.Polar{RadialMps: 7, RadialSigma: 1}}},
		{"", "", &Measure{Minor: 5, Strike: 30}},
		{"receiver", truce.MeansSelf, &Measure{Identity: truce.Identity{Scheme: "icao24", Value: "4ca1b2"}}},
		{"receiver", truce.MeansSelf, &Measure{Identity: truce.Identity{Scheme: "id", Value: "S17"}}},
		{"", "", nil},
	}
	r, err := NewReader(strings.NewReader(manyHeader + strings.Join(rows, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range want {
		p, err := r.Next()
		if err != nil || p.Sensor != w.sensor || p.Means != w.means || !reflect.DeepEqual(p.More, w.more) {
			t.Errorf("row %d: %+v %+v, %v; want %+v", i, p, p.More, err, w)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("behind the end: %v", err)
	}
}

// TestBadRowsOfManySensors are named with column and mend.
func TestBadRowsOfManySensors(t *testing.T) {
	for _, test := range []struct{ row, kind, want string }{
		{",,,,s,,,,,,,,,,,,", "no place", "so is bearing_deg"},
		{",1,,,s,,,,,,,,,,,,", "no place", "lat or lon is empty"},
		{",,,,s,,1,2,,,40,,,,,,", "no bearing_sigma_deg", "write bearing_sigma_deg above 0"},
		{",,,,s,,1,2,,,40,0,,,,,", "no bearing_sigma_deg", "above 0"},
		{",,,,s,,1,2,,,,3,,,,,", "no bearing_deg", "write both or neither"},
		{",,,,s,,1,2,,,361,3,,,,,", "bad bearing_deg", "from 0 to 360"},
		{",,,,s,,1,2,,,40,60,,,,,", "bad bearing_sigma_deg", "from 0 to 45"},
		{",,,,s,,,,,,40,3,,,,,", "no sensor_lat", "where the sensor stands"},
		{",,,,s,,1,,,,40,3,,,,,", "half a place", "write both or neither"},
		{",,,,s,,95,2,,,40,3,,,,,", "bad sensor_lat", "from -90 to 90"},
		{",1,2,,s,,1,2,500,10,,,,,,,", "no bearing_deg", "a range alone is not followed"},
		{",1,2,,s,sonar,,,,,,,,,,,", "bad means", `means "sonar" is none of self`},
		{",1,2,,s,,,,,,,,,,9,30,", "bad sigma_minor_m", "more than sigma_m"},
		{",1,2,,s,,,,,,,,5,1,,,", "no sensor_lat", "Doppler without"},
		{",1,2,,s,,,,,,,,,,,,icao24:", "bad identity", "scheme:value"},
		{",1,2,,s,,,,,,,,,,,," + strings.Repeat("x", 65), "id too long", "64 bytes"},
		{",1,2,," + strings.Repeat("s", 65) + ",,,,,,,,,,,,", "id too long", "64 bytes"},
	} {
		text := "scan,time,lat,lon,sigma_m," + ManyShape + "\n1,2031-03-03T06:00:00Z" + test.row + "\n"
		r, err := NewReader(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Next()
		var row *RowError
		if !errors.As(err, &row) || row.Line != 2 || row.Kind != test.kind || !strings.Contains(row.Reason, test.want) {
			t.Errorf("%s: %v, want %s, %q", test.row, err, test.kind, test.want)
		}
	}
}
