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
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
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
// claims one act twice gives one event. The result does not depend on the order of the
// reports. Observations of other kinds are passed over without being counted.
func Events(reports []truce.Observation, cfg Config) ([]truce.Event, Skipped) {
	cfg.CopyWindow = cmp.Or(cfg.CopyWindow, DefaultCopyWindow)
	sorted := inOrder(reports)
	groups := copyGroups(sorted, cfg.CopyWindow, agencyNames(cfg.Agencies))
	capitals := foldAll(cfg.CapitalPlaces)
	var out []truce.Event
	var skipped Skipped
	for i, o := range sorted {
		acts := actsOf(o.Report)
		switch {
		case o.Place == nil:
			skipped.NoPlace++
		case len(acts) == 0:
			skipped.NoAct++
		default:
			base := event(o, groups[i], capitals, cfg)
			for _, act := range acts {
				out = append(out, claimed(base, o, act))
			}
		}
	}
	slices.SortFunc(out, func(a, b truce.Event) int {
		return cmp.Or(cmp.Compare(a.Origin.From, b.Origin.From), slices.Compare(a.ID[:], b.ID[:]))
	})
	return out, skipped
}

// inOrder sorts the reports by time and id and drops repetitions of one observation.
func inOrder(reports []truce.Observation) []*truce.Observation {
	var out []*truce.Observation
	for i := range reports {
		if reports[i].Report != nil {
			out = append(out, &reports[i])
		}
	}
	slices.SortFunc(out, func(a, b *truce.Observation) int {
		return cmp.Or(cmp.Compare(a.Phenomenon.From, b.Phenomenon.From), slices.Compare(a.ID[:], b.ID[:]))
	})
	return slices.CompactFunc(out, func(a, b *truce.Observation) bool { return a.ID == b.ID })
}

// actsOf is the different acts of the tree that a report claims, in their order.
func actsOf(r *truce.Report) []truce.Act {
	var acts []truce.Act
	for _, c := range r.Claims {
		if c.Act.Known() && !slices.Contains(acts, c.Act) {
			acts = append(acts, c.Act)
		}
	}
	return acts
}

// event is what all events of a report share.
func event(o *truce.Observation, group string, capitals map[string]bool, cfg Config) truce.Event {
	place := *o.Place
	if place.Footprint != nil {
		f := *place.Footprint
		place.Footprint = &f
	}
	family := cmp.Or(cfg.Families[o.Source], truce.FamilyMedia)
	return truce.Event{
		Revision: 1,
		Origin:   o.Phenomenon,
		Position: &place,
		Place:    o.PlaceName,
		Score:    trust(family),
		Labels:   labels(o, capitals),
		Method:   Method,
		Support:  []truce.Support{{Observation: o.ID, Source: o.Source, Family: family, Group: group}},
	}
}

// claimed is the event of one act; it shares nothing that could be changed.
func claimed(base truce.Event, o *truce.Observation, act truce.Act) truce.Event {
	key := append(slices.Clone(o.ID[:]), act...)
	base.ID = truce.NewID(o.Phenomenon.From, "event", Method, key)
	base.Kind = act
	base.Detail = detailOf(o.Report, act)
	base.Support = slices.Clone(base.Support)
	base.Labels = slices.Clone(base.Labels)
	base.Position = &geo.Position{Point: base.Position.Point, Error: base.Position.Error, Footprint: base.Position.Footprint}
	return base
}

// detailOf is what a report says more of an act. Where it claims the act twice nobody knows
// of which of the two the event is, so nothing is taken.
func detailOf(r *truce.Report, act truce.Act) *truce.Detail {
	var found *truce.Detail
	claims := 0
	for _, c := range r.Claims {
		if c.Act == act {
			found, claims = c.Detail, claims+1
		}
	}
	if claims != 1 || found == nil {
		return nil
	}
	return copied(*found)
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
func labels(o *truce.Observation, capitals map[string]bool) []truce.Label {
	var out []truce.Label
	if capitals[fold(o.PlaceName)] {
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
