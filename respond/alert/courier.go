package alert

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

// Recorder keeps what the courier does.
type Recorder interface {
	// Append commits one record. When it returns without an error the record MUST survive
	// a crash; fresh is false when a record with the key was there before, which is then
	// the one that holds. It MUST be safe for several goroutines.
	Append(ctx context.Context, e Entry) (fresh bool, err error)
}

// Outbox knows which alerts have something due.
type Outbox interface {
	// Due reads every alert that has a wake due at now. An alert whose release lies ahead
	// need not be among them.
	Due(ctx context.Context, now truce.Instant) ([]Box, error)
	// NextWake is the next time at which an alert has a wake due; false when none has.
	NextWake(ctx context.Context) (truce.Instant, bool, error)
}

// Config is what a courier needs.
type Config struct {
	Recorder Recorder
	Clock    truce.Clock
	Channels map[truce.ChannelKind]Channel // of those left out nothing can be sent; it is tried again later
	Base     string                        // where the pages are, e.g. "https://desk.example.org"; "": nowhere
	Parallel int                           // attempts of one alert at once, besides those to the parties; 0: DefaultParallel
	// Trouble is told what people must see to; nil: nobody. It is called by one goroutine
	// at a time for each alert.
	Trouble func(context.Context, Box, Report) error
}

// Report is what came of serving an alert once.
type Report struct {
	Attempts int // begun here
	Records  int // appended here
	// Unreached are those of whom every contact has refused the alert or is given up.
	Unreached []truce.PersonID
	// Apart is how far apart the addresses of the parties took the alert; 0 until each has.
	Apart time.Duration
}

// Courier carries alerts out: it claims an attempt by a record, makes it, and records what
// became of it. Several couriers may serve one store: an attempt is begun by one of them.
type Courier struct {
	config Config
	nudge  chan struct{} // capacity 1: that something is due is said once
}

// New checks a configuration.
func New(c Config) (*Courier, error) {
	if c.Recorder == nil || c.Clock == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "alert: a courier needs a recorder and a clock")
	}
	if c.Parallel == 0 {
		c.Parallel = DefaultParallel
	}
	if c.Parallel < 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "alert: %d attempts at once", c.Parallel)
	}
	return &Courier{config: c, nudge: make(chan struct{}, 1)}, nil
}

func (c *Courier) now() truce.Instant { return truce.InstantOf(c.config.Clock.Now()) }

// Nudge makes Run look at the outbox now. It never blocks.
func (c *Courier) Nudge() {
	select {
	case c.nudge <- struct{}{}:
	default:
	}
}

// Serve does all that is due of one alert: what needs no attempt, the silences, and the
// attempts, until nothing is due. It returns when every attempt it began has an outcome.
func (c *Courier) Serve(ctx context.Context, b Box) (Report, error) {
	b.Deliveries, b.Answers = slices.Clone(b.Deliveries), slices.Clone(b.Answers) // ours to append to
	s := &serving{courier: c, box: b}
	for ctx.Err() == nil {
		now := c.now()
		if err := s.settle(ctx, now); err != nil {
			return s.report, err
		}
		plan := Plan(s.box, now)
		if len(plan) == 0 {
			break
		}
		if err := s.round(ctx, plan); err != nil {
			return s.report, err
		}
	}
	s.report.Unreached = Exhausted(s.box, c.now())
	s.report.Apart, _ = Apart(s.box)
	if c.config.Trouble != nil && (len(s.report.Unreached) > 0 || s.report.Apart > skewAlarm) {
		return s.report, c.config.Trouble(ctx, s.box, s.report)
	}
	return s.report, ctx.Err()
}

// serving is the serving of one alert.
type serving struct {
	courier *Courier

	mu     sync.Mutex // guards what follows while a round runs; never held across I/O
	box    Box
	report Report
	failed error // the first of a round
}

func (s *serving) append(ctx context.Context, e Entry) (bool, error) {
	fresh, err := s.courier.config.Recorder.Append(ctx, e)
	if err == nil && fresh {
		s.mu.Lock()
		s.report.Records++
		s.mu.Unlock()
	}
	return fresh, err
}

