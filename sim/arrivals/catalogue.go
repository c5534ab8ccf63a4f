package arrivals

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Catalogue is a list of real earthquakes with the stations around them and a table of travel
// times, from which arrivals are invented: true places and a layered earth, invented errors.
type Catalogue struct {
	Events, Stations, Times io.Reader

	Seed  uint64
	Noise float64 // false arrivals per true one
}

// Bounds of a catalogue's files.
const (
	maxCatalogueBytes = 16 << 20
	tableStep         = .01     // degrees between two rows of the table
	degreeLength      = 111_195 // m, on the sphere the table was made for
)

// NewCatalogue makes the world of a catalogue in the formats of the REAL associator's
// example: events as "time lon lat depth_km magnitude", stations as "lon lat network name
// channel elevation_km", the table as "degrees depth_km P S ...". Who hears an event and with
// which error is drawn as in workload S, from the travel times of the table.
func NewCatalogue(c Catalogue) (*World, error) {
	cfg := Config{Seed: c.Seed, Kind: KindSeismic, Noise: c.Noise}
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	m := newMaker(cfg)
	m.world, m.places = &World{}, nil
	table, err := readTable(c.Times)
	if err != nil {
		return nil, fmt.Errorf("travel times: %w", err)
	}
	if err := m.stations(c.Stations); err != nil {
		return nil, fmt.Errorf("stations: %w", err)
	}
	if err := m.catalogue(c.Events, table); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	m.noise()
	m.finish()
	return m.world, nil
}

// eachRow reads a table of columns parted by blanks.
func eachRow(r io.Reader, columns int, take func(row []string) error) error {
	text, err := io.ReadAll(io.LimitReader(r, maxCatalogueBytes+1))
	if err != nil {
		return err
	}
	if len(text) > maxCatalogueBytes {
		return truce.Errorf(truce.CodeTooLarge, "over %d bytes", maxCatalogueBytes)
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		row := strings.Fields(string(line))
		if len(row) == 0 {
			continue
		}
		if len(row) < columns {
			return truce.Errorf(truce.CodeInvalid, "line %d: %d columns, %d are needed", number, len(row), columns)
		}
		if err := take(row); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	return nil
}

// numbers reads the named columns, all finite.
func numbers(row []string, columns ...int) ([]float64, error) {
	out := make([]float64, len(columns))
	for i, c := range columns {
		x, err := strconv.ParseFloat(row[c], 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, truce.Errorf(truce.CodeInvalid, "column %d: %q is no number", c+1, row[c])
		}
		out[i] = x
	}
	return out, nil
}

func (m *maker) stations(r io.Reader) error {
	err := eachRow(r, 6, func(row []string) error {
		x, err := numbers(row, 0, 1, 5)
		if err != nil {
			return err
		}
		at := geo.Point{Lat: geo.Degrees(x[1]), Lon: geo.Degrees(x[0])}
		if !at.Valid() {
			return truce.Errorf(truce.CodeInvalid, "no place on earth: %s", at)
		}
		m.world.Sensors = append(m.world.Sensors, Sensor{ID: row[2] + "." + row[3], At: at, Elev: geo.Metres(1000 * x[2])})
		return nil
	})
	m.cfg.Sensors = len(m.world.Sensors)
	m.silence, m.arrays = make([]truce.Instant, m.cfg.Sensors), make([]bool, m.cfg.Sensors)
	if err == nil && m.cfg.Sensors == 0 {
		return truce.Errorf(truce.CodeInvalid, "there are none")
	}
	return err
}

func (m *maker) catalogue(r io.Reader, table travelTable) error {
	return eachRow(r, 5, func(row []string) error {
		var s source
		if err := s.time.UnmarshalText([]byte(row[0])); err != nil {
			return err
		}
		x, err := numbers(row, 1, 2, 3, 4)
		if err != nil {
			return err
		}
		s.at, s.depth = geo.Point{Lat: geo.Degrees(x[1]), Lon: geo.Degrees(x[0])}, 1000*x[2]
		s.reach = rangeOfMagnitude*x[3] + rangeAtZero
		s.edge = max(edgeOfRange*s.reach, leastEdge)
		for range maxDraws {
			if shot := m.shootInEarth(s, table); m.heard(shot) {
				m.keep(shot)
				return nil
			}
		}
		return truce.Errorf(truce.CodeInvalid, "no %d stations hear it", bothPhases)
	})
}

// shootInEarth is shoot with the travel times of a table.
func (m *maker) shootInEarth(from source, table travelTable) shot {
	out := shot{source: from, salvo: -1}
	for sensor := range m.world.Sensors {
		d, _, _ := geo.Inverse(from.at, m.world.Sensors[sensor].At)
		p, s, ok := table.times(float64(d)/degreeLength, from.depth/1000)
		if !ok {
			continue
		}
		chance := from.chanceOf(math.Hypot(float64(d), from.depth) / 1000)
		first := m.hearing.Float64() < chance
		given := togetherness * chance
		if first {
			given += togetherness
			out.picks = m.hear(out.picks, from, Arrival{Sensor: sensor, Phase: P}, p, floorSeismic)
		}
		if m.hearing.Float64() < given {
			out.picks = m.hear(out.picks, from, Arrival{Sensor: sensor, Phase: S}, s, floorSeismic)
		}
	}
	return out
}

// travelTable holds P and S times by row of distance and kilometre of depth.
type travelTable map[[2]int][2]float64

func readTable(r io.Reader) (travelTable, error) {
	table := travelTable{}
	err := eachRow(r, 4, func(row []string) error {
		x, err := numbers(row, 0, 1, 2, 3)
		if err != nil {
			return err
		}
		if math.Abs(x[0]) > 180 || math.Abs(x[1]) > 1000 {
			return truce.Errorf(truce.CodeInvalid, "a distance of %g degrees and a depth of %g km", x[0], x[1])
		}
		table[[2]int{int(math.Round(x[0] / tableStep)), int(math.Round(x[1]))}] = [2]float64{x[2], x[3]}
		return nil
	})
	return table, err
}

// times takes P and S between the four nearest rows; false beyond the table.
func (t travelTable) times(degrees, depth float64) (p, s float64, ok bool) {
	x, y := degrees/tableStep, depth
	i, j := int(x), int(y)
	for _, corner := range []struct {
		at     [2]int
		weight float64
	}{
		{[2]int{i, j}, (float64(i+1) - x) * (float64(j+1) - y)},
		{[2]int{i + 1, j}, (x - float64(i)) * (float64(j+1) - y)},
		{[2]int{i, j + 1}, (float64(i+1) - x) * (y - float64(j))},
		{[2]int{i + 1, j + 1}, (x - float64(i)) * (y - float64(j))},
	} {
		times, known := t[corner.at]
		if !known && corner.weight > 0 {
			return 0, 0, false
		}
		p += corner.weight * times[0]
		s += corner.weight * times[1]
	}
	return p, s, true
}
