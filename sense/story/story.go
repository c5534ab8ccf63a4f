// Package story reads what reports say of the world. It makes one article of all the reports
// that carry it, finds which articles repeat one report, groups a stream of articles into
// stories, and makes events of what reports claim: one for each act a report names, as
// precise in place and time as the report itself, with copies of one report marked so that a
// hundred of them count as one.
//
// It never believes a report, never guesses a place or an act that the report does not
// name, and never drops a copy.
//
// Read Events first, then identity.go (reports to articles), copies.go for what counts as a
// copy, index.go and score.go for stories. docs/methods/stories.md has method and figures.
package story

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// Method names this way of working in every event it makes.
const Method = "story/1"

// DefaultCopyWindow is the longest time from the first to the last report of a group of
// copies. Agencies are copied within days; a headline that returns after weeks speaks of
// something else.
const DefaultCopyWindow = 7 * 24 * time.Hour

// Trust in a claim before anything else speaks, by family: a coin for those who repeat or
// have a side, more for trained observers. Assumed; to be replaced by learnt values.
const (
	TrustTold   = 0.5
	TrustPatrol = 0.9
)

// Config says how reports are read; a zero field means its default.
type Config struct {
	// Families gives the family of each source; a source not named is media.
	Families map[truce.SourceID]truce.Family
	// CapitalPlaces are place names that news uses for a whole country, in any case.
	CapitalPlaces []string
	// CopyWindow is the longest time a group of copies may span.
	CopyWindow time.Duration
	// Agencies are agencies beside those of the dictionary: a name and its other forms.
	Agencies map[string][]string
	// StoryWindow is how long a story waits for its next article.
	StoryWindow time.Duration
	// JoinOdds is the log odds from which an article joins a story; lower ones make fewer and
	// larger stories.
	JoinOdds float64
}

// Skipped counts the reports that gave no event, each under the first reason.
type Skipped struct {
	NoPlace int `json:"no_place"` // names no place
	NoAct   int `json:"no_act"`   // claims no act of the tree
}

// Events makes the events of the reports' claims, ordered by time and id; a report that
// claims one act twice gives one event, unless it puts the two at places or times of their
// own. The result does not depend on the order of the reports. Observations of other kinds
// are passed over without being counted.
func Events(reports []truce.Observation, cfg Config) ([]truce.Event, Skipped) {
	cfg.CopyWindow = cmp.Or(cfg.CopyWindow, DefaultCopyWindow)
	sorted := inOrder(reports)
	groups := copyGroups(sorted, cfg.CopyWindow, agencyNames(cfg.Agencies))
	capitals := foldAll(cfg.CapitalPlaces)
	var out []truce.Event
	var skipped Skipped
	for i, o := range sorted {
		told := tellings(o)
		placed := slices.DeleteFunc(slices.Clone(told), func(t telling) bool { return t.place == nil })
		switch {
		case len(placed) > 0:
			for _, t := range placed {
				out = append(out, t.event(o, groups[i], capitals, cfg))
			}
		case len(told) > 0 || o.Place == nil:
			skipped.NoPlace++
		default:
			skipped.NoAct++
		}
	}
	slices.SortFunc(out, func(a, b truce.Event) int {
		return cmp.Or(cmp.Compare(a.Origin.From, b.Origin.From), slices.Compare(a.ID[:], b.ID[:]))
	})
	return out, skipped
}

// inOrder sorts the reports by time and id and drops repetitions of one observation, each of
// another file behind the other.
func inOrder(reports []truce.Observation) []*truce.Observation {
	var out []*truce.Observation
	for i := range reports {
		if reports[i].Report != nil {
			out = append(out, &reports[i])
		}
	}
	slices.SortFunc(out, func(a, b *truce.Observation) int {
		return cmp.Or(cmp.Compare(a.Phenomenon.From, b.Phenomenon.From), slices.Compare(a.ID[:], b.ID[:]), cmp.Compare(a.Origin.File, b.Origin.File))
	})
	return slices.CompactFunc(out, func(a, b *truce.Observation) bool { return a.ID == b.ID && a.Origin.File == b.Origin.File })
}

// telling is one happening as a report tells it: an act at a place and a time.
type telling struct {
	act    truce.Act
	place  *geo.Position // nil: none is known
	name   string        // of the place
	when   truce.PhenomenonTime
	own    bool // the claim has a place or time of its own
	claims []*truce.Claim
}

