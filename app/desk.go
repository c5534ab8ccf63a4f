package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/explain"
	"github.com/trucewatch/truce/assess/grade"
	"github.com/trucewatch/truce/assess/review"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/desk"
)

// dailyStyle is the style of the Dailies, which no page may carry itself; pages released
// by an earlier version ask for it at oldDailyStyle.
func dailyStyle() web.Style { return web.NewStyle("/style/daily", publish.Style()) }

const oldDailyStyle = "/daily.css"

// deskHandler serves the desk of this data directory.
func (a *App) deskHandler(log *slog.Logger) (http.Handler, error) {
	reader := &deskReader{app: a}
	pages, err := desk.Handler(desk.Config{Reader: reader, Log: log})
	if err == nil {
		pages, err = mountPress(pages, deskPress{reader}, log, web.LocalOnly)
	}
	if err != nil {
		return nil, err
	}
	return withDailyStyle(pages), nil
}

func withDailyStyle(pages http.Handler) http.Handler {
	style := dailyStyle()
	serve := web.Secure(web.Compress(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if path := strings.Replace(req.URL.Path, oldDailyStyle, "/style"+oldDailyStyle, 1); !style.Serve(w, path) {
			pages.ServeHTTP(w, req)
		}
	})), nil)
	mux := http.NewServeMux()
	mux.Handle("GET /style/", serve)
	mux.Handle("GET "+oldDailyStyle, serve)
	mux.Handle("/", pages)
	return mux
}

// deskReader gives the desk what it shows, from the store and the terms.
type deskReader struct {
	app *App

	// inForce is the agreement as it stood at the record upTo, compiled with the maps, which
	// takes longer than a page may. Both are written under compiling, inForce first, and read
	// without: a page goes on with the version it began with.
	compiling sync.Mutex
	inForce   agreement.Holder
	upTo      atomic.Int64

	mu    sync.Mutex
	bands *bandOutlines // of the geometry last drawn

	// charts are drawn from the bulletins as of chartsHead.
	chartsHead truce.Seq
	charts     []web.Chart

	// register is where sensors stand as of registerHead.
	registerHead truce.Seq
	register     register

	// grades are learnt from all incidents as of gradesHead.
	gradesHead truce.Seq
	grades     []grade.Standing
}

// geometry is the agreement as the store has it last, with the control maps known.
func (d *deskReader) geometry(ctx context.Context) (*agreement.Geometry, error) {
	head, _, err := d.app.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	if g := d.standing(head); g != nil {
		return g, nil
	}
	d.compiling.Lock()
	defer d.compiling.Unlock() // held while maps are parsed: others need the same geometry
	if g := d.standing(head); g != nil {
		return g, nil
	}
	if err := d.renew(ctx); err != nil {
		return nil, err
	}
	d.upTo.Store(int64(head))
	return d.inForce.Current().Geometry, nil
}

// standing is the geometry in force at a record, nil where nobody has looked since.
func (d *deskReader) standing(head truce.Seq) *agreement.Geometry {
	if d.upTo.Load() < int64(head) {
		return nil
	}
	if held := d.inForce.Current(); held != nil {
		return held.Geometry
	}
	return nil
}

// renew puts the terms and maps of the store in force. Records that change neither leave
// the version that is there.
func (d *deskReader) renew(ctx context.Context) error {
	text, err := d.app.store.Agreement(ctx)
	if err != nil {
		return err
	}
	held := d.inForce.Current()
	var terms *agreement.Agreement
	if held != nil && held.Agreement().Version == text.Version {
		terms = held.Agreement()
	} else if terms, err = agreement.Parse(text.Files); err != nil {
		return err
	}
	maps, err := d.app.controlMaps(ctx)
	if err != nil {
		return err
	}
	version := terms.CompiledVersion(maps)
	if held != nil && held.Version == version {
		return nil
	}
	fresh, err := terms.Geometry(maps)
	if err == nil {
		d.inForce.Swap(version, fresh)
	}
	return err
}

// terms is the agreement as the store has it last; the desk shows what was evaluated.
func (d *deskReader) terms(ctx context.Context) (*agreement.Agreement, error) {
	geometry, err := d.geometry(ctx)
	if err != nil {
		return nil, err
	}
	return geometry.Agreement(), nil
}

// Frame is what every page carries.
func (d *deskReader) Frame(ctx context.Context) (web.Frame, error) {
	f := web.Frame{Mission: "Truce", Realm: d.app.store.Realm()}
	terms, err := d.terms(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return f, nil // nothing assessed yet
	}
	if err != nil {
		return f, err
	}
	f.Mission, f.ReportError, f.Notice = terms.Mission.In("en"), terms.ReportError, terms.Notice.In("en")
	return f, nil
}

