package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

func (s *server) frame(w http.ResponseWriter, req *http.Request) (web.Frame, bool) {
	f, err := s.Reader.Frame(req.Context())
	f.Links = Links()
	if err != nil {
		s.render.Error(w, req, f, err)
		return f, false
	}
	return f, true
}

// show prints a page from what load gives, or the page of its error.
func show[T any](s *server, w http.ResponseWriter, req *http.Request, name string, title func(T) string, load func() (T, error)) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	data, err := load()
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	s.render.Page(w, req, f, name, title(data), data)
}

func titled[T any](title string) func(T) string { return func(T) string { return title } }

func (s *server) notAllowed(w http.ResponseWriter, req *http.Request) {
	if f, ok := s.frame(w, req); ok {
		s.render.NotAllowed(w, req, f)
	}
}

func (s *server) missing(w http.ResponseWriter, req *http.Request) {
	if f, ok := s.frame(w, req); ok {
		s.render.Error(w, req, f, truce.Errorf(truce.CodeNotFound, "There is no page at %s.", req.URL.Path))
	}
}

func (s *server) overview(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "overview.html", titled[Overview]("Overview"), func() (Overview, error) {
		return s.Reader.Overview(req.Context())
	})
}

// daily serves /daily/2031-03-11 and, with .json or .md behind the day, its other forms.
func (s *server) daily(w http.ResponseWriter, req *http.Request) {
	f, ok := s.frame(w, req)
	if !ok {
		return
	}
	day, format := web.DailyName(req.PathValue("day"))
	doc, err := s.Reader.Daily(req.Context(), day, format, req.URL.Query().Get("lang"))
	if err != nil {
		s.render.Error(w, req, f, err)
		return
	}
	doc.Serve(w)
}

// incidentPage is the list with its filters.
type incidentPage struct {
	truce.IncidentPage
	Query       url.Values
	From, To    int // 1-based numbers of the rows shown
	Prev, Next  string
	Choices     Choices
	Groups      []truce.ActGroup
	Verdicts    []truce.Verdict
	Occurrences []truce.Occurrence
}

// Filtered says whether the list is not the whole.
func (p incidentPage) Filtered() bool {
	return web.Filtered(p.Query, listFilters)
}

// listFilters are the filters of the list.
var listFilters = []string{"act", "area", "rule", "occurrence", "verdict", "day"}

// pageSize keeps a list under 60 kB.
const pageSize = 50

func (s *server) incidents(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "incidents.html", titled[incidentPage]("Incidents"), func() (incidentPage, error) {
		values := req.URL.Query()
		choices, err := s.Reader.Choices(req.Context())
		if err != nil {
			return incidentPage{}, err
		}
		q, err := parseQuery(values, choices)
		if err != nil {
			return incidentPage{}, err
		}
		page, err := s.Reader.Incidents(req.Context(), q)
		if err != nil {
			return incidentPage{}, err
		}
		list := listPage(page, values, q.Offset)
		list.Choices = choices
		return list, nil
	})
}

func parseQuery(values url.Values, choices Choices) (truce.IncidentQuery, error) {
	q := truce.IncidentQuery{
		Act: truce.Act(values.Get("act")), Area: truce.AreaID(values.Get("area")), Rule: truce.RuleID(values.Get("rule")),
		Occurrence: truce.Occurrence(values.Get("occurrence")), Verdict: truce.Verdict(values.Get("verdict")), Limit: pageSize,
	}
	if err := checkChoices(q, values, choices); err != nil {
		return q, err
	}
	offset, err := web.Offset(values)
	if err != nil {
		return q, err
	}
	q.Offset = offset
	if day := values.Get("day"); day != "" {
		from, err := truce.Day(day).Start(utc)
		if err != nil {
			return q, err
		}
		q.From, q.To = from, from.Add(dayLength)
	}
	return q, nil
}

// checkChoices refuses what no list can hold.
func checkChoices(q truce.IncidentQuery, values url.Values, choices Choices) error {
	rules := make([]truce.RuleID, 0, len(choices.Rules))
	for _, r := range choices.Rules {
		rules = append(rules, r.ID)
	}
	return cmp.Or(
		web.OnlyFilters(values, listFilters),
		web.OneOf("act", q.Act, web.KnownActs()),
		web.OneOf("occurrence", q.Occurrence, web.Occurrences()),
		web.OneOf("verdict", q.Verdict, verdictOrder()),
		web.OneOf("area", q.Area, web.AreaIDs(choices.Areas)),
		web.OneOf("rule", q.Rule, rules),
	)
}

func listPage(page truce.IncidentPage, values url.Values, offset int) incidentPage {
	p := incidentPage{
		IncidentPage: page, Query: values, From: offset + 1, To: offset + len(page.Rows),
		Verdicts:    verdictOrder(),
		Occurrences: web.ShownOccurrences(),
		Groups:      truce.ActGroups(),
	}
	p.Prev, p.Next = web.Neighbours("/incidents", values, web.Stretch{Offset: offset, Rows: len(page.Rows), Total: page.Total, Size: pageSize})
	return p
}

// evidenceShown is how many observations an incident's page lists unless all are asked
// for: a fire of a day can rest on hundreds of pixels.
const evidenceShown = 60

// heardShown is how many located events an incident's page tells of at once: each has a table,
// and a series of shots may have dozens.
const heardShown = 3

