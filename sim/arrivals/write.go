package arrivals

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
)

// The files of a workload. The first two are what `truce locate` reads; the truth is for
// `truce locate score`.
const (
	SensorsFile  = "sensors.csv"           // sensor,lat,lon,elev_m
	ArrivalsFile = "arrivals.csv"          // arrival,sensor,time,phase,sigma_s,azimuth_deg,azimuth_sigma_deg,amplitude
	EventsFile   = "truth-events.csv"      // event,time,lat,lon,depth_km,salvo
	PicksFile    = "truth-assignments.csv" // event,arrival,sigma_s
	TroublesFile = "truth-troubles.csv"    // sensor,kind,from,offset_s
)

// Write hands out the files of the world in the order of their names. Rows are written as they
// are made: a busy day has three million.
func (w *World) Write(create func(name string) (io.WriteCloser, error)) error {
	tables := map[string]func(write func(...string)){
		SensorsFile: w.sensorRows, ArrivalsFile: w.arrivalRows, EventsFile: w.eventRows, PicksFile: w.pickRows, TroublesFile: w.troubleRows,
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		file, err := create(name)
		if err != nil {
			return err
		}
		table := csv.NewWriter(file)
		// The writer keeps its first error, which Flush and Error tell of below.
		tables[name](func(row ...string) { _ = table.Write(row) })
		table.Flush()
		if err := table.Error(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (w *World) sensorRows(write func(...string)) {
	write("sensor", "lat", "lon", "elev_m")
	for _, s := range w.Sensors {
		write(s.ID, degrees(float64(s.At.Lat)), degrees(float64(s.At.Lon)), decimals(float64(s.Elev), 1))
	}
}

func (w *World) arrivalRows(write func(...string)) {
	write("arrival", "sensor", "time", "phase", "sigma_s", "azimuth_deg", "azimuth_sigma_deg", "amplitude")
	for _, a := range w.Arrivals {
		azimuth, sigma := "", ""
		if a.AzimuthSigma > 0 {
			azimuth, sigma = decimals(float64(a.Azimuth), 2), some(float64(a.AzimuthSigma))
		}
		write(a.ID, w.Sensors[a.Sensor].ID, a.Time.String(), string(a.Phase), some(a.Sigma), azimuth, sigma, some(a.Amplitude))
	}
}

func (w *World) eventRows(write func(...string)) {
	write("event", "time", "lat", "lon", "depth_km", "salvo")
	for _, e := range w.Events {
		salvo := ""
		if e.Salvo >= 0 {
			salvo = strconv.Itoa(e.Salvo + 1)
		}
		write(e.ID, e.Time.String(), degrees(float64(e.At.Lat)), degrees(float64(e.At.Lon)), decimals(float64(e.Depth)/1000, 3), salvo)
	}
}

func (w *World) pickRows(write func(...string)) {
	write("event", "arrival", "sigma_s")
	for _, e := range w.Events {
		for _, p := range e.Picks {
			write(e.ID, w.Arrivals[p.Arrival].ID, decimals(p.Sigma, 6))
		}
	}
}

func (w *World) troubleRows(write func(...string)) {
	write("sensor", "kind", "from", "offset_s")
	for _, t := range w.Troubles {
		offset := ""
		if t.Kind == Clock {
			offset = decimals(t.Offset, 3)
		}
		write(w.Sensors[t.Sensor].ID, string(t.Kind), t.From.String(), offset)
	}
}

func degrees(x float64) string { return decimals(x, coordinateDecimals) }

func decimals(x float64, n int) string { return strconv.FormatFloat(x, 'f', n, 64) }

// some is a number, or nothing where 0 says that there is none.
func some(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
