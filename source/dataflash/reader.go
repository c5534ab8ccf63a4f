package dataflash

import (
	"fmt"
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/window"
	"github.com/trucewatch/truce/source"
)

// Reader reads a log row by row.
type Reader struct {
	win      *window.Window
	kinds    [256]*rows
	ahead    int    // bytes of damage that were looked at
	reason   string // of their first
	clock    truce.Instant
	told     bool // the clock: UTC at the start of the vehicle
	position Position
}

// NewReader begins to read a log.
func NewReader(src io.Reader, _ Options) *Reader {
	r := &Reader{win: window.New(src)}
	r.kinds[formatKind] = &rows{name: "FMT", size: formatSize}
	return r
}

// Next reads the next row into m; definitions are not given out. At the end of the log it returns
// io.EOF; a *source.Damage says what was passed over, and reading goes on behind it; any other
// error is of the source and final.
func (r *Reader) Next(m *Message) error {
	for {
		b, err := r.one()
		if err != nil {
			return err
		}
		if b == nil {
			continue
		}
		at := r.win.Offset()
		r.win.Skip(len(b))
		if b[2] == formatKind {
			kind, rows, err := readFormat(b)
			if err == nil && kind == formatKind {
				continue // it defines itself, as it is known
			}
			if err != nil {
				return source.Damaged(at, int64(len(b)), b, "%s", err)
			}
			r.kinds[kind] = rows
			continue
		}
		r.row(m, at, b)
		return nil
	}
}

// one finds the next row. Nil without an error: look again.
func (r *Reader) one() ([]byte, error) {
	const enough = 2*256 + headSize // a row and the beginning of the next
	for len(r.win.Bytes())-r.ahead < enough && r.win.More() {
		continue
	}
	b := r.win.Bytes()[r.ahead:]
	if len(b) == 0 {
		if r.ahead > 0 {
			return nil, r.damage()
		}
		return nil, r.win.Err()
	}
	n := r.begins(b)
	if n > 0 && n <= len(b) && (r.ahead == 0 || n == len(b) || r.begins(b[n:]) != 0) {
		if r.ahead > 0 {
			return nil, r.damage()
		}
		return b[:n], nil
	}
	if r.ahead == 0 {
		r.reason = r.why(b, n)
	}
	step := len(b)
	for i := 1; i < len(b); i++ {
		if r.begins(b[i:]) != 0 {
			step = i
			break
		}
	}
	if r.ahead += step; r.ahead >= maxStretch {
		return nil, r.damage()
	}
	return nil, nil
}

// begins is the length of the row that may begin here; 0: none does; -1: it cannot be said.
func (r *Reader) begins(b []byte) int {
	if b[0] != head1 || len(b) > 1 && b[1] != head2 {
		return 0
	}
	if len(b) < headSize {
		return -1
	}
	if rows := r.kinds[b[2]]; rows != nil {
		return rows.size
	}
	return 0
}

func (r *Reader) why(b []byte, n int) string {
	switch {
	case n > len(b) && n > 0:
		return fmt.Sprintf("the log ends inside a row of %s", r.kinds[b[2]].name)
	case n < 0:
		return "the log ends inside a row"
	case len(b) >= headSize && b[0] == head1 && b[1] == head2:
		return fmt.Sprintf("a row of kind %d, which the log does not define", b[2])
	}
	return "no row begins here"
}

func (r *Reader) damage() error {
	d := source.Damaged(r.win.Offset(), int64(r.ahead), r.win.Bytes()[:r.ahead], "%s", r.reason)
	r.win.Skip(r.ahead)
	r.ahead = 0
	return d
}

func (r *Reader) row(m *Message, at int64, b []byte) {
	rows := r.kinds[b[2]]
	*m = Message{Offset: at, Name: rows.name, BootUs: rows.bootUs(b), rows: rows, raw: b}
	if rows.role != roleOther {
		rows.read(&r.position, b)
		m.Position = &r.position
	}
	if rows.role == roleGPS && m.BootUs != 0 && r.position.Fix.V >= 2 {
		if utc := rows.utc(b); utc != 0 {
			r.clock, r.told = utc-truce.Instant(m.BootUs), true
		}
	}
	if r.told && m.BootUs != 0 {
		m.Time = r.clock + truce.Instant(m.BootUs)
	}
}
