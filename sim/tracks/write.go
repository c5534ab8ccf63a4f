package tracks

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// The files of a workload: what `truce track` reads, and the truth for `truce track score`.
const (
	PlotsFile = "plots.csv" // scan,time,plot,lat,lon,alt_m,sigma_m
	TruthFile = "truth.csv" // target,scan,time,lat,lon
)

// Write hands out the files of the world in the order of their names.
func (w *World) Write(create func(name string) (io.WriteCloser, error)) error {
	for _, file := range []struct {
		name string
		rows func(write func(...string))
	}{{PlotsFile, w.plotRows}, {TruthFile, w.truthRows}} {
		out, err := create(file.name)
		if err != nil {
			return err
		}
		table := csv.NewWriter(out)
		// The writer keeps its first error, which Flush and Error tell of below.
		file.rows(func(row ...string) { _ = table.Write(row) })
		table.Flush()
		if err := table.Error(); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
		if err := out.Close(); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return nil
}

func (w *World) plotRows(write func(...string)) {
	if w.Rows != nil {
		w.manyRows(write)
		return
	}
	write("scan", "time", "plot", "lat", "lon", "alt_m", "sigma_m")
	sigma := ""
	if w.Sigma > 0 {
		sigma = strconv.FormatFloat(float64(w.Sigma), 'f', -1, 64)
	}
	for i := range w.Scans {
		s := &w.Scans[i]
		for _, p := range s.Plots {
			write(s.ID, s.Time.String(), p.ID, degrees(float64(p.At.Lat)), degrees(float64(p.At.Lon)), "", sigma)
		}
	}
}

// manyRows are the plots of many sensors.
func (w *World) manyRows(write func(...string)) {
	write("scan", "time", "plot", "lat", "lon", "sigma_m", "sensor", "means", "sensor_lat", "sensor_lon",
		"range_m", "range_sigma_m", "bearing_deg", "bearing_sigma_deg", "doppler_mps", "doppler_sigma_mps", "identity")
	for i := range w.Rows {
		r := &w.Rows[i]
		row := []string{r.Scan, r.Time.String(), strconv.Itoa(i + 1)}
		if r.Polar == nil {
			row = append(row, degrees(float64(r.At.Lat)), degrees(float64(r.At.Lon)), short(float64(r.Sigma)), r.Sensor, string(r.Means), "", "", "", "", "", "", "", "", r.Identity)
			write(row...)
			continue
		}
		p := r.Polar
		row = append(row, "", "", "", r.Sensor, string(r.Means), degrees(float64(r.Station.Lat)), degrees(float64(r.Station.Lon)))
		for _, pair := range [][2]float64{{float64(p.Range), float64(p.RangeSigma)}, {float64(p.Bearing), float64(p.BearingSigma)}, {p.RadialMps, p.RadialSigma}} {
			if pair[1] == 0 {
				row = append(row, "", "")
				continue
			}
			row = append(row, strconv.FormatFloat(pair[0], 'f', 4, 64), short(pair[1]))
		}
		write(append(row, r.Identity)...)
	}
}

func short(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func (w *World) truthRows(write func(...string)) {
	write("target", "scan", "time", "lat", "lon")
	for i := range w.Scans {
		s := &w.Scans[i]
		for target, at := range s.Truth {
			if s.Alive[target] {
				write(strconv.Itoa(target+1), s.ID, s.Time.String(), degrees(float64(at.Lat)), degrees(float64(at.Lon)))
			}
		}
	}
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', coordinateDecimals, 64) }
