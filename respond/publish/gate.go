package publish

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Policy is how coarse and how late things leave. The zero value of each field but Key is
// its default.
type Policy struct {
	Key          []byte // secret of the mission, at least 32 bytes: public ids are made with it
	CellKm       int    // side of a public cell, 1 to 5; default DefaultCellKm
	KeepTogether int    // rows of protected reporters a cell must hold; default DefaultKeepTogether

	// PlaceAge is how old a row of an act group must be before its place goes out;
	// missing groups have their default (PlaceAge of the package).
	PlaceAge map[truce.ActGroup]time.Duration
	// Protected are the families whose reporters a small cell would show; default
	// civilians.
	Protected []truce.Family
}

// PlaceAge is the default age of a group's places: two days for what shows where forces
// and monitors are (ForcesGroups), one for the rest.
func PlaceAge(g truce.ActGroup) time.Duration {
	if slices.Contains(ForcesGroups(), g) {
		return truce.LeastForcesDelay
	}
	return 24 * time.Hour
}

// ForcesGroups are the groups of acts that show where forces and monitors are.
func ForcesGroups() []truce.ActGroup {
	return []truce.ActGroup{truce.GroupGround, truce.GroupHoldings, truce.GroupMovement, truce.GroupAccess}
}

// age is how old a row of a group must be before its place goes out.
func (p Policy) age(g truce.ActGroup) time.Duration {
	if age, set := p.PlaceAge[g]; set {
		return age
	}
	return PlaceAge(g)
}

// Gate is the only way out of the mission. It has no setting for a reader: everybody gets
// the same bytes at the same time.
type Gate struct {
	policy Policy
	grid   Grid
}

// NewGate refuses a policy that would publish finer than the handbook allows.
func NewGate(p Policy) (*Gate, error) {
	if len(p.Key) < minKey {
		return nil, truce.Errorf(truce.CodeInvalid, "gate: the key of the public ids has %d bytes, it needs %d", len(p.Key), minKey)
	}
	p.CellKm = cmp.Or(p.CellKm, DefaultCellKm)
	p.KeepTogether = cmp.Or(p.KeepTogether, DefaultKeepTogether)
	grid, err := NewGrid(p.CellKm)
	if err != nil {
		return nil, err
	}
	if p.KeepTogether < 2 {
		return nil, truce.Errorf(truce.CodeInvalid, "gate: cells keep %d reporters together, want 2 or more", p.KeepTogether)
	}
	for _, group := range slices.Sorted(maps.Keys(p.PlaceAge)) {
		if age := p.PlaceAge[group]; age < PreliminaryAge {
			return nil, truce.Errorf(truce.CodeInvalid, "gate: places of %s go out after %s, the least is %s", group, truce.DurationText(age), truce.DurationText(PreliminaryAge))
		}
	}
	if p.Protected == nil {
		p.Protected = []truce.Family{truce.FamilyCivilian}
	}
	return &Gate{policy: p, grid: grid}, nil
}

var publicIDs = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// PublicID is the id a row has outside: the same in every release, and not to be turned
// back without the gate's key.
func (g *Gate) PublicID(id string) string {
	mac := hmac.New(sha256.New, g.policy.Key)
	mac.Write([]byte("truce/public-id/1\n" + id))
	return "p" + publicIDs.EncodeToString(mac.Sum(nil)[:15])
}

// ReleaseInput is a bulletin on its way out.
type ReleaseInput struct {
	Bulletin   truce.Bulletin  // mission edition
	Now        truce.Instant   // of the release; every age is reckoned from it
	Superseded *truce.Bulletin // public edition this one replaces; places never get finer than in it by fewer reporters
	Print      PrintOptions    // of the pages; Lang, Map and MapNotes are ignored, the gate draws the map and every language goes out at once
	Ground     Ground          // what the map stands on; nil for cells alone
}

// Release is what leaves, whole and once: the public edition and its printings.
type Release struct {
	Bulletin  truce.Bulletin
	JSON      []byte // canonical bytes of the public edition, the body that is recorded
	CSV       []byte
	Documents []Document // HTML and Markdown in every language
	At        truce.Instant
}

