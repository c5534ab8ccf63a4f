package sim

import (
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// FIRMSStream is a FIRMS file of any length for load tests: rows that all differ, made
// as they are read, so that ten million of them take no memory.
func FIRMSStream(seed uint64, rows int) io.Reader {
	s := &firmsStream{r: stream(seed, "firms/stream"), left: rows, at: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)}
	s.buffer = append(s.buffer, firmsHeader+"\n"...)
	return s
}

// streamRowsPerMinute is how many rows share an acquisition minute: a busy pass.
const streamRowsPerMinute = 40

type firmsStream struct {
	r      *rand.Rand
	left   int
	made   int
	at     time.Time
	day    string
	clock  string
	buffer []byte
	read   int // of buffer
}

// Read fills p with whole rows as far as they go; the rest waits for the next call.
func (s *firmsStream) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if s.read == len(s.buffer) && !s.refill() {
			break
		}
		copied := copy(p[n:], s.buffer[s.read:])
		s.read += copied
		n += copied
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (s *firmsStream) refill() bool {
	if s.left == 0 {
		return false
	}
	s.buffer, s.read = s.buffer[:0], 0
	for range min(s.left, streamRowsPerMinute) {
		if s.made%streamRowsPerMinute == 0 {
			s.at = s.at.Add(time.Minute)
			s.day, s.clock = s.at.Format("2006-01-02"), s.at.Format("15:04:05")
		}
		s.row()
		s.made++
		s.left--
	}
	return true
}

// row appends one row: a pixel anywhere around the island.
func (s *firmsStream) row() {
	b := s.buffer
	fixed := func(x float64, n int) {
		b = strconv.AppendFloat(b, x, 'f', n, 64)
		b = append(b, ',')
	}
	scanDeg := maxScanDeg * s.r.Float64()
	scan, track := pixelSize(scanDeg)
	// The last digit carries the row's number within its minute, so that no two rows
	// of a minute are the same.
	lat := float64(s.r.IntN(10000))/10000 - 48.4 + float64(s.made%streamRowsPerMinute)/1e6
	fixed(lat, 6)
	fixed(-22.8+2.4*s.r.Float64(), 5)
	power := 0.3 + 12*s.r.ExpFloat64()
	fixed(min(saturationK, 295+20*s.r.Float64()+power), 2)
	fixed(scan/1000, 2)
	fixed(track/1000, 2)
	b = append(append(append(append(b, s.day...), ','), s.clock...), ",N20,nominal,2.0NRT,"...)
	fixed(272+10*s.r.Float64(), 2)
	fixed(power, 2)
	daynight := "D,VIIRS\n"
	if hour := s.at.Hour(); hour < 8 || hour > 20 {
		daynight = "N,VIIRS\n"
	}
	s.buffer = append(b, daynight...)
}
