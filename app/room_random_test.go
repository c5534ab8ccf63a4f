package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/web/room"
)

// held is what the room reads of a world, for everybody alike.
type held struct{ *world }

func (h held) Realm() truce.Realm { return truce.ExerciseRealm("room") }

func (h held) Head(context.Context) (truce.Seq, truce.Hash, error) { return h.seq, truce.Hash{}, nil }

func (h held) Agreement(context.Context) (truce.AgreementText, error) {
	return truce.AgreementText{}, truce.Errorf(truce.CodeNotFound, "none is needed")
}

func (h held) Person(_ context.Context, id truce.PersonID) (truce.PersonRow, error) {
	for _, p := range h.people {
		if p.ID == id {
			return truce.PersonRow{Person: p}, nil
		}
	}
	return truce.PersonRow{}, truce.Errorf(truce.CodeNotFound, "no person %s", id)
}

func (h held) find(idOrNumber string) (*worldCase, error) {
	for _, c := range h.cases {
		if c.view.Number == idOrNumber || c.row.ID.String() == idOrNumber {
			return c, nil
		}
	}
	return nil, truce.Errorf(truce.CodeNotFound, "no case %s", idOrNumber)
}

func (h held) Case(_ context.Context, idOrNumber string) (truce.CaseRow, error) {
	c, err := h.find(idOrNumber)
	if err != nil {
		return truce.CaseRow{}, err
	}
	return c.row, nil
}

func (h held) CaseSteps(_ context.Context, idOrNumber string) ([]truce.CaseStepRow, error) {
	c, err := h.find(idOrNumber)
	if err != nil {
		return nil, err
	}
	return c.view.Steps, nil
}

func (h held) Cases(_ context.Context, q truce.CaseQuery) (truce.CasePage, error) {
	var page truce.CasePage
	for _, c := range h.cases {
		if s := c.row.Summary; (q.State == "" || s.State == q.State) && s.Rank >= q.MinRank && c.row.Seq > q.ChangedAfter && (q.Waits == nil || h.waits(c, *q.Waits)) {
			page.Rows = append(page.Rows, c.row)
		}
	}
	slices.SortFunc(page.Rows, func(a, b truce.CaseRow) int { return -cmp.Compare(a.Summary.Rank, b.Summary.Rank) })
	page.Total = len(page.Rows)
	return page, nil
}

func (h held) waits(c *worldCase, q truce.DutyQuery) bool {
	return len(gatesOf(c, q)) > 0 || len(clocksOf(c, q)) > 0
}

func (h held) CaseCounts(context.Context) ([]truce.CaseCount, error) {
	var out []truce.CaseCount
	for _, c := range h.cases {
		if c.row.Summary.State == truce.CaseOpen {
			out = append(out, truce.CaseCount{Version: c.row.Version, Rank: c.row.Summary.Rank, Cases: 1})
		}
	}
	slices.SortFunc(out, func(a, b truce.CaseCount) int { return -cmp.Compare(a.Rank, b.Rank) })
	return out, nil
}

func gatesOf(c *worldCase, q truce.DutyQuery) []truce.GateRow {
	var out []truce.GateRow
	for _, o := range c.view.Case.Open {
		for n, g := range o.Gates {
			signed := slices.ContainsFunc(o.Signed, func(s truce.Signed) bool { return s.Gate == n+1 })
			if g.Office == q.Office && !signed {
				out = append(out, truce.GateRow{Case: c.row.ID, Tier: o.Tier, Gate: n + 1, Proposed: o.At})
			}
		}
	}
	return out
}

func clocksOf(c *worldCase, q truce.DutyQuery) []truce.ClockRow {
	var out []truce.ClockRow
	for _, k := range c.view.Case.Clocks {
		if k.Owner == q.Office && (k.For == "" || k.For == q.Whose) {
			out = append(out, truce.ClockRow{Case: c.row.ID, Clock: k.ID, For: k.For, Round: k.Round, Due: k.Due})
		}
	}
	return out
}

func (h held) Gates(_ context.Context, q truce.DutyQuery) (out []truce.GateRow, n int, err error) {
	for _, c := range h.cases {
		out = append(out, gatesOf(c, q)...)
	}
	return out, len(out), nil
}

func (h held) Clocks(_ context.Context, q truce.DutyQuery) (out []truce.ClockRow, n int, err error) {
	for _, c := range h.cases {
		out = append(out, clocksOf(c, q)...)
	}
	return out, len(out), nil
}

