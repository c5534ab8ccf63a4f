package claim

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Place is a settlement, an administrative area or another named place.
type Place struct {
	Name    string   // as shown
	Names   []string // other spellings, in any language and the nominative
	Admin   string   // the area it lies in, by the name of an area of the gazetteer; "": not known
	At      geo.Point
	RadiusM float64 // of a circle that holds it; 0: DefaultRadiusM
	Kind    string  // "area" is an administrative area; else free, e.g. "town"
}

// DefaultRadiusM is the radius of a place whose size nobody gave: a small town.
const DefaultRadiusM = 2000.0

// MaxSpreadM is how far a place may lie from the others that one article names in an area
// without being refused: 2,500 km spans the largest country of Europe.
const MaxSpreadM = 2_500_000.0

// Gazetteer finds places by name, in the cases of Ukrainian and Russian. A nil Gazetteer
// knows none.
type Gazetteer struct {
	places []Place
	admins []string         // folded, by place
	first  map[string][]ref // by the form of a name's first word
	areas  map[string]bool  // folded names of areas
}

// ref is one name of a place.
type ref struct {
	place int
	words [][]string // forms of each word
}

// NewGazetteer makes a gazetteer; a place without a name or with a position out of range is
// refused.
func NewGazetteer(places []Place) (*Gazetteer, error) {
	if len(places) > MaxPlaces {
		return nil, truce.Errorf(truce.CodeTooLarge, "gazetteer: %d places, at most %d are read", len(places), MaxPlaces)
	}
	g := &Gazetteer{places: slices.Clone(places), first: map[string][]ref{}, areas: map[string]bool{}}
	for i, p := range g.places {
		if strings.TrimSpace(p.Name) == "" || !p.At.Valid() || !(p.RadiusM >= 0) || math.IsInf(p.RadiusM, 0) {
			return nil, truce.Errorf(truce.CodeInvalid, "gazetteer: place %d (%q): needs a name, a position in range and a radius that is no number below 0", i+1, p.Name)
		}
		g.admins = append(g.admins, areaKey(p.Admin))
		given := append([]string{p.Name}, p.Names...)
		for _, name := range given {
			g.add(i, name)
		}
		if p.Kind != "area" && len(places) <= maxSpelled {
			g.spell(i, given)
		}
		if p.Kind == "area" {
			g.areas[areaKey(p.Name)] = true
		}
	}
	return g, nil
}

// spell adds the other spellings of a place's names, each once.
func (g *Gazetteer) spell(place int, given []string) {
	known := map[string]bool{}
	for _, name := range given {
		known[foldWord(name)] = true
	}
	for _, name := range given {
		for _, other := range spellings(name) {
			if folded := foldWord(other); !known[folded] {
				known[folded] = true
				g.add(place, other)
			}
		}
	}
}

// areaKey is the name of an area without the word for its kind.
func areaKey(name string) string {
	var kept []string
	for _, t := range tokens(name) {
		switch t.word {
		case "oblast", "region", "область", "області", "raion", "район", "district":
		default:
			kept = append(kept, t.word)
		}
	}
	return strings.Join(kept, " ")
}

func (g *Gazetteer) add(place int, name string) {
	words := tokens(name)
	if len(words) == 0 || len(words) > maxNameWords {
		return
	}
	r := ref{place: place}
	for _, t := range words {
		r.words = append(r.words, formsOf(t.word))
	}
	for _, form := range r.words[0] {
		g.first[form] = append(g.first[form], r)
	}
}

// String says how much a gazetteer knows.
func (g *Gazetteer) String() string {
	if g == nil {
		return "no places"
	}
	return fmt.Sprintf("%d places", len(g.places))
}

// at finds the places named from a word on: the longest name, all that bear it.
func (g *Gazetteer) at(words []token, i int) (found []int, end int) {
	if g == nil || !words[i].capital {
		return nil, i
	}
	end = i
	for _, r := range g.first[words[i].word] {
		n := len(r.words)
		if i+n > len(words) || i+n < end || !r.matches(words[i:i+n]) {
			continue
		}
		if i+n > end {
			found, end = nil, i+n
		}
		if !slices.Contains(found, r.place) {
			found = append(found, r.place)
		}
	}
	return found, end
}

