package agreement

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"sync/atomic"

	truce "github.com/trucewatch/truce"
)

// Holder holds the compiled agreement in force, so that a new version replaces the old in a
// single step: who asks meanwhile finishes with the version he began with, and nobody ever
// sees half of one. The zero value holds none. Any number of goroutines may use it.
type Holder struct {
	current atomic.Pointer[Held]
}

// Held is a compiled agreement under the name of its version, which is never changed.
type Held struct {
	Version string // as CompiledVersion names it
	*Geometry
}

// Swap puts a version in force.
func (h *Holder) Swap(version string, g *Geometry) { h.current.Store(&Held{version, g}) }

// Current is the version in force, nil before the first.
func (h *Holder) Current() *Held { return h.current.Load() }

// CompiledVersion names what Geometry makes of an agreement and maps: the version of the
// agreement, and behind a plus sign that of the control maps where there are any. Equal
// names mean equal answers.
func (a *Agreement) CompiledVersion(maps []truce.Observation) string {
	var ids [][]byte
	for i := range maps {
		if o := &maps[i]; o.Kind == truce.KindControlMap && o.ControlMap != nil {
			id := append(o.ID[:len(o.ID):len(o.ID)], strconv.FormatInt(int64(o.Received), 10)...)
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return a.Version
	}
	slices.SortFunc(ids, bytes.Compare)
	digest := sha256.Sum256(bytes.Join(ids, []byte{'\n'}))
	return a.Version + "+" + hex.EncodeToString(digest[:8])
}
