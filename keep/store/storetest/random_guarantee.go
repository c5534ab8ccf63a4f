package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// testRandomGuarantee appends random histories of cases, alerts, deliveries, answers and
// people, some of it wrong and some of it erased, and holds the store against a model of
// three of its tables and against a rebuild.
func testRandomGuarantee(t *testing.T, f *fixture) {
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		w := &watch{t: r, f: f, name: fmt.Sprintf("r%d", round), wakes: map[string]truce.Instant{}, steps: map[string]int{}, sent: map[string]bool{}, people: map[truce.PersonID][]truce.Seq{}}
		for range rapid.IntRange(5, 25).Draw(r, "acts") {
			w.act()
		}
		w.check()
	})
	f.sound(t)
}

// watch is the model of one round: its wakes by subject and name, the steps of its cases,
// which alerts were sent, and the records of its people that are left.
type watch struct {
	t      *rapid.T
	f      *fixture
	name   string
	made   int
	wakes  map[string]truce.Instant
	steps  map[string]int
	alerts []truce.Alert
	sent   map[string]bool
	people map[truce.PersonID][]truce.Seq
}

func (w *watch) act() {
	w.made++
	switch kind := rapid.IntRange(0, 9).Draw(w.t, "kind"); {
	case kind < 4 || len(w.alerts) == 0 && kind < 8:
		if kind == 3 {
			w.raise()
		} else {
			w.step()
		}
	case kind < 7:
		w.deliver()
	case kind < 8:
		w.answer()
	case kind < 9:
		w.enlist()
	default:
		w.erase()
	}
}

// fresh is a name that nothing else of any round has.
func (w *watch) fresh() string { return fmt.Sprintf("%s/%d", w.name, w.made) }

func (w *watch) pick(what string) string {
	return w.name + "/" + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(w.t, what)
}

// append returns 0 when the draft was refused, which must be with the code.
func (w *watch) append(kind truce.RecordKind, subject string, body any, refusal truce.Code) truce.Seq {
	d, err := truce.NewDraft(kind, subject, w.fresh(), body)
	if err != nil {
		w.t.Fatal(err)
	}
	receipt, err := w.f.store.Append(context.Background(), truce.Batch{Drafts: []truce.Draft{d}})
	if refusal != "" {
		if err == nil || truce.CodeOf(err) != refusal {
			w.t.Fatalf("%s %+v: %v, want %s", kind, body, err, refusal)
		}
		return 0
	}
	if err != nil {
		w.t.Fatalf("%s %+v: %v", kind, body, err)
	}
	return receipt.Head
}

// drawWakes draws changes of wakes and keeps them in the model once they are recorded.
func (w *watch) drawWakes(subject string) (wakes []truce.Wake, keep func()) {
	for range rapid.IntRange(0, 2).Draw(w.t, "wakes") {
		wake := truce.Wake{Name: rapid.SampledFrom([]string{"x", "y", "z"}).Draw(w.t, "wake"), Done: rapid.Bool().Draw(w.t, "done")}
		if !wake.Done {
			wake.Due = at(float64(rapid.IntRange(1, 50).Draw(w.t, "due")))
		}
		wakes = append(wakes, wake)
	}
	return wakes, func() {
		for _, wake := range wakes {
			w.wakes[subject+" "+wake.Name] = wake.Due
			if wake.Done {
				delete(w.wakes, subject+" "+wake.Name)
			}
		}
	}
}

func (w *watch) step() {
	name := w.pick("case")
	step := caseStep(name, w.steps[name]+1, at(float64(rapid.IntRange(1, 99).Draw(w.t, "time"))), nil)
	refusal := truce.Code("")
	if rapid.IntRange(0, 4).Draw(w.t, "stale") == 0 {
		step.Number, refusal = w.steps[name]+rapid.SampledFrom([]int{0, 2}).Draw(w.t, "off by"), truce.CodeConflict
	}
	step.Summary.Areas = rapid.SampledFrom([][]truce.AreaID{nil, {"north"}, {"north", "south"}}).Draw(w.t, "areas")
	for i := range rapid.IntRange(0, 2).Draw(w.t, "incidents") {
		step.Incidents = append(step.Incidents, truce.CaseIncident{ID: thing(at(0), fmt.Sprint(w.name, i)), Gone: rapid.Bool().Draw(w.t, "gone")})
	}
	subject := truce.CaseSubject(step.Case)
	wakes, keep := w.drawWakes(subject)
	step.Wakes = wakes
	if w.append(truce.RecordCase, subject, step, refusal) != 0 {
		w.steps[name] = step.Number
		keep()
	}
}

func (w *watch) raise() {
	name := w.pick("case")
	a := w.f.alert(w.fresh(), thing(at(0), name), at(2), nil)
	refusal := truce.Code("")
	if w.steps[name] == 0 {
		refusal = truce.CodeNotFound
	}
	subject := truce.AlertSubject(a.ID)
	wakes, keep := w.drawWakes(subject)
	a.Wakes = wakes
	if w.append(truce.RecordAlert, subject, a, refusal) != 0 {
		w.alerts = append(w.alerts, a)
		keep()
	}
}