// dossierPage is an incident with as much of its evidence as is shown. Arrivals at sensors
// stand with the events that were located of them.
type dossierPage struct {
	Dossier
	Shown      []truce.Observation
	Left       int
	HeardShown []HeardEvent
	HeardFrom  int // 1-based number of the first shown
	HeardTo    int
	HeardPrev  string // where the ones before and after are shown
	HeardNext  string
	Arrivals   int
	Plots      int // of what flew, told of in a section of their own
}

// Records are those of the mission's own register that the incident rests on.
func (p dossierPage) Records() []truce.Seq {
	if d := p.Row.Incident.Detail; d != nil && d.Duty != nil {
		return d.Duty.Records
	}
	return nil
}

func (s *server) incident(w http.ResponseWriter, req *http.Request) {
	title := func(d dossierPage) string { return "Incident " + d.Row.Incident.Number }
	show(s, w, req, "incident.html", title, func() (dossierPage, error) {
		values := req.URL.Query()
		offset, err := web.Offset(values)
		if err != nil {
			return dossierPage{}, err
		}
		d, err := s.Reader.Dossier(req.Context(), req.PathValue("id"))
		return newDossierPage(d, values, offset), err
	})
}

// newDossierPage shows all of the evidence or the beginning of it, and the located events from
// an offset on.
func newDossierPage(d Dossier, values url.Values, offset int) dossierPage {
	p := dossierPage{Dossier: d}
	for _, o := range d.Observations {
		switch {
		case o.Kind == truce.KindArrival:
			p.Arrivals++
		case o.Kind == truce.KindPlot && d.Flown != nil:
			p.Plots++
		default:
			p.Shown = append(p.Shown, o)
		}
	}
	if values.Get("all") == "" {
		p.Left = max(0, len(p.Shown)-evidenceShown)
		p.Shown = p.Shown[:len(p.Shown)-p.Left]
	}
	offset = min(offset, max(0, len(d.Heard)-1))
	p.HeardShown = d.Heard[offset:min(offset+heardShown, len(d.Heard))]
	p.HeardFrom, p.HeardTo = offset+1, offset+len(p.HeardShown)
	p.HeardPrev, p.HeardNext = web.Neighbours("", values, web.Stretch{Offset: offset, Rows: len(p.HeardShown), Total: len(d.Heard), Size: heardShown})
	return p
}

func (s *server) terms(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "terms.html", titled[Terms]("Terms"), func() (Terms, error) { return s.Reader.Terms(req.Context()) })
}

func (s *server) sources(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "sources.html", titled[[]SourceRow]("Sources and licences"), func() ([]SourceRow, error) {
		return s.Reader.Sources(req.Context())
	})
}

// quarantinePage is a list of rows that could not be read.
type quarantinePage struct {
	Source     truce.SourceID
	Rows       []truce.Rejection
	Total      int
	From, To   int
	Prev, Next string
}

func (s *server) quarantine(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "quarantine.html", titled[quarantinePage]("Quarantine"), func() (quarantinePage, error) {
		values := req.URL.Query()
		offset, err := web.Offset(values)
		if err != nil {
			return quarantinePage{}, err
		}
		source := truce.SourceID(values.Get("source"))
		if err := s.checkSource(req.Context(), source); err != nil {
			return quarantinePage{}, err
		}
		rows, total, err := s.Reader.Quarantined(req.Context(), source, offset, pageSize)
		p := quarantinePage{Source: source, Rows: rows, Total: total, From: offset + 1, To: offset + len(rows)}
		p.Prev, p.Next = web.Neighbours(req.URL.Path, values, web.Stretch{Offset: offset, Rows: len(rows), Total: total, Size: pageSize})
		return p, err
	})
}

// checkSource refuses a source that nothing was read from.
func (s *server) checkSource(ctx context.Context, source truce.SourceID) error {
	if source == "" {
		return nil
	}
	known, err := s.Reader.Sources(ctx)
	if err != nil {
		return err
	}
	ids := make([]truce.SourceID, len(known))
	for i, row := range known {
		ids[i] = row.ID
	}
	return web.OneOf("source", source, ids)
}

// recordPage is one record as it is stored.
type recordPage struct {
	truce.Record
	Pretty        string
	Cut           int       // bytes of the body that are not shown
	Before, After truce.Seq // 0 where there is none
}

// bodyShown is how much of a record's body a page prints, bytes: a Daily's is megabytes.
const bodyShown = 40 << 10

func (s *server) record(w http.ResponseWriter, req *http.Request) {
	title := func(p recordPage) string { return fmt.Sprintf("Record %d", p.Seq) }
	show(s, w, req, "record.html", title, func() (recordPage, error) {
		seq, err := strconv.ParseInt(req.PathValue("seq"), 10, 64)
		if err != nil {
			return recordPage{}, truce.Errorf(truce.CodeInvalid, "A record has a number, not %q.", req.PathValue("seq"))
		}
		r, err := s.Reader.Record(req.Context(), truce.Seq(seq))
		if err != nil {
			return recordPage{}, err
		}
		p := recordPage{Record: r, Pretty: pretty(r.Body), Before: r.Seq - 1}
		if next, err := s.Reader.Record(req.Context(), r.Seq+1); err == nil {
			p.After = next.Seq
		}
		if len(p.Pretty) > bodyShown {
			p.Cut = len(p.Pretty) - bodyShown
			p.Pretty = strings.ToValidUTF8(p.Pretty[:bodyShown], "")
		}
		return p, nil
	})
}

func pretty(body []byte) string {
	var buf bytes.Buffer
	if json.Indent(&buf, body, "", "  ") != nil {
		return string(body)
	}
	return buf.String()
}
