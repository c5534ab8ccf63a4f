package app

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// notices are the notifications as they stood at a known time; 0 is now, with everything
// that is recorded.
func (a *App) notices(ctx context.Context, terms *agreement.Agreement, known truce.Instant) ([]agreement.Notice, error) {
	rows, err := a.store.Notifications(ctx, truce.NotificationQuery{AsOf: truce.RecordedTime(known)})
	if err != nil {
		return nil, err
	}
	if known == 0 {
		known = truce.InstantOf(a.now())
		if len(rows) > 0 { // records never go back in time, this machine's clock may
			known = max(known, truce.Instant(rows[len(rows)-1].Recorded))
		}
	}
	return terms.Notices(rows, known), nil
}

// withNotices is the geometry with the windows that stand in notifications. One whose place
// cannot be used, such as a zone that was taken out of the agreement, is set aside: it
// covers nothing, and never stops an assessment.
func withNotices(g *agreement.Geometry, notices []agreement.Notice) (*agreement.Geometry, []setAside) {
	if len(notices) == 0 {
		return g, nil
	}
	g, unused := g.WithUsable(agreement.NotifiedWindows(notices))
	var out []setAside
	for _, u := range unused {
		out = append(out, setAside{u.Window, u.Reason})
	}
	return g, out
}

// setAside is a recorded notification that has no effect, and why.
type setAside struct {
	Number string `json:"number"`
	Reason string `json:"reason"`
}

// notifyReceipt is what both parties get for a step.
type notifyReceipt struct {
	Number   string                 `json:"number"`
	Step     truce.NotificationStep `json:"step"`
	By       truce.PartyID          `json:"by"`
	For      []truce.PartyID        `json:"receipt_for"`
	Record   truce.Seq              `json:"record,string"`
	Hash     truce.Hash             `json:"hash"`
	Recorded truce.RecordedTime     `json:"recorded"`
	Known    bool                   `json:"known_already"`
	State    agreement.NoticeState  `json:"state"`
	NoEffect string                 `json:"no_effect,omitempty"` // why, when the step has none

	key string
}

// notifier takes steps, one after another, and commits them together.
type notifier struct {
	app    *App
	terms  *agreement.Agreement
	known  standingOf
	stored map[truce.Hash][]truce.Seq // records by the hash of the body, in order
	last   map[string]truce.Hash      // of each party's last step in a notification
	taken  map[truce.Hash]int         // how often a body stands in what was taken

	// alone: steps are given one at a time, by a person; one that repeats the sender's
	// last is the same, any other is new. In a file the n-th of equal rows is the n-th.
	alone bool

	drafts   [][]truce.Draft // of each receipt that is no duplicate
	receipts []notifyReceipt
}

func (a *App) newNotifier(ctx context.Context) (*notifier, error) {
	terms, err := a.readTerms()
	if err != nil {
		return nil, err
	}
	rows, err := a.store.Notifications(ctx, truce.NotificationQuery{})
	if err != nil {
		return nil, err
	}
	n := &notifier{app: a, terms: terms, known: standingOf{}, stored: map[truce.Hash][]truce.Seq{}, last: map[string]truce.Hash{}, taken: map[truce.Hash]int{}}
	for _, row := range rows {
		body, err := truce.Canonical(row.Notification)
		if err != nil {
			return nil, err
		}
		n.remember(row.Notification, truce.HashOf(body))
		n.stored[truce.HashOf(body)] = append(n.stored[truce.HashOf(body)], row.Seq)
	}
	return n, nil
}

func (n *notifier) remember(step truce.Notification, hash truce.Hash) {
	n.known[step.Number] = append(n.known[step.Number], step)
	n.last[step.Number+"/"+string(step.By)] = hash
}

// take checks a row and keeps it for commit.
func (n *notifier) take(row notifyRow) error {
	if row["step"] == string(truce.StepGiven) && row["number"] == "" && n.alone {
		row["number"] = n.freeNumber()
	}
	step, err := row.notification()
	if err == nil {
		err = checkNotification(n.terms, &step, n.known)
	}
	if err != nil {
		return err
	}
	if same := n.sameActivity(&step); same != "" && n.alone {
		step.Number = same
	}
	return n.add(step)
}

