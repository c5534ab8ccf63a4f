package locating

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/sense/locate"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

// rows is a table whose columns are found by name; the first row that cannot be read ends it:
// a truth or an answer with holes gives no score.
type rows struct {
	csv     *bounded.CSV
	columns map[string]int
	fields  [][]byte
	err     error
}

func newRows(src io.Reader, columns ...string) (*rows, error) {
	r := &rows{csv: bounded.NewCSV(src, bounded.CSVLimits{}), columns: map[string]int{}}
	header, err := r.csv.Header()
	if err == io.EOF {
		return nil, truce.Errorf(truce.CodeInvalid, "the file is empty")
	}
	if err != nil {
		return nil, err
	}
	for i, name := range header {
		r.columns[string(bytes.TrimSpace(name))] = i
	}
	for _, name := range columns {
		if _, ok := r.columns[name]; !ok {
			return nil, truce.Errorf(truce.CodeInvalid, "line 1: the header has no column %s", name)
		}
	}
	return r, nil
}

// next reads a row; false at the end and after an error.
func (r *rows) next() bool {
	if r.err != nil {
		return false
	}
	fields, err := r.csv.Read()
	if err == io.EOF {
		return false
	}
	if err == nil && len(fields) != len(r.columns) {
		err = r.refuse("%d columns, the header has %d", len(fields), len(r.columns))
	}
	r.fields, r.err = fields, err
	return r.err == nil
}

func (r *rows) refuse(format string, args ...any) error {
	return truce.Errorf(truce.CodeInvalid, "line %d: %s", r.csv.Line(), fmt.Sprintf(format, args...))
}

func (r *rows) text(column string) string { return string(r.fields[r.columns[column]]) }

// number reads a finite number; what is none ends the table.
func (r *rows) number(column string) float64 {
	x, err := strconv.ParseFloat(r.text(column), 64)
	if r.err == nil && (err != nil || math.IsNaN(x) || math.IsInf(x, 0)) {
		r.err = r.refuse("%s %.40q is no number", column, r.text(column))
	}
	return x
}

func (r *rows) place() geo.Point {
	p := geo.Point{Lat: geo.Degrees(r.number("lat")), Lon: geo.Degrees(r.number("lon"))}
	if r.err == nil && !p.Valid() {
		r.err = r.refuse("%s is no place on earth", p)
	}
	return p
}

func (r *rows) time() (at truce.Instant) {
	if err := at.UnmarshalText([]byte(r.text("time"))); r.err == nil && err != nil {
		r.err = r.refuse("%v", err)
	}
	return at
}

// one finds the index of an id; what is not known ends the table.
func (r *rows) one(of map[string]int, column string) int {
	i, ok := of[r.text(column)]
	if !ok && r.err == nil {
		r.err = r.refuse("%s %.40q is not known", column, r.text(column))
	}
	return i
}

// World is the field as the generators of workloads have it, without its truth.
func (f *Field) World() *sim.World {
	w := &sim.World{Sensors: make([]sim.Sensor, len(f.Sensors)), Arrivals: make([]sim.Arrival, len(f.Arrivals))}
	for i, s := range f.Sensors {
		w.Sensors[i] = sim.Sensor{ID: s.ID, At: s.At, Elev: s.Elev}
	}
	for i, a := range f.Arrivals {
		w.Arrivals[i] = sim.Arrival{
			ID: a.ID, Sensor: a.Sensor, Time: a.Time, Phase: sim.Phase(a.Phase.String()), Sigma: a.Sigma,
			Azimuth: a.Azimuth, AzimuthSigma: a.AzimuthSigma, Amplitude: a.Amplitude,
		}
	}
	return w
}

