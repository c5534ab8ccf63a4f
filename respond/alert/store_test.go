package alert_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// store keeps what was appended and nothing else, as canonical JSON, and folds the wakes.
type store struct {
	mu    sync.Mutex // guards what follows
	keys  map[string]bool
	boxes map[string]*alert.Box
	wakes map[string]map[string]truce.Instant // by subject and name
}

func newStore() *store {
	return &store{keys: map[string]bool{}, boxes: map[string]*alert.Box{}, wakes: map[string]map[string]truce.Instant{}}
}

func (s *store) Append(_ context.Context, e alert.Entry) (bool, error) {
	body, err := truce.Canonical(e.Body)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[e.Key] {
		return false, nil
	}
	s.keys[e.Key] = true
	if err := s.keep(e, body); err != nil {
		return false, err
	}
	var of struct {
		Wakes []truce.Wake `json:"wakes"`
	}
	if err := truce.DecodeCanonical(body, &of); err != nil {
		return false, err
	}
	if s.wakes[e.Subject] == nil {
		s.wakes[e.Subject] = map[string]truce.Instant{}
	}
	for _, w := range of.Wakes {
		if w.Done {
			delete(s.wakes[e.Subject], w.Name)
		} else {
			s.wakes[e.Subject][w.Name] = w.Due
		}
	}
	return true, nil
}

func (s *store) box(subject string) alert.Box {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read(subject)
}

// read is box for who holds the lock.
func (s *store) read(subject string) alert.Box {
	b := *s.boxes[subject]
	b.Deliveries, b.Answers = slices.Clone(b.Deliveries), slices.Clone(b.Answers)
	return b
}

// keep reads what was appended as it would be read again.
func (s *store) keep(e alert.Entry, body []byte) error {
	b := s.boxes[e.Subject]
	if b == nil {
		b = &alert.Box{}
		s.boxes[e.Subject] = b
	}
	switch e.Kind {
	case truce.RecordAlert:
		return truce.DecodeCanonical(body, &b.Alert)
	case truce.RecordDelivery:
		var d truce.Delivery
		err := truce.DecodeCanonical(body, &d)
		b.Deliveries = append(b.Deliveries, d)
		return err
	default:
		var a truce.Acknowledgement
		err := truce.DecodeCanonical(body, &a)
		b.Answers = append(b.Answers, a)
		return err
	}
}

func (s *store) Due(_ context.Context, now truce.Instant) ([]alert.Box, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var subjects []string
	for subject, wakes := range s.wakes {
		for _, due := range wakes {
			if due <= now {
				subjects = append(subjects, subject)
				break
			}
		}
	}
	slices.Sort(subjects)
	var out []alert.Box
	for _, subject := range subjects {
		out = append(out, s.read(subject))
	}
	return out, nil
}

func (s *store) NextWake(context.Context) (truce.Instant, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var next truce.Instant
	for _, wakes := range s.wakes {
		for _, due := range wakes {
			if next == 0 || due < next {
				next = due
			}
		}
	}
	return next, next != 0, nil
}

var errKilled = errors.New("killed")

// process is one life of the program: it dies at a point of its own choosing, and what it
// does afterwards has no effect.
type process struct {
	store *store
	cheat bool // writes "sent" before it sends: the negative control

	mu   sync.Mutex // guards what follows
	rng  *rand.Rand
	kill float64 // probability of dying at each point
	dead bool
}

// point is where the process may die; it says whether it is dead now.
func (p *process) point() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead && p.rng.Float64() < p.kill {
		p.dead = true
	}
	return p.dead
}

func (p *process) Append(ctx context.Context, e alert.Entry) (bool, error) {
	if p.point() {
		return false, errKilled
	}
	fresh, err := p.store.Append(ctx, e)
	if begun, ok := e.Body.(truce.Delivery); p.cheat && fresh && ok && begun.State == truce.DeliveryBegun {
		begun.State, begun.Wakes = truce.DeliverySent, []truce.Wake{{Name: "send/" + string(begun.Person), Done: true}}
		if _, err := p.store.Append(ctx, alert.DeliveryEntry(begun)); err != nil {
			return false, err
		}
	}
	if p.point() {
		return false, errKilled
	}
	return fresh, err
}

