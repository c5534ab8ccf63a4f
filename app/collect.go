package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/polite"
	"github.com/trucewatch/truce/keep/evidence"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/feed"
)

const (
	// maxLooks is how many feeds are looked at side by side; each host is asked by one at a
	// time in any case.
	maxLooks = 8
	// feedAccept is what is asked for; what comes is read whatever it says it is.
	feedAccept = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)

// collector looks at feeds: it asks politely, keeps the original bytes, reads them, and
// brings the reports through the door.
type collector struct {
	app       *App
	getter    *polite.Getter
	originals *evidence.Store
	seed      uint64
	blocked   blocked

	rights sync.Map // host: *siteRights
}

// newCollector opens what collecting needs. Close the getter when done.
func (a *App) newCollector(ctx context.Context) (*collector, error) {
	first, err := a.store.Record(ctx, 1) // no two stores have the same
	if err != nil {
		return nil, err
	}
	seed := binary.BigEndian.Uint64(first.Hash[:])
	getter, err := a.cfg.Feeds.getter(seed)
	if err != nil {
		return nil, err
	}
	originals, err := a.openEvidence(ctx)
	if err != nil {
		return nil, err
	}
	return &collector{app: a, getter: getter, originals: originals, seed: seed}, nil
}

// lookResult is what one look at a feed gave.
type lookResult struct {
	Feed        truce.FeedID  `json:"feed"`
	URL         string        `json:"url"`              // that was asked
	Status      int           `json:"status,omitempty"` // of the answer; 0: none
	NotModified bool          `json:"not_modified,omitempty"`
	New         int           `json:"new"`
	Known       int           `json:"known"`
	Rejected    int           `json:"rejected"`
	Pages       int           `json:"pages"`             // articles' own pages that were read
	Refused     int           `json:"refused,omitempty"` // pages left alone as their publisher asks
	Unread      int           `json:"unread,omitempty"`  // pages that could not be had or read
	Failures    int           `json:"failures,omitempty"`
	Problem     string        `json:"problem,omitempty"`
	Notes       []string      `json:"notes,omitempty"`
	Due         truce.Instant `json:"due"`
}

// line says it on one line.
func (r lookResult) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ", r.Feed)
	switch {
	case r.Problem != "":
		fmt.Fprintf(&b, "failed (%d in a row): %s", r.Failures, r.Problem)
		if !strings.Contains(r.Problem, r.URL) {
			b.WriteString(" (" + r.URL + ")")
		}
	case r.NotModified:
		b.WriteString("not modified")
	default:
		fmt.Fprintf(&b, "%d new, %d known, %d rejected", r.New, r.Known, r.Rejected)
	}
	for _, part := range []struct {
		n    int
		what string
	}{{r.Pages, "pages read"}, {r.Refused, "pages left alone as their publishers ask"}, {r.Unread, "pages not read"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, ", %d %s", part.n, part.what)
		}
	}
	for _, note := range r.Notes {
		b.WriteString("; " + note)
	}
	fmt.Fprintf(&b, "; next %s", stamp(r.Due))
	return plainCell(b.String())
}

// lookAll looks at feeds side by side and says each result as it comes. The failure of one
// stops no other; the error is of the store.
func (c *collector) lookAll(ctx context.Context, feeds []truce.Feed, say func(lookResult)) ([]lookResult, error) {
	states, err := c.states(ctx)
	if err == nil {
		c.blocked, err = c.app.blockedTexts(ctx)
	}
	if err != nil {
		return nil, err
	}
	results := make([]lookResult, len(feeds))
	var saying sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxLooks)
	for i, f := range feeds {
		group.Go(func() error {
			r, err := c.look(ctx, f, states[f.ID])
			if err != nil {
				return err
			}
			saying.Lock()
			defer saying.Unlock()
			results[i] = r
			say(r)
			return nil
		})
	}
	return results, group.Wait()
}

func (c *collector) states(ctx context.Context) (map[truce.FeedID]truce.FeedState, error) {
	list, err := c.app.store.FeedStates(ctx)
	out := map[truce.FeedID]truce.FeedState{}
	for _, s := range list {
		out[s.Feed] = s
	}
	return out, err
}

