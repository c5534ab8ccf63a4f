package intake

import (
	"context"

	"github.com/trucewatch/truce"
)

// Router takes the rows of one file that speaks for several sources. A source is
// registered when its first row comes; what cannot be read is kept under the first.
type Router struct {
	ctx      context.Context
	door     *Door
	box      *outbox
	file     string
	infos    []truce.SourceInfo
	sessions map[truce.SourceID]*Session
}

// OpenAll begins a session for a file whose rows may be of any of the given sources.
func (d *Door) OpenAll(ctx context.Context, infos []truce.SourceInfo, file string) (*Router, error) {
	if len(infos) == 0 {
		return nil, truce.Errorf(truce.CodeInternal, "intake: %s: no source is declared", file)
	}
	box := &outbox{ctx: ctx, appender: d.cfg.Appender}
	return &Router{ctx: ctx, door: d, box: box, file: file, infos: infos, sessions: map[truce.SourceID]*Session{}}, nil
}

// Observe admits a row of any declared source.
func (r *Router) Observe(o truce.Observation) error {
	s, err := r.session(o.Source)
	if err != nil {
		return err
	}
	return s.Observe(o)
}

// Reject keeps a row that could not be read.
func (r *Router) Reject(rejection truce.Rejection) error {
	s, err := r.session(r.infos[0].ID)
	if err != nil {
		return err
	}
	return s.Reject(rejection)
}

func (r *Router) session(id truce.SourceID) (*Session, error) {
	if s := r.sessions[id]; s != nil {
		return s, nil
	}
	for _, info := range r.infos {
		if info.ID != id {
			continue
		}
		s, err := r.door.open(r.ctx, info, r.file, r.box)
		if err == nil {
			r.sessions[id] = s
		}
		return s, err
	}
	return nil, truce.Errorf(truce.CodeInvalid, "%s: source %q has not been declared; declare it under sources in the settings", r.file, id)
}

// Close appends what is left of every source, in the order they were declared. The
// sources share one way to the store: the first error is that of all after it.
func (r *Router) Close() (Counts, error) {
	var sum Counts
	var failed error
	for _, info := range r.infos {
		s := r.sessions[info.ID]
		if s == nil {
			continue
		}
		counts, err := s.Close()
		sum = sum.plus(counts)
		if failed == nil {
			failed = err
		}
	}
	return sum, failed
}

func (c Counts) plus(d Counts) Counts {
	c.Accepted += d.Accepted
	c.Duplicate += d.Duplicate
	c.Quarantined += d.Quarantined
	for reason, n := range d.Reasons {
		if c.Reasons == nil {
			c.Reasons = map[string]int{}
		}
		c.Reasons[reason] += n
	}
	return c
}
