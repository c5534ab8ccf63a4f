package store

import (
	"crypto/sha256"
	"slices"

	"github.com/trucewatch/truce"
)

// The tree of a batch is that of RFC 6962, section 2.1: leaves are hashed with a zero
// byte before them, nodes with a one.

func leafHash(payload []byte) truce.Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(payload)
	return truce.Hash(h.Sum(nil))
}

func nodeHash(left, right truce.Hash) truce.Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}

// split is the largest power of two smaller than n.
func split(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

// rootOf is the root over leaf hashes.
func rootOf(leaves []truce.Hash) truce.Hash {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := split(len(leaves))
	return nodeHash(rootOf(leaves[:k]), rootOf(leaves[k:]))
}

// pathOf is the audit path of leaf i, from the leaf up (RFC 6962, section 2.1.1).
func pathOf(leaves []truce.Hash, i int) []truce.Hash {
	if len(leaves) < 2 {
		return nil
	}
	k := split(len(leaves))
	if i < k {
		return append(pathOf(leaves[:k], i), rootOf(leaves[k:]))
	}
	return append(pathOf(leaves[k:], i-k), rootOf(leaves[:k]))
}

// rootFrom climbs from leaf i of n along its path.
func rootFrom(leaf truce.Hash, i, n int, path []truce.Hash) (root truce.Hash, ok bool) {
	if n <= 1 {
		return leaf, n == 1 && i == 0 && len(path) == 0
	}
	if i < 0 || i >= n || len(path) == 0 {
		return root, false
	}
	k, last := split(n), len(path)-1
	if i < k {
		left, ok := rootFrom(leaf, i, k, path[:last])
		return nodeHash(left, path[last]), ok
	}
	right, ok := rootFrom(leaf, i-k, n-k, path[:last])
	return nodeHash(path[last], right), ok
}

// packHashes lays hashes end to end.
func packHashes(hashes []truce.Hash) []byte {
	out := make([]byte, 0, len(hashes)*len(truce.Hash{}))
	for _, h := range hashes {
		out = append(out, h[:]...)
	}
	return out
}

func unpackHashes(b []byte) ([]truce.Hash, error) {
	if len(b)%len(truce.Hash{}) != 0 {
		return nil, truce.Errorf(truce.CodeInternal, "%d bytes are no whole number of hashes", len(b))
	}
	out := make([]truce.Hash, 0, len(b)/len(truce.Hash{}))
	for chunk := range slices.Chunk(b, len(truce.Hash{})) {
		out = append(out, truce.Hash(chunk))
	}
	return out, nil
}
