package drill

import (
	"context"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/respond/ladder"
)

// Kind is what sort of moment it is.
type Kind string

// The kinds, in the order in which moments of one time are listed.
const (
	KindIncident     Kind = "incident"
	KindCase         Kind = "case"
	KindPath         Kind = "path"
	KindT0           Kind = "t0"
	KindTier         Kind = "tier"
	KindClock        Kind = "clock"
	KindConsultation Kind = "consultation"
	KindStep         Kind = "step" // any other of a case
	KindAlert        Kind = "alert"
	KindDelivery     Kind = "delivery"
	KindAnswer       Kind = "answer"
	KindSilence      Kind = "silence"
	KindRefused      Kind = "refused" // by the rules: nothing is on record
)

// Moment is one thing that is on record after a drill, with when.
type Moment struct {
	At    truce.Instant      `json:"at"`             // when it took effect
	Found truce.Instant      `json:"found,omitzero"` // when it was found, if that was late
	Case  string             `json:"case,omitempty"`
	Kind  Kind               `json:"kind"`
	What  string             `json:"what"`
	ID    string             `json:"id,omitempty"`
	For   string             `json:"for,omitempty"`
	To    []truce.PersonID   `json:"to,omitempty"`
	From  truce.Instant      `json:"from,omitzero"` // of a zero point or a clock
	New   truce.Instant      `json:"new,omitzero"`
	Text  string             `json:"text"`
	group truce.Person       // who answers or is told: role, office, state and party
	all   []truce.Person     // of an alert: everybody told in this second
	of    []truce.ID         // incidents of the case
	plain bool               // said by another moment as well: left out of the printed timeline
	done  truce.RecordedTime // when the record was made
	rank  int                // among those of one time
}

// reader reads a store back into moments.
type reader struct {
	store *store.Store
	drill *Drill
	terms truce.Ladder
	names map[truce.ID]string
	out   []Moment
	cases map[truce.CaseID]string
	posts map[truce.PersonID]truce.Person
}

// moments are everything a drill has on record, in the order in which it was done.
func (r *reader) moments(ctx context.Context) ([]Moment, error) {
	r.cases, r.posts = map[truce.CaseID]string{}, map[truce.PersonID]truce.Person{}
	for _, p := range r.drill.Posts {
		r.posts[p.ID] = p
	}
	for _, read := range []func(context.Context) error{r.incidents, r.readCases, r.alerts} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(r.out, func(a, b Moment) int {
		if by := order(truce.Instant(a.done), truce.Instant(b.done)); by != 0 {
			return by
		}
		return a.rank - b.rank
	})
	return r.out, nil
}

// add ranks what was done at one time: incidents, the steps of cases, alerts and what
// became of them.
func (r *reader) add(m Moment) {
	m.rank += map[Kind]int{KindIncident: 0, KindAlert: 2, KindDelivery: 3, KindAnswer: 4, KindSilence: 4}[m.Kind] << 20
	switch m.Kind {
	case KindIncident, KindAlert, KindDelivery, KindAnswer, KindSilence:
	default:
		m.rank += 1 << 20
	}
	r.out = append(r.out, m)
}

func (r *reader) incidents(ctx context.Context) error {
	page, err := r.store.Incidents(ctx, truce.IncidentQuery{Replaced: true, OldestFirst: true})
	if err != nil {
		return err
	}
	for n, row := range page.Rows {
		history, err := r.store.IncidentHistory(ctx, row.Incident.ID)
		if err != nil {
			return err
		}
		name := r.names[row.Incident.ID]
		if name == "" {
			name = row.Incident.Number
		}
		last := truce.Occurrence("")
		for _, h := range history {
			if h.Incident.Occurrence != last {
				last = h.Incident.Occurrence
				r.add(Moment{At: truce.Instant(h.Recorded), done: h.Recorded, Kind: KindIncident, What: string(last), ID: name, rank: n,
					of: []truce.ID{row.Incident.ID}, Text: name + " " + string(last)})
			}
		}
	}
	return nil
}

func (r *reader) readCases(ctx context.Context) error {
	page, err := r.store.Cases(ctx, truce.CaseQuery{})
	if err != nil {
		return err
	}
	slices.SortFunc(page.Rows, func(a, b truce.CaseRow) int { return strings.Compare(a.Summary.Number, b.Summary.Number) })
	for n, row := range page.Rows {
		r.cases[row.ID] = row.Summary.Number
		steps, err := r.store.CaseSteps(ctx, row.ID.String())
		if err != nil {
			return err
		}
		var of []truce.ID
		for _, s := range steps {
			for _, i := range s.Incidents {
				of = append(of, i.ID)
			}
		}
		for _, s := range steps {
			m := r.step(s)
			m.Case, m.of, m.done, m.rank = row.Summary.Number, of, s.Recorded, n<<12+s.Number
			r.add(m)
		}
	}
	return nil
}

