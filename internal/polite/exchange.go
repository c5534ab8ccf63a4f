package polite

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/trucewatch/truce/internal/dial"
)

// hop asks one address: robots.txt first, then when it is the host's turn. next is where a
// redirect leads, "" for an answer, which is then in out; kept says that it is for good.
func (g *Getter) hop(ctx context.Context, r Request, u *url.URL, out *Response) (next string, kept bool, err error) {
	started := time.Now()
	h := g.hosts.of(u)
	if err := h.enter(ctx); err != nil {
		return "", false, &Error{u.String(), Failed, err}
	}
	defer h.leave()
	if err := g.permitted(ctx, h, u); err != nil {
		return "", false, err
	}
	if err := h.turn(ctx); err != nil {
		return "", false, &Error{u.String(), waitReason(err), err}
	}
	out.Timing.Waited += time.Since(started)
	return g.exchange(ctx, r, u, out)
}

// exchange makes one request and reads its answer.
func (g *Getter) exchange(ctx context.Context, r Request, u *url.URL, out *Response) (next string, kept bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	begun := time.Now()
	answer, err := g.send(ctx, u, g.headers(r, u))
	if err != nil {
		return "", false, g.failure(ctx, u, err)
	}
	defer answer.Body.Close()
	if next := answer.Header.Get("Location"); next != "" && redirects(answer.StatusCode) {
		return next, answer.StatusCode == http.StatusMovedPermanently || answer.StatusCode == http.StatusPermanentRedirect, nil
	}
	out.Status, out.Header, out.URL = answer.StatusCode, answer.Header, u.String()
	out.Fetched, out.Timing.Answer = time.Now().UTC(), time.Since(begun)
	out.NotModified = answer.StatusCode == http.StatusNotModified
	if out.NotModified {
		return "", false, nil
	}
	begun = time.Now()
	out.Body, out.Packed, err = g.body(ctx, cancel, answer, g.cfg.Packed, g.cfg.Unpacked)
	out.Timing.Body = time.Since(begun)
	if err != nil {
		out.Body = nil
		return "", false, g.failure(ctx, u, err)
	}
	return "", false, nil
}

// send makes one request, no redirect followed. Behind a proxy names are looked up here
// first, since the proxy connects where we cannot look.
func (g *Getter) send(ctx context.Context, u *url.URL, header http.Header) (*http.Response, error) {
	if via, err := g.proxy(u); err != nil {
		return nil, err
	} else if via != nil {
		if err := g.open(ctx, u); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header = header
	return g.transport.RoundTrip(req)
}

// open refuses a name that leads inside.
func (g *Getter) open(ctx context.Context, u *url.URL) error {
	ips, err := g.lookup(ctx, u.Hostname())
	if err != nil {
		return err
	}
	for _, ip := range ips {
		if why := dial.Closed(ip); why != "" {
			return &dial.RefusedError{Address: u.Host, IP: ip, Why: why}
		}
	}
	return nil
}

// headers are what a request says. What we know of an address is only said to that one.
func (g *Getter) headers(r Request, u *url.URL) http.Header {
	h := http.Header{"User-Agent": {g.agent}, "Accept-Encoding": {"gzip, deflate"}}
	if r.Accept != "" {
		h.Set("Accept", r.Accept)
	}
	if r.State.URL == u.String() {
		if r.State.ETag != "" {
			h.Set("If-None-Match", r.State.ETag)
		}
		if r.State.LastModified != "" {
			h.Set("If-Modified-Since", r.State.LastModified)
		}
	}
	return h
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// failure gives an error its reason and words that help.
func (g *Getter) failure(ctx context.Context, u *url.URL, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	var own *Error
	var timeout net.Error
	switch {
	case errors.As(err, &own):
		return &Error{u.String(), own.Reason, own.Err}
	case dial.Refused(err):
		return &Error{u.String(), Refused, err}
	case strings.Contains(err.Error(), "server response headers exceeded"): // the library has no type for it
		return &Error{u.String(), TooLarge, fmt.Errorf("the header is over the bound of %d bytes", g.cfg.Header)}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Error{u.String(), TooSlow, fmt.Errorf("no answer in time: %w", err)}
	}
	return &Error{u.String(), Failed, err}
}
