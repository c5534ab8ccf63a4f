package polite

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// product is the token by which robots.txt names us.
const product = "truce"

// robots is what a host's robots.txt says to us (RFC 9309).
type robots struct {
	rules []rule
	delay time.Duration // Crawl-delay, not in the RFC and honoured all the same
	shut  error         // it could not be had: nothing is allowed for now
	until time.Time     // believed
}

// rule is one Allow or Disallow line.
type rule struct {
	allow   bool
	pattern string
}

// permitted asks robots.txt, which is fetched first when it is not known.
func (g *Getter) permitted(ctx context.Context, h *host, u *url.URL) error {
	if g.cfg.NoRobots {
		return nil
	}
	r := h.known()
	if r == nil {
		if err := h.turn(ctx); err != nil {
			return &Error{u.String(), waitReason(err), err}
		}
		r = g.fetchRobots(ctx, u)
		if ctx.Err() != nil {
			return &Error{u.String(), Failed, ctx.Err()}
		}
		h.learn(r)
	}
	switch {
	case r.shut != nil && ReasonOf(r.shut) == Refused:
		return &Error{u.String(), Refused, r.shut}
	case r.shut != nil:
		return &Error{u.String(), Robots, fmt.Errorf("its robots.txt cannot be had, so nothing is asked for now: %w", r.shut)}
	case !r.allows(u):
		return &Error{u.String(), Robots, fmt.Errorf("the site's robots.txt asks robots to leave it alone; ask its owner")}
	}
	return nil
}

// fetchRobots follows RFC 9309, 2.3.1: an answer 4xx allows all, 5xx and none forbid all
// for now, and up to five redirects are followed, to other hosts too.
func (g *Getter) fetchRobots(ctx context.Context, u *url.URL) *robots {
	now := time.Now()
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for range 6 {
		status, body, next, err := g.robotsHop(ctx, at)
		switch {
		case err != nil:
			return &robots{shut: err, until: now.Add(robotsRetry)}
		case next != "":
			if at, err = g.address(next, at); err != nil {
				return &robots{until: now.Add(robotsKept)} // as if there were none
			}
			continue
		case status/100 == 2:
			r := parseRobots(body)
			r.until = now.Add(robotsKept)
			return r
		case status/100 == 5:
			return &robots{shut: fmt.Errorf("it answers %d", status), until: now.Add(robotsRetry)}
		}
		break
	}
	return &robots{until: now.Add(robotsKept)}
}

func (g *Getter) robotsHop(ctx context.Context, u *url.URL) (status int, body []byte, next string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	answer, err := g.send(ctx, u, g.headers(Request{}, u))
	if err != nil {
		return 0, nil, "", g.failure(ctx, u, err)
	}
	defer answer.Body.Close()
	if next := answer.Header.Get("Location"); next != "" && redirects(answer.StatusCode) {
		return answer.StatusCode, nil, next, nil
	}
	if answer.StatusCode/100 != 2 {
		return answer.StatusCode, nil, "", nil
	}
	body, _, err = g.body(ctx, cancel, answer, maxRobots, maxRobots)
	if err != nil {
		return 0, nil, "", g.failure(ctx, u, err)
	}
	return answer.StatusCode, body, "", nil
}

// parseRobots takes the groups that name us, else those for all. Lines that are none are
// passed over, as the RFC asks.
func parseRobots(body []byte) *robots {
	var own, all robots
	named := false
	var into []*robots
	agents := true // the lines at hand name agents
	for raw := range bytes.Lines(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))) {
		field, value := robotsLine(raw)
		switch field {
		case "user-agent":
			if !agents {
				into, agents = nil, true
			}
			switch token(value) {
			case product:
				into, named = append(into, &own), true
			case "*":
				into = append(into, &all)
			}
		case "allow", "disallow", "crawl-delay":
			agents = false
			for _, r := range into {
				r.add(field, value)
			}
		}
	}
	if named {
		return &own
	}
	return &all
}

// robotsLine is a line's field and value, without its comment.
func robotsLine(raw []byte) (field, value string) {
	line, _, _ := strings.Cut(string(raw), "#")
	field, value, _ = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(field)), strings.TrimSpace(value)
}

// token is the product token of a User-agent line: letters, "_" and "-" only.
func token(value string) string {
	if value == "*" {
		return value
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

func (r *robots) add(field, value string) {
	if field == "crawl-delay" {
		if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
			r.delay = time.Duration(min(seconds, MaxCrawlDelay.Seconds()) * float64(time.Second))
		}
		return
	}
	if value == "" || len(value) > maxPattern || len(r.rules) == maxRules {
		return // an empty Disallow forbids nothing
	}
	r.rules = append(r.rules, rule{allow: field == "allow", pattern: canonical(value)})
}

// allows finds the longest pattern that matches; Allow wins between equals, and without a
// match all is allowed. robots.txt itself always is.
func (r *robots) allows(u *url.URL) bool {
	path := canonical(u.RequestURI())
	if path == "/robots.txt" {
		return true
	}
	longest, allowed := -1, true
	for _, rule := range r.rules {
		n := len(rule.pattern)
		if (n > longest || n == longest && rule.allow) && matches(rule.pattern, path) {
			longest, allowed = n, rule.allow
		}
	}
	return allowed
}

// canonical makes percent-encodings comparable: what needs none is decoded, what needs one
// is encoded in capitals.
func canonical(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if n, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				i += 2
				if c = byte(n); c > 0x7f || !strings.ContainsRune("-._~", rune(c)) && !isAlnum(c) {
					fmt.Fprintf(&b, "%%%02X", c)
					continue
				}
			}
		}
		if c > 0x7f || c <= ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// matches holds a path against a pattern, in which * is any run of characters and $ at the
// end is the end. Each part is looked for once from the left, so no pattern is slow.
func matches(pattern, path string) bool {
	anchored := strings.HasSuffix(pattern, "$")
	parts := strings.Split(strings.TrimSuffix(pattern, "$"), "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !anchored || path == ""
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	if anchored {
		return strings.HasSuffix(path, parts[last])
	}
	return strings.Contains(path, parts[last])
}