// latestRows is how many incidents the first page lists.
const latestRows = 8

// Overview is the first page.
func (d *deskReader) Overview(ctx context.Context) (desk.Overview, error) {
	var o desk.Overview
	s := d.app.store
	bulletins, err := s.Bulletins(ctx)
	if err != nil {
		return o, err
	}
	if o.Days, err = d.latestDays(ctx, bulletins); err != nil {
		return o, err
	}
	all, err := s.Incidents(ctx, truce.IncidentQuery{Limit: 1})
	if err != nil {
		return o, err
	}
	hits, err := s.Incidents(ctx, truce.IncidentQuery{Verdict: truce.VerdictHit, Limit: latestRows})
	if err != nil {
		return o, err
	}
	o.Incidents, o.Hits, o.Latest = all.Total, hits.Total, hits.Rows
	if o.Sources, err = d.sourceRows(ctx); err != nil {
		return o, err
	}
	if o.Head, o.HeadHash, err = s.Head(ctx); err != nil {
		return o, err
	}
	if o.Charts, err = d.latestCharts(ctx, o.Head, o.Days); err != nil {
		return o, err
	}
	o.Map, err = d.overviewMap(ctx)
	return o, err
}

// chartedDailies is how many of the newest Dailies are read for the charts.
const chartedDailies = 7

// latestCharts draws the counts of the newest Dailies, which are given newest first.
func (d *deskReader) latestCharts(ctx context.Context, head truce.Seq, days []desk.Day) ([]web.Chart, error) {
	d.mu.Lock()
	defer d.mu.Unlock() // held while bulletins are read: others need the same ones
	if d.charts != nil && d.chartsHead == head {
		return d.charts, nil
	}
	var dailies []truce.Bulletin
	for _, day := range slices.Backward(days[:min(len(days), chartedDailies)]) {
		b, err := d.app.store.Bulletin(ctx, day.Number, truce.EditionMission)
		if err != nil {
			return nil, err
		}
		dailies = append(dailies, b)
	}
	d.chartsHead, d.charts = head, web.Charts(dailies)
	return d.charts, nil
}

// Choices is what lists can be filtered by; nothing before the first assessment.
func (d *deskReader) Choices(ctx context.Context) (desk.Choices, error) {
	terms, err := d.terms(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return desk.Choices{}, nil
	}
	if err != nil {
		return desk.Choices{}, err
	}
	var c desk.Choices
	for _, area := range terms.Areas {
		c.Areas = append(c.Areas, truce.BulletinArea{ID: area.ID, Names: area.Name})
	}
	for _, rule := range terms.RulesAt(truce.InstantOf(d.app.now())) {
		c.Rules = append(c.Rules, bulletinRule(rule))
	}
	return c, nil
}

