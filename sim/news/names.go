package news

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed names.txt
var namesFile string

// nameParts is what names are made of, each part by language.
type nameParts struct {
	roots, endings, before, given, family [][]string
	roles, orgs, agencies                 [][]string
	sites                                 map[string][]string
}

// partWidths is how many words a line of a kind has after the kind.
var partWidths = map[string]int{"root": 4, "ending": 8, "before": 8, "given": 3, "family": 4}

func readNames(text string) (nameParts, error) {
	p := nameParts{sites: map[string][]string{}}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		kind, rest, ok := strings.Cut(line, " ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(rest)
		if width := partWidths[kind]; !ok || width > 0 && len(words) != width {
			return p, fmt.Errorf("names.txt:%d: %q has %d words, want %d", number, line, len(words), width)
		}
		switch kind {
		case "root":
			p.roots = append(p.roots, words)
		case "ending":
			p.endings = append(p.endings, words)
		case "before":
			p.before = append(p.before, words)
		case "given":
			p.given = append(p.given, words)
		case "family":
			p.family = append(p.family, words)
		case "role":
			p.roles = append(p.roles, splitBar(rest))
		case "org":
			p.orgs = append(p.orgs, splitBar(rest))
		case "agency":
			p.agencies = append(p.agencies, splitBar(rest))
		case "site":
			p.sites[words[0]] = append(p.sites[words[0]], strings.Join(words[1:], " "))
		default:
			return p, fmt.Errorf("names.txt:%d: %q is of no kind", number, line)
		}
	}
	return p, nil
}

func splitBar(s string) []string {
	parts := strings.Split(s, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// place is an invented place in three languages with its cases, the second English name
// being the other usual spelling.
type place struct {
	en, en2          string
	uk, ukGen, ukLoc string
	ru, ruGen, ruLoc string
}

// place is the n-th place: first every root with every ending, then those of women's gender
// with every word before them, then those of two roots.
func (p nameParts) place(n int) place {
	if few := p.places(); n >= few {
		n -= few
		first, second := p.roots[n%len(p.roots)], p.roots[(n+1+n/len(p.roots)%(len(p.roots)-1))%len(p.roots)]
		two := make([]string, len(first))
		for i, o := range []string{"o", "o", "о", "о"} {
			two[i] = first[i] + o + strings.ToLower(second[i])
		}
		of := nameParts{roots: [][]string{two}, endings: p.endings}
		return of.place(n / len(p.roots) / (len(p.roots) - 1) % len(p.endings))
	}
	endings, plain := p.endings, len(p.roots)*len(p.endings)
	var before []string
	if n >= plain {
		n -= plain
		endings = p.womens()
		before = p.before[n/(len(p.roots)*len(endings))%len(p.before)]
	}
	root, ending := p.roots[n%len(p.roots)], endings[n/len(p.roots)%len(endings)]
	out := place{
		en: root[0] + ending[0], en2: root[1] + ending[1],
		uk: upperFirst(root[2] + ending[2]), ukGen: upperFirst(root[2] + ending[3]), ukLoc: upperFirst(root[2] + ending[4]),
		ru: upperFirst(root[3] + ending[5]), ruGen: upperFirst(root[3] + ending[6]), ruLoc: upperFirst(root[3] + ending[7]),
	}
	for i, name := range []*string{&out.en, &out.en2, &out.uk, &out.ukGen, &out.ukLoc, &out.ru, &out.ruGen, &out.ruLoc} {
		if before != nil {
			*name = before[i] + " " + *name
		}
	}
	return out
}

// womens is the endings of women's gender: those in -ka.
func (p nameParts) womens() [][]string {
	var out [][]string
	for _, e := range p.endings {
		if strings.HasSuffix(e[0], "ka") {
			out = append(out, e)
		}
	}
	return out
}

// manyPlaces is how many there are with those of two roots, for a workload of millions.
func (p nameParts) manyPlaces() int {
	return p.places() + len(p.roots)*(len(p.roots)-1)*len(p.endings)
}

// places is how many different places of one root there are.
func (p nameParts) places() int {
	return len(p.roots) * (len(p.endings) + len(p.womens())*len(p.before))
}

// person is a name by language, the second English one being the other usual spelling.
type person struct{ en, en2, uk, ru string }

func (p nameParts) person(n int) person {
	root := p.roots[n%len(p.roots)]
	n /= len(p.roots)
	family := p.family[n%len(p.family)]
	n /= len(p.family)
	given := p.given[n%len(p.given)]
	return person{
		en: given[0] + " " + root[0] + family[0], en2: given[0] + " " + root[1] + family[1],
		uk: given[1] + " " + upperFirst(root[2]+family[2]), ru: given[2] + " " + upperFirst(root[3]+family[3]),
	}
}

// persons is how many different persons person gives.
func (p nameParts) persons() int { return len(p.roots) * len(p.family) * len(p.given) }
