package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

const (
	// eventsAtOnce is how many rows of a table of events one worker is given.
	eventsAtOnce = 512

	// eventsNamed bounds the rows that are named when they cannot be read; the others are
	// counted.
	eventsNamed = 20
)

// evaluation holds the events of a file against an agreement. What counts is told when
// all were read, since one event may be counted with another, so what may count is kept.
type evaluation struct {
	terms    *agreement.Agreement
	geometry *agreement.Geometry
	name     string // of the file, for messages
	known    truce.Instant
	traces   bool // sentences, and findings plainly outside as well

	at    map[string]int // columns
	lines map[string]int // where each id stands first

	ids       []string
	counted   []agreement.Counted // one an id
	read, bad int
	named     []string // the first of the bad
}

// eventBatch is a part of the table on its way from reader to worker to collector.
type eventBatch struct {
	cells  []string // of all rows, one after another
	rows   []eventRow
	shares []truce.SideShare // of the findings that are kept
	ready  chan struct{}
}

// eventRow is one row, and what came of it.
type eventRow struct {
	line, end int // of its cells
	id        string
	incident  truce.Incident
	findings  []truce.Finding
	bad       error
}

// run reads a table: one goroutine cuts it into batches, every core reads and evaluates
// them, this one collects what came of them in the order of the file.
func (e *evaluation) run(ctx context.Context, in io.Reader) error {
	r := csv.NewReader(in)
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	head, err := r.Read()
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "%s: want a table whose first line names the columns %s", e.name, strings.Join(eventColumns, ","))
	}
	if e.at, err = eventHeader(e.name, head); err != nil {
		return err
	}
	e.lines = map[string]int{}
	cores := runtime.GOMAXPROCS(0)
	group, ctx := errgroup.WithContext(ctx)
	todo, order := make(chan *eventBatch, 2*cores), make(chan *eventBatch, 4*cores)
	group.Go(func() error {
		defer close(todo)
		defer close(order)
		return e.cut(ctx, r, todo, order)
	})
	for range cores {
		group.Go(func() error {
			evaluator := e.geometry.Evaluator()
			for b := range todo {
				e.judge(b, evaluator)
				close(b.ready)
			}
			return nil
		})
	}
	for b := range order {
		select {
		case <-b.ready:
			e.collect(b)
		case <-ctx.Done():
		}
	}
	return group.Wait()
}

