package arrivals

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// ArrivalsShape is the header of arrivals.csv. Columns may stand in any order, others are
// passed over, and all behind phase may be left out.
const ArrivalsShape = "arrival,sensor,time,phase,sigma_s,azimuth_deg,azimuth_sigma_deg,amplitude"

// columns are where the columns of arrivals.csv stand, -1: nowhere.
type columns struct{ id, sensor, time, phase, sigma, azimuth, azimuthSigma, amplitude int }

// Reader reads arrivals.csv row by row, as it comes.
type Reader struct {
	open    *opening
	begun   bool // a row was read
	table   *table
	at      columns
	sensors map[string]int32
	seen    idSet
	older   idSet // of a stream: what stood there before, see Recent
	recent  int   // ids that each of both has at most; 0: seen has all
}

// NewReader reads the header. Rows name sensors by their ids.
func NewReader(src io.Reader, sensors []Sensor) (*Reader, error) {
	r := &Reader{open: &opening{src: src}, sensors: make(map[string]int32, len(sensors))}
	for i, s := range sensors {
		r.sensors[s.ID] = int32(i)
	}
	var err error
	at := &r.at
	r.table, err = open(r.open, ArrivalsShape, []column{
		{"arrival", &at.id, false}, {"sensor", &at.sensor, false}, {"time", &at.time, false}, {"phase", &at.phase, false},
		{"sigma_s", &at.sigma, true}, {"azimuth_deg", &at.azimuth, true}, {"azimuth_sigma_deg", &at.azimuthSigma, true}, {"amplitude", &at.amplitude, true},
	})
	r.open.over = true
	return r, err
}

// Read reads a whole table of about so many rows; 0: not known. Rows that cannot be used are
// counted and left out; the error is of the file as a whole.
func Read(src io.Reader, sensors []Sensor, rows int) ([]Arrival, Rejects, error) {
	r, err := NewReader(src, sensors)
	if err != nil {
		return nil, Rejects{}, err
	}
	rows = r.Expect(rows)
	out := make([]Arrival, 0, rows)
	rejects, err := r.Each(func(a *Arrival) error {
		out = append(out, *a)
		return nil
	})
	return out, rejects, err
}

// Expect makes room for about so many rows, and says for how many it did.
func (r *Reader) Expect(rows int) int {
	rows = max(0, min(rows, MaxArrivals))
	r.seen.grow(rows)
	return rows
}

// Each reads to the end and hands out every arrival that can be used; it is overwritten by
// the next. An error of take ends it.
func (r *Reader) Each(take func(*Arrival) error) (Rejects, error) {
	var rejects Rejects
	if !r.begun {
		r.begun = true
		if r.seen.slots == nil {
			r.seen.grow(0)
		}
		if err := r.eachBlock(take, &rejects); err == io.EOF {
			return rejects, nil
		} else if err != nil {
			return rejects, err
		}
	}
	for {
		a, err := r.Next()
		var row *RowError
		switch {
		case err == nil:
			if err := take(&a); err != nil {
				return rejects, err
			}
		case errors.As(err, &row):
			rejects.Add(row)
		case err == io.EOF:
			return rejects, nil
		default:
			return rejects, err
		}
	}
}

// Next reads an arrival. A *RowError concerns one row; io.EOF is the end; any other error is
// of the source.
func (r *Reader) Next() (a Arrival, err error) {
	r.begun = true
	id, err := r.row(&a)
	if err != nil {
		return a, err
	}
	line := r.table.line()
	if r.seen.len() >= MaxArrivals {
		return a, tooMany(line)
	}
	if r.known(id) {
		return a, twice(line, string(id))
	}
	var fresh bool
	if a.ID, fresh = r.seen.add(id); !fresh {
		return a, twice(line, string(id))
	}
	return a, nil
}

func twice(line int, id string) *RowError {
	return &RowError{Line: line, Kind: "duplicate arrival", Reason: fmt.Sprintf("arrival %.40q stands there twice: the first row counts, rename the other", id)}
}

// row reads a row but for its id, which is valid until the next and may have been there before.
func (r *Reader) row(a *Arrival) (id []byte, err error) {
	t := r.table
	if err := t.next(); err != nil {
		return nil, err
	}
	if id, err = t.id(r.at.id, "arrival"); err != nil {
		return nil, err
	}
	name := t.field(r.at.sensor)
	sensor, known := r.sensors[string(name)]
	if !known {
		return nil, t.refuse("unknown sensor", "sensor %.40q is not in the table of sensors: add it there", name)
	}
	a.Sensor = sensor
	if a.Time, err = t.time(r.at.time); err != nil {
		return nil, err
	}
	if a.Phase, err = t.phase(r.at.phase); err != nil {
		return nil, err
	}
	return id, r.extras(a)
}

