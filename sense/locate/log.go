package locate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// memory is a Log that keeps arrivals in 16 bytes each and their ids. What few arrivals state (an
// error, an azimuth, an amplitude) is kept apart.
type memory struct {
	rows   []memoryRow
	stated []stated // by row
	ids    []string // blocks of ids; the last one is still written
	last   *strings.Builder
}

// memoryRow is an arrival. The second word holds, from its low end, the sensor (20 bits), the
// phase (2), and where its id is: the place in a block (16) and the block (26). The length of an
// id stands before it, 255 for each 255 of it.
type memoryRow struct {
	time  truce.Instant
	where uint64
}

// stated is what an arrival says beyond its time.
type stated struct {
	row                   int32
	sigma, amplitude      float64
	azimuth, azimuthSigma geo.Degrees
}

const (
	sensorBits = 20 // MaxSensors
	phaseBits  = 2
	placeBits  = 16
	idBlock    = 1 << placeBits // bytes; a longer id has a block of its own: 2^26 are enough for MaxArrivals
)

// Append keeps an arrival that CheckArrival took.
func (g *memory) Append(a Arrival) error {
	if a.Sigma != 0 || a.AzimuthSigma != 0 || a.Azimuth != 0 || a.Amplitude != 0 {
		g.stated = append(g.stated, stated{int32(len(g.rows)), a.Sigma, a.Amplitude, a.Azimuth, a.AzimuthSigma})
	}
	block, place := g.keep(a.ID)
	g.rows = append(g.rows, memoryRow{a.Time, uint64(a.Sensor) | uint64(a.Phase)<<sensorBits | uint64(place)<<(sensorBits+phaseBits) | uint64(block)<<(sensorBits+phaseBits+placeBits)})
	return nil
}

// keep writes an id behind the others, in a new block where it does not fit.
func (g *memory) keep(id string) (block, place int) {
	need := len(id) + len(id)/255 + 1
	if g.last == nil || g.last.Len() >= idBlock || g.last.Len()+need > g.last.Cap() {
		g.last = new(strings.Builder)
		g.last.Grow(max(idBlock, need))
		g.ids = append(g.ids, "")
	}
	place = g.last.Len()
	n := len(id)
	for ; n >= 255; n -= 255 {
		g.last.WriteByte(255)
	}
	g.last.WriteByte(byte(n))
	g.last.WriteString(id)
	g.ids[len(g.ids)-1] = g.last.String()
	return len(g.ids) - 1, place
}

// at is an arrival as it was added.
func (g *memory) at(i int32) Arrival {
	where := g.rows[i].where
	a := Arrival{
		ID:     g.id(int(where>>(sensorBits+phaseBits+placeBits)), int(where>>(sensorBits+phaseBits))&(1<<placeBits-1)),
		Sensor: int(where & (1<<sensorBits - 1)), Phase: Phase(where >> sensorBits & (1<<phaseBits - 1)), Time: g.rows[i].time,
	}
	if at, found := slices.BinarySearchFunc(g.stated, i, func(s stated, i int32) int { return cmp.Compare(s.row, i) }); found {
		s := &g.stated[at]
		a.Sigma, a.Amplitude, a.Azimuth, a.AzimuthSigma = s.sigma, s.amplitude, s.azimuth, s.azimuthSigma
	}
	return a
}

func (g *memory) id(block, place int) string {
	text := g.ids[block]
	n := 0
	for ; text[place] == 255; place++ {
		n += 255
	}
	n += int(text[place])
	return text[place+1 : place+1+n]
}

// Arrivals is every arrival.
func (g *memory) Arrivals() ([]Arrival, error) {
	out := make([]Arrival, len(g.rows))
	for i := range out {
		out[i] = g.at(int32(i))
	}
	return out, nil
}
