package alert

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

const (
	// longestSleep is how long Run waits at most before it looks again, so that a wake of
	// which nobody nudged it is found.
	longestSleep = 30 * time.Second
	// shortestSleep keeps a wake that leads to nothing, or that is not the courier's, from
	// making a busy loop; a timer still fires within the second.
	shortestSleep = 200 * time.Millisecond
	// alertsAtOnce bounds the alerts that are served at the same time.
	alertsAtOnce = 256
)

// Run serves what is due until it is told to stop, and returns when every attempt it began
// has its outcome. A receiver that hangs keeps neither another alert nor another person
// waiting. An error of the recorder or the outbox ends it: what cannot be recorded must
// not be sent.
func (c *Courier) Run(ctx context.Context, o Outbox) error {
	ctx, cancel := context.WithCancel(ctx)
	r := &run{courier: c, cancel: cancel, slots: make(chan struct{}, alertsAtOnce)}
	err := r.loop(ctx, o)
	cancel()
	r.wait.Wait()
	if r.failed != nil {
		return r.failed
	}
	return err
}

// run is one life of a courier.
type run struct {
	courier *Courier
	cancel  context.CancelFunc
	slots   chan struct{} // capacity alertsAtOnce
	wait    sync.WaitGroup

	mu     sync.Mutex // guards failed while servings run
	failed error      // the first that ended one
}

func (r *run) loop(ctx context.Context, o Outbox) error {
	c := r.courier
	for {
		due, err := o.Due(ctx, c.now())
		if err != nil {
			return stopped(ctx, err)
		}
		for _, b := range due {
			r.start(ctx, b)
		}
		wait, err := c.untilNext(ctx, o)
		if err != nil {
			return stopped(ctx, err)
		}
		if !c.sleep(ctx, wait) {
			return nil
		}
	}
}

// start serves an alert beside the loop, unless its attempts are being claimed already.
func (r *run) start(ctx context.Context, b Box) {
	c, id := r.courier, b.Alert.ID
	c.mu.Lock()
	busy := c.starting[id]
	c.starting[id] = true
	c.mu.Unlock()
	if busy {
		return
	}
	r.slots <- struct{}{} // comes free: a serving ends within the time of its attempts
	r.wait.Go(func() {
		defer func() { <-r.slots }()
		report, err := c.serve(ctx, b, func() {
			c.mu.Lock()
			delete(c.starting, id)
			c.mu.Unlock()
		})
		if err = stopped(ctx, err); err != nil {
			r.fail(err)
		} else if report.Records > 0 {
			c.Nudge() // what follows may be due now
		}
	})
}

func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
	}
	r.cancel()
}

// stopped is nil when the error is that we were told to stop.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// untilNext is how long to wait for the next wake; for one that is due and being served, or
// is not the courier's, a little.
func (c *Courier) untilNext(ctx context.Context, o Outbox) (time.Duration, error) {
	next, ok, err := o.NextWake(ctx)
	if err != nil || !ok {
		return longestSleep, err
	}
	wait := next.Sub(c.now())
	if wait <= 0 {
		return shortestSleep, nil
	}
	return min(wait, longestSleep), nil
}

// sleep waits for the time, a nudge, or the end; false is the end.
func (c *Courier) sleep(ctx context.Context, d time.Duration) bool {
	timer := c.config.Clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-c.nudge:
		return true
	case <-timer.C():
		return true
	}
}

// Troubles composes what people must see to: those an alert cannot be brought to, and that
// the parties were told apart. The same trouble is the same alert however often it is
// found. in.Step is not looked at; in.Case is the case of the alert. Of an alert that is
// about such trouble itself nothing is told: a watch officer without mail would be told of
// without end.
func Troubles(in Input, b Box) (Composed, error) {
	in.Step = truce.CaseStep{Number: b.Alert.Step, At: b.Alert.Release}
	if err := in.validate(); err != nil {
		return Composed{}, err
	}
	var drafts []draft
	if ofTrouble(b.Alert) || aboutTrouble(b.Alert, in.Earlier) {
		return Composed{}, nil
	}
	lost := Exhausted(b, in.Now)
	var unreached []truce.AlertRecipient
	for _, r := range b.Alert.To {
		if slices.Contains(lost, r.Person) && !in.troubled(r.Person) {
			unreached = append(unreached, r)
		}
	}
	if len(unreached) > 0 {
		drafts = append(drafts, in.digest(b, unreached))
	}
	if apart, ok := Apart(b); ok && apart > skewAlarm {
		drafts = append(drafts, skewDraft(b, apart))
	}
	return in.compose(drafts)
}

// troubled says whether it was told of this case that somebody cannot be reached, and nothing
// has reached them since: one alert says it, however many do not arrive.
func (in Input) troubled(p truce.PersonID) bool {
	var told, reached truce.Instant
	for _, b := range in.Earlier {
		if slices.Contains(b.Alert.About, unreachedPrefix+string(p)) {
			told = max(told, b.Alert.Release)
		}
		for _, d := range b.Deliveries {
			if d.Person == p && d.State == truce.DeliverySent && !posted(d.Channel) {
				reached = max(reached, d.At)
			}
		}
	}
	return told != 0 && reached < told
}