func (t *table) time(at int) (truce.Instant, error) {
	text := t.field(at)
	when, ok := t.minute.time(text)
	if !ok {
		return 0, t.refuse("bad time", "time %.40q is not RFC 3339: write it as 2026-04-11T16:00:00.000000Z", text)
	}
	if when < earliest || when >= latest {
		return 0, t.refuse("time out of range", "time %.40s is before %d or after %d: set the clock", text, earliest.Time().Year(), latest.Time().Year()-1)
	}
	return when, nil
}

func (t *table) phase(at int) (Phase, error) {
	switch text := t.field(at); string(text) {
	case "acoustic":
		return Acoustic, nil
	case "P":
		return P, nil
	case "S":
		return S, nil
	default:
		return 0, t.refuse("unknown phase", "phase %.40q is none of acoustic, P and S", text)
	}
}

// extras reads the columns that may be empty.
func (r *Reader) extras(a *Arrival) (err error) {
	t := r.table
	if len(t.field(r.at.sigma))+len(t.field(r.at.azimuth))+len(t.field(r.at.azimuthSigma))+len(t.field(r.at.amplitude)) == 0 {
		return nil
	}
	if a.Sigma, _, err = t.number(r.at.sigma, "sigma_s", "seconds", 0, MaxSigma); err != nil {
		return err
	}
	azimuth, there, err := t.number(r.at.azimuth, "azimuth_deg", "degrees", -360, 360)
	if err != nil {
		return err
	}
	sigma, _, err := t.number(r.at.azimuthSigma, "azimuth_sigma_deg", "degrees", 0, 180)
	if err != nil {
		return err
	}
	if there {
		a.Azimuth, a.AzimuthSigma = around(geo.Degrees(azimuth)), geo.Degrees(sigma)
		if sigma == 0 {
			a.AzimuthSigma = DefaultAzimuthSigma
		}
	}
	a.Amplitude, _, err = t.number(r.at.amplitude, "amplitude", "the sensor's own unit", 0, MaxAmplitude)
	return err
}

// idSet keeps ids and finds the ones it has: a table of places by hash, and the ids in the
// order they came. It is several times as fast as a map of strings.
type idSet struct {
	seed  maphash.Seed
	slots []idSlot
	ids   []string
	text  *strings.Builder // that the latest ids are parts of; it never grows

	fetched uint32 // of no meaning; fetch must not be left out by the compiler
}

// idSlot is the place of an id, counted from 1, with half of its hash; 0 is empty.
type idSlot struct{ hash, place uint32 }

// idBlock is how many bytes of ids are kept in one piece: one allocation for thousands.
const idBlock = 64 << 10

func (s *idSet) len() int { return len(s.ids) }

// add keeps an id; false: it is there already.
func (s *idSet) add(id []byte) (string, bool) {
	if s.slots == nil {
		s.grow(0)
	}
	if text := s.keep(id); s.take(text, maphash.String(s.seed, text)) {
		return text, true
	}
	return "", false
}

// fetch looks at the places of some ids, so that they are near when take comes to them.
func (s *idSet) fetch(rows []idRow) {
	mask, sum := uint64(len(s.slots)-1), uint32(0)
	for i := range rows {
		sum += s.slots[rows[i].hash&mask].place
	}
	s.fetched = sum
}

// take keeps an id that nobody changes any more, with its hash; false: it is there already.
func (s *idSet) take(id string, hash uint64) bool {
	if 2*len(s.ids) >= len(s.slots) {
		s.grow(2 * len(s.ids))
	}
	mask := uint64(len(s.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		slot := &s.slots[i]
		if slot.place == 0 {
			s.ids = append(s.ids, id)
			*slot = idSlot{uint32(hash >> 32), uint32(len(s.ids))}
			return true
		}
		if slot.hash == uint32(hash>>32) && s.ids[slot.place-1] == id {
			return false
		}
	}
}

// keep copies an id into the current block.
func (s *idSet) keep(id []byte) string {
	if s.text == nil || s.text.Len()+len(id) > s.text.Cap() {
		s.text = &strings.Builder{}
		s.text.Grow(idBlock)
	}
	from := s.text.Len()
	s.text.Write(id)
	return s.text.String()[from:]
}

// grow makes room for so many ids and some more.
func (s *idSet) grow(ids int) {
	size := 1024
	for size < 2*ids+2 {
		size *= 2
	}
	if s.slots == nil {
		s.seed = maphash.MakeSeed()
	}
	s.slots = make([]idSlot, size)
	s.ids = slices.Grow(s.ids, max(0, ids-len(s.ids)))
	mask := uint64(size - 1)
	for place, id := range s.ids {
		hash := maphash.String(s.seed, id)
		i := hash & mask
		for s.slots[i].place != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = idSlot{uint32(hash >> 32), uint32(place + 1)}
	}
}
