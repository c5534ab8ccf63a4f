package arrivals

import "hash/maphash"

// RecentIDs is how many ids a reader of a stream knows at the least, after Recent.
const RecentIDs = 1 << 15

// Recent makes a reader of a stream forget ids: it knows the last RecentIDs and up to as many
// more, so that its memory does not grow with the stream. Whether an id came twice far apart is
// then for the caller to find, when the stream is over: see IDs. It is called before the
// first Next, which alone keeps to it.
func (r *Reader) Recent() { r.recent = RecentIDs }

// Line is the line of the row that Next gave.
func (r *Reader) Line() int { return r.table.base + r.table.csv.Line() }

// known says whether an id was there of late, and makes room for it when there are enough.
func (r *Reader) known(id []byte) bool {
	if r.recent == 0 {
		return false
	}
	if r.seen.len() >= r.recent {
		r.older, r.seen = r.seen, idSet{}
	}
	return r.older.has(id)
}

// has says whether an id is there.
func (s *idSet) has(id []byte) bool {
	if s.slots == nil {
		return false
	}
	hash, mask := maphash.Bytes(s.seed, id), uint64(len(s.slots)-1)
	for i := hash & mask; s.slots[i].place != 0; i = (i + 1) & mask {
		if slot := s.slots[i]; slot.hash == uint32(hash>>32) && s.ids[slot.place-1] == string(id) {
			return true
		}
	}
	return false
}

// IDs tells ids that came twice. Its zero value is empty.
type IDs struct{ set idSet }

// Add keeps an id and gives it as a string; false: it was there already.
func (s *IDs) Add(id []byte) (string, bool) { return s.set.add(id) }

// Twice is what is said of a row whose id stood in an earlier one.
func Twice(line int, id string) *RowError { return twice(line, id) }
