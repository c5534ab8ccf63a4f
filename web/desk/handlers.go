package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

func (s *server) frame(w http.ResponseWriter, req *http.Request) (web.Frame, bool) {
	f, err := s.Reader.Frame(req.Context())
	f.Links = links()
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
	Acts        []truce.Act
	Verdicts    []truce.Verdict
	Occurrences []truce.Occurrence
}

// pageSize keeps a list under 60 kB.
const pageSize = 50

func (s *server) incidents(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "incidents.html", titled[incidentPage]("Incidents"), func() (incidentPage, error) {
		values := req.URL.Query()
		q, err := parseQuery(values)
		if err != nil {
			return incidentPage{}, err
		}
		page, err := s.Reader.Incidents(req.Context(), q)
		return listPage(page, values, q.Offset), err
	})
}

func parseQuery(values url.Values) (truce.IncidentQuery, error) {
	q := truce.IncidentQuery{
		Act: truce.Act(values.Get("act")), Area: truce.AreaID(values.Get("area")), Rule: truce.RuleID(values.Get("rule")),
		Occurrence: truce.Occurrence(values.Get("occurrence")), Verdict: truce.Verdict(values.Get("verdict")), Limit: pageSize,
	}
	if q.Act != "" && !q.Act.Known() {
		return q, truce.Errorf(truce.CodeInvalid, "There is no act named %q.", string(q.Act))
	}
	if text := values.Get("offset"); text != "" {
		offset, err := strconv.Atoi(text)
		if err != nil || offset < 0 {
			return q, truce.Errorf(truce.CodeInvalid, "offset must be a whole number from 0, not %q.", text)
		}
		q.Offset = offset
	}
	if day := values.Get("day"); day != "" {
		from, err := truce.Day(day).Start(utc)
		if err != nil {
			return q, err
		}
		q.From, q.To = from, from.Add(dayLength)
	}
	return q, nil
}

func listPage(page truce.IncidentPage, values url.Values, offset int) incidentPage {
	p := incidentPage{
		IncidentPage: page, Query: values, From: offset + 1, To: offset + len(page.Rows),
		Verdicts:    []truce.Verdict{truce.VerdictHit, truce.VerdictExempt, truce.VerdictIndeterminate, truce.VerdictOutside},
		Occurrences: []truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified},
	}
	for _, group := range truce.ActGroups() {
		p.Acts = append(p.Acts, group.Acts()...)
	}
	if offset > 0 {
		p.Prev = web.WithOffset("/incidents", values, max(0, offset-pageSize))
	}
	if p.To < page.Total {
		p.Next = web.WithOffset("/incidents", values, offset+pageSize)
	}
	return p
}

func (s *server) incident(w http.ResponseWriter, req *http.Request) {
	title := func(d Dossier) string { return "Incident " + d.Row.Incident.Number }
	show(s, w, req, "incident.html", title, func() (Dossier, error) {
		return s.Reader.Dossier(req.Context(), req.PathValue("id"))
	})
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
	Source truce.SourceID
	Rows   []truce.Rejection
	Total  int
}

func (s *server) quarantine(w http.ResponseWriter, req *http.Request) {
	show(s, w, req, "quarantine.html", titled[quarantinePage]("Quarantine"), func() (quarantinePage, error) {
		source := truce.SourceID(req.URL.Query().Get("source"))
		rows, total, err := s.Reader.Quarantined(req.Context(), source, 0, 200)
		return quarantinePage{Source: source, Rows: rows, Total: total}, err
	})
}

// recordPage is one record as it is stored.
type recordPage struct {
	truce.Record
	Pretty string
}

func (s *server) record(w http.ResponseWriter, req *http.Request) {
	title := func(p recordPage) string { return fmt.Sprintf("Record %d", p.Seq) }
	show(s, w, req, "record.html", title, func() (recordPage, error) {
		seq, err := strconv.ParseInt(req.PathValue("seq"), 10, 64)
		if err != nil {
			return recordPage{}, truce.Errorf(truce.CodeInvalid, "A record has a number, not %q.", req.PathValue("seq"))
		}
		r, err := s.Reader.Record(req.Context(), truce.Seq(seq))
		return recordPage{Record: r, Pretty: pretty(r.Body)}, err
	})
}

func pretty(body []byte) string {
	var buf bytes.Buffer
	if json.Indent(&buf, body, "", "  ") != nil {
		return string(body)
	}
	return buf.String()
}