func (h held) Alert(_ context.Context, id truce.AlertID) (truce.AlertRow, error) {
	for _, c := range h.cases {
		for _, a := range c.alerts {
			if a.ID == id {
				return a.AlertRow, nil
			}
		}
	}
	return truce.AlertRow{}, truce.Errorf(truce.CodeNotFound, "no alert %s", id)
}

func (h held) Alerts(_ context.Context, q truce.AlertQuery) ([]truce.AlertRow, error) {
	var out []truce.AlertRow
	for _, c := range h.cases {
		for _, a := range c.alerts {
			to := slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool {
				return (q.Role == "" || r.Role == q.Role) && (q.State == "" || r.State == q.State) && (q.Party == "" || r.Party == q.Party)
			})
			if to && (q.Case.IsZero() || q.Case == a.Case) && (q.Released == 0 || a.Release <= q.Released) {
				out = append(out, a.AlertRow)
			}
		}
	}
	return out, nil
}

func (h held) CountAlerts(ctx context.Context, q truce.AlertQuery) (int, error) {
	rows, err := h.Alerts(ctx, q)
	return len(rows), err
}

func (h held) Commitments(context.Context, truce.StateID) (out []truce.CommitmentRow, err error) {
	for _, c := range h.commitments {
		out = append(out, truce.CommitmentRow{Commitment: c})
	}
	return out, nil
}

func (h held) Contributions(context.Context, truce.StateID) (out []truce.ContributionRow, err error) {
	for _, c := range h.contributions {
		out = append(out, truce.ContributionRow{Contribution: c})
	}
	return out, nil
}

func (h held) Requirements(context.Context) (out []truce.RequirementRow, err error) {
	for _, r := range h.requirements {
		out = append(out, truce.RequirementRow{Requirement: r})
	}
	return out, nil
}

func (h held) View(_ context.Context, idOrNumber string) (guarantee.View, error) {
	c, err := h.find(idOrNumber)
	if err != nil {
		return guarantee.View{}, err
	}
	return c.view, nil
}

func (h held) Terms(context.Context) (guarantee.Terms, error) { return h.terms[len(h.terms)-1], nil }

func (h held) TermsAt(_ context.Context, version string) (guarantee.Terms, error) {
	for _, t := range h.terms {
		if t.Version == version {
			return t, nil
		}
	}
	return guarantee.Terms{}, truce.Errorf(truce.CodeNotFound, "no version %s", version)
}

func (h held) Box(_ context.Context, a truce.Alert) (alert.Box, error) {
	for _, c := range h.cases {
		for _, b := range c.alerts {
			if b.ID == a.ID {
				return b.box, nil
			}
		}
	}
	return alert.Box{}, truce.Errorf(truce.CodeNotFound, "no alert %s", a.ID)
}

func (h held) PaperCode(context.Context, truce.AlertRow, truce.PersonID) (string, error) {
	return "AB12-CD34", nil
}

// look is one person who reads everything there is to ask for.
type look struct {
	w      *world
	r      *roomDesk
	as     func(truce.Person) truce.Person // a fault: whom the room takes the person for
	buffer *bytes.Buffer
	seen   map[class]int
	fault  error
}

// reads everything there is and holds each answer to the matrix.
func (k *look) all(ctx context.Context, p truce.Person, rare bool) {
	cut := k.as(p)
	since := k.w.seq / 2
	judge(k, p, "the first page", func() (room.Brief, error) { return k.r.Brief(ctx, cut, since) })
	for _, f := range []room.CaseFilter{{All: true, Limit: 9}, {Mine: true, Limit: 9}} {
		judge(k, p, "the cases", func() (room.CaseList, error) { return k.r.Cases(ctx, cut, f) })
	}
	judge(k, p, "the alerts", func() (room.AlertList, error) { return k.r.Alerts(ctx, cut, room.AlertFilter{Limit: 9}) })
	for _, of := range []truce.StateID{"", worldStates[k.w.IntN(3)]} {
		judge(k, p, "the account of "+string(of), func() (room.Pledges, error) { return k.r.Pledges(ctx, cut, of) })
	}
	for _, c := range k.w.cases {
		judge(k, p, c.view.Number, func() (room.CaseFile, error) {
			f, err := k.r.Case(ctx, cut, c.view.Number)
			if err == nil && p.Role == truce.RoleParty && f.Steps > c.lastTold(k.w, p) {
				k.fault = fmt.Errorf("%s of party %s is told of step %d of %s, and was told of %d", p.ID, p.Party, f.Steps, c.view.Number, c.lastTold(k.w, p))
			}
			return f, err
		})
		judge(k, p, "the stake in "+c.view.Number, func() (room.StakeFile, error) { return k.r.Stake(ctx, cut, c.row.ID.String()) })
		for _, a := range c.alerts {
			judge(k, p, "an alert", func() (room.AlertFile, error) { return k.r.Alert(ctx, cut, a.ID) })
			if rare {
				judge(k, p, "a form", func() (string, error) { d, err := k.r.Paper(ctx, cut, a.ID); return string(d.Body), err })
			}
		}
	}
	if rare {
		judge(k, p, "the feed", func() (string, error) { d, err := k.r.Feed(ctx, cut); return string(d.Body), err })
	}
	for _, c := range k.w.commitments {
		judge(k, p, "a promise called upon", func() (truce.Commitment, error) { return invoked(cut, c, k.w.cases[0].row.ID), nil })
	}
}