func (r ref) matches(words []token) bool {
	for k, forms := range r.words {
		if !slices.Contains(forms, words[k].word) {
			return false
		}
	}
	return true
}

// context is what an article tells of where it is: the areas and places it names.
type context struct {
	areas  map[string]int
	places map[int]bool // named, and borne by one place only
}

// context reads the places of all sentences once.
func (g *Gazetteer) context(all []*reading) context {
	c := context{areas: map[string]int{}, places: map[int]bool{}}
	if g == nil {
		return c
	}
	for _, r := range all {
		for i := 0; i < len(r.words); i++ {
			found, end := g.at(r.words, i)
			for _, p := range found {
				if g.places[p].Kind == "area" {
					c.areas[areaKey(g.places[p].Name)]++
				}
			}
			if len(found) == 1 {
				c.places[found[0]] = true
			}
			i = max(i, end-1)
		}
	}
	return c
}

// choose is the one of several places of a name that is meant; false if it cannot be told.
// Places that lie outside the box or in no area the text names are refused.
func (g *Gazetteer) choose(found []int, near context, sentence map[string]bool, box *geo.Bounds) (int, bool) {
	var fit []int
	for _, p := range found {
		if box == nil || box.Contains(g.places[p].At) {
			fit = append(fit, p)
		}
	}
	if areas := inAreas(g, fit, sentence); len(areas) > 0 {
		fit = areas
	} else if len(sentence) > 0 && slices.ContainsFunc(fit, func(p int) bool { return g.admins[p] != "" }) {
		fit = slices.DeleteFunc(fit, func(p int) bool { return g.admins[p] != "" && g.places[p].Kind != "area" })
	}
	if len(fit) > 1 {
		wide := map[string]bool{}
		for a := range near.areas {
			wide[a] = true
		}
		if areas := inAreas(g, fit, wide); len(areas) > 0 {
			fit = areas
		}
	}
	if len(fit) > 1 {
		fit = g.nearest(fit, near)
	}
	if len(fit) != 1 {
		return 0, false
	}
	return fit[0], g.plausible(fit[0], near)
}

// inAreas keeps the places that lie in one of the areas, or are one of them.
func inAreas(g *Gazetteer, list []int, areas map[string]bool) []int {
	var out []int
	for _, p := range list {
		if areas[g.admins[p]] && g.admins[p] != "" || g.places[p].Kind == "area" && areas[areaKey(g.places[p].Name)] {
			out = append(out, p)
		}
	}
	return out
}

// nearest keeps the place that is clearly nearer to the others of the article than its
// namesakes: at most half as far.
func (g *Gazetteer) nearest(list []int, near context) []int {
	type far struct {
		place int
		m     float64
	}
	var all []far
	for _, p := range list {
		best := math.Inf(1)
		for o := range near.places {
			if o != p {
				best = min(best, roughMetres(g.places[p].At, g.places[o].At))
			}
		}
		all = append(all, far{p, best})
	}
	slices.SortFunc(all, func(a, b far) int { return cmp.Or(cmp.Compare(a.m, b.m), cmp.Compare(a.place, b.place)) })
	if all[0].m*2 <= all[1].m && !math.IsInf(all[0].m, 1) {
		return []int{all[0].place}
	}
	return list
}

// plausible refuses a place that lies further than MaxSpreadM from every other place of
// the article.
func (g *Gazetteer) plausible(p int, near context) bool {
	others := 0
	for o := range near.places {
		if o == p {
			continue
		}
		others++
		if roughMetres(g.places[p].At, g.places[o].At) <= MaxSpreadM {
			return true
		}
	}
	return others == 0
}

// roughMetres is a distance on a sphere, good to half a percent, for comparing only.
func roughMetres(a, b geo.Point) float64 {
	const radius, degree = 6371008.8, math.Pi / 180
	sinLat, sinLon := math.Sin(float64(b.Lat-a.Lat)*degree/2), math.Sin(float64(b.Lon-a.Lon)*degree/2)
	h := sinLat*sinLat + math.Cos(float64(a.Lat)*degree)*math.Cos(float64(b.Lat)*degree)*sinLon*sinLon
	return 2 * radius * math.Asin(math.Sqrt(min(1, h)))
}

