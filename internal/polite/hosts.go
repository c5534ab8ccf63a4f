package polite

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// hosts remembers each host's turn and robots.txt, the most recent maxHosts of them.
type hosts struct {
	every   time.Duration
	perHost int

	mu  sync.Mutex // guards all and the used fields of its hosts; never held while waiting
	all map[string]*host
}

// host is one server, by scheme, name and port.
type host struct {
	places chan struct{} // requests at a time
	every  time.Duration
	used   time.Time

	mu      sync.Mutex // guards what follows
	limiter *rate.Limiter
	hold    time.Time // nothing is asked before, as Retry-After says
	robots  *robots   // nil: not asked yet
}

func (hs *hosts) of(u *url.URL) *host {
	key := u.Scheme + "://" + strings.ToLower(u.Host)
	hs.mu.Lock()
	defer hs.mu.Unlock()
	if hs.all == nil {
		hs.all = map[string]*host{}
	}
	h := hs.all[key]
	if h == nil {
		hs.forget()
		h = &host{places: make(chan struct{}, hs.perHost), every: hs.every, limiter: rate.NewLimiter(rate.Every(hs.every), 1)}
		hs.all[key] = h
	}
	h.used = time.Now()
	return h
}

// forget drops the half of the hosts that were asked longest ago once there are too many.
func (hs *hosts) forget() {
	if len(hs.all) < maxHosts {
		return
	}
	var names []string
	for name, h := range hs.all {
		if len(h.places) == 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(hs.all[a].used.Compare(hs.all[b].used), cmp.Compare(a, b))
	})
	for _, name := range names[:len(names)/2] {
		delete(hs.all, name)
	}
}

// enter takes one of the host's places.
func (h *host) enter(ctx context.Context) error {
	select {
	case h.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *host) leave() { <-h.places }

// errHeld is that a host asked to be left alone.
var errHeld = errors.New("the host asked to be left alone")

// turn waits until the host may be asked again.
func (h *host) turn(ctx context.Context) error {
	h.mu.Lock()
	limiter, hold := h.limiter, h.hold
	h.mu.Unlock()
	if time.Now().Before(hold) {
		return errHeld
	}
	return limiter.Wait(ctx)
}

func waitReason(err error) Reason {
	if errors.Is(err, errHeld) {
		return Waiting
	}
	return Failed
}

// holdUntil keeps all requests from the host.
func (h *host) holdUntil(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at.After(h.hold) {
		h.hold = at
	}
}

// known is the host's robots.txt while it is believed.
func (h *host) known() *robots {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.robots == nil || time.Now().After(h.robots.until) {
		return nil
	}
	return h.robots
}

// learn takes a robots.txt and its wish for a slower rate.
func (h *host) learn(r *robots) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.robots = r
	if r.delay > h.every {
		h.limiter.SetLimit(rate.Every(min(r.delay, MaxCrawlDelay)))
	} else {
		h.limiter.SetLimit(rate.Every(h.every))
	}
}
