package arrivals_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/arrivals"
)

func TestReadWeather(t *testing.T) {
	text := "lat,lon,time,wind_m_s,wind_from_deg,temperature_c,station\n-47.5,-21.5,2031-03-03T00:00:00Z,15,270,-12.5,x\n"
	rows, rejects, err := arrivals.ReadWeather(strings.NewReader(text))
	want := arrivals.Weather{Time: instant(t, "2031-03-03T00:00:00Z"), At: geo.Point{Lat: -47.5, Lon: -21.5}, Temperature: -12.5, WindFrom: 270, Wind: 15}
	if err != nil || rejects.Rows > 0 || len(rows) != 1 || rows[0] != want {
		t.Errorf("%v, %v, %v", rows, rejects, err)
	}
}

func TestWeatherLeftOut(t *testing.T) {
	const good = "2031-03-03T00:00:00Z,-47.5,-21.5,10,270,5\n"
	for row, want := range map[string]string{
		"1970-01-01T00:00:00Z,-47.5,-21.5,10,270,5":  "line 3: time 1970",
		"2031-03-03T00:00:00Z,,-21.5,10,270,5":       "line 3: lat is empty: a row of weather needs all six",
		"2031-03-03T00:00:00Z,-47.5,-21.5,,270,5":    "line 3: temperature_c is empty",
		"2031-03-03T00:00:00Z,-47.5,-21.5,283,270,5": `line 3: temperature_c "283" is no number of degrees Celsius from -90 to 60`,
		"2031-03-03T00:00:00Z,-47.5,-21.5,10,west,5": `line 3: wind_from_deg "west"`,
		"2031-03-03T00:00:00Z,-47.5,-21.5,10,270,-5": `line 3: wind_m_s "-5"`,
		"2031-03-03T00:00:00Z,-47.5":                 "line 3: 2 columns",
	} {
		rows, rejects, err := arrivals.ReadWeather(strings.NewReader(arrivals.WeatherShape + "\n" + good + row + "\n" + good))
		if err != nil || len(rows) != 2 || rejects.Rows != 1 || !strings.HasPrefix(rejects.Named[0].Error(), want) {
			t.Errorf("%q: %d rows, %+v, %v", row, len(rows), rejects, err)
		}
	}
	for text, want := range map[string]string{"": "the file is empty", "time,lat\n": "no column lon"} {
		if _, _, err := arrivals.ReadWeather(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzReadWeather: what comes through is weather on earth.
func FuzzReadWeather(f *testing.F) {
	f.Add(arrivals.WeatherShape + "\n2031-03-03T00:00:00Z,-47.5,-21.5,10,270,5\n")
	f.Add("time,lat,lon,temperature_c,wind_from_deg,wind_m_s\n2031-03-03T00:00:00Z,1e1,-0,\"1\",1e400,0x1\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, _, err := arrivals.ReadWeather(strings.NewReader(text))
		for _, r := range rows {
			if err == nil && (!r.At.Valid() || !(r.Temperature >= -90 && r.Temperature <= 60) || !(r.Wind >= 0 && r.Wind <= 100)) {
				t.Fatalf("%q gave %s", text, fmt.Sprint(r))
			}
		}
	})
}
