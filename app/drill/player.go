package drill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/respond/alert"
)

// Stores makes and opens the store of a drill. Each program of the drill opens it for
// itself, and each opening is closed.
type Stores struct {
	Create func(ctx context.Context, realm truce.Realm, now func() time.Time) (*store.Store, error)
	Open   func(ctx context.Context, now func() time.Time) (*store.Store, error)
}

// Account is what states have promised and delivered.
type Account struct {
	Commitments   []truce.Commitment
	Requirements  []truce.Requirement
	Contributions []truce.Contribution
}

// Options are what a drill needs beside its file.
type Options struct {
	Stores Stores
	Files  []truce.AgreementFile // of the agreement
	Pledge Account
	Random io.Reader                  // for tokens
	Wall   truce.Clock                // the machine's clock: of drills that keep a pace
	Exits  map[truce.ChannelKind]Exit // channels to people at their posts; none: all on this machine
	Tokens func(truce.PersonID, guarantee.Token) error
	Log    func(string) // told of every line as it is played; nil: nobody
	// Show is told every time to which the clock of a drill that keeps a pace is about to be
	// set, so that other programs over the store run on the same clock; nil: nobody. Hide says
	// that it ended.
	Show func(truce.Instant) error
	Hide func() error
}

// Play plays a drill and scores it. The store is closed afterwards and stays where it is.
func Play(ctx context.Context, d Drill, o Options) (Result, error) {
	if !d.Realm().Exercise() || d.Realm().Validate() != nil {
		return Result{}, truce.Errorf(truce.CodeInvalid, "drill %q: a drill has a realm of its own", d.ID)
	}
	p := &player{drill: d, opt: o, clock: NewClock(d.Start), tokens: map[truce.PersonID]guarantee.Token{}, names: map[string]truce.ID{}, found: map[truce.ID]*found{}}
	var err error
	if p.exits, err = newExits(d, p.clock, o.Exits); err != nil {
		return Result{}, err
	}
	err = p.begin(ctx)
	if err == nil {
		err = p.run(ctx)
	}
	var out Result
	if err == nil {
		out, err = p.result(ctx)
	}
	if o.Hide != nil {
		err = errors.Join(err, o.Hide())
	}
	return out, errors.Join(err, p.closeAll(), p.exits.close())
}

// player is a drill that is being played.
type player struct {
	drill    Drill
	opt      Options
	clock    *Clock
	exits    *exits
	programs []program
	tokens   map[truce.PersonID]guarantee.Token
	geometry *agreement.Geometry
	names    map[string]truce.ID // of incidents that are known
	found    map[truce.ID]*found
	refused  []Moment
	begun    time.Time // by the wall's clock
}

// program is one replica: a store of its own opening, a desk and a courier.
type program struct {
	store   *store.Store
	desk    *guarantee.Desk
	courier *alert.Courier
}

func (p *player) now() truce.Instant    { return truce.InstantOf(p.clock.Now()) }
func (p *player) desk() *guarantee.Desk { return p.programs[0].desk }
func (p *player) store() *store.Store   { return p.programs[0].store }
func (p *player) say(text string) {
	if p.opt.Log != nil {
		p.opt.Log(text)
	}
}

// begin makes the store and records the terms, the posts and the account.
func (p *player) begin(ctx context.Context) error {
	s, err := p.opt.Stores.Create(ctx, p.drill.Realm(), p.clock.Now)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if err := p.open(ctx); err != nil {
		return err
	}
	terms, err := agreement.Parse(p.opt.Files)
	if err != nil {
		return err
	}
	if p.geometry, err = terms.Geometry(nil); err != nil {
		return err
	}
	text := truce.AgreementText{ID: terms.ID, Version: terms.Version, Files: p.opt.Files}
	if err := p.record(ctx, truce.RecordAgreement, "agreement/"+terms.ID, "agreement/"+terms.ID+"/0", text); err != nil {
		return err
	}
	for _, post := range p.drill.Posts {
		token, _, err := p.desk().Enrol(ctx, post)
		if err == nil && p.opt.Tokens != nil {
			err = p.opt.Tokens(post.ID, token)
		}
		if err != nil {
			return fmt.Errorf("post %s: %w", post.ID, err)
		}
		p.tokens[post.ID] = token
	}
	return p.account(ctx)
}

// account enters the pledges as the mechanism does.
func (p *player) account(ctx context.Context) error {
	clerk := truce.Person{ID: "drill", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead}
	_, err := p.desk().EnterRequirements(ctx, clerk, p.opt.Pledge.Requirements)
	if err == nil {
		_, err = p.desk().EnterCommitments(ctx, clerk, p.opt.Pledge.Commitments)
	}
	if err == nil {
		_, err = p.desk().EnterContributions(ctx, clerk, p.opt.Pledge.Contributions)
	}
	return err
}

// open starts the programs over the store.
func (p *player) open(ctx context.Context) error {
	for range p.drill.Replicas {
		s, err := p.opt.Stores.Open(ctx, p.clock.Now)
		if err != nil {
			return err
		}
		desk := &guarantee.Desk{Store: s, Now: p.clock.Now, Random: p.opt.Random, Log: slog.New(slog.DiscardHandler)}
		p.programs = append(p.programs, program{store: s, desk: desk})
		if s.Realm() != p.drill.Realm() {
			return truce.Errorf(truce.CodeForbidden, "the store is of realm %q and the drill of %q", s.Realm(), p.drill.Realm())
		}
		courier, err := alert.New(alert.Config{Recorder: guarantee.Outbox{Desk: desk}, Clock: p.clock, Channels: p.exits.channels, Inside: access.Inside, Trouble: desk.Trouble})
		if err != nil {
			return err
		}
		p.programs[len(p.programs)-1].courier = courier
	}
	return nil
}

