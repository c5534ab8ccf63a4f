package agreement

import truce "github.com/trucewatch/truce"

// numberOf is how many of what a limit counts were seen at once: at least one.
func (p *plan) numberOf(d *truce.Detail) int {
	object := "weapons"
	if p.Limit != nil && p.Limit.Object != "" {
		object = p.Limit.Object
	}
	return max(1, numberIn(d, object))
}

// numberIn is how many of a sort were seen, 0 where that is not known. Troops and
// personnel are the same people.
func numberIn(d *truce.Detail, object string) int {
	switch n := d.NumberOf(object); {
	case n > 0:
		return n
	case object == "troops":
		return d.NumberOf("personnel")
	case object == "personnel":
		return d.NumberOf("troops")
	}
	return 0
}

// things says whether what a limit names are things of which each is one object; of people
// and their units the number is held against the limit, and a post or a patrol is one.
func things(object string) bool {
	switch object {
	case "", "personnel", "troops", "battalions", "companies", "brigades":
		return false
	}
	return true
}