// tellings is the different happenings that a report claims, in their order. A claim without
// a place or time of its own has those of the report; one that names another place than the
// report's, which nobody knows, has none: it is not where the report is.
func tellings(o *truce.Observation) []telling {
	var out []telling
	for i := range o.Report.Claims {
		c := &o.Report.Claims[i]
		if !c.Act.Known() || c.Kind != "" && c.Kind != truce.ClaimEvent {
			continue
		}
		t := telling{act: c.Act, place: o.Place, name: o.PlaceName, when: o.Phenomenon, own: c.Place != nil || c.When != nil, claims: []*truce.Claim{c}}
		switch {
		case c.Place != nil:
			t.place, t.name = c.Place, cmp.Or(c.PlaceName, o.PlaceName)
		case c.PlaceName != "" && o.PlaceName != "" && fold(c.PlaceName) != fold(o.PlaceName):
			t.place, t.name = nil, c.PlaceName
		}
		if c.When != nil {
			t.when = *c.When
		}
		if at := slices.IndexFunc(out, t.same); at >= 0 {
			out[at].claims = append(out[at].claims, c)
			continue
		}
		out = append(out, t)
	}
	return out
}

// same says whether two claims of a report tell of one happening.
func (t telling) same(o telling) bool {
	if t.act != o.act || t.when != o.when || (t.place == nil) != (o.place == nil) {
		return false
	}
	return t.place == nil || t.place.Point == o.place.Point
}

// event is the event of a telling; it shares nothing that could be changed. A claim that was
// read out of a text is trusted less, by how sure the reading is.
func (t telling) event(o *truce.Observation, group string, capitals map[string]bool, cfg Config) truce.Event {
	family := cmp.Or(cfg.Families[o.Source], truce.FamilyMedia)
	score := trust(family)
	if c := t.claims[0]; c.Confidence > 0 {
		score = num.Quantise(score*min(c.Confidence, 1), scoreStep)
	}
	return truce.Event{
		ID:       truce.NewID(t.when.From, "event", Method, t.key(o)),
		Revision: 1,
		Kind:     t.act,
		Origin:   t.when,
		Position: &geo.Position{Point: t.place.Point, Error: t.place.Error, Footprint: fresh(t.place.Footprint)},
		Place:    t.name,
		Score:    score,
		Labels:   labels(o, t.name, capitals),
		Method:   Method,
		Detail:   t.detail(),
		Support:  []truce.Support{{Observation: o.ID, Source: o.Source, Family: family, Group: group}},
	}
}

// scoreStep is how finely scores are kept, so that they hash the same everywhere.
const scoreStep = 1e-6

// key is what tells an event from the others of its report.
func (t telling) key(o *truce.Observation) []byte {
	key := append(slices.Clone(o.ID[:]), t.act...)
	if !t.own {
		return key
	}
	key = append(key, 0)
	key = strconv.AppendFloat(key, float64(t.place.Point.Lat), 'g', -1, 64)
	key = append(key, ' ')
	key = strconv.AppendFloat(key, float64(t.place.Point.Lon), 'g', -1, 64)
	key = append(key, ' ')
	return strconv.AppendInt(key, int64(t.when.To), 10)
}

// detail is what a report says more of a happening. Where it claims it twice nobody knows of
// which of the two the event is, so nothing is taken.
func (t telling) detail() *truce.Detail {
	if len(t.claims) != 1 || t.claims[0].Detail == nil {
		return nil
	}
	return copied(*t.claims[0].Detail)
}

// copied shares nothing with the detail it is of.
func copied(d truce.Detail) *truce.Detail {
	d.Weapons, d.OriginSide, d.Evidence = slices.Clone(d.Weapons), slices.Clone(d.OriginSide), slices.Clone(d.Evidence)
	d.Origin, d.Altitude = fresh(d.Origin), fresh(d.Altitude)
	d.Holding, d.Duty, d.Claim = fresh(d.Holding), fresh(d.Duty), fresh(d.Claim)
	return &d
}

func fresh[T any](p *T) *T {
	if p == nil {
		return nil
	}
	value := *p
	return &value
}

func trust(f truce.Family) float64 {
	switch f {
	case truce.FamilyMedia, truce.FamilyCivilian, truce.FamilyParty:
		return TrustTold
	default:
		return TrustPatrol
	}
}

// labels marks what the report cannot carry alone: a place that may stand for a country,
// and a single publisher.
func labels(o *truce.Observation, place string, capitals map[string]bool) []truce.Label {
	var out []truce.Label
	if capitals[fold(place)] {
		out = append(out, truce.LabelCapitalPoint)
	}
	if publishers(o.Report) <= 1 {
		out = append(out, truce.LabelOneSource)
	}
	return out
}

func fold(name string) string { return strings.ToLower(strings.TrimSpace(truce.CleanText(name))) }

func foldAll(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		if f := fold(n); f != "" {
			out[f] = true
		}
	}
	return out
}

// publishers is how many different hosts a report links to.
func publishers(r *truce.Report) int {
	var hosts []string
	for _, link := range r.Links[:min(len(r.Links), maxLinks)] {
		if u, err := url.Parse(strings.TrimSpace(link)); err == nil && u.Host != "" && !slices.Contains(hosts, host(u)) {
			hosts = append(hosts, host(u))
		}
	}
	return len(hosts)
}
