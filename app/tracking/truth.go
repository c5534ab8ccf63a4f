package tracking

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	sim "github.com/trucewatch/truce/sim/tracks"
)

// maxScoreRows bounds a truth and an answer: a hundred objects for a day.
const maxScoreRows = 10_000_000

// Score holds an answer (tracks.csv) against the truth of a workload (truth.csv), scan by
// scan from the eleventh on. A row of the answer belongs to the scan of exactly its time; how
// many belong to none is told.
func Score(truth, answer io.Reader) (score *sim.Score, astray int, err error) {
	scans, err := readTruth(truth)
	if err != nil {
		return nil, 0, fmt.Errorf("truth: %w", err)
	}
	found, err := readAnswer(answer)
	if err != nil {
		return nil, 0, fmt.Errorf("answer: %w", err)
	}
	score = sim.NewScore()
	for i := range scans {
		at := found[scans[i].Time]
		delete(found, scans[i].Time)
		if i+1 >= sim.FirstScored {
			score.Add(&scans[i], at)
		}
	}
	for _, rows := range found {
		astray += len(rows)
	}
	score.Close()
	return score, astray, nil
}

// readTruth reads the scans in the order of time.
func readTruth(src io.Reader) ([]sim.Truth, error) {
	var out []sim.Truth
	at := map[truce.Instant]int{}
	err := eachRow(src, []string{"target", "time", "lat", "lon"}, func(r *tableRow) error {
		when, place := r.time("time"), r.place()
		i, known := at[when]
		if !known {
			i = len(out)
			at[when] = i
			out = append(out, sim.Truth{Time: when, At: map[string]geo.Point{}})
		}
		id := r.text("target")
		if _, twice := out[i].At[id]; !twice {
			out[i].IDs = append(out[i].IDs, id)
		}
		out[i].At[id] = place
		return r.err
	})
	slices.SortFunc(out, func(a, b sim.Truth) int { return int(min(1, max(-1, a.Time-b.Time))) })
	return out, err
}

func readAnswer(src io.Reader) (map[truce.Instant][]sim.Found, error) {
	out := map[truce.Instant][]sim.Found{}
	err := eachRow(src, []string{"track", "time", "lat", "lon", "sigma_m"}, func(r *tableRow) error {
		f := sim.Found{Track: r.text("track"), At: r.place()}
		if r.text("sigma_m") != "" {
			f.Sigma = geo.Metres(r.number("sigma_m"))
		}
		when := r.time("time")
		out[when] = append(out[when], f)
		return r.err
	})
	return out, err
}

// tableRow is a row of a table whose columns are found by name. The first that cannot be read
// ends the table: a truth or an answer with holes gives no score.
type tableRow struct {
	csv     *bounded.CSV
	columns map[string]int
	fields  [][]byte
	err     error
}

func eachRow(src io.Reader, columns []string, take func(*tableRow) error) error {
	r := &tableRow{csv: bounded.NewCSV(src, bounded.CSVLimits{}), columns: map[string]int{}}
	header, err := r.csv.Header()
	if err == io.EOF {
		return truce.Errorf(truce.CodeInvalid, "the file is empty")
	}
	if err != nil {
		return err
	}
	for i, name := range header {
		r.columns[string(bytes.TrimSpace(name))] = i
	}
	for _, name := range columns {
		if _, ok := r.columns[name]; !ok {
			return truce.Errorf(truce.CodeInvalid, "line 1: the header has no column %s", name)
		}
	}
	for rows := 0; ; rows++ {
		r.fields, err = r.csv.Read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case len(r.fields) != len(header):
			return truce.Errorf(truce.CodeInvalid, "line %d: %d columns, the header has %d", r.csv.Line(), len(r.fields), len(header))
		case rows == maxScoreRows:
			return truce.Errorf(truce.CodeTooLarge, "line %d: more than %d rows", r.csv.Line(), maxScoreRows)
		}
		if err := take(r); err != nil {
			return err
		}
	}
}

func (r *tableRow) text(column string) string { return string(r.fields[r.columns[column]]) }

func (r *tableRow) refuse(column, what string) {
	if r.err == nil {
		r.err = truce.Errorf(truce.CodeInvalid, "line %d: %s %.40q is no %s", r.csv.Line(), column, r.text(column), what)
	}
}

func (r *tableRow) number(column string) float64 {
	x, err := strconv.ParseFloat(r.text(column), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		r.refuse(column, "number")
	}
	return x
}

func (r *tableRow) time(column string) (t truce.Instant) {
	if err := t.UnmarshalText(r.fields[r.columns[column]]); err != nil {
		r.refuse(column, "time")
	}
	return t
}

func (r *tableRow) place() geo.Point {
	p := geo.Point{Lat: geo.Degrees(r.number("lat")), Lon: geo.Degrees(r.number("lon"))}
	if !p.Valid() {
		r.refuse("lat", "latitude, or lon no longitude")
	}
	return p
}