// add makes the drafts of a step that is new.
func (n *notifier) add(step truce.Notification) error {
	draft, err := truce.NewDraft(truce.RecordNotification, step.Subject(), "", step)
	if err != nil {
		return err
	}
	hash := truce.HashOf(draft.Body)
	if n.alone {
		n.taken[hash] = len(n.stored[hash])
		if n.last[step.Number+"/"+string(step.By)] == hash || step.Step == truce.StepGiven && n.taken[hash] > 0 {
			n.taken[hash]--
		}
	}
	nth := n.taken[hash]
	n.taken[hash]++
	receipt := notifyReceipt{Number: step.Number, Step: step.Step, By: step.By, For: partiesThatNotify(n.terms)}
	if stored := n.stored[hash]; nth < len(stored) {
		receipt.Known, receipt.Record = true, stored[nth]
		n.receipts = append(n.receipts, receipt)
		return nil
	}
	if step.Step == truce.StepGiven && n.known.given(step.Number) != nil {
		return wrong("number", "%s was given already and says something else: hours are extended, anything else is a new number that supersedes it", step.Number)
	}
	draft.Key = fmt.Sprintf("%s/%.16s/%d", draft.Subject, hash.String(), nth+1)
	receipt.key = draft.Key
	drafts := []truce.Draft{draft}
	n.remember(step, hash)
	if step.Activity != nil && step.Activity.Supersedes != "" {
		replaced := truce.Notification{Number: step.Activity.Supersedes, Step: truce.StepSuperseded, By: step.By, Authority: step.Authority, Replacement: step.Number}
		more, err := truce.NewDraft(truce.RecordNotification, replaced.Subject(), replaced.Subject()+"/superseded/"+step.Number, replaced)
		if err != nil {
			return err
		}
		drafts = append(drafts, more)
	}
	n.drafts, n.receipts = append(n.drafts, drafts), append(n.receipts, receipt)
	return nil
}

// freeNumber is the next number of this year for a notification that came without one.
func (n *notifier) freeNumber() string {
	year := n.app.now().UTC().Year()
	for i := 1; ; i++ {
		if number := fmt.Sprintf("N-%d-%d", year, i); n.known[number] == nil {
			return number
		}
	}
}

// sameActivity is the number under which the same party gave the same activity before and
// did not cancel it, "" when it did not: asked again, a command changes nothing.
func (n *notifier) sameActivity(step *truce.Notification) string {
	if step.Step != truce.StepGiven {
		return ""
	}
	for _, number := range n.known.numbers() {
		before := n.known.given(number)
		gone := slices.ContainsFunc(n.known[number], func(o truce.Notification) bool {
			return o.Step == truce.StepCancelled || o.Step == truce.StepSuperseded
		})
		if before != nil && !gone && before.By == step.By && before.Words == step.Words && reflect.DeepEqual(before.Activity, step.Activity) {
			return number
		}
	}
	return ""
}

// commit appends what was taken and completes the receipts.
func (n *notifier) commit(ctx context.Context) ([]notifyReceipt, error) {
	var batch []truce.Draft
	seqs := map[string]truce.Seq{}
	send := func() error {
		if len(batch) == 0 {
			return nil
		}
		receipt, err := n.app.store.Append(ctx, truce.Batch{Drafts: batch})
		for i, seq := range receipt.Seqs {
			seqs[batch[i].Key] = seq
		}
		batch = nil
		return err
	}
	for _, drafts := range n.drafts { // a pair is never parted
		if batch = append(batch, drafts...); len(batch) >= appendChunk {
			if err := send(); err != nil {
				return nil, err
			}
		}
	}
	if err := send(); err != nil {
		return nil, err
	}
	for i := range n.receipts {
		if r := &n.receipts[i]; !r.Known {
			r.Record = seqs[r.key]
		}
	}
	return n.receipts, n.complete(ctx)
}

// complete adds to every receipt what the records say of it.
func (n *notifier) complete(ctx context.Context) error {
	notices, err := n.app.notices(ctx, n.terms, 0)
	if err != nil {
		return err
	}
	type effect struct {
		state agreement.NoticeState
		fault string
	}
	effects := map[truce.Seq]effect{}
	for _, notice := range notices {
		for _, step := range notice.Steps {
			effects[step.Seq] = effect{notice.State, step.Fault}
		}
	}
	for i := range n.receipts {
		r := &n.receipts[i]
		record, err := n.app.store.Record(ctx, r.Record)
		if err != nil {
			return err
		}
		r.Hash, r.Recorded = record.Hash, record.Time
		r.State, r.NoEffect = effects[r.Record].state, effects[r.Record].fault
	}
	return nil
}