// look asks for one feed and records what it gave. What goes wrong with the feed stands in
// the result; the error is of our own keeping, or that the context ended: then nothing of
// the look is recorded, and the next does it again.
func (c *collector) look(ctx context.Context, f truce.Feed, state truce.FeedState) (lookResult, error) {
	now := truce.InstantOf(c.app.now())
	r := lookResult{Feed: f.ID, URL: f.URL}
	answer, err := c.ask(ctx, f, state)
	state.Feed, state.URL, state.Tried = f.ID, f.URL, now
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	read := &feedReading{}
	switch {
	case err != nil:
		r.Problem = failureWords(err)
	case answer.NotModified:
		r.NotModified = true
	case answer.Status != http.StatusOK:
		r.Problem = statusProblem(answer.Status)
	default:
		if read, err = c.read(ctx, f, answer, state.Fetched, &r); err != nil {
			return r, err
		}
	}
	if len(answer.Hops) > 0 && answer.State.Moved != "" {
		r.Notes = append(r.Notes, "it has moved for good to "+answer.State.Moved)
	}
	r.Status = answer.Status
	c.schedule(f, &state, answer, &r, now)
	if undatedMaps(read.channel) {
		state.ETag, state.Modified = "", ""
	}
	if err := c.record(ctx, f, read, &r, now); err != nil {
		return r, err
	}
	return r, c.app.store.SaveFeedStates(ctx, state)
}

// ask makes the request. When the feed is due is decided here and not by the getter.
func (c *collector) ask(ctx context.Context, f truce.Feed, state truce.FeedState) (polite.Response, error) {
	known := polite.State{ETag: state.ETag, LastModified: state.Modified, URL: state.URL, Failures: state.Failures}
	return c.getter.Get(ctx, polite.Request{URL: f.URL, Accept: feedAccept, State: known, Now: true})
}

// failureWords is a failure in words that fit a table.
func failureWords(err error) string {
	return source.Cut(truce.CleanText(strings.Join(strings.Fields(err.Error()), " ")), source.MaxShort)
}

func statusProblem(status int) string {
	words := fmt.Sprintf("the server answers %d %s", status, strings.ToLower(http.StatusText(status)))
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return words + ": the feed is not there any more; look for its new address on the publisher's site"
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return words + ": it is not for us; ask its owner"
	case http.StatusTooManyRequests:
		return words + ": it is asked too often; give a longer --interval"
	}
	return strings.TrimSpace(words)
}

// schedule says when to ask again: at the feed's interval, after a failure with a growing
// pause, and never before the server asked for.
func (c *collector) schedule(f truce.Feed, state *truce.FeedState, answer polite.Response, r *lookResult, now truce.Instant) {
	state.Status, state.Problem = answer.Status, r.Problem
	wait := f.Interval.Duration()
	if r.Problem == "" {
		state.Failures, state.Fetched = 0, now
		if !answer.NotModified {
			state.ETag, state.Modified = "", ""
			if len(answer.Hops) == 0 { // a tag is only said to the address that gave it
				state.ETag, state.Modified = answer.State.ETag, answer.State.LastModified
			}
		}
	} else {
		state.Failures++
		wait = max(wait, polite.Pause(state.Failures, c.seed, f.URL))
		if asked := answer.State.NotBefore; !asked.IsZero() && answer.Header.Get("Retry-After") != "" {
			wait = max(wait, time.Until(asked))
		}
	}
	state.Due = now.Add(wait)
	r.Failures, r.Due = state.Failures, state.Due
}

// feedReading is what was read of one answer, before it is recorded.
type feedReading struct {
	reports  []truce.Observation
	rejected []truce.Rejection
	channel  feed.Channel
}

// Observe keeps a report.
func (f *feedReading) Observe(o truce.Observation) error {
	f.reports = append(f.reports, o)
	return nil
}

// Reject keeps a row that could not be read.
func (f *feedReading) Reject(r truce.Rejection) error {
	f.rejected = append(f.rejected, r)
	return nil
}

// readFeed reads the bytes of an answer.
func readFeed(f truce.Feed, answer polite.Response, now truce.Instant) (*feedReading, error) {
	said := headerRights(answer.Header)
	read := &feedReading{}
	var err error
	read.channel, err = feed.Decode(bytes.NewReader(answer.Body), f.URL, feed.Config{
		Source: f.Source, Address: cmp.Or(answer.URL, f.URL), Charset: answer.Header.Get("Content-Type"), Fetched: now,
		Original: truce.HashOf(answer.Body), Rights: said,
	}, read)
	for i := range read.reports {
		r := read.reports[i].Report
		r.Via, r.Language = f.URL, cmp.Or(r.Language, f.Language)
	}
	return read, err
}

