package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/room"
)

// roomDesk gives the room what it shows and does what people do there. It cuts everything
// to what the person may see: the pages print what they are given.
type roomDesk struct {
	app     *App
	desk    *guarantee.Desk // does what people do
	records roomRecords
	views   roomViews
	now     func() time.Time
	base    string // where the pages are, for what leaves the house; "": nowhere

	named atomic.Pointer[namedTerms]
	done  func() // told that something was recorded; nil: nobody
}

// namedTerms is the agreement that stands, for what every page carries.
type namedTerms struct {
	version string
	text    *agreement.Agreement
}

// newRoomDesk is the room over an open data directory.
func (a *App) newRoomDesk(base string) (*roomDesk, error) {
	desk := a.guaranteeDesk()
	return &roomDesk{app: a, desk: desk, records: a.store, views: desk, now: a.now, base: base}, nil
}

// roomHandler serves the room.
func (r *roomDesk) roomHandler(log *slog.Logger) (http.Handler, error) {
	zone, err := r.zone()
	if err != nil {
		return nil, err
	}
	alerts := r.app.cfg.Alerts
	return room.Handler(room.Config{Reader: r, Actor: r, Log: log, Zone: zone, Secure: alerts.secure(), Proxy: alerts.Proxy})
}

// zone is the local time of the agreement; nil where none is written yet.
func (r *roomDesk) zone() (*time.Location, error) {
	name, err := r.app.agreementZone()
	if err != nil || name == "" {
		return nil, nil //nolint:nilerr // the pages then show UTC alone
	}
	return time.LoadLocation(name)
}

// Now is the time of the graph: an exercise has its own.
func (r *roomDesk) Now() truce.Instant { return truce.InstantOf(r.now()) }

// names is the agreement as the store has it last; nil before the first.
func (r *roomDesk) names(ctx context.Context) (*namedTerms, error) {
	text, err := r.records.Agreement(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return &namedTerms{}, nil
	}
	if err != nil {
		return nil, err
	}
	if held := r.named.Load(); held != nil && held.version == text.Version {
		return held, nil
	}
	parsed, err := agreement.Parse(text.Files)
	if err != nil {
		return nil, err
	}
	n := &namedTerms{version: text.Version, text: parsed}
	r.named.Store(n)
	return n, nil
}

// Frame is what every page carries.
func (r *roomDesk) Frame(ctx context.Context, lang string) (web.Frame, error) {
	f := web.Frame{Mission: "Truce", Realm: r.records.Realm()}
	n, err := r.names(ctx)
	if err != nil || n.text == nil {
		return f, err
	}
	f.Mission, f.ReportError, f.Notice = n.text.Mission.In(lang), n.text.ReportError, n.text.Notice.In(lang)
	return f, nil
}

// Who finds the person of a token.
func (r *roomDesk) Who(ctx context.Context, token string) (truce.Person, error) {
	return r.desk.Who(ctx, guarantee.Token(token))
}

// FeedKey is the secret in the address of a person's feed.
func (r *roomDesk) FeedKey(p truce.Person) string { return guarantee.FeedKey(p) }

// FeedOf finds the person of a feed's key.
func (r *roomDesk) FeedOf(ctx context.Context, key string) (truce.Person, error) {
	return r.desk.FeedOf(ctx, key)
}

// admitted refuses who was withdrawn since the token was looked at.
func admitted(p truce.Person) error {
	if p.Withdrawn {
		return truce.Errorf(truce.CodeUnauthenticated, "This person was withdrawn.")
	}
	return nil
}

// sees is how much of cases a role sees, by the one table.
func sees(p truce.Person) room.View {
	switch access.See(p.Role, access.ItemLadder) {
	case access.ViewAll:
		return room.ViewWhole
	case access.ViewOwnAlerts:
		return room.ViewOwnSide
	case access.ViewOwnPromises:
		return room.ViewPromises
	}
	return room.ViewTier
}

// label is a word of the vocabulary as bulletins print it.
func label(lang, group, value string) string {
	if said := publish.Label(lang, group+"."+value); said != "" {
		return said
	}
	return web.Words(value)
}

// told says that something was recorded, so that what follows from it is not waited for.
func (r *roomDesk) told() {
	if r.done != nil {
		r.done()
	}
}
