package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/intake"
)

// StreamConfig is one feed that `truce serve` takes as it comes.
type StreamConfig struct {
	Name    string `koanf:"name"`    // stands in the records where a file's name would
	Format  string `koanf:"format"`  // as in truce import --format
	From    string `koanf:"from"`    // tcp://HOST:PORT is asked; listen://HOST:PORT (TCP) and udp://HOST:PORT are listened on
	Network string `koanf:"network"` // as in truce import --network
}

const (
	// streamEvery is how often what came is committed: what a tracker needs at once, and
	// few enough records for a day.
	streamEvery = time.Second
	// streamPause is before a link that broke is tried again.
	streamPause = 5 * time.Second
	// maxStreamPeers bounds who may be connected to one listener.
	maxStreamPeers = 32
	// maxDatagram is the largest payload UDP carries.
	maxDatagram = 65_535
)

var streamName = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,39}$`)

// address is where a stream comes from.
func (s StreamConfig) address() (scheme, host string, err error) {
	u, err := url.Parse(s.From)
	if err != nil || u.Path != "" || u.User != nil || !slices.Contains([]string{"tcp", "listen", "udp"}, u.Scheme) {
		return "", "", fmt.Errorf("from %q; write tcp://HOST:PORT to ask there, listen://HOST:PORT or udp://HOST:PORT to listen", s.From)
	}
	if _, port, err := net.SplitHostPort(u.Host); err != nil || port == "" {
		return "", "", fmt.Errorf("from %q; it needs a host and a port, e.g. tcp://10.0.0.7:30005", s.From)
	}
	return u.Scheme, u.Host, nil
}

// validateStreams names the setting that is wrong and says what to write.
func validateStreams(list []StreamConfig) error {
	seen := map[string]bool{}
	for i, s := range list {
		f, err := formatNamed(s.Format)
		switch {
		case !streamName.MatchString(s.Name) || seen[s.Name]:
			return fmt.Errorf("streams[%d]: name %q; write one of its own, of small letters, digits, hyphens and dots", i, s.Name)
		case err != nil || !f.stream:
			return fmt.Errorf("streams[%d]: format %q; choose one of %s", i, s.Format, strings.Join(namesOf(slices.DeleteFunc(formats(), func(f format) bool { return !f.stream })), ", "))
		}
		seen[s.Name] = true
		if _, _, err := s.address(); err != nil {
			return fmt.Errorf("streams[%d]: %w", i, err)
		}
		if err := (importOptions{Network: s.Network}).ears().Validate(); err != nil {
			return fmt.Errorf("streams[%d]: %w", i, err)
		}
	}
	return nil
}

// stream takes one feed through the door until the context ends.
type stream struct {
	app   *App
	cfg   StreamConfig
	clock truce.Clock
	log   *slog.Logger

	heard     func(net.Addr)      // is told where it listens, for tests; may be nil
	committed func(intake.Counts) // is told of each commit, for tests; may be nil
}

// runStreams takes every feed of the settings until the context ends.
func (a *App) runStreams(ctx context.Context, log *slog.Logger) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, cfg := range a.cfg.Streams {
		s := &stream{app: a, cfg: cfg, clock: realClock{a.now}, log: log.With("stream", cfg.Name)}
		group.Go(func() error { return s.run(ctx) })
	}
	return group.Wait()
}

// run opens the feed, and again after a pause when it breaks. A store that refuses what
// came is the only end besides the context's.
func (s *stream) run(ctx context.Context) error {
	for {
		err := s.once(ctx)
		var refused *storeError
		if ctx.Err() != nil {
			return nil
		}
		if errors.As(err, &refused) {
			return fmt.Errorf("stream %s: %w", s.cfg.Name, err)
		}
		s.log.Warn("the link ended; it is tried again", "reason", err, "pause", streamPause)
		timer := s.clock.NewTimer(streamPause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C():
		}
	}
}

// once takes the feed until its link ends.
func (s *stream) once(ctx context.Context) error {
	scheme, host, err := s.cfg.address()
	if err != nil {
		return err
	}
	switch scheme {
	case "udp":
		conn, err := (&net.ListenConfig{}).ListenPacket(ctx, "udp", host)
		if err != nil {
			return err
		}
		s.listens(conn.LocalAddr())
		return s.take(ctx, &datagrams{conn: conn}, conn)
	case "listen":
		return s.accept(ctx, host)
	}
	conn, err := (&net.Dialer{Timeout: streamPause}).DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	s.log.Info("connected", "to", host)
	return s.take(ctx, conn, conn)
}

func (s *stream) listens(at net.Addr) {
	s.log.Info("listening", "on", at.String())
	if s.heard != nil {
		s.heard(at)
	}
}

// accept takes what every sender that connects has to say.
func (s *stream) accept(ctx context.Context, host string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", host)
	if err != nil {
		return err
	}
	s.listens(listener.Addr())
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxStreamPeers + 1)
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() }) // Accept tells of it
	defer stop()
	group.Go(func() error {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return err
			}
			if !group.TryGo(func() error { return s.peer(ctx, conn) }) {
				s.log.Warn("turned away: too many are connected", "from", conn.RemoteAddr().String(), "most", maxStreamPeers)
				_ = conn.Close() // nothing was written
			}
		}
	})
	return group.Wait()
}

// peer takes one sender; that it hangs up, or cannot be understood, ends it alone.
func (s *stream) peer(ctx context.Context, conn net.Conn) error {
	err := s.take(ctx, conn, conn)
	var refused *storeError
	if errors.As(err, &refused) {
		return err
	}
	s.log.Info("a sender is gone", "from", conn.RemoteAddr().String(), "reason", err)
	return nil
}

// storeError is that what came could not be kept: going on would lose it.
type storeError struct{ err error }

// Error gives the store's words.
func (e *storeError) Error() string { return e.err.Error() }

// Unwrap gives the store's error.
func (e *storeError) Unwrap() error { return e.err }

// take decodes what r gives and commits it every second, until r ends or the context does;
// then link is closed and what is left is committed.
func (s *stream) take(ctx context.Context, r io.Reader, link io.Closer) error {
	stop := context.AfterFunc(ctx, func() { _ = link.Close() }) // the reader tells of it
	defer stop()
	defer link.Close()
	// The last commit must not be given up with the context: what is read is kept.
	rows := &streamRows{open: func() (*intake.Router, error) { return s.session(context.WithoutCancel(ctx)) }}
	done := make(chan struct{})
	var group errgroup.Group
	group.Go(func() error { return s.commits(rows, link, done) })
	f, err := formatNamed(s.cfg.Format)
	if err == nil {
		opt := s.app.streamOptions(s.cfg)
		opt.received = func() truce.Instant { return truce.InstantOf(s.clock.Now()) }
		err = f.decode(r, s.cfg.Name, opt, s.app.cfg.box(), rows)
	}
	close(done)
	return errors.Join(group.Wait(), s.commit(rows), err)
}

func (s *stream) session(ctx context.Context) (*intake.Router, error) {
	f, err := formatNamed(s.cfg.Format)
	if err != nil {
		return nil, err
	}
	infos := f.infos(s.app.streamOptions(s.cfg))
	for i := range infos {
		infos[i] = s.app.declared(infos[i])
	}
	return s.app.door.OpenAll(ctx, infos, s.cfg.Name)
}

func (a *App) streamOptions(cfg StreamConfig) importOptions {
	return importOptions{Format: cfg.Format, Network: cfg.Network, Own: a.cfg.ownSources(), Radars: a.cfg.radars(), Air: a.cfg.ears(cfg.Network).Family}
}

// commits commits every second until done; a store that refuses ends the link.
func (s *stream) commits(rows *streamRows, link io.Closer, done <-chan struct{}) error {
	for {
		timer := s.clock.NewTimer(streamEvery)
		select {
		case <-done:
			timer.Stop()
			return nil
		case <-timer.C():
		}
		if err := s.commit(rows); err != nil {
			return errors.Join(err, link.Close())
		}
	}
}

func (s *stream) commit(rows *streamRows) error {
	counts, err := rows.commit()
	if err != nil {
		return &storeError{err}
	}
	if counts.Quarantined > 0 {
		s.log.Warn("some could not be read", "quarantined", counts.Quarantined, "reasons", counts.Reasons)
	}
	if s.committed != nil && counts.Rows() > 0 {
		s.committed(counts)
	}
	return nil
}

// streamRows takes rows that have no end: what came since the last commit is one session.
type streamRows struct {
	open func() (*intake.Router, error)

	mu   sync.Mutex
	rows *intake.Router // nil: nothing came since the last commit
}

// Observe admits a row.
func (r *streamRows) Observe(o truce.Observation) error {
	return r.with(func(rows *intake.Router) error { return rows.Observe(o) })
}

// Reject keeps what could not be read.
func (r *streamRows) Reject(rejection truce.Rejection) error {
	return r.with(func(rows *intake.Router) error { return rows.Reject(rejection) })
}

func (r *streamRows) with(do func(*intake.Router) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows == nil {
		rows, err := r.open()
		if err != nil {
			return &storeError{err}
		}
		r.rows = rows
	}
	if err := do(r.rows); err != nil {
		return &storeError{err}
	}
	return nil
}

func (r *streamRows) commit() (intake.Counts, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows == nil {
		return intake.Counts{}, nil
	}
	rows := r.rows
	r.rows = nil
	return rows.Close()
}

// datagrams reads the payloads of a UDP socket one after another.
type datagrams struct {
	conn net.PacketConn
	buf  [maxDatagram]byte
	rest []byte
}

// Read gives the next bytes, of one datagram at a time.
func (d *datagrams) Read(p []byte) (int, error) {
	for len(d.rest) == 0 {
		n, _, err := d.conn.ReadFrom(d.buf[:])
		if err != nil {
			return 0, err
		}
		d.rest = d.buf[:n]
	}
	n := copy(p, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}