// settle records what follows from the time alone.
func (s *serving) settle(ctx context.Context, now truce.Instant) error {
	for tidy := Tidy(s.box, now); len(tidy) > 0; tidy = Tidy(s.box, now) {
		if _, err := s.append(ctx, DeliveryEntry(tidy[0])); err != nil {
			return err
		}
		s.box.Deliveries = append(s.box.Deliveries, tidy[0])
	}
	for _, ack := range Silences(s.box, now) {
		if _, err := s.append(ctx, SilenceEntry(ack)); err != nil {
			return err
		}
		s.box.Answers = append(s.box.Answers, ack)
	}
	return nil
}

// round makes the attempts. Those to the parties are all claimed before the first is made
// and all made at once; the others follow their own way.
func (s *serving) round(ctx context.Context, plan []Attempt) error {
	parties := 0
	for parties < len(plan) && plan[parties].Party != "" {
		parties++
	}
	claimed := make([]Attempt, 0, parties)
	for _, a := range plan[:parties] {
		if mine, err := s.claim(ctx, a); err != nil {
			return err // nothing was sent: neither party is told before the other
		} else if mine {
			claimed = append(claimed, a)
		}
	}
	var wait sync.WaitGroup
	for _, a := range claimed {
		wait.Go(func() { s.note(s.send(ctx, a)) })
	}
	slots := make(chan struct{}, s.courier.config.Parallel)
	for _, a := range plan[parties:] {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			mine, err := s.claim(ctx, a)
			if err == nil && mine {
				err = s.send(ctx, a)
			}
			s.note(err)
		})
	}
	wait.Wait()
	return s.failed
}

func (s *serving) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
}

// claim records that an attempt begins. False says that another courier has begun it.
func (s *serving) claim(ctx context.Context, a Attempt) (bool, error) {
	d := Begin(s.box.Alert, a, s.courier.now())
	mine, err := s.append(ctx, DeliveryEntry(d))
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.box.Deliveries = append(s.box.Deliveries, d)
	if mine {
		s.report.Attempts++
	}
	return mine, nil
}

// send makes an attempt and records what became of it, also when it was told to stop: what
// was sent is known then, and must not be sent again.
func (s *serving) send(ctx context.Context, a Attempt) error {
	m := MessageFor(s.box.Alert, a.To, a.Contact, s.courier.config.Base)
	result := Failed("no channel of the kind " + string(a.Channel) + " is set up")
	if channel := s.courier.config.Channels[a.Channel]; channel != nil {
		trying, cancel := context.WithTimeout(ctx, SendTimeout)
		result = channel.Send(trying, m)
		cancel()
	}
	s.mu.Lock()
	d := Outcome(s.box, a, result, s.courier.now())
	s.box.Deliveries = append(s.box.Deliveries, d)
	s.mu.Unlock()
	keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), SendTimeout)
	defer cancel()
	_, err := s.append(keeping, DeliveryEntry(d))
	return err
}

// Exhausted lists those of whom every contact has refused the alert or is given up.
func Exhausted(b Box, now truce.Instant) []truce.PersonID {
	var out []truce.PersonID
	for _, st := range Statuses(b, now) {
		if st.Progress == Unreached || st.Progress == Lost {
			out = append(out, st.Person)
		}
	}
	return out
}

// Apart is how far apart in time the parties were first reached; false until each was.
func Apart(b Box) (time.Duration, bool) {
	first := map[truce.PartyID]truce.Instant{}
	s := fold(b)
	for i := range s.letters {
		l := &s.letters[i]
		if l.to.Party == "" {
			continue
		}
		at, _, ok := l.reached()
		if had, seen := first[l.to.Party]; !seen || ok && (had == 0 || at < had) {
			first[l.to.Party] = at
		}
	}
	var low, high truce.Instant
	for _, at := range first {
		if at == 0 {
			return 0, false
		}
		if low == 0 || at < low {
			low = at
		}
		high = max(high, at)
	}
	return high.Sub(low), len(first) > 0
}
