package alerttest

import (
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Hooks is a receiver of webhooks that keeps what it is given.
type Hooks struct {
	server   *http.Server
	listener net.Listener
	done     chan struct{}
	wait     sync.WaitGroup

	mu     sync.Mutex // guards what follows
	answer Reply
	hooks  []Hook
}

// Reply is how a receiver answers. The zero Reply is 204.
type Reply struct {
	Status     int
	RetryAfter string
	Location   string
	Hang       bool // the request is read and never answered
	Break      bool // the connection is closed without an answer
	Drop       bool // nothing is kept: the request is refused before it is looked at
}

// Hook is a request as it arrived.
type Hook struct {
	Path   string
	Header http.Header
	Body   []byte
	At     time.Time
}

// NewHooks starts a receiver on a free port of this machine.
func NewHooks() (*Hooks, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &Hooks{listener: listener, done: make(chan struct{})}
	h.server = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	h.wait.Go(func() { _ = h.server.Serve(listener) }) // ends with Close
	return h, nil
}

// Address is host:port of the receiver.
func (h *Hooks) Address() string { return h.listener.Addr().String() }

// URL is an address at the receiver.
func (h *Hooks) URL(path string) string { return "http://" + h.Address() + path }

// Close ends the receiver and waits for it.
func (h *Hooks) Close() error {
	close(h.done)
	err := h.server.Close()
	h.wait.Wait()
	return err
}

// Answer makes the receiver answer so from now on.
func (h *Hooks) Answer(r Reply) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = r
}

// Hooks are the requests kept so far.
func (h *Hooks) Hooks() []Hook {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Hook(nil), h.hooks...)
}

// ServeHTTP keeps a request and answers as it was told.
func (h *Hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMail))
	if err != nil {
		return
	}
	h.mu.Lock()
	answer := h.answer
	if !answer.Drop {
		h.hooks = append(h.hooks, Hook{Path: r.URL.Path, Header: r.Header.Clone(), Body: body, At: time.Now()})
	}
	h.mu.Unlock()
	switch {
	case answer.Hang:
		select {
		case <-h.done:
		case <-r.Context().Done():
		}
		return
	case answer.Break:
		panic(http.ErrAbortHandler)
	}
	if answer.RetryAfter != "" {
		w.Header().Set("Retry-After", answer.RetryAfter)
	}
	if answer.Location != "" {
		w.Header().Set("Location", answer.Location)
	}
	if answer.Status == 0 {
		answer.Status = http.StatusNoContent
	}
	w.WriteHeader(answer.Status)
}