// Release makes the public edition, prints it in every language and refuses it whole when
// the linter finds anything.
func (g *Gate) Release(in ReleaseInput) (Release, error) {
	pub, err := g.Edition(in)
	if err != nil {
		return Release{}, err
	}
	r := Release{Bulletin: pub, At: in.Now}
	if r.JSON, err = JSON(pub); err != nil {
		return Release{}, err
	}
	if r.CSV, err = CSV(pub); err != nil {
		return Release{}, err
	}
	problems := append(PublicProblems(pub), Lint(pub, Document{})...)
	for _, lang := range languages {
		opt := in.Print
		opt.Lang = lang
		if opt.Map, opt.MapNotes, err = drawMap(pub, in.Ground, opt); err != nil {
			return Release{}, err
		}
		problems = append(problems, mapProblems(lang, opt.Map)...)
		page, err := HTML(pub, opt)
		if err != nil {
			return Release{}, err
		}
		opt.Map, opt.MapNotes = nil, nil // text has no place for a drawing
		plain, err := Markdown(pub, opt)
		if err != nil {
			return Release{}, err
		}
		r.Documents = append(r.Documents, page, plain)
		problems = append(problems, lintText(pub, page)...)
		problems = append(problems, lintText(pub, plain)...)
	}
	return r, Refusal(pub.Number, problems)
}

// Edition makes the public edition of a mission's bulletin.
func (g *Gate) Edition(in ReleaseInput) (truce.Bulletin, error) {
	b := in.Bulletin
	if b.Edition != truce.EditionMission {
		return truce.Bulletin{}, truce.Errorf(truce.CodeInvalid, "gate: bulletin %s is the %s edition, the mission's goes in", b.Number, b.Edition)
	}
	if at := max(EarliestRelease(b), b.Published); in.Now < at {
		return truce.Bulletin{}, truce.Errorf(truce.CodeUnavailable, "gate: bulletin %s may leave at %s, it is %s", b.Number, at, in.Now)
	}
	if s := in.Superseded; s != nil && (s.Edition != truce.EditionPublic || s.Number != b.Supersedes) {
		return truce.Bulletin{}, truce.Errorf(truce.CodeInvalid, "gate: %s replaces %q, not %s (%s edition)", b.Number, b.Supersedes, s.Number, s.Edition)
	}
	p := passage{gate: g, in: in, free: freeSources(b.Sources), listed: map[int]bool{}}
	return p.edition(), nil
}

func freeSources(list []truce.BulletinSource) map[truce.SourceID]bool {
	out := map[truce.SourceID]bool{}
	for _, s := range list {
		out[s.ID] = s.Redistribute && s.Licence != "" && s.Attribution != ""
	}
	return out
}

// PublicProblems lists what a public edition must not hold. It is checked again before
// anything is written to the public store.
func PublicProblems(b truce.Bulletin) []Problem {
	l := &linter{b: b}
	if b.Edition != truce.EditionPublic {
		l.report("G", "edition", "is %q, not public", b.Edition)
	}
	free := freeSources(b.Sources)
	for _, r := range b.Rows {
		where := fmt.Sprintf("row %d", r.N)
		if r.Place.Lat != nil || r.Place.Lon != nil || r.Place.RadiusM != 0 || r.Place.Near != nil {
			l.report("G", where, "holds a position; only cells go out")
		}
		if _, err := truce.ParseID(r.ID); err == nil || !strings.HasPrefix(r.ID, "p") {
			l.report("G", where, "holds the internal id")
		}
		for _, f := range r.Findings {
			if len(f.Chain) > 0 {
				l.report("G", where, "names the incidents that a claim answers, with their times")
			}
		}
		for _, s := range r.Sources {
			if !free[s] {
				l.report("R", where, "rests on %s, which does not allow its data to be passed on", s)
			}
		}
	}
	for _, place := range b.Places {
		if place.At != nil {
			l.report("G", "place "+place.Key, "holds a position; only names go out")
		}
	}
	for i := range b.Tables {
		t := &b.Tables[i]
		eachCell(t, func(line truce.CountLine, name string, split int) {
			c := line.Cells[split]
			if len(c.This.Refs)+len(c.Preliminary.Refs) > 0 {
				l.report("G", "table "+t.Key+"/"+name, "names internal ids")
			}
		})
	}
	for _, c := range b.Coverage {
		for _, g := range c.Gaps {
			if !g.Incident.IsZero() || opened(g) && !slices.ContainsFunc(b.Rows, func(r truce.BulletinRow) bool { return r.N == g.Row }) {
				l.report("G", "coverage of "+string(c.Area), "tells of a gap whose row does not go out")
			}
		}
	}
	l.publicNotified()
	for _, c := range b.Claims {
		if !free[c.Source] {
			l.report("R", "claim "+c.ID, "quotes %s, which does not allow its data to be passed on", c.Source)
		}
	}
	return l.problems
}

// roundP keeps two decimals of a probability: more would tell the place it was
// integrated over.
func roundP(p truce.Probability) truce.Probability {
	return truce.Probability(math.Round(float64(p)*100) / 100)
}
