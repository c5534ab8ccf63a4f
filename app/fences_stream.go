package app

import (
	"bytes"
	"context"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// fencesDone is what became of a table of points.
type fencesDone struct {
	points, rows, bad int
	named             []badFenceRow // the first of the bad
}

// badFenceRow is a row that could not be read.
type badFenceRow struct {
	line   int
	reason string
}

// fenceWork is a chunk on its way from reader to worker to writer. It is used again.
type fenceWork struct {
	in, rows []byte
	line     int
	out      []byte
	done     fencesDone
	ready    chan struct{} // answered
}

// answerPoints answers for every row of a table, in its order, on all cores: one goroutine
// cuts it into chunks, as many as there are cores answer, this one writes. A fixed number
// of chunks is under way, so memory does not grow with the table.
func answerPoints(ctx context.Context, r io.Reader, w io.Writer, newAsking func() asking) (fencesDone, error) {
	var total fencesDone
	chunks := &fenceChunks{r: r, line: 1}
	columns, first, err := chunks.begin()
	if err != nil {
		return total, err
	}
	cores := runtime.GOMAXPROCS(0)
	depth := 2*cores + 2
	group, ctx := errgroup.WithContext(ctx)
	free, todo, order := make(chan *fenceWork, depth), make(chan *fenceWork, depth), make(chan *fenceWork, depth)
	for range depth {
		free <- &fenceWork{ready: make(chan struct{}, 1)}
	}
	group.Go(func() error {
		defer close(todo)
		defer close(order)
		return chunks.each(ctx, first, free, todo, order)
	})
	for range cores {
		asking := newAsking()
		group.Go(func() error {
			for work := range todo {
				work.answer(columns, asking)
				work.ready <- struct{}{}
			}
			return nil
		})
	}
	group.Go(func() error { return writeAnswers(ctx, w, order, free, &total) })
	err = group.Wait()
	return total, err
}

// begin reads the header and the rows of the first chunk.
func (c *fenceChunks) begin() (columns fenceColumns, first []byte, err error) {
	rows, _, err := c.next(nil)
	if err != nil {
		return columns, nil, err
	}
	rows = bytes.TrimPrefix(rows, []byte("\ufeff"))
	header, rest, ok := nextRow(rows)
	if !ok {
		header, rest = rows, nil
	}
	fields, _ := splitRow(bytes.TrimRight(header, "\r\n"), nil)
	columns, err = fenceHeader(fields)
	return columns, rest, err
}

// each hands out the chunks, the rest of the first before the others.
func (c *fenceChunks) each(ctx context.Context, first []byte, free, todo, order chan *fenceWork) error {
	line := 2
	for {
		work, err := take(ctx, free)
		if err != nil {
			return err
		}
		if first != nil {
			work.rows, first = append(work.in[:0], first...), nil
			work.in = work.rows
		} else {
			if work.rows, line, err = c.next(work.in); err != nil {
				return err
			}
			work.in = work.rows
		}
		if len(work.rows) == 0 && c.end && len(c.rest) == 0 {
			return nil
		}
		work.line = line
		order <- work
		todo <- work
	}
}

func take(ctx context.Context, from chan *fenceWork) (*fenceWork, error) {
	select {
	case work := <-from:
		return work, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// answer answers for the rows of a chunk.
func (work *fenceWork) answer(columns fenceColumns, asking asking) {
	work.out, work.done = work.out[:0], fencesDone{named: work.done.named[:0]}
	var fields [32][]byte
	line := work.line
	for rest := work.rows; len(rest) > 0; {
		var row []byte
		row, rest, _ = nextRow(rest)
		at := line
		line += bytes.Count(row, []byte{'\n'})
		row = bytes.TrimSuffix(bytes.TrimSuffix(row, []byte{'\n'}), []byte{'\r'})
		if len(row) == 0 {
			continue
		}
		split, reason := splitRow(row, fields[:0])
		var p fencePoint
		if reason == "" {
			p, reason = columns.point(split)
		}
		if reason != "" {
			work.done.quarantine(badFenceRow{at, reason})
			continue
		}
		var rows int
		work.out, rows = asking.answer(work.out, &p)
		work.done.points++
		work.done.rows += rows
	}
}

func (d *fencesDone) quarantine(row badFenceRow) {
	d.bad++
	if len(d.named) < fenceNamed {
		d.named = append(d.named, row)
	}
}

// writeAnswers writes the chunks' answers in the order of the chunks and sums them up.
func writeAnswers(ctx context.Context, w io.Writer, order, free chan *fenceWork, total *fencesDone) error {
	for work := range order {
		select {
		case <-work.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		if _, err := w.Write(work.out); err != nil {
			return err
		}
		total.points += work.done.points
		total.rows += work.done.rows
		total.bad += work.done.bad
		for _, row := range work.done.named {
			if len(total.named) < fenceNamed {
				total.named = append(total.named, row)
			}
		}
		free <- work
	}
	return nil
}