// lastTold is the last step that a party knows of: by an alert, or of a clock of its own.
func (c *worldCase) lastTold(w *world, p truce.Person) int {
	last := 0
	for _, a := range c.alerts {
		if w.toldOf(p, mark{file: c, alert: a}) {
			last = max(last, a.Step)
		}
	}
	for _, k := range c.view.Case.Clocks {
		if k.Owner == truce.OfficeLiaison && (k.For == "" || k.For == string(p.Party)) {
			last = max(last, k.Changed)
		}
	}
	return last
}

// judge searches an answer for what the person may not read.
func judge[T any](k *look, p truce.Person, name string, ask func() (T, error)) {
	if k.fault != nil {
		return
	}
	answer, err := ask()
	if k.fault != nil {
		return
	}
	if err != nil {
		if code := truce.CodeOf(err); code != truce.CodeNotFound && code != truce.CodeForbidden && code != truce.CodeUnauthenticated {
			k.fault = fmt.Errorf("%s (%s) asks for %s: %w", p.ID, p.Role, name, err)
		}
		return
	}
	if c, is := any(answer).(truce.Commitment); is { // who calls upon a promise has named it and its state
		c.ID = ""
		answer = any(c).(T)
	}
	if k.fault = shape(p, answer); k.fault != nil {
		k.fault = fmt.Errorf("%s (%s) reads %s: %w", p.ID, p.Role, name, k.fault)
		return
	}
	k.buffer.Reset()
	if k.fault = json.NewEncoder(k.buffer).Encode(answer); k.fault != nil {
		return
	}
	k.search(p, name, k.buffer.Bytes())
}

func (k *look) search(p truce.Person, name string, text []byte) {
	scan(text, func(n int) {
		if n >= len(k.w.marks) {
			k.fault = fmt.Errorf("%s holds a mark %d that nobody made", name, n)
			return
		}
		m := k.w.marks[n]
		if k.w.may(p, m) {
			k.seen[m.class]++
		} else if k.fault == nil {
			k.fault = fmt.Errorf("%s (%s%s%s, withdrawn %v) reads %s in %s, mark %d: %s", p.ID, p.Role, p.Party, p.State, p.Withdrawn, m.class, name, n, text)
		}
	})
	for _, c := range k.w.cases {
		if known := (mark{class: rowTier, file: c}); !k.w.may(p, known) && bytes.Contains(text, []byte(`"`+c.view.Number+`"`)) && k.fault == nil {
			k.fault = fmt.Errorf("%s (%s) reads that there is a case %s, in %s: %s", p.ID, p.Role, c.view.Number, name, text)
		}
	}
}

// roomOver is the room over a world.
func (w *world) room() *roomDesk {
	return &roomDesk{records: held{w}, views: held{w}, now: func() time.Time { return w.now.Time() }, base: "https://room.example"}
}

// lookInto lets everybody of a random history read everything.
func lookInto(terms []guarantee.Terms, seed uint64, as func(truce.Person) truce.Person, buffer *bytes.Buffer, seen map[class]int) error {
	w := newWorld(terms, seed)
	k := &look{w: w, r: w.room(), as: as, buffer: buffer, seen: seen}
	for _, p := range w.people {
		if k.all(context.Background(), p, seed%50 == 0); k.fault != nil {
			return fmt.Errorf("history %d: %w", seed, k.fault)
		}
	}
	return nil
}

