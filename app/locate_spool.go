package app

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// spoolBlock is how many bytes are written at once.
const spoolBlock = 64 << 10

// spool keeps the arrivals of a stream in a file until it ends, so that what is held in memory
// does not grow with the stream: some 25 bytes and the id each, on the disk. What the disk does not
// take stays in memory. The file has no name where the system allows that, and dies with the
// process.
type spool struct {
	file    *os.File
	named   bool   // it is still to be removed
	size    int64  // bytes that are surely in the file
	waiting []byte // those behind them
	failed  error  // why the file takes no more
	rows    int
	line    int // of the row that comes next
	last    spooled
	late    func(*arrivals.RowError) // is told of rows whose id came a second time long after the first
}

// spooled is what a record is counted from.
type spooled struct {
	time truce.Instant
	line int
}

// spoolFor is a spool in the folder that a file is to be written to.
func (c *cli) spoolFor(name string) (*spool, error) {
	folder := filepath.Dir(name)
	if c.streamed(name) {
		folder = os.TempDir()
	}
	file, err := os.CreateTemp(folder, ".truce-arrivals-*")
	if err != nil {
		return nil, err
	}
	return &spool{file: file, named: os.Remove(file.Name()) != nil}, nil
}

// Append keeps an arrival. It never fails.
func (s *spool) Append(a locate.Arrival) error {
	b := binary.AppendVarint(s.waiting, int64(a.Time-s.last.time))
	b = binary.AppendVarint(b, int64(s.line-s.last.line))
	b = binary.AppendUvarint(b, uint64(a.Sensor))
	stated := uint64(0)
	if a.Sigma != 0 || a.Azimuth != 0 || a.AzimuthSigma != 0 || a.Amplitude != 0 {
		stated = 1
	}
	b = binary.AppendUvarint(b, uint64(a.Phase)<<1|stated)
	b = append(binary.AppendUvarint(b, uint64(len(a.ID))), a.ID...)
	if stated == 1 {
		for _, x := range [...]float64{a.Sigma, float64(a.Azimuth), float64(a.AzimuthSigma), a.Amplitude} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	s.waiting, s.last, s.rows = b, spooled{a.Time, s.line}, s.rows+1
	if len(b) >= spoolBlock && s.failed == nil {
		s.write()
	}
	return nil
}

// write hands on what waits. After an error it stays where it is, and all that follows.
func (s *spool) write() {
	if _, err := s.file.WriteAt(s.waiting, s.size); err != nil {
		s.failed = err
		return
	}
	s.size += int64(len(s.waiting))
	s.waiting = s.waiting[:0]
}

// Arrivals reads all back. The second of two rows with one id is left out.
func (s *spool) Arrivals() ([]locate.Arrival, error) {
	if info, err := s.file.Stat(); err != nil {
		return nil, err
	} else if info.Size() < s.size {
		return nil, fmt.Errorf("%s: reading back the arrivals kept there: %d of %d bytes are left", s.file.Name(), info.Size(), s.size)
	}
	in := io.MultiReader(io.NewSectionReader(s.file, 0, s.size), bytes.NewReader(s.waiting))
	r := spoolReader{in: bufio.NewReaderSize(in, spoolBlock)}
	out := make([]locate.Arrival, 0, s.rows)
	var ids arrivals.IDs
	for range s.rows {
		a := r.next()
		if r.err != nil {
			return nil, fmt.Errorf("%s: reading back the arrivals kept there: %w", s.file.Name(), r.err)
		}
		fresh := false
		if a.ID, fresh = ids.Add(r.id); !fresh {
			s.late(arrivals.Twice(r.last.line, string(r.id)))
			continue
		}
		out = append(out, a)
	}
	return out, nil
}

// Close gives the file up.
func (s *spool) Close() error {
	err := s.file.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}

// spoolReader reads records back.
type spoolReader struct {
	in   *bufio.Reader
	last spooled
	id   []byte // of the latest, until the next
	err  error
}

func (r *spoolReader) next() (a locate.Arrival) {
	r.last.time += truce.Instant(r.signed())
	r.last.line += int(r.signed())
	a.Time, a.Sensor = r.last.time, int(r.count())
	kind := r.count()
	a.Phase = locate.Phase(kind >> 1)
	r.text(r.count())
	if kind&1 == 1 {
		a.Sigma, a.Azimuth, a.AzimuthSigma, a.Amplitude = r.float(), geo.Degrees(r.float()), geo.Degrees(r.float()), r.float()
	}
	return a
}

func (r *spoolReader) signed() int64 {
	x, err := binary.ReadVarint(r.in)
	r.err = errors.Join(r.err, err)
	return x
}

func (r *spoolReader) count() uint64 {
	x, err := binary.ReadUvarint(r.in)
	r.err = errors.Join(r.err, err)
	return x
}

func (r *spoolReader) float() float64 {
	var b [8]byte
	_, err := io.ReadFull(r.in, b[:])
	r.err = errors.Join(r.err, err)
	return math.Float64frombits(binary.LittleEndian.Uint64(b[:]))
}

// text reads an id, which is no longer than a row of the table.
func (r *spoolReader) text(length uint64) {
	if length > math.MaxUint16 {
		r.err = errors.Join(r.err, fmt.Errorf("an id of %d bytes", length))
		return
	}
	r.id = slices.Grow(r.id[:0], int(length))[:length]
	_, err := io.ReadFull(r.in, r.id)
	r.err = errors.Join(r.err, err)
}
