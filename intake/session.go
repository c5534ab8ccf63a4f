package intake

import (
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/trucewatch/truce"
)

// Counts is what became of a file's rows.
type Counts struct {
	Accepted    int            `json:"accepted"`
	Duplicate   int            `json:"duplicate"`
	Quarantined int            `json:"quarantined"`
	Reasons     map[string]int `json:"reasons,omitempty"` // of quarantine
}

// Rows is how many rows were read at all.
func (c Counts) Rows() int { return c.Accepted + c.Duplicate + c.Quarantined }

// otherReasons gathers what MaxReasons no longer counts apart.
const otherReasons = "other reasons"

// Session takes the rows of one file. It is used by one goroutine, MUST be closed, and
// holds at most two batches of rows: one that is filled and one that is committed.
type Session struct {
	ctx    context.Context
	door   *Door
	box    *outbox
	source truce.SourceID
	file   string
	counts Counts

	rows     []truce.Observation
	seen     map[truce.ID]bool // ids of rows
	sent     map[truce.ID]bool // ids of the batch before, which Known may not see yet
	rejected []truce.Rejection
}

// Observe admits a row. It is safe in the store when Close has returned without error.
func (s *Session) Observe(o truce.Observation) error {
	if err := o.Validate(); err != nil {
		return s.Reject(truce.Rejection{File: o.Origin.File, Line: o.Origin.Line, Reason: err.Error()})
	}
	if o.Source != s.source {
		return truce.Errorf(truce.CodeInternal, "intake: row of source %s in a session of %s", o.Source, s.source)
	}
	if s.seen[o.ID] || s.sent[o.ID] {
		s.counts.Duplicate++
		return nil
	}
	received := truce.InstantOf(s.door.cfg.Now())
	if TooFarAhead(o.Phenomenon, received) {
		return s.Reject(truce.Rejection{File: o.Origin.File, Line: o.Origin.Line, Reason: reasonAhead})
	}
	o.Received = truce.ReceivedTime(received)
	s.seen[o.ID] = true
	s.rows = append(s.rows, o)
	if len(s.rows) < s.door.cfg.BatchRows {
		return nil
	}
	return s.flushRows()
}

// TooFarAhead says whether something begins more than MaxAhead after the time at which it
// is told.
func TooFarAhead(p truce.PhenomenonTime, received truce.Instant) bool {
	return p.From.Sub(received) > MaxAhead
}

// reasonAhead is the same for every row, so that they are counted together.
const reasonAhead = "the time lies more than 24 h in the future: check the date and zone of the row, and this machine's clock"

// Reject keeps a row that could not be read, with its reason.
func (s *Session) Reject(r truce.Rejection) error {
	if len(r.Raw) > truce.MaxRejectedRow {
		r.Raw = r.Raw[:truce.MaxRejectedRow]
	}
	r.Reason = truce.CleanText(r.Reason)
	r.File = truce.CleanText(r.File)
	s.rejected = append(s.rejected, r)
	if len(s.rejected) < quarantineRows {
		return nil
	}
	return s.flushRejected()
}

// Close appends what is left and waits for it. Rows given to the session are not safe
// before it. The counts hold what was committed, also when there is an error.
func (s *Session) Close() (Counts, error) {
	err := s.flushRows()
	if err == nil {
		err = s.flushRejected()
	}
	if failed := s.box.wait(); err == nil && failed != nil {
		err = fmt.Errorf("intake: %s: %w", s.file, failed)
	}
	return s.counts, err
}

func (s *Session) flushRows() error {
	fresh, err := s.freshRows()
	if err != nil {
		return fmt.Errorf("intake: %s: %w", s.file, err)
	}
	accepted, duplicate := len(fresh), len(s.rows)-len(fresh)
	if accepted > 0 {
		draft, err := truce.NewObservationBatch(s.source, truce.CleanText(s.file), fresh[0].Received, fresh)
		if err == nil {
			err = s.box.send(draft, func() { s.counts.Accepted += accepted })
		}
		if err != nil {
			return fmt.Errorf("intake: %s: %w", s.file, err)
		}
	}
	s.counts.Duplicate += duplicate
	s.rows = s.rows[:0]
	s.seen, s.sent = s.sent, s.seen
	clear(s.seen)
	return nil
}

// freshRows are the rows that the store does not know.
func (s *Session) freshRows() ([]truce.Observation, error) {
	if len(s.rows) == 0 {
		return nil, nil
	}
	ids := make([]truce.ID, len(s.rows))
	for i := range s.rows {
		ids[i] = s.rows[i].ID
	}
	known, err := s.door.cfg.Appender.Known(s.ctx, ids)
	if err != nil || len(known) == 0 {
		return s.rows, err
	}
	fresh := make([]truce.Observation, 0, len(s.rows))
	for i := range s.rows {
		if !known[s.rows[i].ID] {
			fresh = append(fresh, s.rows[i])
		}
	}
	return fresh, nil
}

// flushRejected appends the refused rows. The key is their content, so that reading
// the same file again adds nothing.
func (s *Session) flushRejected() error {
	if len(s.rejected) == 0 {
		return nil
	}
	body := truce.Quarantine{Source: s.source, Rows: s.rejected}
	draft, err := truce.NewDraft(truce.RecordQuarantine, "", "", body)
	if err != nil {
		return fmt.Errorf("intake: quarantine %s: %w", s.file, err)
	}
	draft.Key = "quarantine/" + truce.HashOf(draft.Body).String()
	if err = s.box.send(draft, s.countReasons); err == nil {
		err = s.box.wait()
	}
	if err != nil {
		return fmt.Errorf("intake: quarantine %s: %w", s.file, err)
	}
	s.rejected = s.rejected[:0]
	return nil
}

// featureNumber is where in its file a row of GeoJSON stands; quarantine keeps it, and
// without it what is wrong with many rows alike is one reason.
var featureNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^feature #\d+: `)
})

func (s *Session) countReasons() {
	s.counts.Quarantined += len(s.rejected)
	if s.counts.Reasons == nil {
		s.counts.Reasons = map[string]int{}
	}
	for _, r := range s.rejected {
		reason := featureNumber().ReplaceAllString(r.Reason, "")
		if _, counted := s.counts.Reasons[reason]; !counted && len(s.counts.Reasons) >= MaxReasons {
			reason = otherReasons
		}
		s.counts.Reasons[reason]++
	}
}