// step is a step of a case as a moment.
func (r *reader) step(s truce.CaseStepRow) Moment {
	m := Moment{At: s.At, Found: s.Late, Kind: KindStep, What: string(s.Kind), Text: r.sentence(s.CaseStep)}
	if s.Deed != nil {
		m.To = []truce.PersonID{s.Deed.Person}
	}
	switch {
	case s.Kind == truce.StepPath && s.Passage != nil:
		m.Kind, m.What, m.ID = KindPath, "opened", s.Passage.Path
	case s.Kind == truce.StepOpened || s.Kind == truce.StepClosed || s.Kind == truce.StepReopened:
		m.Kind = KindCase
		if s.Open != nil {
			m.ID = s.Open.Path
		}
	case s.Passage != nil && s.Passage.Tier == "" && s.Passage.Path != "":
		m.Kind, m.ID = KindPath, s.Passage.Path
	case s.Passage != nil:
		m.Kind, m.ID = KindTier, string(s.Passage.Tier)
	case s.Clock != nil && strings.HasPrefix(m.What, "clock_"):
		m.Kind, m.What, m.ID, m.For = KindClock, strings.TrimPrefix(m.What, "clock_"), s.Clock.Clock, s.Clock.For
		m.From, m.New = s.Clock.OldDue, s.Clock.Due
	case s.T0 != nil:
		m.Kind, m.What, m.ID, m.From, m.New = KindT0, strings.TrimPrefix(m.What, "t0_"), string(s.T0.Basis), s.T0.Old, s.T0.New
	case s.Consultation != nil:
		m.Kind, m.What, m.ID = KindConsultation, s.Consultation.Change, s.Consultation.ID
	}
	return m
}

// sentence is the sentence of a step without its time, which stands before it.
func (r *reader) sentence(s truce.CaseStep) string {
	text := ladder.Text(s, r.terms, "en")
	lead := s.At.Time().Format("2006-01-02 15:04:05") + " UTC: "
	return strings.TrimPrefix(text, lead)
}

func (r *reader) alerts(ctx context.Context) error {
	rows, err := r.store.Alerts(ctx, truce.AlertQuery{})
	if err != nil {
		return err
	}
	slices.SortStableFunc(rows, func(a, b truce.AlertRow) int {
		if by := order(truce.Instant(a.Recorded), truce.Instant(b.Recorded)); by != 0 {
			return by
		}
		if by := strings.Compare(r.cases[a.Case], r.cases[b.Case]); by != 0 {
			return by
		}
		if a.Step != b.Step {
			return a.Step - b.Step
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	for n, row := range rows {
		if err := r.alert(ctx, n, row); err != nil {
			return err
		}
	}
	return nil
}

// alert reads one alert: it is told at the second in which the first channel took it.
func (r *reader) alert(ctx context.Context, n int, row truce.AlertRow) error {
	deliveries, err := r.store.Deliveries(ctx, row.ID)
	if err != nil {
		return err
	}
	head := row.Read(true).Headline.In("en")
	reached := map[truce.PersonID]bool{}
	told := map[truce.Instant]*Moment{}
	var times []truce.Instant
	for _, d := range deliveries {
		if d.State == truce.DeliveryBegun || d.Attempt == 0 {
			continue
		}
		p := r.posts[d.Person]
		m := Moment{At: d.At, done: d.Recorded, Case: r.cases[row.Case], Kind: KindDelivery, What: string(d.State), ID: string(d.Channel),
			To: []truce.PersonID{d.Person}, group: p, rank: n<<9 + slices.IndexFunc(r.drill.Posts, func(o truce.Person) bool { return o.ID == d.Person }),
			Text: string(d.Channel) + " to " + string(d.Person) + " " + string(d.State) + ": " + head}
		m.plain = d.State == truce.DeliverySent && !reached[d.Person]
		r.add(m)
		if !m.plain {
			continue
		}
		reached[d.Person] = true
		if told[d.At] == nil {
			told[d.At] = &Moment{At: d.At, done: d.Recorded, Case: r.cases[row.Case], Kind: KindAlert, What: string(row.Kind), ID: string(row.Tier), rank: n}
			times = append(times, d.At)
		}
		told[d.At].all = append(told[d.At].all, p)
	}
	slices.Sort(times)
	for _, at := range times {
		r.add(r.toldAt(*told[at], head))
	}
	return r.answers(ctx, n, row)
}

// toldAt names those who were told in one second, in the order of the posts.
func (r *reader) toldAt(m Moment, head string) Moment {
	for _, p := range r.drill.Posts {
		if slices.ContainsFunc(m.all, func(o truce.Person) bool { return o.ID == p.ID }) {
			m.To = append(m.To, p.ID)
		}
	}
	m.Text = head + " [to " + strings.Join(texts(m.To), " ") + "]"
	return m
}

func (r *reader) answers(ctx context.Context, n int, row truce.AlertRow) error {
	list, err := r.store.Acknowledgements(ctx, truce.AcknowledgementQuery{Alert: row.ID})
	if err != nil {
		return err
	}
	head := row.Read(true).Headline.In("en")
	for k, a := range list {
		who := truce.Person{ID: a.Person, Role: a.Role, Office: a.Office, State: a.State, Party: a.Party}
		m := Moment{At: a.At, done: a.Recorded, Case: r.cases[row.Case], Kind: KindAnswer, What: string(a.Kind), ID: string(row.Tier), group: who, rank: n<<9 + k}
		if a.Kind == truce.AckNone {
			m.Kind, m.What, m.For, m.rank = KindSilence, "recorded", string(a.State)+string(a.Party), n<<9+groupRank(r.drill, a.Acknowledgement)
			m.Text = m.For + " silent: " + head
			if a.Late {
				m.At, m.Found = a.Due, a.At
			}
		} else {
			m.To, m.For, m.From = []truce.PersonID{a.Person}, string(a.State)+string(a.Party), row.Release
			m.Text = string(a.Person) + " answered " + strings.TrimSpace(string(a.Kind)+" "+string(a.Position)) + ": " + head
		}
		r.add(m)
	}
	return nil
}

func groupRank(d *Drill, a truce.Acknowledgement) int {
	return slices.IndexFunc(d.Posts, func(o truce.Person) bool { return o.Role == a.Role && o.State == a.State && o.Party == a.Party })
}