// firstSeen gives items without a time of their own the day on which they were first seen,
// and with it the id they had then: an item that stays on its feed is one report.
func (a *App) firstSeen(ctx context.Context, read *feedReading) error {
	first, err := a.store.FirstSeen(ctx, read.channel.Undated)
	for i := range read.reports {
		o := &read.reports[i]
		if id, seen := first[o.ID]; seen {
			from := truce.Instant(id.Millis() * 1000)
			o.Phenomenon.From, o.Phenomenon.To, o.ID = from, from.Add(o.Phenomenon.To.Sub(o.Phenomenon.From)), id
		}
	}
	return err
}

// nameLists says of reports that one item lists together which item it is, so that those
// who group know them as one story. A whole feed is no story.
func (f *feedReading) nameLists(address string) {
	items := map[truce.Hash][]int{}
	for i := range f.reports {
		items[f.reports[i].Hash] = append(items[f.reports[i].Hash], i)
	}
	for i := range f.reports {
		if list := items[f.reports[i].Hash]; len(list) > 1 {
			f.reports[i].Origin.File = address + "#" + f.reports[list[0]].ID.String()
		}
	}
}

// read decodes an answer, keeps its bytes, and fetches the pages of items that are links.
// since is when the last look gave something.
func (c *collector) read(ctx context.Context, f truce.Feed, answer polite.Response, since truce.Instant, r *lookResult) (*feedReading, error) {
	read, why, err := c.document(ctx, f, f.URL, answer, r)
	if err != nil {
		return nil, err
	}
	r.Problem = why
	r.Notes = append(r.Notes, read.channel.Notes...)
	if read.channel.Format == sitemapIndex {
		if err := c.sitemaps(ctx, f, read, since, r); err != nil {
			return nil, err
		}
	}
	known, err := c.app.known(ctx, read.reports)
	if err != nil {
		return nil, err
	}
	var fresh []truce.Observation
	for _, o := range read.reports {
		if known[o.ID] {
			r.Known++
			continue
		}
		fresh = append(fresh, o)
	}
	read.reports = fresh
	return read, c.joinPages(ctx, f, fresh, r)
}

// document decodes one answer and keeps its bytes. why is what is wrong with it.
func (c *collector) document(ctx context.Context, f truce.Feed, address string, answer polite.Response, r *lookResult) (read *feedReading, why string, err error) {
	read, failed := readFeed(f, answer, truce.InstantOf(c.app.now()))
	if failed != nil {
		why = failureWords(failed)
	}
	if err := c.app.firstSeen(ctx, read); err != nil {
		return nil, why, err
	}
	read.nameLists(f.URL)
	kept, err := c.keepFeed(ctx, f, address, answer, read, r)
	for i := range read.reports {
		if !kept {
			read.reports[i].Report.Original = truce.Hash{}
		}
	}
	return read, why, err
}

// known says which reports the store has.
func (a *App) known(ctx context.Context, reports []truce.Observation) (map[truce.ID]bool, error) {
	ids := make([]truce.ID, len(reports))
	for i := range reports {
		ids[i] = reports[i].ID
	}
	return a.store.Known(ctx, ids)
}

// keepFeed keeps the bytes of a feed as they came. Those of a publisher who opted out are
// not kept, nor those that hold a text which was taken down.
func (c *collector) keepFeed(ctx context.Context, f truce.Feed, address string, answer polite.Response, read *feedReading, r *lookResult) (bool, error) {
	if headerRights(answer.Header).NoMining {
		return false, nil
	}
	down := 0
	for i := range read.reports {
		if reason := c.blocked.reason(&read.reports[i]); reason != "" {
			read.reports[i].Report.Text = ""
			down++
		}
	}
	if down > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d texts were taken down and are not kept again", down))
		return false, nil
	}
	why, err := c.keep(ctx, address, "feed "+string(f.ID), answer)
	if why != "" {
		r.Notes = append(r.Notes, why)
	}
	return err == nil && why == "", err
}

