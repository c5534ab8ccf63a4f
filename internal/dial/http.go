package dial

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// HTTP says how far an HTTP client goes.
type HTTP struct {
	Timeout   time.Duration // of the whole exchange; 0: DefaultTimeout
	Body      int64         // bytes of an answer; 0: DefaultBody
	Redirects int           // followed; 0: none, and the redirecting answer is returned
	TLS       *tls.Config   // nil: the system's authorities, TLS 1.2 at least
}

// ErrBody is that an answer was longer than its bound.
var ErrBody = errors.New("the answer is longer than is read")

// Client is an HTTP client all of whose connections go through the dialer. It knows no
// proxy and no cookie; a redirect from https to http is refused.
func (d *Dialer) Client(h HTTP) (*http.Client, error) {
	if h.Redirects < 0 || h.Redirects > MaxRedirects {
		return nil, fmt.Errorf("dial: %d redirects, want 0 to %d", h.Redirects, MaxRedirects)
	}
	if h.Timeout <= 0 {
		h.Timeout = DefaultTimeout
	}
	if h.Body <= 0 {
		h.Body = DefaultBody
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if h.TLS != nil {
		config = h.TLS.Clone()
		config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	}
	transport := &http.Transport{
		DialContext: d.DialContext, TLSClientConfig: config, TLSHandshakeTimeout: d.connect, ForceAttemptHTTP2: true,
		ResponseHeaderTimeout: min(headerTimeout, h.Timeout), MaxResponseHeaderBytes: maxHeader, MaxIdleConns: 16, IdleConnTimeout: time.Minute,
	}
	return &http.Client{Transport: capped{transport, h.Body}, Timeout: h.Timeout, CheckRedirect: h.redirect}, nil
}

func (h HTTP) redirect(next *http.Request, via []*http.Request) error {
	switch {
	case h.Redirects == 0:
		return http.ErrUseLastResponse
	case len(via) > h.Redirects:
		return fmt.Errorf("dial: more than %d redirects", h.Redirects)
	case via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https":
		return &RefusedError{Address: next.URL.Host, Why: "a redirect away from https"}
	}
	return nil
}

// capped bounds the body of every answer, after it was unpacked.
type capped struct {
	transport *http.Transport
	most      int64
}

// RoundTrip makes one exchange.
func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.transport.RoundTrip(r)
	if err == nil {
		answer.Body = &cappedBody{body: answer.Body, left: c.most}
	}
	return answer, err
}

// CloseIdleConnections lets http.Client close what is kept open.
func (c capped) CloseIdleConnections() { c.transport.CloseIdleConnections() }

type cappedBody struct {
	body io.ReadCloser
	left int64
}

// Read returns ErrBody once there is more than may be read.
func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrBody
	}
	if int64(len(p)) > b.left+1 { // one more tells an end from a longer answer
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, ErrBody
	}
	return n, err
}

// Close closes the answer.
func (b *cappedBody) Close() error { return b.body.Close() }