// OfWorld is a generated field as sense/locate takes it.
func OfWorld(w *sim.World) (*Field, error) {
	f := &Field{Sensors: make([]locate.Sensor, len(w.Sensors)), Arrivals: make([]locate.Arrival, len(w.Arrivals))}
	for i, s := range w.Sensors {
		f.Sensors[i] = locate.Sensor{ID: s.ID, At: s.At, Elev: s.Elev}
	}
	for i, a := range w.Arrivals {
		phase, err := locate.ParsePhase(string(a.Phase))
		if err != nil {
			return nil, err
		}
		f.Arrivals[i] = locate.Arrival{
			ID: a.ID, Sensor: a.Sensor, Time: a.Time, Phase: phase, Sigma: a.Sigma,
			Azimuth: a.Azimuth, AzimuthSigma: a.AzimuthSigma, Amplitude: a.Amplitude,
		}
	}
	return f, nil
}

// Found is a result as it is held against the truth.
func Found(result *locate.Result) []sim.Found {
	out := make([]sim.Found, len(result.Events))
	for i := range result.Events {
		e := &result.Events[i]
		out[i] = sim.Found{Time: e.Time, At: e.At, Depth: e.Depth, Ellipse: e.Ellipse}
		for _, u := range e.Used {
			out[i].Arrivals = append(out[i].Arrivals, u.Arrival)
		}
	}
	return out
}

// ReadTruth adds the true events and their arrivals, from truth-events.csv and
// truth-assignments.csv, to the world of a field.
func ReadTruth(w *sim.World, events, assignments io.Reader) error {
	r, err := newRows(events, "event", "time", "lat", "lon", "depth_km")
	if err != nil {
		return fmt.Errorf("%s: %w", sim.EventsFile, err)
	}
	known := map[string]int{}
	for r.next() {
		known[r.text("event")] = len(w.Events)
		w.Events = append(w.Events, sim.Event{ID: r.text("event"), Time: r.time(), At: r.place(), Depth: geo.Metres(1000 * r.number("depth_km")), Salvo: -1})
	}
	if r.err != nil {
		return fmt.Errorf("%s: %w", sim.EventsFile, r.err)
	}
	if r, err = newRows(assignments, "event", "arrival", "sigma_s"); err != nil {
		return fmt.Errorf("%s: %w", sim.PicksFile, err)
	}
	ids := arrivalIDs(w)
	for r.next() {
		event, arrival, sigma := r.one(known, "event"), r.one(ids, "arrival"), r.number("sigma_s")
		if r.err == nil && !(sigma > 0) {
			r.err = r.refuse("sigma_s %g: the true error must be above 0", sigma)
		}
		if r.err == nil {
			w.Events[event].Picks = append(w.Events[event].Picks, sim.Pick{Arrival: arrival, Sigma: sigma})
		}
	}
	if r.err != nil {
		return fmt.Errorf("%s: %w", sim.PicksFile, r.err)
	}
	return nil
}

// ReadFound reads an answer: events.csv and assignments.csv as `truce locate` writes them.
func ReadFound(w *sim.World, events, assignments io.Reader) ([]sim.Found, error) {
	r, err := newRows(events, "event", "time", "lat", "lon", "smajor_m", "sminor_m", "strike_deg")
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	known := map[string]int{}
	var out []sim.Found
	for r.next() {
		known[r.text("event")] = len(out)
		out = append(out, sim.Found{Time: r.time(), At: r.place(), Ellipse: geo.Ellipse{
			Major: geo.Metres(r.number("smajor_m")), Minor: geo.Metres(r.number("sminor_m")), Strike: geo.Degrees(r.number("strike_deg")),
		}})
	}
	if r.err != nil {
		return nil, fmt.Errorf("events: %w", r.err)
	}
	if r, err = newRows(assignments, "event", "arrival"); err != nil {
		return nil, fmt.Errorf("assignments: %w", err)
	}
	ids := arrivalIDs(w)
	for r.next() {
		event, arrival := r.one(known, "event"), r.one(ids, "arrival")
		if r.err == nil {
			out[event].Arrivals = append(out[event].Arrivals, arrival)
		}
	}
	if r.err != nil {
		return nil, fmt.Errorf("assignments: %w", r.err)
	}
	return out, nil
}

func arrivalIDs(w *sim.World) map[string]int {
	out := make(map[string]int, len(w.Arrivals))
	for i, a := range w.Arrivals {
		out[a.ID] = i
	}
	return out
}