// closeAll ends the programs.
func (p *player) closeAll() error {
	var errs []error
	for _, one := range p.programs {
		errs = append(errs, one.store.Close())
	}
	p.programs = nil
	return errors.Join(errs...)
}

func (p *player) record(ctx context.Context, kind truce.RecordKind, subject, key string, body any) error {
	draft, err := truce.NewDraft(kind, subject, key, body)
	if err == nil {
		_, err = p.store().Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	}
	return err
}

// run goes from one line or wake to the next until the drill ends.
func (p *player) run(ctx context.Context) error {
	if p.opt.Wall != nil {
		p.begun = p.opt.Wall.Now()
	}
	if err := p.set(p.now()); err != nil {
		return err
	}
	events := p.drill.Events
	for looks := 0; ; looks++ {
		if looks == maxLooks {
			return truce.Errorf(truce.CodeTooLarge, "the drill has over %d times at which something is due", maxLooks)
		}
		next, ok, err := p.next(ctx, events)
		if err != nil {
			return err
		}
		if !ok {
			return p.pace(ctx, p.drill.Until)
		}
		if err := p.pace(ctx, next); err != nil {
			return err
		}
		for len(events) > 0 && events[0].At <= p.now() {
			if err := p.happen(ctx, events[0]); err != nil {
				return err
			}
			events = events[1:]
		}
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
}

// next is the time of the next line or wake, whichever comes first.
func (p *player) next(ctx context.Context, events []Event) (truce.Instant, bool, error) {
	at, ok := truce.Instant(0), false
	if len(events) > 0 {
		at, ok = max(events[0].At, p.now()), true
	}
	wakes, err := p.store().DueWakes(ctx, p.drill.Until, wakesRead)
	if err != nil {
		return 0, false, err
	}
	for _, w := range wakes {
		if w.Due > p.now() { // what is due by now and left was looked at
			if !ok || w.Due < at {
				return w.Due, true, nil
			}
			break
		}
	}
	return at, ok && at <= p.drill.Until, nil
}

// happen plays one line. What the rules refuse is part of the drill.
func (p *player) happen(ctx context.Context, e Event) error {
	p.say(Offset(p.drill.Start, p.now()) + "  " + e.Text)
	err := e.Action.play(ctx, p, e)
	_, byRules := e.Action.(act)
	switch {
	case err != nil && byRules && ctx.Err() == nil && truce.CodeOf(err) != truce.CodeInternal:
		p.refused = append(p.refused, Moment{At: e.At, Kind: KindRefused, What: string(truce.CodeOf(err)), Text: err.Error(), rank: e.Line})
	case err != nil:
		return fmt.Errorf("%s:%d: %w", p.drill.File, e.Line, err)
	}
	return p.settle(ctx)
}

// settle lets the programs work until nothing more follows at this time.
func (p *player) settle(ctx context.Context) error {
	for range maxRounds {
		before, _, err := p.store().Head(ctx)
		if err != nil {
			return err
		}
		if err := p.all(func(one program) error { _, err := one.desk.Follow(ctx); return err }); err != nil {
			return err
		}
		if err := p.all(func(one program) error { return p.deliver(ctx, one) }); err != nil {
			return err
		}
		if after, _, err := p.store().Head(ctx); err != nil || after == before {
			return err
		}
	}
	return truce.Errorf(truce.CodeInternal, "after %d rounds more still follows at %s", maxRounds, p.now())
}

// deliver serves the alerts that are due.
func (p *player) deliver(ctx context.Context, one program) error {
	boxes, err := guarantee.Outbox{Desk: one.desk}.Due(ctx, p.now())
	for _, b := range boxes {
		if err == nil {
			_, err = one.courier.Serve(ctx, b)
		}
	}
	return err
}

// all runs every program at the same time.
func (p *player) all(work func(program) error) error {
	errs := make([]error, len(p.programs))
	var wait sync.WaitGroup
	for i, one := range p.programs {
		wait.Go(func() { errs[i] = work(one) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// pace moves the clock to a time, at the speed of the drill. While it waits it does what
// other programs' records ask for, such as those of people who answer on the pages.
func (p *player) pace(ctx context.Context, to truce.Instant) error {
	for p.drill.Speed > 0 && p.opt.Wall != nil {
		left := time.Duration(float64(to.Sub(p.drill.Start))/p.drill.Speed) - p.opt.Wall.Now().Sub(p.begun)
		if left <= 0 {
			break
		}
		wait := p.opt.Wall.NewTimer(min(left, glance))
		select {
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		case <-wait.C():
		}
		gone := time.Duration(float64(p.opt.Wall.Now().Sub(p.begun)) * p.drill.Speed)
		if at := p.drill.Start.Add(gone); at < to && len(p.programs) > 0 {
			if err := p.set(at); err != nil {
				return err
			}
			if err := p.settle(ctx); err != nil {
				return err
			}
		}
	}
	if err := p.set(to); err != nil {
		return err
	}
	return ctx.Err()
}

// set moves the clock. Others are shown the time first: what they append at it is never
// before, and the drill's own next record never before theirs, since between the two the
// drill appends nothing.
func (p *player) set(at truce.Instant) error {
	if at = max(at, p.now()); p.opt.Show != nil {
		if err := p.opt.Show(at); err != nil {
			return fmt.Errorf("show the time of the drill: %w", err)
		}
	}
	p.clock.Set(at)
	return nil
}