// keep puts the bytes of an answer into the evidence. refused says why bytes that were taken
// down are not kept again.
func (c *collector) keep(ctx context.Context, address, by string, answer polite.Response) (refused string, err error) {
	capture := evidence.Capture{
		URL: address, Fetched: truce.InstantOf(c.app.now()), Status: answer.Status, MediaType: mediaType(answer.Header), Header: headerFields(answer.Header), By: by,
	}
	if answer.URL != address {
		capture.FinalURL = answer.URL
	}
	_, err = c.originals.Put(ctx, evidence.Item{Capture: capture, Body: bytes.NewReader(answer.Body)})
	if truce.CodeOf(err) == truce.CodeForbidden {
		return failureWords(err), nil
	}
	if code := truce.CodeOf(err); code == truce.CodeInvalid || code == truce.CodeTooLarge {
		return "its bytes are not kept: " + failureWords(err), nil // of what the server sent, such as a header that is none
	}
	return "", err
}

func mediaType(h http.Header) string {
	return source.Cut(truce.CleanText(h.Get("Content-Type")), source.MaxShort)
}

// headerFields are the header lines in the order of their names, since that in which they
// came is not known. What a server sets for a visitor is left out.
func headerFields(h http.Header) []evidence.Field {
	var out []evidence.Field
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if name == "Set-Cookie" {
			continue
		}
		for _, value := range h[name] {
			out = append(out, evidence.NewField(name, value))
		}
	}
	return out
}

func headerRights(h http.Header) truce.Rights {
	var said article.Rights
	said.Header(h.Values)
	return truce.Rights{NoMining: said.NoMining, Said: said.Said}
}

// record brings the reports through the door, and with them whether the feed worked. A
// report with a text is a batch of its own, so that its text can be taken down alone.
func (c *collector) record(ctx context.Context, f truce.Feed, read *feedReading, r *lookResult, now truce.Instant) error {
	var plain []truce.Observation
	info := c.app.feedSource(f)
	for _, o := range read.reports {
		if o.Report.Text == "" {
			plain = append(plain, o)
			continue
		}
		if err := c.admit(ctx, info, f.URL, []truce.Observation{o}, nil, r); err != nil {
			return err
		}
	}
	if err := c.admit(ctx, info, f.URL, plain, read.rejected, r); err != nil {
		return err
	}
	health := feedHealth(f, *r, now)
	return c.admit(ctx, info, f.URL, []truce.Observation{health}, nil, &lookResult{})
}

// admit brings rows of one feed through the door.
func (c *collector) admit(ctx context.Context, info truce.SourceInfo, file string, rows []truce.Observation, rejected []truce.Rejection, r *lookResult) error {
	if len(rows)+len(rejected) == 0 {
		return nil
	}
	session, err := c.app.door.Open(ctx, info, file)
	if err != nil {
		return err
	}
	for _, o := range rows {
		err = errors.Join(err, session.Observe(o))
	}
	for _, row := range rejected {
		err = errors.Join(err, session.Reject(row))
	}
	counts, closed := session.Close()
	r.New, r.Known, r.Rejected = r.New+counts.Accepted, r.Known+counts.Duplicate, r.Rejected+counts.Quarantined
	return errors.Join(err, closed)
}

// feedHealth says that a feed worked at a moment, or did not, so that silence can be read.
func feedHealth(f truce.Feed, r lookResult, now truce.Instant) truce.Observation {
	health := truce.Health{Working: true, State: truce.HealthUp}
	switch {
	case r.Problem != "" && r.New+r.Known == 0:
		health = truce.Health{State: truce.HealthDown, Reason: r.Problem}
	case r.Problem != "" || r.Unread > 0 || r.Rejected > r.New+r.Known:
		health.State = truce.HealthDegraded
		health.Reason = cmp.Or(r.Problem, fmt.Sprintf("%d pages and %d items could not be read", r.Unread, r.Rejected))
	}
	key := string(f.ID) + "|" + now.String()
	return truce.Observation{
		ID:   truce.NewID(now, string(truce.KindHealth), string(f.Source), []byte(key)),
		Kind: truce.KindHealth, Source: f.Source, Sensor: truce.SensorID("feed-" + f.ID),
		Phenomenon: truce.PhenomenonTime{From: now, To: now, Sigma: source.MomentSigma},
		Health:     &health, Signature: truce.SignatureNone, Origin: truce.Origin{File: f.URL}, Hash: truce.HashOf([]byte(key)),
	}
}

// feedSource is what is declared of the source of a feed: press, and nothing of it may be
// passed on.
func (a *App) feedSource(f truce.Feed) truce.SourceInfo {
	info := feed.Info()
	if f.Source == info.ID {
		return a.declared(info)
	}
	info.ID, info.Title = f.Source, "News feed: "+string(f.Source)
	return a.declared(info)
}
