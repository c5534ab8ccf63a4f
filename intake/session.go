package intake

import (
	"context"
	"fmt"

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

// Session takes the rows of one file. It is used by one goroutine and holds at most
// one batch of rows.
type Session struct {
	ctx    context.Context
	door   *Door
	source truce.SourceID
	file   string
	counts Counts

	rows     []truce.Observation
	seen     map[truce.ID]bool // ids of rows
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
	if s.seen[o.ID] {
		s.counts.Duplicate++
		return nil
	}
	o.Received = truce.ReceivedTime(truce.InstantOf(s.door.cfg.Now()))
	s.seen[o.ID] = true
	s.rows = append(s.rows, o)
	if len(s.rows) < s.door.cfg.BatchRows {
		return nil
	}
	return s.flushRows()
}

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

// Counts is what became of the rows so far.
func (s *Session) Counts() Counts { return s.counts }

// Close appends what is left. Rows given to the session are not safe before it.
func (s *Session) Close() (Counts, error) {
	if err := s.flushRows(); err != nil {
		return s.counts, err
	}
	return s.counts, s.flushRejected()
}

func (s *Session) flushRows() error {
	fresh, err := s.freshRows()
	if err != nil {
		return fmt.Errorf("intake: %s: %w", s.file, err)
	}
	if len(fresh) > 0 {
		draft, err := truce.NewObservationBatch(s.source, truce.CleanText(s.file), fresh[0].Received, fresh)
		if err != nil {
			return fmt.Errorf("intake: %s: %w", s.file, err)
		}
		if _, err := s.door.cfg.Appender.Append(s.ctx, truce.Batch{Drafts: []truce.Draft{draft}}); err != nil {
			return fmt.Errorf("intake: %s: %w", s.file, err)
		}
	}
	s.counts.Accepted += len(fresh)
	s.counts.Duplicate += len(s.rows) - len(fresh)
	s.rows = s.rows[:0]
	clear(s.seen)
	return nil
}

func (s *Session) freshRows() ([]truce.Observation, error) {
	if len(s.rows) == 0 {
		return nil, nil
	}
	ids := make([]truce.ID, len(s.rows))
	for i, row := range s.rows {
		ids[i] = row.ID
	}
	known, err := s.door.cfg.Appender.Known(s.ctx, ids)
	if err != nil {
		return nil, err
	}
	fresh := make([]truce.Observation, 0, len(s.rows))
	for _, row := range s.rows {
		if !known[row.ID] {
			fresh = append(fresh, row)
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
	if _, err := s.door.cfg.Appender.Append(s.ctx, truce.Batch{Drafts: []truce.Draft{draft}}); err != nil {
		return fmt.Errorf("intake: quarantine %s: %w", s.file, err)
	}
	s.countReasons()
	s.rejected = s.rejected[:0]
	return nil
}

func (s *Session) countReasons() {
	s.counts.Quarantined += len(s.rejected)
	if s.counts.Reasons == nil {
		s.counts.Reasons = map[string]int{}
	}
	for _, r := range s.rejected {
		reason := r.Reason
		if _, counted := s.counts.Reasons[reason]; !counted && len(s.counts.Reasons) >= MaxReasons {
			reason = otherReasons
		}
		s.counts.Reasons[reason]++
	}
}
