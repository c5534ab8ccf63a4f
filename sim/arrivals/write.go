package arrivals

import (
	"bytes"
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

// Write hands out the files of the world in the order of their names.
func (w *World) Write(create func(name string) (io.WriteCloser, error)) error {
	tables := map[string]func() [][]string{
		SensorsFile: w.sensorRows, ArrivalsFile: w.arrivalRows, EventsFile: w.eventRows, PicksFile: w.pickRows, TroublesFile: w.troubleRows,
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		var buffer bytes.Buffer
		if err := csv.NewWriter(&buffer).WriteAll(tables[name]()); err != nil {
			return err
		}
		file, err := create(name)
		if err != nil {
			return err
		}
		if _, err := file.Write(buffer.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (w *World) sensorRows() [][]string {
	rows := [][]string{{"sensor", "lat", "lon", "elev_m"}}
	for _, s := range w.Sensors {
		rows = append(rows, []string{s.ID, degrees(float64(s.At.Lat)), degrees(float64(s.At.Lon)), decimals(float64(s.Elev), 1)})
	}
	return rows
}

func (w *World) arrivalRows() [][]string {
	rows := [][]string{{"arrival", "sensor", "time", "phase", "sigma_s", "azimuth_deg", "azimuth_sigma_deg", "amplitude"}}
	for _, a := range w.Arrivals {
		row := []string{a.ID, w.Sensors[a.Sensor].ID, a.Time.String(), string(a.Phase), some(a.Sigma), "", "", some(a.Amplitude)}
		if a.AzimuthSigma > 0 {
			row[5], row[6] = decimals(float64(a.Azimuth), 2), some(float64(a.AzimuthSigma))
		}
		rows = append(rows, row)
	}
	return rows
}

func (w *World) eventRows() [][]string {
	rows := [][]string{{"event", "time", "lat", "lon", "depth_km", "salvo"}}
	for _, e := range w.Events {
		row := []string{e.ID, e.Time.String(), degrees(float64(e.At.Lat)), degrees(float64(e.At.Lon)), decimals(float64(e.Depth)/1000, 3), ""}
		if e.Salvo >= 0 {
			row[5] = strconv.Itoa(e.Salvo + 1)
		}
		rows = append(rows, row)
	}
	return rows
}

func (w *World) pickRows() [][]string {
	rows := [][]string{{"event", "arrival", "sigma_s"}}
	for _, e := range w.Events {
		for _, p := range e.Picks {
			rows = append(rows, []string{e.ID, w.Arrivals[p.Arrival].ID, decimals(p.Sigma, 6)})
		}
	}
	return rows
}

func (w *World) troubleRows() [][]string {
	rows := [][]string{{"sensor", "kind", "from", "offset_s"}}
	for _, t := range w.Troubles {
		row := []string{w.Sensors[t.Sensor].ID, string(t.Kind), t.From.String(), ""}
		if t.Kind == Clock {
			row[3] = decimals(t.Offset, 3)
		}
		rows = append(rows, row)
	}
	return rows
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
