package polite

import (
	"encoding/binary"
	"hash/fnv"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// after is the state to keep once a request is over.
func (g *Getter) after(r Request, out Response, err error) State {
	s := out.State
	s.LastStatus, s.LastError, s.NotBefore = out.Status, "", time.Time{}
	now := time.Now().UTC()
	if err == nil && (out.Status/100 == 2 || out.NotModified) {
		s.Failures = 0
		if !out.NotModified {
			s.URL, s.ETag, s.LastModified = out.URL, bounded(out.Header.Get("Etag")), bounded(out.Header.Get("Last-Modified"))
		}
		return s
	}
	if s.Failures++; s.Failures >= movedTries {
		s.Moved = "" // where it moved may be gone again
	}
	if err != nil {
		s.LastError = err.Error()
	}
	pause := Pause(s.Failures, g.cfg.Seed, r.URL)
	if asked := retryAfter(out.Header, now); asked > 0 {
		pause = max(asked, min(pause, asked*2)) // never before it was asked for
		if out.Status == http.StatusTooManyRequests || out.Status == http.StatusServiceUnavailable {
			g.holdHost(out.URL, now.Add(asked))
		}
	}
	s.NotBefore = now.Add(pause).Truncate(time.Second)
	return s
}

// bounded leaves out a tag too long to be one.
func bounded(tag string) string {
	if len(tag) > 1<<10 {
		return ""
	}
	return tag
}

func (g *Getter) holdHost(address string, until time.Time) {
	if u, err := url.Parse(address); err == nil {
		g.hosts.of(u).holdUntil(until)
	}
}

// Pause is how long to wait after so many failures in a row: twice as long each time, and
// up to a fifth more or less, by seed and address, so that many feeds which failed together
// do not come back together.
func Pause(failures int, seed uint64, address string) time.Duration {
	pause := firstPause
	for i := 1; i < failures && pause < lastPause; i++ {
		pause *= 2
	}
	pause = min(pause, lastPause)
	h := fnv.New64a()
	_ = binary.Write(h, binary.LittleEndian, []uint64{seed, uint64(failures)}) // a hash takes all
	h.Write([]byte(address))
	part := float64(h.Sum64()%1000)/1000*0.4 - 0.2
	return pause + time.Duration(part*float64(pause))
}

// retryAfter is the wait a server asks for, in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return min(max(time.Duration(min(seconds, 1<<30))*time.Second, 0), maxRetryAfter)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}
