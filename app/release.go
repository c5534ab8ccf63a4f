package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the engine of the public store

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/public"
)

// gateKeyFile holds the secret that public ids are made with. Losing it gives every
// row a new public id; publishing it lets anybody match public rows to internal ones.
const gateKeyFile = "gate.key"

// release sends a bulletin through the gate: the public edition is recorded, then put
// into the public store with the proof that it was.
func (a *App) release(ctx context.Context, b truce.Bulletin) error {
	ages, err := a.placeAges(ctx, b)
	if err != nil {
		return err
	}
	gate, err := a.gateOf(ages)
	if err != nil {
		return err
	}
	in := publish.ReleaseInput{Bulletin: b, Now: truce.InstantOf(a.now()), Print: printOptions(b, "")}
	in.Print.RowURL = "/incidents/"
	before, err := a.bulletinOf(ctx, b.Day.AddDays(-1), truce.EditionPublic)
	if err != nil {
		return err
	}
	if before == nil {
		in.Print.PreviousURL = "" // its numbers are printed, and no page counts them
	}
	if b.Supersedes != "" {
		in.Superseded, err = a.publicEdition(ctx, b.Supersedes)
		if err != nil {
			return err
		}
	}
	if in.Ground, err = a.publicGround(ctx, b); err != nil {
		return err
	}
	out, err := gate.Release(in)
	if err != nil {
		return err
	}
	receipt, err := a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{bulletinDraft(out.Bulletin, out.JSON)}})
	if err != nil {
		return err
	}
	if err := a.putPublic(ctx, out, receipt.Seqs[0]); err != nil {
		return err
	}
	_, err = a.releaseGuarantee(ctx)
	return err
}

// publicEdition is the public edition of an earlier version; nil when it never left.
func (a *App) publicEdition(ctx context.Context, number string) (*truce.Bulletin, error) {
	b, err := a.store.Bulletin(ctx, number, truce.EditionPublic)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return nil, nil
	}
	return &b, err
}

func (a *App) putPublic(ctx context.Context, out publish.Release, seq truce.Seq) error {
	record, err := a.store.Record(ctx, seq)
	if err != nil {
		return err
	}
	header, err := record.Header()
	if err != nil {
		return err
	}
	db, err := openPublic(a.cfg.Path(a.cfg.Public), "rwc")
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := publish.OpenPublicStore(ctx, db)
	if err != nil {
		return err
	}
	if err := s.Put(ctx, out, publish.Proof{Seq: record.Seq, Header: header, Salt: record.Salt, Prev: record.Prev}); err != nil {
		return err
	}
	return a.releasePress(ctx, s, out.Bulletin.Period.To)
}

// openPublic opens the public store's file; mode is ro, rw or rwc.
func openPublic(path, mode string) (*sql.DB, error) {
	begun := ""
	if _, err := os.Stat(path); mode == "rwc" && errors.Is(err, fs.ErrNotExist) {
		begun = fmt.Sprintf("&_pragma=user_version(%d)", publicScrubbed)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode="+mode+"&_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)"+begun) // what a release takes back leaves no bytes behind
	if err != nil {
		return nil, fmt.Errorf("open public store: %w", err)
	}
	return db, nil
}

func (a *App) gate() (*publish.Gate, error) { return a.gateOf(nil) }

// gateOf is the gate with ages of places of its own.
func (a *App) gateOf(ages map[truce.ActGroup]time.Duration) (*publish.Gate, error) {
	key, err := gateKey(a.cfg.Path(gateKeyFile))
	if err != nil {
		return nil, err
	}
	return publish.NewGate(publish.Policy{Key: key, PlaceAge: ages})
}

// gateKey reads the mission's secret, making it on first use.
func gateKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("make %s: %w", gateKeyFile, err)
		}
		return key, os.WriteFile(path, []byte(hex.EncodeToString(key)+"\n"), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", gateKeyFile, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "%s: want 64 hex digits; restore it from a backup", path)
	}
	return key, nil
}