// mortal is a channel in a process that may die before or after it has sent.
type mortal struct {
	process *process
	channel alert.Channel
}

func (m mortal) Send(ctx context.Context, msg alert.Message) alert.Result {
	if m.process.point() {
		return alert.Failed("dead")
	}
	r := m.channel.Send(ctx, msg)
	m.process.point()
	return r
}

// hand is a clock that is moved by hand.
type hand struct {
	mu  sync.Mutex
	now truce.Instant
}

func (h *hand) Now() time.Time { return h.at().Time() }

func (h *hand) at() truce.Instant {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) set(t truce.Instant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = max(h.now, t)
}

// NewTimer is not used: the test moves the clock to the next wake itself.
func (h *hand) NewTimer(time.Duration) truce.Timer { panic("no timers by hand") }

// arrival is a message at an address.
type arrival struct {
	key, address string
	at           truce.Instant
}

// world is everybody's addresses, whose servers refuse, hang and break off as the seed has it.
type world struct {
	clock *hand
	down  truce.Instant // until then nothing is reached

	mu       sync.Mutex // guards what follows
	rng      *rand.Rand
	faults   float64
	arrivals []arrival
}

func (w *world) Send(_ context.Context, m alert.Message) alert.Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.at()
	if now < w.down {
		return alert.Failed("no route")
	}
	arrive := func() { w.arrivals = append(w.arrivals, arrival{m.Key(), m.Contact.Address, now}) }
	if w.rng.Float64() < w.faults {
		switch w.rng.IntN(3) {
		case 0:
			return alert.Failed("451")
		case 1:
			return alert.Unsure("lost before it arrived")
		default:
			arrive()
			return alert.Unsure("lost after it arrived")
		}
	}
	arrive()
	return alert.Sent("250")
}

// drive plays the wakes of the store through processes that die and are started anew, until
// nothing is due any more or the horizon is reached.
type drive struct {
	t     *testing.T
	store *store
	clock *hand
	rng   *rand.Rand
	send  alert.Channel
	kills int // how many processes die
	kill  float64
	cheat bool
	lives int
	seen  map[truce.PersonID]bool // reported as not reached
}

func (d *drive) run(until truce.Instant) {
	d.t.Helper()
	d.seen = map[truce.PersonID]bool{}
	courier, process := d.start()
	for range 20_000 {
		next, ok, _ := d.store.NextWake(d.t.Context())
		if !ok || next > until {
			return
		}
		d.clock.set(next)
		boxes, _ := d.store.Due(d.t.Context(), d.clock.at())
		for _, b := range boxes {
			if _, err := courier.Serve(d.t.Context(), b); err != nil && !errors.Is(err, errKilled) {
				d.t.Fatal(err)
			}
		}
		if process.point() {
			d.clock.set(d.clock.at().Add(time.Duration(d.rng.IntN(300)) * time.Second)) // until somebody notices
			courier, process = d.start()
		}
	}
	next, _, _ := d.store.NextWake(d.t.Context())
	d.t.Fatalf("a wake leads to nothing: the same thing is due for ever at %s of %v", next, d.store.wakes)
}

func (d *drive) start() (*alert.Courier, *process) {
	d.lives++
	p := &process{store: d.store, rng: rand.New(rand.NewPCG(d.rng.Uint64(), 1)), kill: d.kill, cheat: d.cheat}
	if d.lives > d.kills {
		p.kill = 0
	}
	channel := mortal{p, d.send}
	c, err := alert.New(alert.Config{
		Recorder: p, Clock: d.clock, Parallel: 1,
		Channels: map[truce.ChannelKind]alert.Channel{truce.ChannelEmail: channel, truce.ChannelWebhook: channel},
		Trouble: func(_ context.Context, _ alert.Box, r alert.Report) error {
			for _, person := range r.Unreached {
				d.seen[person] = true
			}
			return nil
		},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c, p
}
