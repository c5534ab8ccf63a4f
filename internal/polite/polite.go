// Package polite fetches pages and feeds from strangers' servers without being a burden to
// them or a danger to us: it asks only when something changed, no host more often than it
// bears, and what robots.txt allows; it backs off when told to or when asking failed; it
// bounds every size and time.
//
// It never parses what it fetches, never connects inside private ranges (internal/dial
// looks at the address being connected to, at every hop), and never uses a proxy, a cookie
// or a scheme it was not told to use.
//
// Read Config, Getter.Get and State here, then exchange.go (one hop), body.go (sizes and
// times of a body), robots.go (RFC 9309), hosts.go (rates) and pause.go (back-off).
package polite

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/trucewatch/truce/internal/dial"
)

// Config says how a getter behaves. Contact is needed, every other zero means its default.
type Config struct {
	Contact   string        // how a server's owner reaches us: an address of a page or of mail, in the User-Agent
	Version   string        // of Truce, in the User-Agent
	Dial      dial.Config   // what may be connected to beyond the public internet
	Every     time.Duration // least time between requests to one host, DefaultEvery
	PerHost   int           // requests to one host at a time, DefaultPerHost
	Total     int           // requests at a time, DefaultTotal
	Packed    int64         // bytes of a body as sent, DefaultPacked
	Unpacked  int64         // bytes of a body as read, DefaultUnpacked
	Header    int64         // bytes of a header, DefaultHeader
	Redirects int           // followed, DefaultRedirects; less than 0: none
	Answer    time.Duration // until the header is there, DefaultAnswer
	Body      time.Duration // until the body is there, DefaultBody
	Rate      int64         // least bytes a second of a body, DefaultRate
	Downgrade bool          // follow a redirect from https to http
	NoRobots  bool          // leave robots.txt aside: for hosts whose owner asked us to
	Seed      uint64        // of the jitter of pauses: two installations should differ
	// HTTPProxy and HTTPSProxy are addresses of proxies, NoProxy the hosts asked without
	// one, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY have them. The environment is not read.
	// A proxy resolves names itself: they are looked up here first and closed ones refused,
	// but a name that changes its answer must be stopped by the proxy.
	HTTPProxy, HTTPSProxy, NoProxy string
	TLS                            *tls.Config // nil: the system's authorities, TLS 1.2 at least
}

// Request is one thing to fetch.
type Request struct {
	URL    string
	Accept string // media types; "": anything
	State  State  // of the last Get, zero at first
	Now    bool   // ask although State says to wait: for a person who presses a button
}

// State is what the next request needs of the last. It serialises as JSON; whoever keeps
// it need not understand it.
type State struct {
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	URL          string    `json:"url,omitempty"`        // whose tag and date these are
	Moved        string    `json:"moved,omitempty"`      // permanently, to be asked in future
	Failures     int       `json:"failures,omitempty"`   // in a row
	NotBefore    time.Time `json:"not_before,omitzero"`  // the next request
	LastStatus   int       `json:"last_status,omitzero"` // 0: no answer
	LastError    string    `json:"last_error,omitempty"` // of the last failure, for a person
}

// Response is what was answered.
type Response struct {
	Status      int
	NotModified bool
	Header      http.Header // as sent
	Body        []byte      // unpacked; empty when not modified
	Packed      int64       // bytes of the body as sent
	URL         string      // that answered
	Hops        []string    // the addresses that led there, the first asked first
	Fetched     time.Time   // when the answer began
	Timing      Timing
	State       State // to keep for the next request, after failures too
}

// Timing is how long the stretches of a request took.
type Timing struct {
	Waited time.Duration // for our own turn
	Answer time.Duration // until the last hop's header
	Body   time.Duration
}

// Reason is why nothing was fetched.
type Reason string

// The reasons.
const (
	Refused  Reason = "refused"   // the address may not be connected to
	Robots   Reason = "robots"    // robots.txt forbids it, or could not be had
	Waiting  Reason = "waiting"   // State says to wait
	TooLarge Reason = "too large" // body or header over a bound
	TooSlow  Reason = "too slow"  // a stretch took too long
	Redirect Reason = "redirect"  // too many, a loop, or to a place that is not followed
	Encoding Reason = "encoding"  // packed as we did not ask for, or broken
	Failed   Reason = "failed"    // the connection
	BadURL   Reason = "address"   // no http or https address
)

// Error says why nothing was fetched, with the mend.
type Error struct {
	URL    string
	Reason Reason
	Err    error
}