// publicSite is the public pages with the store behind them.
type publicSite struct {
	handler http.Handler
	db      *sql.DB
}

// Close releases the store.
func (s publicSite) Close() error { return s.db.Close() }

// openPublicSite serves the public store alone: this process opens nothing precise.
func openPublicSite(_ context.Context, cfg Config, log *slog.Logger) (publicSite, error) {
	path := cfg.Path(cfg.Public)
	if _, err := os.Stat(path); err != nil {
		return publicSite{}, truce.Errorf(truce.CodeNotFound, "%s: nothing has been released yet; release a Daily with: truce bulletin release --date YYYY-MM-DD, or cases and pledges alone with: truce case release", filepath.Base(path))
	}
	db, err := openPublic(path, "ro")
	if err != nil {
		return publicSite{}, err
	}
	reader := publicReader{publish.NewReader(db)}
	pages, err := public.Handler(public.Config{Reader: reader, Log: log})
	if err == nil {
		pages, err = mountPress(pages, publicPress{reader, cfg.site()}, log, func(h http.Handler) http.Handler { return h })
	}
	if err != nil {
		return publicSite{}, errors.Join(err, db.Close())
	}
	return publicSite{handler: withDailyStyle(pages), db: db}, nil
}

// publicReader gives the public pages what the public store holds.
type publicReader struct {
	*publish.Reader
}

// Frame is what every public page carries, from the newest bulletin itself.
func (r publicReader) Frame(ctx context.Context) (web.Frame, error) {
	f := web.Frame{Mission: "Truce", Public: true}
	days, err := r.Days(ctx)
	if err != nil {
		return f, err
	}
	if len(days) == 0 { // cases and pledges may be out before the first Daily
		g, err := r.Guarantee(ctx)
		if g.At != 0 {
			f.Mission, f.Realm = g.Mission, g.Realm
		}
		return r.checksFrame(ctx, f, err)
	}
	f.Realm = days[0].Realm
	b, err := r.Header(ctx, days[0].Day)
	f.Mission, f.ReportError = b.Mission, b.ReportError
	return f, err
}

// checksFrame names the mission after a released check where nothing else is out.
func (r publicReader) checksFrame(ctx context.Context, f web.Frame, err error) (web.Frame, error) {
	if err != nil || f.Realm != "" {
		return f, err
	}
	list, err := r.Reader.Checks(ctx)
	if len(list) > 0 {
		f.Mission, f.Realm = list[0].Mission, list[0].Realm
	}
	return f, err
}

var documentTypes = map[string]string{
	publish.FormatHTML: "text/html; charset=utf-8", publish.FormatMarkdown: "text/markdown; charset=utf-8",
	publish.FormatJSON: "application/json", publish.FormatCSV: "text/csv; charset=utf-8",
}

// Daily is a day's bulletin as released.
func (r publicReader) Daily(ctx context.Context, day truce.Day, format, lang string) (web.Document, error) {
	return printedAs(format, lang, func(lang string) ([]byte, error) { return r.Reader.Daily(ctx, day, lang, format) })
}

// Bulletin is one version of a bulletin as released.
func (r publicReader) Bulletin(ctx context.Context, number, format, lang string) (web.Document, error) {
	return printedAs(format, lang, func(lang string) ([]byte, error) { return r.Reader.Bulletin(ctx, number, lang, format) })
}

// printedAs is a stored document with its content type; a form or language that no
// bulletin is printed in is refused.
func printedAs(format, lang string, read func(lang string) ([]byte, error)) (web.Document, error) {
	contentType, known := documentTypes[format]
	if !known {
		return web.Document{}, truce.Errorf(truce.CodeNotFound, "A Daily is printed as html, md, json or csv, not %q.", format)
	}
	if err := web.OneOf("language", lang, publish.Languages()); err != nil {
		return web.Document{}, err
	}
	body, err := read(cmp.Or(lang, "en"))
	return web.Document{ContentType: contentType, Body: body}, err
}