func (w *watch) deliver() {
	a := rapid.SampledFrom(w.alerts).Draw(w.t, "alert")
	states := []truce.DeliveryState{truce.DeliveryBegun, truce.DeliverySent, truce.DeliveryFailed, truce.DeliveryUnsure, truce.DeliveryGivenUp}
	d := truce.Delivery{Alert: a.ID, Person: rapid.SampledFrom(a.To).Draw(w.t, "recipient").Person, Contact: rapid.IntRange(0, 1).Draw(w.t, "contact"),
		Attempt: 1, State: rapid.SampledFrom(states).Draw(w.t, "state"), At: at(3)}
	wakes, keep := w.drawWakes(truce.AlertSubject(a.ID))
	d.Wakes = wakes
	w.append(truce.RecordDelivery, truce.AlertSubject(a.ID), d, "")
	if d.State == truce.DeliverySent {
		w.sent[a.ID.String()+" "+string(d.Person)] = true
	}
	keep()
}

func (w *watch) answer() {
	a := rapid.SampledFrom(w.alerts).Draw(w.t, "alert")
	k := truce.Acknowledgement{Alert: a.ID, Case: a.Case, Role: truce.RoleGuarantor, State: "FR", At: at(4),
		Kind: rapid.SampledFrom([]truce.AcknowledgeKind{truce.AckNone, truce.AckDelivered, truce.AckReceived}).Draw(w.t, "answer")}
	wakes, keep := w.drawWakes(truce.AlertSubject(a.ID))
	k.Wakes = wakes
	w.append(truce.RecordAcknowledgement, truce.AlertSubject(a.ID), k, "")
	keep()
}

func (w *watch) enlist() {
	p := person(truce.PersonID(strings.ReplaceAll(w.pick("person"), "/", "-")), fmt.Sprint("record ", w.made), w.fresh())
	w.people[p.ID] = append(w.people[p.ID], w.append(truce.RecordPerson, p.Subject(), p, ""))
}

// erase takes one record of a person.
func (w *watch) erase() {
	for _, id := range slices.Sorted(maps.Keys(w.people)) {
		left := w.people[id]
		if len(left) == 0 {
			continue
		}
		n := rapid.IntRange(0, len(left)-1).Draw(w.t, "record")
		if _, err := w.f.store.Erase(context.Background(), left[n], "suite"); err != nil {
			w.t.Fatal(err)
		}
		w.people[id] = slices.Delete(left, n, n+1)
		return
	}
}

func (w *watch) check() {
	w.checkWakes()
	w.checkPeople()
	for name, steps := range w.steps {
		row, err := w.f.store.Case(context.Background(), thing(at(0), name).String())
		if err != nil || row.Steps != steps {
			w.t.Fatalf("case %s has %d steps, %v, want %d", name, row.Steps, err, steps)
		}
	}
	for _, a := range w.alerts {
		rows, err := w.f.store.Outbox(context.Background(), truce.OutboxQuery{Alert: a.ID})
		if err != nil || len(rows) != len(a.To) {
			w.t.Fatalf("alert %s: %d rows in the outbox, %v, want %d", a.ID, len(rows), err, len(a.To))
		}
		for _, row := range rows {
			if sent := w.sent[a.ID.String()+" "+string(row.Person)]; sent != (row.State == truce.DeliverySent) || sent && !row.Over {
				w.t.Fatalf("sent %v, the outbox says %+v", sent, row)
			}
		}
	}
	ctx := context.Background()
	before, err := w.f.store.Digest(ctx)
	if err == nil {
		err = w.f.store.Rebuild(ctx)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if after, err := w.f.store.Digest(ctx); err != nil || after != before {
		w.t.Fatalf("digest after a rebuild = %s, %v, before it %s", after, err, before)
	}
}

func (w *watch) checkWakes() {
	subjects := map[string]bool{}
	for name := range w.steps {
		subjects[truce.CaseSubject(thing(at(0), name))] = true
	}
	for _, a := range w.alerts {
		subjects[truce.AlertSubject(a.ID)] = true
	}
	got := map[string]truce.Instant{}
	for subject := range subjects {
		rows, err := w.f.store.WakesOf(context.Background(), subject)
		if err != nil || !slices.IsSortedFunc(rows, func(a, b truce.WakeRow) int { return cmp.Compare(a.Due, b.Due) }) {
			w.t.Fatalf("wakes of %s: %+v, %v", subject, rows, err)
		}
		for _, row := range rows {
			got[row.Subject+" "+row.Name] = row.Due
		}
	}
	if !maps.Equal(got, w.wakes) {
		w.t.Fatalf("wakes are %v, want %v", got, w.wakes)
	}
}

func (w *watch) checkPeople() {
	for id, left := range w.people {
		row, err := w.f.store.Person(context.Background(), id)
		if len(left) == 0 {
			if truce.CodeOf(err) != truce.CodeNotFound {
				w.t.Fatalf("person %s, whose records are all erased: %+v, %v", id, row, err)
			}
			continue
		}
		if err != nil || row.Seq != left[len(left)-1] {
			w.t.Fatalf("person %s stands in record %d, %v, want %d", id, row.Seq, err, left[len(left)-1])
		}
	}
}
