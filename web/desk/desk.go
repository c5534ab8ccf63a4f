// Package desk serves the precise pages: the day, the incidents with their evidence and
// explanation, terms, coverage and the records themselves.
//
// It never writes and has no sign-in, so it answers on loopback only.
//
// Read Reader for what it is given, then the handlers in the order of the navigation.
package desk

import (
	"context"
	"embed"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

//go:embed pages
var pages embed.FS

// Reader is what the desk shows. Errors are coded; NotFound becomes a 404.
type Reader interface {
	Frame(ctx context.Context) (web.Frame, error)
	Overview(ctx context.Context) (Overview, error)
	Daily(ctx context.Context, day truce.Day, format, lang string) (web.Document, error)
	Choices(ctx context.Context) (Choices, error)
	Incidents(ctx context.Context, q truce.IncidentQuery) (truce.IncidentPage, error)
	Dossier(ctx context.Context, idOrNumber string) (Dossier, error)
	Terms(ctx context.Context) (Terms, error)
	Sources(ctx context.Context) ([]SourceRow, error)
	Quarantined(ctx context.Context, source truce.SourceID, offset, limit int) ([]truce.Rejection, int, error)
	Record(ctx context.Context, seq truce.Seq) (truce.Record, error)
}

// Overview is the first page.
type Overview struct {
	Days      []Day // newest first
	Incidents int
	Hits      int
	Latest    []truce.IncidentRow // newest hits
	Sources   []SourceRow
	Head      truce.Seq
	HeadHash  truce.Hash
	Charts    []web.Chart
	Map       template.HTML // a figure; "" when the agreement draws nothing
}

// MostCounted is the number the highest bar of the charts stands for.
func (o Overview) MostCounted() int { return web.Most(o.Charts) }

// Choices is what the terms let a list be filtered by.
type Choices struct {
	Areas []truce.BulletinArea
	Rules []truce.BulletinRule
}

// AreaName is the name of a reporting area.
func (c Choices) AreaName(id truce.AreaID) string {
	for _, area := range c.Areas {
		if area.ID == id {
			return area.Names.In("en")
		}
	}
	return string(id)
}

// RuleTitle is the title of a rule.
func (c Choices) RuleTitle(id truce.RuleID) string {
	for _, rule := range c.Rules {
		if rule.ID == id {
			return rule.Titles.In("en")
		}
	}
	return ""
}

// Day is a Daily in the list of days.
type Day struct {
	Day       truce.Day
	Number    string
	Version   int
	DayNumber int
}

// Dossier is everything about one incident.
type Dossier struct {
	Row          truce.IncidentRow
	History      []truce.IncidentRow
	Evaluations  []EvaluationRow // all that were made, oldest first
	Events       []truce.Event
	Observations []truce.Observation
	Sources      map[truce.SourceID]truce.SourceInfo
	Digits       map[truce.SourceID]int // of what each source says: how it stands without that source, 1 to 6
	Cases        []CaseLink             // that hold it now
	Standing     *truce.AttributionRow  // the view on responsibility that stands; nil: none does
	Attributions []truce.AttributionRow // all that were recorded, oldest first
	Origin       *OriginSigned          // what people signed of where it began; nil: nobody did
	Choices      Choices
	Map          template.HTML // a figure; "" when the incident has no place
	CloseUp      template.HTML // a figure; "" when Map shows the place well enough
	Heard        []HeardEvent  // located of what sensors heard, by time
	HeardMap     template.HTML // a figure of the sensors around them; "" when nobody says where sensors stand
	Flown        *Flown        // what was seen of flights that it rests on; nil: it rests on none
	Decided      []Decided     // what people decided of those arrivals, in order of time
}

// OriginSigned is what people signed of on whose side an incident's fire began.
type OriginSigned struct {
	Stands *truce.OriginView // what two said alike; nil: nothing stands
	By     []truce.PersonID  // those two
	Open   int               // signatures that stand without a second one
}

// CaseLink leads from an incident to a case that holds it.
type CaseLink struct {
	Number string
	State  truce.CaseState
	Tier   truce.TierID // "": none yet
	Href   string       // its page in the room, or the record of its last step where no room is named
}

// EvaluationRow is one evaluation of an incident, with what it was held against.
type EvaluationRow struct {
	truce.Evaluation
	Seq      truce.Seq
	Recorded truce.RecordedTime
}

// Short is the beginning of the agreement's version, enough to tell two apart.
func (r EvaluationRow) Short() string {
	const shown = 12
	return r.Version[:min(len(r.Version), shown)]
}

// Strong are the findings that are not plainly outside.
func (r EvaluationRow) Strong() []truce.Finding {
	return findings(truce.IncidentRow{Evaluation: &r.Evaluation}, false)
}

// Terms is the agreement as the desk shows it.
type Terms struct {
	Title, Notice, Status, Version string
	Rules                          []TermsRule
	Lines                          []truce.BulletinLine
	Warnings                       []string
}

// TermsRule is a rule beside its clause.
type TermsRule struct {
	ID         truce.RuleID
	Title      string
	Clause     string
	ClauseText string
	ClauseHash truce.Hash
	Sentences  []string // what it asks, in plain words
	Kind       string   // truce.RulePermit or RuleClaim of a rule that nothing hits, else ""
}

// SourceRow is a source with what came in from it.
type SourceRow struct {
	truce.SourceInfo
	Accepted    int
	Quarantined int
	Grade       *Grade // nil: a party, or nothing it said was resolved
}

// Grade is how far a source can be relied on, learnt from what became of what it said. It
// never leaves the mission.
type Grade struct {
	Letter             string
	Confirmed, Refuted int
	Low, Mean, High    float64 // of the share that holds: the 80 % interval and its mean
}

// Resolved is how much of what a source said is known to have held or not.
func (g Grade) Resolved() int { return g.Confirmed + g.Refuted }

// Config is what the desk is made of.
type Config struct {
	Reader Reader
	Log    *slog.Logger
}

type server struct {
	Config
	render *web.Renderer
}

// Handler serves the desk to this machine.
func Handler(cfg Config) (http.Handler, error) {
	render, err := web.NewRenderer(pages, funcs(), cfg.Log)
	if err != nil {
		return nil, err
	}
	s := &server{Config: cfg, render: render}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", web.Assets(s.missing))
	mux.Handle("GET "+web.Icon, web.Assets(s.missing))
	mux.HandleFunc("GET /{$}", s.overview)
	mux.HandleFunc("GET /daily/{day}", s.daily)
	mux.HandleFunc("GET /incidents", s.incidents)
	mux.HandleFunc("GET /incidents/{id}", s.incident)
	mux.HandleFunc("GET /terms", s.terms)
	mux.HandleFunc("GET /sources", s.sources)
	mux.HandleFunc("GET /quarantine", s.quarantine)
	mux.HandleFunc("GET /records/{seq}", s.record)
	mux.HandleFunc("/", s.missing)
	return web.Secure(web.LocalOnly(web.Compress(mux)), web.LocalOnly(http.HandlerFunc(s.notAllowed))), nil
}

// Links is the navigation of the desk.
func Links() []web.Link {
	return []web.Link{{Href: "/", Label: "Overview"}, {Href: "/incidents", Label: "Incidents"}, {Href: "/terms", Label: "Terms"}, {Href: "/sources", Label: "Sources"},
		{Href: "/press", Label: "Press"}, {Href: "/promises", Label: "Promises"}, {Href: "/claims", Label: "Totals"}}
}
