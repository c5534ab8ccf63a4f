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
	Parallel int                           // attempts at once, besides those to parties; 0: DefaultParallel
	// Inside says whether a role sees cases from inside and gets the words for those who do;
	// nil: none does.
	Inside func(truce.Role) bool
	// Trouble is told what people must see to; nil: nobody. It is told again whenever an
	// alert is served that is in trouble still, perhaps by several goroutines at once.
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
	slots  chan struct{} // capacity Parallel: one for each attempt under way

	mu       sync.Mutex             // guards what follows; never held across I/O
	starting map[truce.AlertID]bool // alerts of which attempts are being claimed
	flying   map[string]bool        // Message.Key of attempts of this courier under way
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
	return &Courier{
		config: c, nudge: make(chan struct{}, 1), slots: make(chan struct{}, c.Parallel),
		starting: map[truce.AlertID]bool{}, flying: map[string]bool{},
	}, nil
}

func (c *Courier) now() truce.Instant { return truce.InstantOf(c.config.Clock.Now()) }

// Nudge makes Run look at the outbox now. It never blocks.
func (c *Courier) Nudge() {
	select {
	case c.nudge <- struct{}{}:
	default:
	}
}

// Serve does what is due of one alert, once: what needs no attempt, the silences, and the
// attempts. It returns when every attempt it began has an outcome; what is due then is in
// the wakes of the records. Several calls for one alert may run at the same time.
func (c *Courier) Serve(ctx context.Context, b Box) (Report, error) {
	return c.serve(ctx, b, func() {})
}

// serve calls claimed as soon as every attempt that is to be made is on record: who reads
// the alert anew from then on plans none of them again.
func (c *Courier) serve(ctx context.Context, b Box, claimed func()) (Report, error) {
	claimed = sync.OnceFunc(claimed)
	defer claimed()
	b.Deliveries, b.Answers = slices.Clone(b.Deliveries), slices.Clone(b.Answers) // ours to append to
	s := &serving{courier: c, box: b}
	now := c.now()
	if err := s.settle(ctx, now); err != nil {
		return s.report, err
	}
	plan := slices.DeleteFunc(Plan(s.box, now), func(a Attempt) bool { return c.isFlying(b.Alert.ID, a.Person) })
	if err := s.round(ctx, plan, claimed); err != nil {
		return s.report, err
	}
	s.report.Unreached = Exhausted(s.box, c.now())
	s.report.Apart, _ = Apart(s.box)
	if c.config.Trouble != nil && (len(s.report.Unreached) > 0 || s.report.Apart > skewAlarm) {
		return s.report, c.config.Trouble(ctx, s.box, s.report)
	}
	return s.report, ctx.Err()
}

// isFlying says whether an attempt of this courier is under way, however long it takes by
// a clock that runs faster than the receivers answer.
func (c *Courier) isFlying(a truce.AlertID, p truce.PersonID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flying[Message{Alert: a, Person: p}.Key()]
}

func (c *Courier) fly(a truce.AlertID, p truce.PersonID, flying bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := Message{Alert: a, Person: p}.Key()
	if flying {
		c.flying[key] = true
	} else {
		delete(c.flying, key)
	}
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
	mine := func(d truce.Delivery) bool { return s.courier.isFlying(d.Alert, d.Person) }
	for {
		tidy := slices.DeleteFunc(Tidy(s.box, now), mine)
		if len(tidy) == 0 {
			break
		}
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
func (s *serving) round(ctx context.Context, plan []Attempt, claimed func()) error {
	parties := 0
	for parties < len(plan) && plan[parties].Party != "" {
		parties++
	}
	together := make([]Attempt, 0, parties)
	for _, a := range plan[:parties] {
		if mine, err := s.claim(ctx, a); err != nil {
			return err // nothing was sent: neither party is told before the other
		} else if mine {
			together = append(together, a)
		}
	}
	var wait, claims sync.WaitGroup
	for _, a := range together {
		wait.Go(func() { s.note(s.send(ctx, a)) })
	}
	for _, a := range plan[parties:] {
		s.courier.slots <- struct{}{} // comes free: an attempt ends within its time
		claims.Add(1)
		wait.Go(func() {
			defer func() { <-s.courier.slots }()
			mine, err := s.claim(ctx, a)
			claims.Done()
			if err == nil && mine {
				err = s.send(ctx, a)
			}
			s.note(err)
		})
	}
	claims.Wait()
	claimed()
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
	s.mu.Lock()
	d := Begin(s.box, a, s.courier.now())
	s.mu.Unlock()
	s.courier.fly(d.Alert, d.Person, true)
	mine, err := s.append(ctx, DeliveryEntry(d))
	if err != nil || !mine {
		s.courier.fly(d.Alert, d.Person, false)
	}
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
	defer s.courier.fly(s.box.Alert.ID, a.Person, false)
	inside := s.courier.config.Inside
	m := s.box.message(a.To, a.Contact, s.courier.config.Base, inside != nil && inside(a.To.Role))
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
