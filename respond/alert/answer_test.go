package alert_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

func (d *desk) answer(state truce.StateID, kind truce.AcknowledgeKind) truce.Acknowledgement {
	ack := alert.Mark(d.box, truce.Acknowledgement{
		Alert: d.box.Alert.ID, Case: d.box.Alert.Case, Kind: kind, Person: "x", Role: truce.RoleGuarantor, State: state, At: d.now,
	})
	d.box.Answers = append(d.box.Answers, ack)
	return ack
}

// planned are those an attempt is due for, after those told at once were reached.
func (d *desk) planned() []truce.PersonID {
	var out []truce.PersonID
	for _, a := range alert.Plan(d.box, d.now) {
		out = append(out, a.Person)
	}
	return out
}

func (d *desk) reachAll() {
	for _, p := range d.planned() {
		d.try(p, alert.Sent(""))
	}
}

func TestSilenceEscalatesOfficeByOffice(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.reachAll()
	d.wait(10 * time.Minute)
	if ack := d.answer("NE", truce.AckReceived); ack.Late || ack.Due != d.box.Alert.Release.Add(time.Hour) || len(ack.Wakes) != 1 || !ack.Wakes[0].Done {
		t.Errorf("answer in time marked %+v", ack)
	}
	d.answer("FA", truce.AckRead) // less than is asked
	d.wait(5*time.Minute - time.Microsecond)
	if got := d.planned(); len(got) != 0 {
		t.Errorf("before the quarter of an hour: %v", got)
	}
	for _, office := range []truce.PersonID{"fa-deputy", "fa-ministry", "fa-head"} {
		d.wait(time.Microsecond)
		if got := d.planned(); !slices.Equal(got, []truce.PersonID{office}) {
			t.Fatalf("at +%s: %v, want %s", d.now.Sub(d.box.Alert.Release), got, office)
		}
		d.reachAll()
		d.wait(15*time.Minute - time.Microsecond)
	}
	if got := alert.Silences(d.box, d.now); len(got) != 0 {
		t.Errorf("silence recorded before it is due: %+v", got)
	}
	d.wait(time.Microsecond)
	got := alert.Silences(d.box, d.now)
	if len(got) != 1 || got[0].State != "FA" || got[0].Kind != truce.AckNone || got[0].Office != truce.OfficeHead || got[0].Late || got[0].At != got[0].Due {
		t.Fatalf("silences %+v, want one of FA, last told the head of government", got)
	}
	d.box.Answers = append(d.box.Answers, got...)
	if again := alert.Silences(d.box, d.now.Add(time.Hour)); len(again) != 0 {
		t.Errorf("recorded twice: %+v", again)
	}
	d.wait(time.Minute)
	if late := d.answer("FA", truce.AckPosition); !late.Late || late.At != d.now || late.Due != got[0].Due {
		t.Errorf("late answer marked %+v", late)
	}
	answers := alert.Answers(d.box)
	if len(answers) != 2 || answers[0].None == nil || answers[0].Given == nil || answers[1].None != nil || answers[1].Given == nil {
		t.Errorf("answers %+v", answers)
	}
}

func TestASilenceFoundLateKeepsBothTimes(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.wait(5 * time.Hour)
	got := alert.Silences(d.box, d.now)
	if len(got) != 2 || !got[0].Late || got[0].At != d.now || got[0].Due != d.box.Alert.Release.Add(time.Hour) {
		t.Fatalf("silences %+v", got)
	}
	if e := alert.SilenceEntry(got[0]); e.Key == alert.SilenceEntry(got[1]).Key {
		t.Errorf("two states share the key %s", e.Key)
	}
}

func TestAnAnswerSparesTheOfficesAbove(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.reachAll()
	d.answer("FA", truce.AckPosition)
	tidy := alert.Tidy(d.box, d.now)
	if len(tidy) != 3 {
		t.Fatalf("tidy %+v, want the three offices of FA", tidy)
	}
	for _, s := range tidy {
		if s.Attempt != 0 || len(s.Wakes) != 1 || !s.Wakes[0].Done {
			t.Errorf("step %+v", s)
		}
	}
	d.box.Deliveries = append(d.box.Deliveries, tidy...)
	if st := d.status("fa-head"); st.Progress != alert.NotNeeded {
		t.Errorf("status %+v", st)
	}
	d.wait(time.Hour)
	if got := d.planned(); !slices.Equal(got, []truce.PersonID{"ne-deputy"}) {
		t.Errorf("after an hour in which nothing was sent: %v, want the next office of who is silent", got)
	}
}

func TestTheNextOfficeIsNotCalledWhenTheFirstIsReachedAfterAll(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	for range 3 {
		d.try(duty, alert.Failed("no"))
		d.wait(30 * time.Second)
	}
	if got := d.planned(); !slices.Contains(got, "fa-deputy") {
		t.Fatalf("after the burst: %v", got)
	}
	d.wait(30 * time.Second)
	out := d.try(duty, alert.Sent(""))
	if want := (truce.Wake{Name: "send/fa-deputy", Due: d.box.Alert.Release.Add(15 * time.Minute)}); !slices.Contains(out.Wakes, want) {
		t.Errorf("wakes %+v, want the deputy's turn put back to its time", out.Wakes)
	}
	if got := d.planned(); slices.Contains(got, "fa-deputy") {
		t.Errorf("the deputy is still called: %v", got)
	}
}

func TestAnOfficeOutsideIsToldWhileAnybodyIsSilent(t *testing.T) {
	in := input()
	in.Ladder.Tiers[1].Tell = []truce.Role{truce.RoleGuarantor}
	in.Ladder.Tiers[1].Gates, in.Ladder.Tiers[1].Duties = nil, nil
	in.Ladder.Tiers[1].Answer.Escalate = []truce.EscalationTerm{{Office: truce.OfficeDutyHead, After: micros(20 * time.Minute)}}
	d := &desk{t: t, box: alert.Box{Alert: compose(t, in)}}
	d.now = d.box.Alert.Release
	d.reachAll()
	d.answer("FA", truce.AckReceived)
	d.wait(20 * time.Minute)
	if got := d.planned(); !slices.Equal(got, []truce.PersonID{"duty-head"}) {
		t.Errorf("one of two silent: %v", got)
	}
	d.answer("NE", truce.AckReceived)
	if got := d.planned(); len(got) != 0 {
		t.Errorf("nobody silent: %v", got)
	}
}

func TestACancelledAlertCallsNobodyFurther(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.try(duty, alert.Failed("no route"))
	d.box.Cancelled = d.now.Add(time.Minute)
	d.wait(50 * time.Minute)
	got := d.planned()
	if len(got) != 7 || !slices.Contains(got, duty) || slices.Contains(got, "fa-deputy") {
		t.Errorf("planned %v; want the seven who were told first, and nobody above them", got)
	}
	if tidy := alert.Tidy(d.box, d.now); len(tidy) != 6 || tidy[0].Note != "not needed: the alert was cancelled before" {
		t.Errorf("tidy %+v", tidy)
	}
	if st := d.status("fa-head"); st.Progress != alert.NotNeeded {
		t.Errorf("status %+v", st)
	}
	d.wait(time.Hour)
	if none := alert.Silences(d.box, d.now); len(none) != 2 || none[0].Text == "" {
		t.Errorf("silences %+v; want them recorded, saying that the alert was cancelled", none)
	}
}
