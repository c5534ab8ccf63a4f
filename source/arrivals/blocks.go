package arrivals

import (
	"bytes"
	"hash/maphash"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
)

// blockSize is how much of a table is read by itself, bytes: a thousand rows, so that
// a table of a day's exercise keeps several processors busy, and what they hold of it stays within
// their caches.
const blockSize = 64 << 10

// mostReaders bounds the processors that read one table: the ids are compared on one, which
// is busy with four.
const mostReaders = 4

// opening passes a source on and keeps what the header was read from, which goes beyond it.
type opening struct {
	src  io.Reader
	text []byte
	over bool
}

// Read hands on what the source gives.
func (o *opening) Read(p []byte) (int, error) {
	n, err := o.src.Read(p)
	if !o.over {
		o.text = append(o.text, p[:n]...)
	}
	return n, err
}

// behind is the source from the line behind the header on, and how many lines are before that.
func (o *opening) behind(header []byte) (rest io.Reader, lines int) {
	from := max(0, bytes.Index(o.text, header)) + len(header)
	if i := bytes.IndexByte(o.text[from:], '\n'); i >= 0 {
		from += i + 1
	} else {
		from = len(o.text)
	}
	return io.MultiReader(bytes.NewReader(o.text[from:]), o.src), bytes.Count(o.text[:from], []byte("\n"))
}

// block is some whole lines of the table. Blocks are read on all processors, and put together
// in their order.
type block struct {
	text  []byte
	lines int // line ends
	ready chan struct{}
	rows  []idRow
	bad   []badRow
	err   error // that is of no row
}

// idRow is an arrival with the hash of its id and its line in the block.
type idRow struct {
	Arrival
	hash uint64
	line int
}

// badRow is a row that cannot be used, behind so many that can.
type badRow struct {
	before int
	err    *RowError
}

// splitter cuts a source into blocks. Where a quote might hold a line end it ends, and leaves the
// rest to be read as one.
type splitter struct {
	src   io.Reader
	spare chan *block // that are done with
	left  []byte      // of the last line begun
	err   error       // of the source
	whole bool        // left and src are to be read as one
}

// next is a block; nil: there is none any more.
func (s *splitter) next() *block {
	if s.err != nil || s.whole {
		return nil
	}
	var b *block
	select {
	case b = <-s.spare:
	default:
		b = &block{text: make([]byte, blockSize)}
	}
	text := b.text[:blockSize]
	kept := copy(text, s.left)
	n, err := fill(s.src, text[kept:])
	text = text[:kept+n]
	s.left = nil
	s.err = err
	end := bytes.LastIndexByte(text, '\n') + 1
	if bytes.IndexByte(text, '"') >= 0 || bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) || end == 0 && err == nil {
		s.whole, s.left = true, text
		return nil
	}
	if err == io.EOF {
		end = len(text) // the last line needs no end; one that a failure cut is no row
	}
	s.left = bytes.Clone(text[end:])
	b.text, b.lines, b.ready = text[:end], bytes.Count(text[:end], []byte("\n")), make(chan struct{})
	return b
}

// fill reads until a buffer is full or the source ends, and says how that ended: io.EOF, or what
// went wrong, such as gzip that was cut off.
func fill(src io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var more int
		more, err = src.Read(buf[n:])
		n += more
	}
	return n, err
}

// rest is what was not cut into blocks.
func (s *splitter) rest() io.Reader {
	if s.err != nil {
		return io.MultiReader(bytes.NewReader(s.left), failed{s.err})
	}
	return io.MultiReader(bytes.NewReader(s.left), s.src)
}

// failed is a source that has ended.
type failed struct{ err error }

// Read says how it ended.
func (f failed) Read([]byte) (int, error) { return 0, f.err }

// eachBlock reads the table in blocks and hands out what can be used in the order of the rows.
// It ends with an error, io.EOF as a rule, or with none where the rest is to be read as one.
func (r *Reader) eachBlock(take func(*Arrival) error, rejects *Rejects) error {
	split := &splitter{spare: make(chan *block, 4*mostReaders)}
	split.src, r.table.base = r.open.behind(r.table.csv.Raw())
	work, order := make(chan *block), make(chan *block, 2*mostReaders)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		defer close(work)
		defer close(order)
		for b := split.next(); b != nil; b = split.next() {
			select {
			case order <- b:
			case <-stop:
				return
			}
			work <- b
		}
	})
	for range min(runtime.GOMAXPROCS(0), mostReaders) {
		readers.Go(func() {
			for b := range work {
				r.readBlock(b)
				close(b.ready)
			}
		})
	}
	var err error
	for b := range order {
		<-b.ready
		if err == nil {
			if err = r.merge(b, take, rejects); err != nil {
				close(stop)
			}
		}
		select {
		case split.spare <- b:
		default:
		}
	}
	readers.Wait()
	if err != nil {
		return err
	}
	if split.whole {
		r.table.csv = bounded.NewCSV(split.rest(), csvLimits)
		return nil
	}
	return split.err
}

// readBlock reads the rows of a block.
func (r *Reader) readBlock(b *block) {
	one := Reader{table: &table{plain: &plainText{left: b.text}, columns: r.table.columns}, at: r.at, sensors: r.sensors}
	b.rows, b.bad, b.err = slices.Grow(b.rows[:0], b.lines+1), nil, nil
	var ids strings.Builder
	ids.Grow(len(b.text) / 8)
	for {
		b.rows = append(b.rows, idRow{})
		row := &b.rows[len(b.rows)-1]
		id, err := one.row(&row.Arrival)
		if err != nil {
			b.rows = b.rows[:len(b.rows)-1]
			bad, ok := err.(*RowError)
			if !ok {
				b.err = err
				return
			}
			b.bad = append(b.bad, badRow{len(b.rows), bad})
			continue
		}
		if ids.Len()+len(id) > ids.Cap() {
			ids = strings.Builder{}
			ids.Grow(max(idBlock, len(id)))
		}
		from := ids.Len()
		ids.Write(id)
		row.ID = ids.String()[from:]
		row.hash, row.line = maphash.String(r.seen.seed, row.ID), one.table.plain.line
	}
}

// atATime is how many ids are looked up at a time: the places of the table that they need are
// fetched beside each other, which for one after the other takes most of the time.
const atATime = 16

// merge adds a block to what came before it.
func (r *Reader) merge(b *block, take func(*Arrival) error, rejects *Rejects) error {
	reject := func(until int) {
		for len(b.bad) > 0 && b.bad[0].before <= until {
			bad := b.bad[0].err
			bad.Line += r.table.base
			rejects.Add(bad)
			b.bad = b.bad[1:]
		}
	}
	for i := range b.rows {
		if i%atATime == 0 {
			r.seen.fetch(b.rows[i:min(i+atATime, len(b.rows))])
		}
		reject(i)
		row := &b.rows[i]
		line := r.table.base + row.line
		if r.seen.len() >= MaxArrivals {
			return tooMany(line)
		}
		if !r.seen.take(row.ID, row.hash) {
			rejects.Add(twice(line, row.ID))
			continue
		}
		if err := take(&row.Arrival); err != nil {
			return err
		}
	}
	reject(len(b.rows))
	r.table.base += b.lines
	if b.err != io.EOF {
		return b.err
	}
	return nil
}

func tooMany(line int) error {
	return truce.Errorf(truce.CodeTooLarge, "line %d: more than %d arrivals: locate them in parts", line, MaxArrivals)
}
