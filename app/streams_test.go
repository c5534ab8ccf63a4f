package app

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/intake"
	"github.com/trucewatch/truce/source/adsb"
)

// hurried is the real clock with timers a hundred times as fast.
type hurried struct{ realClock }

func (h hurried) NewTimer(d time.Duration) truce.Timer { return h.realClock.NewTimer(d / 100) }

// flying is one aircraft's position as a receiver sends it: two halves without a time.
func flying(t *testing.T, icao adsb.Address) []byte {
	t.Helper()
	var out []byte
	for _, odd := range []bool{false, true} {
		frame, err := adsb.Position{Address: icao, Odd: odd, TypeCode: 11, At: geo.Point{Lat: 48.5, Lon: 37.9}, AltitudeFt: 3000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		out = adsb.AppendAVR(out, frame, 0)
	}
	return out
}

// started is a stream of a new mission that runs until the test ends.
type started struct {
	app       *App
	addresses chan net.Addr
	commits   chan intake.Counts
}

func startStream(t *testing.T, cfg StreamConfig) started {
	t.Helper()
	if err := validateStreams([]StreamConfig{cfg}); err != nil {
		t.Fatal(err)
	}
	s := started{newTermsDir(t), make(chan net.Addr, 9), make(chan intake.Counts, 99)}
	run := &stream{
		app: s.app, cfg: cfg, clock: hurried{realClock{time.Now}}, log: slog.New(slog.DiscardHandler),
		heard: func(a net.Addr) { s.addresses <- a }, committed: func(c intake.Counts) { s.commits <- c },
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the stream ended with: %v", err)
		}
	})
	return s
}

// awaited gives what comes next.
func awaited[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(time.Minute):
		t.Fatalf("%s did not come in a minute", what)
		panic("not reached")
	}
}

// plots waits until so many rows were committed, and gives the plots in the store.
func (s started) plots(t *testing.T, accepted, quarantined int) map[string]bool {
	t.Helper()
	for accepted > 0 || quarantined > 0 {
		c := awaited(t, "a commit", s.commits)
		accepted, quarantined = accepted-c.Accepted, quarantined-c.Quarantined
	}
	out := map[string]bool{}
	err := s.app.store.Observations(t.Context(), truce.ObservationQuery{Kind: truce.KindPlot, From: always.From, To: always.To}, func(o truce.Observation) error {
		out[o.Plot.Identities[0].Value+" "+o.Plot.Network+" "+o.Origin.File] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestStreamsListen: what several senders say is recorded while they are connected; what
// cannot be read is kept in quarantine and ends nothing; a sender that is gone ends alone.
func TestStreamsListen(t *testing.T) {
	for _, scheme := range []string{"listen", "udp"} {
		t.Run(scheme, func(t *testing.T) {
			s := startStream(t, StreamConfig{Name: "north", Format: "adsb", From: scheme + "://127.0.0.1:0", Network: "air"})
			at := awaited(t, "an address", s.addresses)
			first, err := net.Dial(at.Network(), at.String())
			if err != nil {
				t.Fatal(err)
			}
			send(t, first, flying(t, 0xabc001))
			s.plots(t, 1, 0)
			send(t, first, []byte("*8D485020994409940838175B284E;\n"))
			s.plots(t, 0, 1)
			first.Close()
			second, err := net.Dial(at.Network(), at.String())
			if err != nil {
				t.Fatal(err)
			}
			defer second.Close()
			send(t, second, flying(t, 0xabc002))
			if got := s.plots(t, 1, 0); len(got) != 2 || !got["abc001 air north"] || !got["abc002 air north"] {
				t.Errorf("recorded %v", got)
			}
		})
	}
}

func send(t *testing.T, w io.Writer, b []byte) {
	t.Helper()
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
}

// TestStreamsAskAgain: a receiver that hangs up is asked again, and what it had said is kept.
func TestStreamsAskAgain(t *testing.T) {
	receiver, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer receiver.Close()
	s := startStream(t, StreamConfig{Name: "south", Format: "adsb", From: "tcp://" + receiver.Addr().String()})
	for n, icao := range []adsb.Address{0xabc001, 0xabc002} {
		conn, err := receiver.Accept()
		if err != nil {
			t.Fatal(err)
		}
		send(t, conn, flying(t, icao))
		conn.Close()
		if got := s.plots(t, 1, 0); len(got) != n+1 {
			t.Errorf("after %d links: %v", n+1, got)
		}
	}
}

// TestStreamsAreChecked: a setting that cannot work names what to write.
func TestStreamsAreChecked(t *testing.T) {
	good := StreamConfig{Name: "a", Format: "adsb", From: "tcp://10.0.0.7:30005"}
	for _, test := range []struct {
		change func(*StreamConfig)
		want   string
	}{
		{func(*StreamConfig) {}, ""},
		{func(s *StreamConfig) { s.Name = "North receiver" }, `streams[0]: name "North receiver"`},
		{func(s *StreamConfig) { s.Format = "firms" }, `format "firms"; choose one of adsb`},
		{func(s *StreamConfig) { s.From = "10.0.0.7:30005" }, "write tcp://HOST:PORT"},
		{func(s *StreamConfig) { s.From = "http://10.0.0.7:80" }, "write tcp://HOST:PORT"},
		{func(s *StreamConfig) { s.From = "udp://10.0.0.7" }, "it needs a host and a port"},
		{func(s *StreamConfig) { s.Network = "North!" }, `network "North!"`},
	} {
		s := good
		test.change(&s)
		err := validateStreams([]StreamConfig{s})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%+v: %v, want %q", s, err, test.want)
		}
	}
	if err := validateStreams([]StreamConfig{good, good}); err == nil || !strings.Contains(err.Error(), "streams[1]: name") {
		t.Errorf("the same name twice: %v", err)
	}
}