// ofTrouble says whether an alert tells that somebody cannot be reached.
func ofTrouble(a truce.Alert) bool {
	return slices.ContainsFunc(a.About, func(about string) bool { return strings.HasPrefix(about, unreachedPrefix) })
}

// digest names those who cannot be reached, at the end of the window. Where one waits already
// this one goes out in its place, and names those whom that was about, too.
func (in Input) digest(b Box, people []truce.AlertRecipient) draft {
	release := Release(in.Now, in.Margin)
	for _, waits := range in.standing() {
		if !ofTrouble(waits.Alert) || waits.Alert.Release < release {
			continue
		}
		d := unreachedTogether(b, append(in.lostIn(waits.Alert), people...))
		d.sort, d.refers, d.leave = "unreached_several", []truce.AlertID{waits.Alert.ID}, waits.Alert.Release
		return d
	}
	d := unreachedTogether(b, people)
	if len(people) == 1 {
		d = unreachedDraft(b, people[0])
	}
	d.leave = release.Add(TroubleWindow)
	return d
}

// lostIn are those whom an alert says cannot be reached, as alerts before it named them.
func (in Input) lostIn(a truce.Alert) []truce.AlertRecipient {
	var out []truce.AlertRecipient
	for _, about := range a.About {
		person, of := strings.CutPrefix(about, unreachedPrefix)
		for _, b := range in.Earlier {
			at := slices.IndexFunc(b.Alert.To, func(r truce.AlertRecipient) bool { return of && string(r.Person) == person })
			if at >= 0 {
				out = append(out, b.Alert.To[at])
				break
			}
		}
	}
	return out
}

// aboutTrouble says whether an alert of the time before they said what they are about tells of
// trouble with one before it: its ID is that which the trouble of one of them would have.
func aboutTrouble(a truce.Alert, earlier []Box) bool {
	for _, b := range earlier {
		if b.Alert.ID == a.ID || b.Alert.Step != a.Step || b.Alert.Case != a.Case {
			continue
		}
		of := Input{Case: truce.Case{ID: a.Case}, Step: truce.CaseStep{Number: b.Alert.Step, At: b.Alert.Release}}
		if of.id(skewDraft(b, 0)) == a.ID {
			return true
		}
		for _, r := range b.Alert.To {
			if of.id(unreachedDraft(b, r)) == a.ID {
				return true
			}
		}
	}
	return false
}

// unreachedDraft tells the mechanism and, of a state, the next office above.
func unreachedDraft(b Box, r truce.AlertRecipient) draft {
	d := draft{
		sort: "unreached", key: string(r.Person), kind: truce.AlertNew, tier: b.Alert.Tier, about: []string{unreachedPrefix + string(r.Person)},
		route: route{offices: mechanismWatch(), inside: true},
	}
	if up := above(r.Office); up != "" && r.State != "" {
		d.route.offices, d.route.state = append(d.route.offices, up), r.State
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{
			"id": b.Alert.ID.String(), "headline": b.Alert.Headline.In(w.code()), "person": string(r.Person),
			"office": w.or("office_", string(r.Office)),
		}
	}
	return d
}

// unreachedTogether tells of several people at once: the mechanism and, of each state, the
// next office above. A relay that is down is one trouble, whoever is behind it.
func unreachedTogether(b Box, people []truce.AlertRecipient) draft {
	d := draft{sort: "unreached_many", kind: truce.AlertNew, tier: b.Alert.Tier, route: route{offices: mechanismWatch(), inside: true}}
	for _, r := range people {
		d.about, d.key = append(d.about, unreachedPrefix+string(r.Person)), d.key+"/"+string(r.Person)
		if up := above(r.Office); up != "" && r.State != "" {
			d.route.told = append(d.route.told, post{group: groupOf(r), office: up})
		}
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{"id": b.Alert.ID.String(), "headline": b.Alert.Headline.In(w.code()), "n": intText(len(people))}
	}
	d.lines = func(w words) []string {
		var out []string
		for _, r := range people { // all of them: each is to be told by other means
			out = append(out, w.fill("unreached_line", map[string]string{"person": string(r.Person), "office": w.or("office_", string(r.Office))}))
		}
		return out
	}
	return d
}

// above is the next office of the same role, "" at the top.
func above(o truce.Office) truce.Office {
	all := truce.Offices()
	if i := rank(o); i >= 0 && i+1 < len(all) && all[i+1].Role() == o.Role() {
		return all[i+1]
	}
	return ""
}

func skewDraft(b Box, apart time.Duration) draft {
	return draft{
		sort: "skew", key: b.Alert.ID.String(), kind: truce.AlertNew, tier: b.Alert.Tier,
		route: route{offices: mechanismWatch(), inside: true},
		fill: func(w words) map[string]string {
			return map[string]string{"id": b.Alert.ID.String(), "apart": w.duration(apart)}
		},
	}
}