// position is a place as an ellipse: its circle holds 90 % of where it may have been.
func (g *Gazetteer) position(p int) *geo.Position {
	place := g.places[p]
	sigma := geo.Metres(cmp.Or(place.RadiusM, DefaultRadiusM)) / geo.R90(1)
	return &geo.Position{Point: place.At, Error: geo.Isotropic(sigma)}
}

// place gives a claim the place nearest to its act that stands behind a word of place, or
// right behind the verb.
func (r *reading) place(c *truce.Claim, t trigger, cfg *Config) {
	last := max(t.to, t.at+1)
	for i := last; i < min(len(r.words), last+placeReach); i++ {
		if r.placeAt(c, i, i == last || t.verb && i-last <= 1, cfg) {
			return
		}
	}
	for i := min(t.from, len(r.words)) - 1; i >= 0; i-- {
		if r.placeAt(c, i, false, cfg) {
			return
		}
	}
}

// placeFrom gives a claim the place that stands at a word of place.
func (r *reading) placeFrom(c *truce.Claim, i int, cfg *Config) bool {
	m, ok := r.at("locative", i)
	return ok && m.to < len(r.words) && r.placeAt(c, m.to, false, cfg)
}

// placeAt takes the place that begins at a word, if a word of place leads to it.
func (r *reading) placeAt(c *truce.Claim, i int, direct bool, cfg *Config) bool {
	if i >= len(r.words) || !r.words[i].capital || r.covers("agency", i) || r.covers("title", i) || strings.ContainsAny(r.words[i].word, "0123456789") || r.tellsOf(i) {
		return false
	}
	led := r.endsAt("locative", i)
	found, end := cfg.Gazetteer.at(r.words, i)
	if len(found) > 0 && (led || direct || r.isRegion(end) || !r.covers("actor", i)) {
		c.PlaceName = r.text(i, r.withRegion(end))
		if p, ok := cfg.Gazetteer.choose(found, cfg.near, r.areas(cfg), cfg.Box); ok {
			c.Place = cfg.Gazetteer.position(p)
		}
		return true
	}
	object := direct && !r.headline && !r.covers("actor", i) && len(r.words[i].word) > minAdjectiveNoun/2
	if !led && !object && !r.isRegion(i+1) || r.covers("actor", i) && !r.isRegion(i+1) && !r.isCity(i) || r.covers("month", i) || r.covers("time", i) || r.covers("weapon", i) || r.covers("subject", i) && !led || r.isAdjective(i) {
		return false
	}
	end = i + 1
	for end < len(r.words) && end-i < maxNameWords && r.words[end].capital && !r.words[end].sign && !r.covers("actor", end) && !r.covers("time", end) {
		end++
	}
	c.PlaceName = r.text(i, r.withRegion(end))
	return true
}

// isAdjective says whether a Slavic word describes what stands behind it: "Севастопольскому
// заводу".
func (r *reading) isAdjective(i int) bool {
	if i+1 >= len(r.words) || r.words[i+1].sign || r.words[i+1].capital || r.isRegion(i+1) || len(r.words[i+1].word) <= minAdjectiveNoun {
		return false
	}
	for _, end := range []string{"ському", "ского", "скому", "ського", "ській", "ской", "ською", "ские", "ські"} {
		if strings.HasSuffix(r.words[i].word, end) {
			return true
		}
	}
	return false
}

// isCity says whether an actor's name is a city's, which is a place behind "in".
func (r *reading) isCity(i int) bool {
	_, ok := r.at("city", i)
	return ok
}

func (r *reading) isRegion(i int) bool {
	_, ok := r.at("region", i)
	return ok
}

// withRegion takes the word for an area behind its name.
func (r *reading) withRegion(end int) int {
	if m, ok := r.at("region", end); ok {
		return m.to
	}
	return end
}

// areas is the areas that the sentence names.
func (r *reading) areas(cfg *Config) map[string]bool {
	out := map[string]bool{}
	g := cfg.Gazetteer
	for i := 0; g != nil && i < len(r.words); i++ {
		found, end := g.at(r.words, i)
		for _, p := range found {
			if g.places[p].Kind == "area" {
				out[areaKey(g.places[p].Name)] = true
			}
		}
		i = max(i, end-1)
	}
	return out
}
