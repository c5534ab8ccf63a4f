package truce

import (
	"crypto/sha256"
	"slices"
)

// NewObservationBatch makes the draft that carries rows into the store: a manifest
// that is kept for good, and the rows beside it. Rows are put in id order.
func NewObservationBatch(source SourceID, file string, received ReceivedTime, rows []Observation) (Draft, error) {
	if len(rows) == 0 {
		return Draft{}, Errorf(CodeInvalid, "observation batch: no rows")
	}
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Observation) int { return slices.Compare(a.ID[:], b.ID[:]) })
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

// RowBodies is the canonical JSON of each row, the leaves of the manifest's root.
func (d Draft) RowBodies() ([][]byte, error) {
	if d.bodies != nil {
		return d.bodies, nil
	}
	return encodeRows(d.Rows)
}

func encodeRows(rows []Observation) ([][]byte, error) {
	bodies := make([][]byte, len(rows))
	for i, row := range rows {
		body, err := Canonical(row)
		if err != nil {
			return nil, Errorf(CodeInvalid, "observation %s: %w", row.ID, err)
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
	for _, row := range rows {
		m.From = min(m.From, row.Phenomenon.From)
		m.To = max(m.To, row.Phenomenon.To)
		m.Days = append(m.Days, row.Phenomenon.From.Day())
	}
	slices.Sort(m.Days)
	m.Days = slices.Compact(m.Days)
	return m
}

// MerkleRoot is the RFC 6962 (section 2.1) tree hash over the leaves in order.
func MerkleRoot(leaves [][]byte) Hash {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		left, right := MerkleRoot(leaves[:k]), MerkleRoot(leaves[k:])
		node := append([]byte{1}, left[:]...)
		return sha256.Sum256(append(node, right[:]...))
	}
}
