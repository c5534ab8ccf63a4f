package alert

import (
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// Input is what alerts are composed of.
type Input struct {
	Ladder  truce.Ladder
	Case    truce.Case     // as it stands after the step
	Step    truce.CaseStep // that gives rise to the alerts
	People  []truce.Person
	Parties []truce.PartyID // all of the agreement: told together or not at all
	Earlier []Box           // of the case, in the order of their records
	Areas   map[truce.AreaID]truce.Names
	Realm   truce.Realm
	Now     truce.Instant // when they are composed; they are released after it
	Margin  time.Duration // from now to the release, rounded up to the second; 0: DefaultMargin
	Replies []Reply       // answers that the agreement asks for after a complaint
	// Ground says in a language what a criterion asked and found; nil: the English words of
	// the step stand in every language.
	Ground func(g truce.Ground, language string) string
}

// Composed is what follows from a step: none, one or several alerts, to be recorded in
// this order before anything is sent.
type Composed struct {
	Alerts []truce.Alert
	// Gaps are those whom the ladder wants told and who could not be addressed. The last of
	// the alerts tells the mechanism, if there is anybody there to be told.
	Gaps []Gap
}

// Compose finds the alerts that a step of a case gives rise to. The same step gives the
// same alerts with the same ids; only the second of release follows from Now.
func Compose(in Input) (Composed, error) {
	if err := in.validate(); err != nil {
		return Composed{}, err
	}
	late := in.late(newRouter(in), Release(in.Now, in.Margin))
	for _, a := range late {
		in.Earlier = append(slices.Clip(in.Earlier), Box{Alert: a})
	}
	out, err := in.compose(in.drafts())
	out.Alerts = append(late, out.Alerts...)
	return out, err
}

func (in Input) validate() error {
	if in.Case.ID.IsZero() || in.Now == 0 {
		return truce.Errorf(truce.CodeInvalid, "alert: compose needs a case and the time it is")
	}
	if in.Margin < 0 || in.Margin > MaxMargin {
		return truce.Errorf(truce.CodeInvalid, "alert: the margin before the release is %s, want at most %s", in.Margin, MaxMargin)
	}
	return in.Realm.Validate()
}

func (in Input) compose(drafts []draft) (Composed, error) {
	var out Composed
	r := newRouter(in)
	release := Release(in.Now, in.Margin)
	for _, d := range drafts {
		t := r.route(d.route, release)
		if !d.route.inside {
			out.Gaps = append(out.Gaps, t.gaps...)
		}
		release := in.leaves(d, t, release)
		if len(t.to) > 0 {
			a := in.alert(d, t, release)
			in.overtake(&a)
			if err := a.Validate(in.Parties); err != nil {
				return Composed{}, err
			}
			out.Alerts = append(out.Alerts, a)
		}
		if len(t.held) > 0 {
			out.Alerts = append(out.Alerts, in.heldBack(d, t, release))
		}
	}
	if len(out.Gaps) == 0 {
		return out, nil
	}
	gap := in.gapDraft(out.Gaps)
	if t := r.route(gap.route, release); len(t.to) > 0 {
		out.Alerts = append(out.Alerts, in.alert(gap, t, release))
	}
	return out, nil
}

// Release is the second in which an alert composed now leaves: the next whole second after
// the margin, so that it can be said and compared.
func Release(now truce.Instant, margin time.Duration) truce.Instant {
	if margin == 0 {
		margin = DefaultMargin
	}
	return truce.InstantOf(now.Add(margin + time.Second - time.Microsecond).Time().Truncate(time.Second))
}

// draft is an alert before it is addressed and put into words.
type draft struct {
	sort   string // which sentences
	key    string // what tells it from others of the same sort and step
	kind   truce.AlertKind
	tier   truce.TierID
	area   truce.AreaID
	civil  bool
	refers []truce.AlertID
	about  []string // what it rests on
	route  route
	fill   func(words) map[string]string // the places of its sentences
	lines  func(words) []string          // what stands below the lead
	quick  func(truce.Alert) bool        // an earlier one of which this is one more; nil: it never waits
	leave  truce.Instant                 // when it is released; 0: as soon as it may
	outer  *telling                      // as the parties read it; nil: the same sentences with nothing below the lead
}

// telling is what is said, and to whom: inside stand the reasons, every clock and whose it
// is; outside each clock of the parties once, and nothing that is one party's alone.
type telling struct {
	sort   string
	fill   func(words) map[string]string
	lines  func(words) []string
	inside bool
}

func (d draft) told(inside bool) telling {
	switch {
	case inside:
		return telling{d.sort, d.fill, d.lines, true}
	case d.outer != nil:
		return *d.outer
	}
	return telling{sort: d.sort, fill: d.fill}
}

// id follows from the case, its step and what is told, whoever composes it.
func (in Input) id(d draft) truce.AlertID {
	return truce.NewID(in.at(), "alert", in.Case.ID.String(), []byte(d.sort+"/"+intText(in.Step.Number)+"/"+d.key))
}

func (in Input) alert(d draft, t told, release truce.Instant) truce.Alert {
	a := truce.Alert{
		ID:   in.id(d),
		Kind: d.kind, Case: in.Case.ID, Step: in.step(), Tier: d.tier, Release: release, References: d.refers, About: d.about, Realm: in.Realm,
		Severity: in.Case.Summary.Severity, Area: d.area, Civil: d.civil,
		To: t.to, Answer: d.route.answer,
	}
	if a.Area == "" && len(in.Case.Summary.Areas) > 0 {
		a.Area = in.Case.Summary.Areas[0]
	}
	in.wake(&a, t)
	inside := in.words(d.told(true), a)
	words := inside
	if slices.ContainsFunc(t.to, func(r truce.AlertRecipient) bool { return r.Party != "" }) || len(t.to) == 0 {
		a.Inside = &inside
		words = in.words(d.told(false), a)
	}
	a.Headline, a.Text = words.Headline, words.Text
	return a
}

func (in Input) words(t telling, a truce.Alert) truce.AlertWords {
	out := truce.AlertWords{Headline: truce.Names{}, Text: truce.Names{}}
	for _, lang := range Languages() {
		out.Headline[lang], out.Text[lang] = in.headline(wordsOf(lang), t), in.text(wordsOf(lang), t, a)
	}
	return out
}

// wake sets when each recipient is told and each group's answer is due.
func (in Input) wake(a *truce.Alert, t told) {
	a.Wakes = t.wakes
	for _, r := range t.to {
		if len(r.Contacts) > 0 && !slices.ContainsFunc(t.wakes, func(w truce.Wake) bool { return w.Name == sendWake(r.Person) }) {
			a.Wakes = append(a.Wakes, truce.Wake{Name: sendWake(r.Person), Due: a.Release})
		}
	}
	for _, g := range answering(*a) {
		a.Wakes = append(a.Wakes, truce.Wake{Name: answerWake(g), Due: answerDue(*a)})
	}
}

// at and step are of the step, or of the case where no step gave rise to the alert.
func (in Input) at() truce.Instant {
	if in.Step.At != 0 {
		return in.Step.At
	}
	return in.Case.Opened
}

func (in Input) step() int {
	if in.Step.Number != 0 {
		return in.Step.Number
	}
	return in.Case.Steps
}

func clockTerm(l truce.Ladder, id string) (truce.ClockTerm, bool) {
	for _, t := range l.Tiers {
		for _, c := range t.Clocks {
			if c.ID == id {
				return c, true
			}
		}
	}
	for _, p := range l.Paths {
		for _, c := range p.Clocks {
			if c.ID == id {
				return c, true
			}
		}
	}
	return truce.ClockTerm{}, false
}
