package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
)

// numberOf is how many of what a limit counts were seen at once: at least one.
func (p *plan) numberOf(d *truce.Detail) int {
	object := "weapons"
	if p.Limit != nil && p.Limit.Object != "" {
		object = p.Limit.Object
	}
	return max(1, numberIn(d, object))
}

// people are the words for the same: who is counted by head.
var people = []string{"troops", "personnel", "persons"}

// numberIn is how many of a sort were seen, 0 where that is not known.
func numberIn(d *truce.Detail, object string) int {
	if !slices.Contains(people, object) {
		return d.NumberOf(object)
	}
	for _, word := range people {
		if n := d.NumberOf(word); n > 0 {
			return n
		}
	}
	return 0
}

// things says whether what a limit names are things of which each is one object; of people
// and their units the number is held against the limit, and a post or a patrol is one.
func things(object string) bool {
	switch object {
	case "", "personnel", "troops", "persons", "battalions", "companies", "brigades":
		return false
	}
	return true
}
