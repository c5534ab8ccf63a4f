package truce

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"slices"
)

// NewObservationBatch makes the draft that carries rows into the store: a manifest
// that is kept for good, and the rows beside it. Rows are put in id order.
func NewObservationBatch(source SourceID, file string, received ReceivedTime, rows []Observation) (Draft, error) {
	if len(rows) == 0 {
		return Draft{}, Errorf(CodeInvalid, "observation batch: no rows")
	}
	rows = inIDOrder(rows)
	bodies, err := encodeRows(rows)
	if err != nil {
		return Draft{}, err
	}
	m := manifestOf(source, file, received, rows)
	m.Merkle = MerkleRoot(bodies)
	draft, err := NewDraft(RecordBatch, "", "batch/"+m.Merkle.String(), m)
	draft.Rows, draft.bodies = rows, bodies
	return draft, err
}

// inIDOrder copies the rows in the order of their ids, each moved once.
func inIDOrder(rows []Observation) []Observation {
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(rows[a].ID[:], rows[b].ID[:]) })
	sorted := make([]Observation, len(rows))
	for i, from := range order {
		sorted[i] = rows[from]
	}
	return sorted
}

// RowBodies is the canonical JSON of each row, the leaves of the manifest's root.
func (d Draft) RowBodies() ([][]byte, error) {
	if d.bodies != nil {
		return d.bodies, nil
	}
	return encodeRows(d.Rows)
}

func encodeRows(rows []Observation) ([][]byte, error) {
	bodies := make([][]byte, len(rows))
	for i := range rows {
		body, err := Canonical(&rows[i])
		if err != nil {
			return nil, Errorf(CodeInvalid, "observation %s: %w", rows[i].ID, err)
		}
		bodies[i] = body
	}
	return bodies, nil
}

func manifestOf(source SourceID, file string, received ReceivedTime, rows []Observation) BatchManifest {
	m := BatchManifest{
		Source: source, File: file, Count: len(rows), Drafted: Instant(received),
		From: rows[0].Phenomenon.From, To: rows[0].Phenomenon.To,
	}
	last := int64(-1 << 62)
	for i := range rows {
		at := &rows[i].Phenomenon
		m.From, m.To = min(m.From, at.From), max(m.To, at.To)
		if day := at.From.floorDay(); day != last { // rows in id order change it rarely
			m.Days, last = append(m.Days, at.From.Day()), day
		}
	}
	slices.Sort(m.Days)
	m.Days = slices.Compact(m.Days)
	return m
}

// MerkleRoot is the RFC 6962 (section 2.1) tree hash over the leaves in order.
func MerkleRoot(leaves [][]byte) Hash {
	if len(leaves) == 0 {
		return sha256.Sum256(nil)
	}
	t := treeHasher{leaf: sha256.New(), node: [1 + 2*sha256.Size]byte{1}}
	return t.root(leaves)
}

// treeHasher holds what hashing thousands of leaves would otherwise allocate for each.
type treeHasher struct {
	leaf hash.Hash
	sum  Hash                    // of the last leaf
	node [1 + 2*sha256.Size]byte // the tag of a node and its two children
}

var leafTag = []byte{0}

func (t *treeHasher) root(leaves [][]byte) Hash {
	n := len(leaves)
	if n == 1 {
		t.leaf.Reset()
		t.leaf.Write(leafTag)
		t.leaf.Write(leaves[0])
		t.leaf.Sum(t.sum[:0])
		return t.sum
	}
	k := 1
	for k*2 < n {
		k *= 2
	}
	left, right := t.root(leaves[:k]), t.root(leaves[k:])
	copy(t.node[1:], left[:])
	copy(t.node[1+sha256.Size:], right[:])
	return sha256.Sum256(t.node[:])
}
