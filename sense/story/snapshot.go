package story

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
)

// snapshotVersion changes when what is written changes, or what its terms stand for.
const snapshotVersion = 3

// snapshot is an index as it is written: all but the configuration and what is remembered of
// word forms.
type snapshot struct {
	Version int
	Method  string
	*Index
}

// Snapshot writes the index, so that Restore goes on where it stood. The same index gives the
// same bytes.
func (x *Index) Snapshot(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(snapshot{snapshotVersion, IndexMethod, x}); err != nil {
		return fmt.Errorf("story: write the index: %w", err)
	}
	return nil
}

// Restore reads what Snapshot wrote; the configuration is given anew and should be the same.
// The bytes are this program's own: they are held against their version and for numbers that
// point nowhere, not against every fault a stranger could put in.
func Restore(r io.Reader, cfg Config) (*Index, error) {
	x := New(cfg)
	s := snapshot{Index: x}
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return nil, fmt.Errorf("story: read the index: %w", err)
	}
	if s.Version != snapshotVersion || s.Method != IndexMethod {
		return nil, fmt.Errorf("story: the index is of version %d, %s, and this program reads %d, %s: group the articles anew", s.Version, s.Method, snapshotVersion, IndexMethod)
	}
	if err := x.sound(); err != nil {
		return nil, err
	}
	x.Copies.Window = x.cfg.CopyWindow
	x.recall()
	return x, nil
}

// sound says whether all numbers point to something.
func (x *Index) sound() error {
	bad := func(what string, n int32, most int) error {
		return fmt.Errorf("story: the index is damaged: %s %d of %d: group the articles anew", what, n, most)
	}
	for _, numbers := range []iter.Seq[int32]{slices.Values(x.StoryOf), maps.Values(x.Named)} {
		for n := range numbers {
			if n < 0 || int(n) >= len(x.Stories) || x.Stories[n] == nil {
				return bad("story", n, len(x.Stories))
			}
		}
	}
	for i, s := range x.Stories {
		if s == nil || int(s.Number) != i {
			return bad("story", int32(i), len(x.Stories))
		}
		if _, ok := x.Named[s.Into]; s.ID.IsZero() || !s.Into.IsZero() && !ok {
			return fmt.Errorf("story: the index is damaged: a story went into one that is not there: group the articles anew")
		}
	}
	if all := x.Copies.Oldest + len(x.Copies.Texts); len(x.Copies.Parent) != all || len(x.StoryOf) != all {
		return bad("texts", int32(all), len(x.Copies.Parent))
	}
	for _, n := range x.Text {
		if n < 0 || int(n) >= len(x.Copies.Parent) {
			return bad("text", n, len(x.Copies.Parent))
		}
	}
	return nil
}