// cut hands out the rows in batches.
func (e *evaluation) cut(ctx context.Context, r *csv.Reader, todo, order chan<- *eventBatch) error {
	for end := false; !end; {
		b := &eventBatch{ready: make(chan struct{}), rows: make([]eventRow, 0, eventsAtOnce), cells: make([]string, 0, eventsAtOnce*len(e.at))}
		for len(b.rows) < eventsAtOnce && !end {
			row, err := r.Read()
			switch {
			case errors.Is(err, io.EOF):
				end = true
			case err != nil:
				return truce.Errorf(truce.CodeInvalid, "%s: %w", e.name, err)
			default:
				line, _ := r.FieldPos(0)
				b.cells = append(b.cells, row...)
				b.rows = append(b.rows, eventRow{line: line, end: len(b.cells)})
			}
		}
		for _, to := range []chan<- *eventBatch{todo, order} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// judge reads the events of a batch and holds them against the rules.
func (e *evaluation) judge(b *eventBatch, evaluator *agreement.Evaluator) {
	begin := 0
	input := agreement.Input{KnownAt: e.known}
	for i := range b.rows {
		row := &b.rows[i]
		row.id, row.incident, row.bad = readEvent(e.terms, e.name, row.line, b.cells[begin:row.end], e.at)
		begin = row.end
		if row.bad != nil {
			continue
		}
		input.Incident = row.incident
		if e.traces {
			row.findings = e.geometry.Evaluate(input).Findings
			continue
		}
		b.keep(row, evaluator.Verdicts(&input))
	}
}

// keep copies the findings that are printed or may come to count: what is plainly outside
// is neither. What only a number kept outside may be a hit with others of the day.
func (b *eventBatch) keep(row *eventRow, findings []truce.Finding) {
	for i := range findings {
		f := &findings[i]
		if f.Verdict == truce.VerdictOutside && !f.ClaimsExempt && f.Reason != truce.ReasonQuantity {
			continue
		}
		row.findings = append(row.findings, *f)
		kept := &row.findings[len(row.findings)-1]
		kept.EffectSide, kept.OriginSide = b.shared(f.EffectSide), b.shared(f.OriginSide)
	}
}

// shared copies shares, which the evaluator uses again.
func (b *eventBatch) shared(shares []truce.SideShare) []truce.SideShare {
	if len(shares) == 0 {
		return nil
	}
	if cap(b.shares)-len(b.shares) < len(shares) {
		b.shares = make([]truce.SideShare, 0, max(eventsAtOnce, len(shares)))
	}
	begin := len(b.shares)
	b.shares = append(b.shares, shares...)
	return b.shares[begin:len(b.shares):len(b.shares)]
}

// collect takes over what came of a batch. Batches come in the order of the file.
func (e *evaluation) collect(b *eventBatch) {
	for i := range b.rows {
		row := &b.rows[i]
		if first, twice := e.lines[row.id]; row.bad == nil && twice {
			row.bad = fmt.Errorf("%s:%d: the id %q stands in line %d already: give each event its own", e.name, row.line, row.id, first)
		}
		if row.bad != nil {
			e.bad++
			if len(e.named) < eventsNamed {
				e.named = append(e.named, row.bad.Error())
			}
			continue
		}
		e.lines[row.id] = row.line
		e.read++
		if e.traces || len(row.findings) > 0 {
			e.ids = append(e.ids, row.id)
			e.counted = append(e.counted, agreement.Counted{Incident: row.incident, Evaluation: truce.Evaluation{Findings: row.findings}})
		}
	}
}

// eventHeader finds the columns; a file without the needed ones is refused.
func eventHeader(name string, head []string) (map[string]int, error) {
	at := map[string]int{}
	for i, column := range head {
		column = strings.TrimSpace(strings.TrimPrefix(column, "\ufeff"))
		if !slices.Contains(eventColumns, column) {
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: column %q is not known%s", name, column, agreement.DidYouMean(column, eventColumns))
		}
		at[column] = i
	}
	for _, needed := range []string{"id", "time", "what"} {
		if _, ok := at[needed]; !ok {
			return nil, truce.Errorf(truce.CodeInvalid, "%s:1: the column %s is missing; the columns are %s", name, needed, strings.Join(eventColumns, ","))
		}
	}
	return at, nil
}

// readEvent turns a row into a line of the test language and reads that. The event's id
// is the number by which sentences speak of it.
func readEvent(terms *agreement.Agreement, name string, line int, row []string, at map[string]int) (string, truce.Incident, error) {
	cell := func(column string) string {
		if i, ok := at[column]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	id := strings.Clone(cell("id"))
	if id == "" {
		return "", truce.Incident{}, fmt.Errorf("%s:%d: the id is empty: give each event its own", name, line)
	}
	text := cell("time")
	if to := cell("to"); to != "" {
		text += " to " + to
	}
	text += " " + cell("what")
	switch lat, lon := cell("lat"), cell("lon"); {
	case lat != "" && lon != "":
		text += " " + lat + "," + lon
		if sigma := cell("sigma_m"); sigma != "" {
			text += " ±" + sigma + "m"
		}
	case lat+lon != "":
		return "", truce.Incident{}, fmt.Errorf("%s:%d: a place has both lat and lon: give both or neither", name, line)
	}
	in, bad := trial.ParseEvent(terms, name, line, text+" "+cell("detail"))
	if bad != nil {
		return "", in, fmt.Errorf("%s:%d: %s (read as: %s)", name, line, bad.Text, text+" "+cell("detail"))
	}
	in.Number = id
	in.ID = truce.NewID(in.Time.From, "evaluate", name, []byte(strconv.Itoa(line)+"/"+id))
	return id, in, nil
}
