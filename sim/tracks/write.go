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