// Error names the address and the reason.
func (e *Error) Error() string { return fmt.Sprintf("fetch %s: %v", e.URL, e.Err) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ReasonOf is why a Get failed, "" for another error.
func ReasonOf(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// Getter fetches. It is safe for several goroutines.
type Getter struct {
	cfg       Config
	agent     string
	transport http.RoundTripper
	lookup    func(ctx context.Context, host string) ([]netip.Addr, error)
	proxy     func(*url.URL) (*url.URL, error)
	total     chan struct{}
	hosts     hosts
}

// New checks the configuration and makes a getter.
func New(cfg Config) (*Getter, error) {
	if strings.TrimSpace(cfg.Contact) == "" || strings.ContainsAny(cfg.Contact+cfg.Version, "\r\n") {
		return nil, fmt.Errorf("polite: contact %q: name a page or mail address at which a server's owner reaches you", cfg.Contact)
	}
	if cfg.Redirects > MaxRedirects {
		return nil, fmt.Errorf("polite: %d redirects, want at most %d", cfg.Redirects, MaxRedirects)
	}
	cfg = cfg.filled()
	d, err := dial.New(cfg.Dial)
	if err != nil {
		return nil, err
	}
	g := &Getter{cfg: cfg, total: make(chan struct{}, cfg.Total), lookup: cfg.Dial.Lookup}
	g.agent = "Truce/" + cmp.Or(cfg.Version, "0") + " (ceasefire monitoring; +" + strings.TrimSpace(cfg.Contact) + ")"
	if g.lookup == nil {
		g.lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	proxies := httpproxy.Config{HTTPProxy: cfg.HTTPProxy, HTTPSProxy: cfg.HTTPSProxy, NoProxy: cfg.NoProxy}
	g.proxy = proxies.ProxyFunc()
	g.transport = g.newTransport(d.DialContext)
	g.hosts.every, g.hosts.perHost = cfg.Every, cfg.PerHost
	return g, nil
}

func (c Config) filled() Config {
	for _, n := range []struct {
		at        *int64
		otherwise int64
	}{{&c.Packed, DefaultPacked}, {&c.Unpacked, DefaultUnpacked}, {&c.Header, DefaultHeader}, {&c.Rate, DefaultRate}} {
		if *n.at <= 0 {
			*n.at = n.otherwise
		}
	}
	for _, d := range []struct {
		at        *time.Duration
		otherwise time.Duration
	}{{&c.Every, DefaultEvery}, {&c.Answer, DefaultAnswer}, {&c.Body, DefaultBody}, {&c.Dial.Connect, DefaultConnect}} {
		if *d.at <= 0 {
			*d.at = d.otherwise
		}
	}
	if c.PerHost <= 0 {
		c.PerHost = DefaultPerHost
	}
	if c.Total <= 0 {
		c.Total = DefaultTotal
	}
	switch {
	case c.Redirects == 0:
		c.Redirects = DefaultRedirects
	case c.Redirects < 0:
		c.Redirects = 0
	}
	return c
}

// newTransport is the way out. Bodies are unpacked here and not by the library, so that
// both sizes are bounded.
func (g *Getter) newTransport(connect func(ctx context.Context, network, address string) (net.Conn, error)) *http.Transport {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if g.cfg.TLS != nil {
		config = g.cfg.TLS.Clone()
		config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	}
	return &http.Transport{
		Proxy:                  func(r *http.Request) (*url.URL, error) { return g.proxy(r.URL) },
		DialContext:            connect,
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    g.cfg.Dial.Connect,
		ResponseHeaderTimeout:  g.cfg.Answer,
		MaxResponseHeaderBytes: g.cfg.Header,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           g.cfg.Total,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
	}
}

// Agent is the User-Agent that servers see.
func (g *Getter) Agent() string { return g.agent }

// Close closes connections that are kept open.
func (g *Getter) Close() {
	if t, ok := g.transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

// Get fetches an address. An answer with any status is no error; State says in either case
// when to ask again. It waits for its turn with the host, until ctx ends.
func (g *Getter) Get(ctx context.Context, r Request) (Response, error) {
	first := cmp.Or(r.State.Moved, r.URL)
	out := Response{State: r.State}
	if wait := time.Until(r.State.NotBefore); wait > 0 && !r.Now {
		return out, &Error{first, Waiting, fmt.Errorf("not before %s: it asked to wait, or failed %d times", r.State.NotBefore.UTC().Format(time.RFC3339), r.State.Failures)}
	}
	err := g.follow(ctx, r, first, &out)
	if ctx.Err() != nil {
		out.State = r.State // stopped by the caller: nobody's failure
		return out, err
	}
	out.State = g.after(r, out, err)
	return out, err
}

// follow asks hop by hop until something answers that is no redirect.
func (g *Getter) follow(ctx context.Context, r Request, address string, out *Response) error {
	select {
	case g.total <- struct{}{}:
		defer func() { <-g.total }()
	case <-ctx.Done():
		return &Error{address, Failed, ctx.Err()}
	}
	seen := map[string]bool{}
	permanent := true
	var last *url.URL
	for {
		u, err := g.address(address, last)
		if err != nil {
			return err
		}
		if seen[u.String()] {
			return &Error{address, Redirect, fmt.Errorf("its redirects lead in a circle; give the address the site's own pages name")}
		}
		seen[u.String()] = true
		if len(out.Hops) > g.cfg.Redirects {
			return &Error{address, Redirect, fmt.Errorf("more than %d redirects", g.cfg.Redirects)}
		}
		next, kept, err := g.hop(ctx, r, u, out)
		if err != nil {
			return err
		}
		if next == "" {
			if permanent && len(out.Hops) > 0 {
				out.State.Moved = u.String()
			}
			return nil
		}
		permanent = permanent && kept
		out.Hops = append(out.Hops, u.String())
		address, last = next, u
	}
}

// address checks where a request would go. last is the hop before, nil at first.
func (g *Getter) address(text string, last *url.URL) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || len(text) > maxURL {
		return nil, &Error{shortened(text), BadURL, fmt.Errorf("it is no address; want e.g. https://example.org/feed.xml")}
	}
	reason := BadURL
	if last != nil {
		u, reason = last.ResolveReference(u), Redirect
	}
	u.Fragment, u.RawFragment = "", ""
	switch {
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, &Error{shortened(text), reason, fmt.Errorf("only http:// and https:// are fetched")}
	case u.User != nil:
		return nil, &Error{u.Redacted(), reason, fmt.Errorf("a name or password stands in the address; take it out")}
	case last != nil && last.Scheme == "https" && u.Scheme == "http" && !g.cfg.Downgrade:
		return nil, &Error{u.String(), Redirect, fmt.Errorf("it leads from https to http, where anybody on the way can change it; allow it for this feed if you must")}
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

func shortened(text string) string {
	if len(text) > 200 {
		return strings.ToValidUTF8(text[:200], "") + "..."
	}
	return text
}
