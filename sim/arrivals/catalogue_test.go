package arrivals_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce/sim/arrivals"
)

// shared is a file of the data for tests, which lie beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	text, err := os.ReadFile(filepath.Join(root, "data", "assoc", "real", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("the catalogue is not here: %v", err)
	}
	return text
}

// TestCatalogueOfRealEarthquakes: 101 events of 14 October 2016 among 60 stations.
func TestCatalogueOfRealEarthquakes(t *testing.T) {
	w, err := arrivals.NewCatalogue(arrivals.Catalogue{
		Events: bytes.NewReader(shared(t, "catalog_syn.txt")), Stations: bytes.NewReader(shared(t, "station.dat")),
		Times: bytes.NewReader(shared(t, "tt_db/ttdb.txt")), Seed: 1, Noise: .5,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Events) != 101 || len(w.Sensors) != 60 {
		t.Errorf("%d events, %d stations", len(w.Events), len(w.Sensors))
	}
	for _, e := range w.Events {
		for _, p := range e.Picks {
			a := w.Arrivals[p.Arrival]
			if late := a.Time.Sub(e.Time).Seconds(); late < -2 || late > 60 {
				t.Errorf("%s at %s comes after %.1f s", a.Phase, w.Sensors[a.Sensor].ID, late)
			}
		}
		if b := float64(w.Bound(e)); !(b > 50 && b < 3000) {
			t.Errorf("%s is bounded to %.0f m", e.ID, b)
		}
	}
}

func TestCatalogueRefusesWhatItCannotRead(t *testing.T) {
	const event, station = "2016-10-14T00:00:08Z 0.2 0.1 10 1.5\n", "0 0 IV AAAA EHZ 0.5\n"
	var table strings.Builder
	for i := range 200 {
		for depth := range 21 {
			fmt.Fprintf(&table, "%g %d %g %g\n", float64(i)*.01, depth, float64(i)*.18, float64(i)*.3)
		}
	}
	stations := ""
	for i := range 12 {
		stations += fmt.Sprintf("%g %g IV A%d EHZ 0.5\n", float64(i%4)*.1, float64(i/4)*.1, i)
	}
	make := func(event, stations, table string) error {
		_, err := arrivals.NewCatalogue(arrivals.Catalogue{Events: strings.NewReader(event), Stations: strings.NewReader(stations), Times: strings.NewReader(table)})
		return err
	}
	if err := make(event, stations, table.String()); err != nil {
		t.Error(err)
	}
	for _, test := range []struct{ event, stations, table, want string }{
		{"yesterday 0 0 1 1\n", stations, table.String(), "events: line 1: time"},
		{"2016-10-14T00:00:08Z 0 0 1\n", stations, table.String(), "events: line 1: 4 columns"},
		{"2016-10-14T00:00:08Z 0 x 1 1\n", stations, table.String(), "events: line 1: column 3"},
		{event, station, table.String(), "no 4 stations hear it"},
		{event, "", table.String(), "stations: there are none"},
		{event, "0 200 IV A EHZ 1\n", table.String(), "stations: line 1: no place"},
		{event, stations, "1 2 NaN 3\n", "travel times: line 1: column 3"},
		{event, stations, "1e9 2 1 3\n", "travel times: line 1: a distance"},
	} {
		if err := make(test.event, test.stations, test.table); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}
