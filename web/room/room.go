// Package room serves the pages and the API of those who answer: guarantors' duty
// officers, the parties' liaison officers, the commission, the mechanism, contributors.
//
// It opens no store and decides no permission: everything it shows comes from a Reader
// that has cut it to what the person may see, and everything people do goes to an Actor
// that may refuse it. No page carries a script.
//
// Read Reader and Actor for what it is given, views.go for what it shows, session.go for
// how people sign in, then pages.go, acts.go and api.go.
package room

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// Reader is what the room shows. Each answer MUST hold nothing that the person may not
// see; what is not there for a person is CodeNotFound or CodeForbidden. Names and
// sentences come in the person's language.
type Reader interface {
	Frame(ctx context.Context, lang string) (web.Frame, error)
	// Who finds the person of a token; of one that does not work CodeUnauthenticated, in
	// the same words whatever the reason.
	Who(ctx context.Context, token string) (truce.Person, error)
	// FeedKey is the secret in the address of a person's feed, which cannot sign;
	// FeedOf finds the person of one.
	FeedKey(p truce.Person) string
	FeedOf(ctx context.Context, key string) (truce.Person, error)
	Now() truce.Instant

	// Waiting lists who waits to be confirmed by this person; nobody for who confirms nobody.
	Waiting(ctx context.Context, p truce.Person) ([]WaitingPerson, error)

	Brief(ctx context.Context, p truce.Person, since truce.Seq) (Brief, error)
	Cases(ctx context.Context, p truce.Person, f CaseFilter) (CaseList, error)
	Case(ctx context.Context, p truce.Person, idOrNumber string) (CaseFile, error)
	Stake(ctx context.Context, p truce.Person, idOrNumber string) (StakeFile, error)
	Pledges(ctx context.Context, p truce.Person, of truce.StateID) (Pledges, error)
	Alerts(ctx context.Context, p truce.Person, f AlertFilter) (AlertList, error)
	Alert(ctx context.Context, p truce.Person, id truce.AlertID) (AlertFile, error)
	Paper(ctx context.Context, p truce.Person, id truce.AlertID) (web.Document, error)
	// CheckPaper tells anybody who has the code of a printed form what is on record of it; of
	// a code that is on no form CodeNotFound.
	CheckPaper(ctx context.Context, code string, id truce.AlertID) (PaperFile, error)
	Feed(ctx context.Context, p truce.Person) (web.Document, error)
	// CAP is an alert as a CAP document, AnswerCAP the last answer of somebody to it.
	CAP(ctx context.Context, p truce.Person, id truce.AlertID) (web.Document, error)
	AnswerCAP(ctx context.Context, p truce.Person, id truce.AlertID, of truce.PersonID) (web.Document, error)
}

// Actor does what people do. Each call signs with the token of who asks, or checks the
// signature that came with it, and MUST have the record on disk when it returns.
type Actor interface {
	// SignIn is Who for a first visit: a one-time token comes back as one that lasts.
	SignIn(ctx context.Context, token string) (truce.Person, string, error)
	// Confirm puts the person's signature under somebody's enrolment.
	Confirm(ctx context.Context, token string, id truce.PersonID, code string) error
	Do(ctx context.Context, token, idOrNumber string, d truce.Deed) (Outcome, error)
	DoSigned(ctx context.Context, d truce.Deed) (Outcome, error)
	Acknowledge(ctx context.Context, token string, id truce.AlertID, a Answer) (Acknowledged, error)
	AcknowledgeSigned(ctx context.Context, a truce.Acknowledgement) (Acknowledged, error)
	// AcknowledgeCAP records what a CAP document answers, once however often it comes.
	AcknowledgeCAP(ctx context.Context, token string, document []byte) ([]Acknowledged, error)
	Review(ctx context.Context, token string, r truce.Review) (Reviewed, error)
	Invoke(ctx context.Context, token, commitment, idOrNumber string, s truce.InvocationStep) (truce.Commitment, error)
	EnterCommitments(ctx context.Context, token string, list []truce.Commitment) (int, error)
	EnterContributions(ctx context.Context, token string, list []truce.Contribution) (int, error)
	EnterRequirements(ctx context.Context, token string, list []truce.Requirement) (int, error)
}

// Config is what the room is made of.
type Config struct {
	Reader Reader
	Actor  Actor
	Log    *slog.Logger
	// Zone is the local time shown beside UTC; nil: none.
	Zone *time.Location
	// Clock bounds failed sign-ins; nil: time.Now.
	Clock func() time.Time
	// Secure marks the cookie as one for TLS only, whatever the request came over: for a
	// room behind a proxy that ends TLS.
	Secure bool
	// Proxy takes the address of who asks from X-Forwarded-For, where such a proxy writes it.
	Proxy bool
}

type server struct {
	Config
	render map[string]*web.Renderer // by language
	style  web.Style
	doors  *doors
}

// Handler serves the room.
func Handler(cfg Config) (http.Handler, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &server{Config: cfg, render: map[string]*web.Renderer{}, style: roomStyle(), doors: newDoors(cfg.Clock)}
	for _, lang := range web.Languages() {
		words, err := wordsOf(lang)
		if err != nil {
			return nil, err
		}
		if s.render[lang], err = web.NewRenderer(pages, s.funcs(words), cfg.Log); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	s.routes(mux)
	if err := s.api(mux); err != nil {
		return nil, err
	}
	return web.SecureForms(guard(mux)), nil
}

// guard refuses what a page of a stranger makes a signed-in browser send, and bodies that
// no form fills.
func guard(next http.Handler) http.Handler {
	same := http.NewCrossOriginProtection()
	return same.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.Body = http.MaxBytesReader(w, req.Body, MaxBody)
		next.ServeHTTP(w, req)
	}))
}

// routes are the pages; api.go has the rest. Every page but those of signing in asks who
// is there before anything else.
func (s *server) routes(mux *http.ServeMux) {
	mux.Handle("GET /assets/", s.assets())
	mux.Handle("GET "+web.Icon, web.Assets(s.missing))
	mux.HandleFunc("GET /sign-in", s.signInPage)
	mux.HandleFunc("POST /sign-in", s.signIn)
	mux.HandleFunc("GET /sign-in/{token}", s.linkPage)
	mux.HandleFunc("POST /sign-in/{token}", s.signIn)
	mux.HandleFunc("POST /sign-out", s.signOut)
	mux.HandleFunc("GET /feed.atom", s.feed)
	mux.HandleFunc("GET /paper/{id}/{code}", s.checkPaper)
	for pattern, page := range map[string]pageHandler{
		"GET /{$}":                   s.brief,
		"GET /cases":                 s.cases,
		"GET /cases/{number}":        s.caseFile,
		"GET /cases/{number}/stake":  s.stake,
		"GET /pledges":               s.pledges,
		"GET /pledges/{state}":       s.pledges,
		"GET /alerts":                s.alerts,
		"GET /alerts/{id}":           s.alert,
		"GET /alert/{id}":            s.alert,
		"GET /alerts/{id}/paper":     s.paper,
		"GET /me":                    s.me,
		"POST /me/confirm":           s.confirm,
		"POST /seen":                 s.seen,
		"POST /cases/{number}/deeds": s.deed,
		"POST /cases/{number}/stake": s.invoke,
		"POST /alerts/{id}":          s.acknowledge,
	} {
		mux.HandleFunc(pattern, s.signedIn(page))
	}
	mux.HandleFunc("/", s.missing)
}