// TestNobodyEverSeesWhatTheMatrixDenies rolls 100,000 histories and lets people of every
// role read every answer of the room: no mark reaches whom the handbook's matrix denies it,
// and every row of the matrix is read by those who may.
func TestNobodyEverSeesWhatTheMatrixDenies(t *testing.T) {
	histories := uint64(100_000)
	if testing.Short() {
		histories = 2_000
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // worlds are small and soon gone
	terms := worldTerms(t)
	var next atomic.Uint64
	var failed atomic.Pointer[error]
	var mutex sync.Mutex
	total := map[class]int{}
	var wait sync.WaitGroup
	began := time.Now()
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			var buffer bytes.Buffer
			seen := map[class]int{}
			for failed.Load() == nil {
				seed := next.Add(1)
				if seed > histories {
					break
				}
				if err := lookInto(terms, seed, self, &buffer, seen); err != nil {
					failed.Store(&err)
				}
			}
			mutex.Lock()
			defer mutex.Unlock()
			for c, n := range seen {
				total[c] += n
			}
		})
	}
	wait.Wait()
	if err := failed.Load(); err != nil {
		t.Fatal(*err)
	}
	t.Logf("%d histories in %s on %d cores; marks read by row: %v", histories, time.Since(began).Round(time.Second), runtime.GOMAXPROCS(0), total)
	for c := range handbook {
		if uint64(total[c])*20 < histories {
			t.Errorf("%s was read %d times by those who may: the histories show little of it", c, total[c])
		}
	}
}

func self(p truce.Person) truce.Person { return p }

// TestARoomThatCutsWronglyIsFoundOut is the negative control: each row is a table in which
// one role has the column of another, or somebody is taken for somebody else.
func TestARoomThatCutsWronglyIsFoundOut(t *testing.T) {
	takenFor := func(role, other truce.Role, office truce.Office) func(truce.Person) truce.Person {
		return func(p truce.Person) truce.Person {
			if p.Role == role {
				p.Role, p.Office = other, office
			}
			return p
		}
	}
	terms := worldTerms(t)
	for name, as := range map[string]func(truce.Person) truce.Person{
		"a party has the column of the commission":     takenFor(truce.RoleParty, truce.RoleCommission, truce.OfficeMember),
		"a contributor has the column of a guarantor":  takenFor(truce.RoleContributor, truce.RoleGuarantor, truce.OfficeDutyOfficer),
		"a guarantor has the column of the mechanism":  takenFor(truce.RoleGuarantor, truce.RoleMechanism, truce.OfficeMechanismLead),
		"the commission has the column of a mechanism": takenFor(truce.RoleCommission, truce.RoleMechanism, truce.OfficeMechanismLead),
		"the public has the column of the commission":  takenFor(truce.RolePublic, truce.RoleCommission, truce.OfficeMember),
		"the public has the column of a contributor":   takenFor(truce.RolePublic, truce.RoleContributor, truce.OfficePlanner),
		"a party is taken for a contributor":           takenFor(truce.RoleParty, truce.RoleContributor, truce.OfficePlanner),
		"one party is taken for the other": func(p truce.Person) truce.Person {
			p.Party = map[truce.PartyID]truce.PartyID{"A": "B", "B": "A"}[p.Party]
			return p
		},
		"one state is taken for another": func(p truce.Person) truce.Person {
			p.State = map[truce.StateID]truce.StateID{"AVE": "BRE", "BRE": "COR", "COR": "AVE"}[p.State]
			return p
		},
		"who was withdrawn is let in": func(p truce.Person) truce.Person { p.Withdrawn = false; return p },
	} {
		t.Run(name, func(t *testing.T) {
			var buffer bytes.Buffer
			for seed := uint64(1); seed <= 3_000; seed++ {
				if lookInto(terms, seed, as, &buffer, map[class]int{}) != nil {
					return
				}
			}
			t.Error("3,000 histories did not find it")
		})
	}
}

// TestARoomAheadOfTimeIsFoundOut: nothing of an alert is shown before its second.
func TestARoomAheadOfTimeIsFoundOut(t *testing.T) {
	terms := worldTerms(t)
	for seed := uint64(1); seed <= 3_000; seed++ {
		w := newWorld(terms, seed)
		k := &look{w: w, r: w.room(), as: self, buffer: &bytes.Buffer{}, seen: map[class]int{}}
		k.r.now = func() time.Time { return w.now.Time().Add(time.Hour) }
		for _, p := range w.people {
			if k.all(t.Context(), p, false); k.fault != nil {
				return
			}
		}
	}
	t.Error("3,000 histories did not find it")
}