// latestDays keeps the newest version of each day, newest day first.
func (d *deskReader) latestDays(ctx context.Context, list []store.BulletinEntry) ([]desk.Day, error) {
	byDay := map[truce.Day]desk.Day{}
	for _, b := range list {
		if b.Edition == truce.EditionMission && b.Version > byDay[b.Day].Version {
			byDay[b.Day] = desk.Day{Day: b.Day, Number: b.Number, Version: b.Version}
		}
	}
	if len(byDay) == 0 {
		return nil, nil
	}
	terms, err := d.terms(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Collect(maps.Values(byDay))
	slices.SortFunc(out, func(a, b desk.Day) int { return strings.Compare(string(b.Day), string(a.Day)) })
	for i := range out {
		if out[i].DayNumber, err = terms.Calendar.DayNumber(out[i].Day); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Daily prints the bulletin of a day.
func (d *deskReader) Daily(ctx context.Context, day truce.Day, format, lang string) (web.Document, error) {
	b, err := d.app.bulletinOf(ctx, day, truce.EditionMission)
	if err != nil {
		return web.Document{}, err
	}
	if b == nil {
		return web.Document{}, truce.Errorf(truce.CodeNotFound, "No Daily of %s has been made. Make it with: truce bulletin daily --date %s", day, day)
	}
	opt := printOptions(*b, lang)
	opt.RowURL = "/incidents/"
	before, err := d.app.bulletinOf(ctx, day.AddDays(-1), truce.EditionMission)
	if err != nil {
		return web.Document{}, err
	}
	if before == nil {
		opt.PreviousURL = "" // its numbers are printed, and counted nowhere
	}
	if err := d.addDailyMapIn(ctx, *b, &opt, incidentPage); err != nil {
		return web.Document{}, err
	}
	return printBulletin(*b, format, opt)
}

// printOptions are the links of a Daily inside a site.
func printOptions(b truce.Bulletin, lang string) publish.PrintOptions {
	day := "/daily/" + string(b.Day)
	opt := publish.PrintOptions{
		Lang: lang, StyleURL: dailyStyle().URL(), JSONURL: day + ".json", CSVURL: day + ".csv",
		PreviousURL: "/daily/" + string(b.Day.AddDays(-1)), ReportURL: b.ReportError, HomeURL: "/",
	}
	return opt
}

// standaloneOptions print a Daily as a page that needs nothing else.
func standaloneOptions(lang string) publish.PrintOptions { return publish.PrintOptions{Lang: lang} }

// printBulletin prints a bulletin in one of its forms.
func printBulletin(b truce.Bulletin, format string, opt publish.PrintOptions) (web.Document, error) {
	switch format {
	case "html":
		doc, err := publish.HTML(b, opt)
		return web.Document{ContentType: "text/html; charset=utf-8", Body: doc.Body}, err
	case "md":
		doc, err := publish.Markdown(b, opt)
		return web.Document{ContentType: "text/markdown; charset=utf-8", Body: doc.Body}, err
	case "json":
		body, err := publish.JSON(b)
		return web.Document{ContentType: "application/json", Body: body}, err
	case "csv":
		body, err := publish.CSV(b)
		return web.Document{ContentType: "text/csv; charset=utf-8", Body: body}, err
	default:
		return web.Document{}, truce.Errorf(truce.CodeNotFound, "A Daily is printed as html, md, json or csv, not %q.", format)
	}
}

// Incidents is a list.
func (d *deskReader) Incidents(ctx context.Context, q truce.IncidentQuery) (truce.IncidentPage, error) {
	return d.app.store.Incidents(ctx, q)
}

// Dossier is everything about one incident.
func (d *deskReader) Dossier(ctx context.Context, idOrNumber string) (desk.Dossier, error) {
	s := d.app.store
	row, err := s.Incident(ctx, idOrNumber)
	if err != nil {
		return desk.Dossier{}, err
	}
	out := desk.Dossier{Row: row, Sources: map[truce.SourceID]truce.SourceInfo{}}
	if out.History, err = s.IncidentHistory(ctx, row.Incident.ID); err != nil {
		return out, err
	}
	evaluations, err := s.Evaluations(ctx, row.Incident.ID)
	if err != nil {
		return out, err
	}
	for _, e := range evaluations {
		out.Evaluations = append(out.Evaluations, desk.EvaluationRow{Evaluation: e.Evaluation, Seq: e.Seq, Recorded: e.Recorded})
	}
	if out.Events, err = s.Events(ctx, truce.EventQuery{IDs: row.Incident.Events}); err != nil {
		return out, err
	}
	if out.Observations, err = s.ObservationsByID(ctx, supportOf(out.Events)); err != nil {
		return out, err
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return out, err
	}
	for _, info := range sources {
		out.Sources[info.ID] = info
	}
	if out.Digits, err = d.app.digits(ctx, row.Incident, out.Events); err != nil {
		return out, err
	}
	if out.Cases, err = d.casesOf(ctx, row.Incident.ID); err != nil {
		return out, err
	}
	if out.Standing, out.Attributions, err = d.attributions(ctx, row.Incident); err != nil {
		return out, err
	}
	if out.Origin, err = d.app.originSigned(ctx, row.Incident); err != nil {
		return out, err
	}
	if out.Choices, err = d.Choices(ctx); err != nil {
		return out, err
	}
	if out.Heard, out.HeardMap, err = d.heard(ctx, row.Incident, out.Events, out.Observations); err != nil {
		return out, err
	}
	if out.Flown, err = d.flown(ctx, row.Incident, out.Events, out.Observations); err != nil {
		return out, err
	}
	if out.Decided, err = d.decided(ctx, out.History, out.Observations); err != nil {
		return out, err
	}
	out.Map, out.CloseUp, err = d.incidentMaps(ctx, row.Incident)
	return out, err
}

// attributions are the views on responsibility for an incident, and the one that stands.
func (d *deskReader) attributions(ctx context.Context, i truce.Incident) (*truce.AttributionRow, []truce.AttributionRow, error) {
	rows, err := d.app.store.Attributions(ctx, i.ID)
	if err != nil {
		return nil, nil, err
	}
	list := make([]truce.Attribution, len(rows))
	for n, row := range rows {
		list[n] = row.Attribution
	}
	if _, stands := review.Standing(list, i.Occurrence); stands {
		for n := range slices.Backward(rows) {
			if len(rows[n].People) >= 2 { // the newest that two have signed
				return &rows[n], rows, nil
			}
		}
	}
	return nil, rows, nil
}

// casesOf are the cases that hold an incident. Their pages are in the room; where the
// settings name none, the record of the last step stands for them.
func (d *deskReader) casesOf(ctx context.Context, id truce.ID) ([]desk.CaseLink, error) {
	rows, err := d.app.store.CasesOfIncident(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []desk.CaseLink
	for _, row := range rows {
		link := desk.CaseLink{Number: row.Summary.Number, State: row.Summary.State, Tier: row.Summary.Tier, Href: fmt.Sprintf("/records/%d", row.Seq)}
		if base := d.app.cfg.Alerts.Base; base != "" {
			link.Href = strings.TrimSuffix(base, "/") + "/cases/" + row.Summary.Number
		}
		out = append(out, link)
	}
	return out, nil
}

func supportOf(events []truce.Event) []truce.ID {
	var ids []truce.ID
	for _, e := range events {
		for _, s := range e.Support {
			ids = append(ids, s.Observation)
		}
	}
	return ids
}

// Terms is the agreement beside its clauses.
func (d *deskReader) Terms(ctx context.Context) (desk.Terms, error) {
	terms, err := d.terms(ctx)
	if err != nil {
		return desk.Terms{}, err
	}
	out := desk.Terms{Title: terms.Title.In("en"), Notice: terms.Notice.In("en"), Status: string(terms.Status), Version: terms.Version}
	text, err := explain.New(terms, deskLanguage, publish.Label)
	if err != nil {
		return out, err
	}
	for _, rule := range terms.RulesAt(truce.InstantOf(d.app.now())) {
		clause := clauseOf(terms, rule.Clause)
		out.Rules = append(out.Rules, desk.TermsRule{
			ID: rule.ID, Title: rule.Title.In(deskLanguage), Clause: rule.Clause, ClauseText: strings.TrimSpace(clause.Text.In(deskLanguage)),
			ClauseHash: clause.Hash, Sentences: text.Rule(&rule)[1:], Kind: uncountedKind(rule),
		})
	}
	for _, p := range terms.Warnings {
		out.Warnings = append(out.Warnings, p.String())
	}
	geometry, err := d.geometry(ctx)
	if err != nil {
		return out, err
	}
	out.Lines = geometry.LinesAt(truce.InstantOf(d.app.now()), 0)
	return out, nil
}

func clauseOf(terms *agreement.Agreement, id string) agreement.Clause {
	for _, c := range terms.Clauses {
		if c.ID == id {
			return c
		}
	}
	return agreement.Clause{ID: id}
}

// Sources lists the sources with what came in from each and how far it can be relied on.
func (d *deskReader) Sources(ctx context.Context) ([]desk.SourceRow, error) {
	out, err := d.sourceRows(ctx)
	if err != nil {
		return nil, err
	}
	grades, err := d.learnt(ctx)
	for i := range out {
		n := slices.IndexFunc(grades, func(g grade.Standing) bool { return g.Source == out[i].ID })
		if n >= 0 && out[i].Family != truce.FamilyParty {
			g := grades[n]
			out[i].Grade = &desk.Grade{Letter: g.Letter, Confirmed: g.Confirmed, Refuted: g.Refuted, Low: g.Low, Mean: g.Mean, High: g.High}
		}
	}
	return out, err
}

// learnt are the grades as of the last record, learnt once for it.
func (d *deskReader) learnt(ctx context.Context) ([]grade.Standing, error) {
	head, _, err := d.app.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gradesHead == head {
		return d.grades, nil
	}
	grades, err := d.app.grades(ctx)
	if err == nil {
		d.gradesHead, d.grades = head, grades
	}
	return grades, err
}

// sourceRows lists the sources with what came in from each.
func (d *deskReader) sourceRows(ctx context.Context) ([]desk.SourceRow, error) {
	infos, err := d.app.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := d.app.store.ImportCounts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]desk.SourceRow, len(infos))
	for i, info := range infos {
		out[i].SourceInfo = info
		for _, c := range counts {
			if c.Source == info.ID {
				out[i].Accepted, out[i].Quarantined = c.Accepted, c.Quarantined
			}
		}
	}
	return out, nil
}

// Quarantined lists rows that could not be read.
func (d *deskReader) Quarantined(ctx context.Context, source truce.SourceID, offset, limit int) ([]truce.Rejection, int, error) {
	return d.app.store.Quarantined(ctx, source, offset, limit)
}

// Record is one record as stored.
func (d *deskReader) Record(ctx context.Context, seq truce.Seq) (truce.Record, error) {
	return d.app.store.Record(ctx, seq)
}
