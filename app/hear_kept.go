package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/sense/locate"
)

// heardFolder is where in the data directory lies what windows told, so that what nothing new
// came in of is not located again. It may be deleted at any time: then all is.
const heardFolder = "heard"

// maxKeptWindow bounds a file of it, bytes: a day of 100,000 events.
const maxKeptWindow = 256 << 20

// told is what a window tells, and all that the next one must know of it.
type told struct {
	Events []truce.Event
	Signs  []coverage.Sign
	Biases []SensorBias
	Rests  map[truce.ID][]truce.ID // plots that events of flights rest on
	Used   []truce.ID              // arrivals after the window's end that its events rest on
}

// keptHearing are the windows that were located before.
type keptHearing struct {
	folder  string
	program string // another one may locate otherwise
	write   bool
	seen    map[string]bool // files of windows that still are
	located int             // windows that were located and not found here
	damaged []string        // files that could not be used, though nothing else had changed
}

// keptIn is what is kept in a folder of a data directory. It is written unless the program only
// reads.
func keptIn(cfg Config, folder, program string, write bool) *keptHearing {
	return &keptHearing{folder: cfg.Path(folder), program: program, write: write, seen: map[string]bool{}}
}

// thisProgram tells builds apart: the version and the file that runs.
func thisProgram() string {
	out := version + " " + commit
	name, err := os.Executable()
	if err != nil {
		return out
	}
	info, err := os.Stat(name)
	if err != nil {
		return out
	}
	return fmt.Sprintf("%s %d %d", out, info.Size(), info.ModTime().UnixNano())
}

func (k *keptHearing) file(network string, end truce.Instant) string {
	return fmt.Sprintf("%s-%x", (end - 1).Day(), truce.HashOf([]byte(network)).String()[:16])
}

// find gives what a window told if it was told from the same.
func (k *keptHearing) find(name string, digest truce.Hash) (out told, found bool) {
	f, err := os.Open(filepath.Join(k.folder, name))
	if err != nil {
		return out, false
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxKeptWindow))
	if err == nil && len(raw) < 2*len(digest) {
		k.damaged = append(k.damaged, filepath.Join(filepath.Base(k.folder), name))
	}
	if err != nil || len(raw) < 2*len(digest) || truce.Hash(raw[:len(digest)]) != digest {
		return out, false
	}
	body := raw[2*len(digest):]
	if truce.HashOf(body) != truce.Hash(raw[len(digest):2*len(digest)]) || gob.NewDecoder(bytes.NewReader(body)).Decode(&out) != nil {
		k.damaged = append(k.damaged, filepath.Join(filepath.Base(k.folder), name)) // half written, or rotten
		return told{}, false
	}
	return out, true
}

// put keeps what a window told.
func (k *keptHearing) put(name string, digest truce.Hash, t told) error {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(t); err != nil {
		return err
	}
	if err := os.MkdirAll(k.folder, 0o750); err != nil {
		return err
	}
	sum := truce.HashOf(body.Bytes())
	f, err := os.CreateTemp(k.folder, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(bytes.Join([][]byte{digest[:], sum[:], body.Bytes()}, nil))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(k.folder, name))
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// prune removes the windows that are no more.
func (k *keptHearing) prune() error {
	entries, err := os.ReadDir(k.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if !k.seen[e.Name()] && e.Name()[0] != '.' && err == nil { // another program may be writing those
			err = os.Remove(filepath.Join(k.folder, e.Name()))
		}
	}
	return err
}

// window is what a stretch of time is located from.
type window struct {
	end      truce.Instant
	heard    []earful
	stations []*truce.Observation // by index of the arrivals' sensors
	arrivals []locate.Arrival
	from     []int32 // by arrival: its place in heard
	bound    []locate.Decision
}

// tell gives what the window tells: from what is kept, if that was told from the same, or by
// locating it.
func (n *network) tell(w *window) (told, error) {
	k := n.ears.kept
	if k == nil {
		return n.locate(w)
	}
	name, digest := k.file(n.cfg.Network, w.end), n.digest(w)
	k.seen[name] = true
	if t, found := k.find(name, digest); found {
		return t, nil
	}
	k.located++
	t, err := n.locate(w)
	if err == nil && k.write {
		if err = k.put(name, digest, t); err != nil {
			err = fmt.Errorf("keep what network %q heard: %w", n.cfg.Network, err)
		}
	}
	return t, err
}

// digest is of all that what a window tells depends on.
func (n *network) digest(w *window) truce.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%+v\n%d\n%+v\n", n.ears.kept.program, locate.Method, n.cfg, w.end, w.bound)
	for _, o := range w.stations {
		fmt.Fprintf(h, "%s %q %v %v %d %d\n", o.ID, o.Sensor, o.Place.Point, o.Station.Elevation, o.Phenomenon.From, min(n.until(o), w.end))
	}
	families := map[truce.SourceID]bool{}
	var row []byte
	for i := range w.arrivals {
		row = n.appendDigested(row[:0], w, i, families, h)
		_, _ = h.Write(row) // a hash takes all
	}
	return truce.Hash(h.Sum(nil))
}

// appendDigested appends an arrival; of a source that is new its family is told first.
func (n *network) appendDigested(row []byte, w *window, i int, families map[truce.SourceID]bool, h hash.Hash) []byte {
	a, e := &w.arrivals[i], &w.heard[w.from[i]]
	if !families[e.source] {
		families[e.source] = true
		fmt.Fprintf(h, "%q %q\n", e.source, n.ears.families[e.source])
	}
	row = append(append(row, e.id[:]...), byte(a.Phase))
	row = binary.LittleEndian.AppendUint64(row, uint64(a.Time))
	row = binary.LittleEndian.AppendUint32(row, uint32(a.Sensor))
	for _, x := range []float64{a.Sigma, float64(a.Azimuth), float64(a.AzimuthSigma), a.Amplitude} {
		row = binary.LittleEndian.AppendUint64(row, math.Float64bits(x))
	}
	return append(append(row, e.source...), 0)
}
