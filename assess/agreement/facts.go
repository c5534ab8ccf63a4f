package agreement

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	truce "github.com/trucewatch/truce"
)

// facts are what conditions ask of an incident. Each is looked for when it is first asked
// about; what is not known has no value.
type facts struct {
	*look
	names  []string
	values []any         // beside names; nil: not known
	moment truce.Instant // asked about instead of the middle of the time, unless 0
	large  bool          // one is larger than the estimate of a condition's cost takes it to be
}

// maxFactSize is the size of lists, maps and texts for which a condition's cost is told
// before it is asked. What is larger is asked with a count of its steps.
const maxFactSize = 64

// none keeps the memory and nothing else.
func (v *facts) none() facts { return facts{names: v.names[:0], values: v.values[:0]} }

// on asks from now on about another moment of the incident, 0: about its middle.
func (v *facts) on(moment truce.Instant) {
	v.moment = moment
	for i := len(v.names) - 1; i >= 0; i-- {
		if ofTime(v.names[i]) {
			v.names, v.values = slices.Delete(v.names, i, i+1), slices.Delete(v.values, i, i+1)
		}
	}
}

// ofTime says whether a variable changes with the moment.
func ofTime(name string) bool {
	switch name {
	case "at", "hour", "weekday", "day", "day_number":
		return true
	}
	return false
}

// of gives a condition what it asks about, with the unknown ones marked.
func (v *facts) of(e *Expression) cel.Activation {
	var unknown []*cel.AttributePatternType
	for _, a := range e.asks {
		if v.value(a.name) == nil {
			unknown = append(unknown, a.unknown)
		}
	}
	if unknown == nil {
		return v
	}
	partial, err := cel.PartialVars(v, unknown...)
	if err != nil { // it refuses only what is neither an activation nor a map
		return v
	}
	return partial
}

// ResolveName gives a condition the value of a variable.
func (v *facts) ResolveName(name string) (any, bool) {
	value := v.value(name)
	return value, value != nil
}

// Parent is nil: there is nothing behind an incident.
func (v *facts) Parent() cel.Activation { return nil }

func (v *facts) value(name string) any {
	for i, known := range v.names {
		if known == name {
			return v.values[i]
		}
	}
	value := v.find(name)
	v.large = v.large || sizeOf(value) > maxFactSize
	v.names, v.values = append(v.names, name), append(v.values, value)
	return value
}

// sizeOf is the size of a value as CEL counts it.
func sizeOf(value any) int {
	switch x := value.(type) {
	case string:
		return len(x)
	case map[string]float64:
		return len(x)
	case []string:
		most := len(x)
		for _, s := range x {
			most = max(most, len(s))
		}
		return most
	}
	return 0
}

// find looks for one fact.
func (v *facts) find(name string) any {
	d, i := v.detail, v.incident
	if ofTime(name) {
		return v.time(name)
	}
	switch name {
	case "act", "acts":
		return v.act(name)
	case "p":
		return held(float64(i.P))
	case "occurrence":
		return string(i.Occurrence)
	case "families":
		return options(v.evidence().families...)
	case "evidence":
		return append([]string{}, d.Evidence...)
	case "weapon_classes", "weapon_type", "calibre_mm":
		return v.weapon(name)
	case "altitude_low", "altitude_high", "site_kind":
		return v.object(name)
	case "effect_side":
		return sideFact(v.controlled())
	case "origin_side":
		return sideFact(v.originated())
	case "quantity":
		return said(d.Quantity)
	case "casualties":
		return said(d.Casualties)
	case "identity", "crossed", "stayed_min", "flown_with":
		return flightFact(d.Flight, name)
	case "site":
		return said(d.Site)
	case "state":
		return said(d.State)
	case "damage":
		return said(d.Damage)
	}
	return nil
}

// said is a value, or nothing where it was not said.
func said[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

func (v *facts) act(name string) any {
	if len(v.acts) == 0 {
		return nil
	}
	if name == "act" {
		return string(v.acts[0].Act)
	}
	acts := map[string]float64{}
	for _, s := range v.shares {
		acts[string(s.act)] += s.p
	}
	return acts
}

func (v *facts) time(name string) any {
	calendar, at := v.g.a.Calendar, cmp.Or(v.moment, v.at)
	local := at.Time().In(calendar.Location())
	switch name {
	case "at":
		return types.Timestamp{Time: at.Time()}
	case "hour":
		return local.Hour()
	case "weekday":
		return (int(local.Weekday())+6)%7 + 1
	case "day":
		return string(calendar.DayAt(at))
	}
	n, err := calendar.DayNumber(calendar.DayAt(at))
	if err != nil {
		return nil
	}
	return n
}

// weapon holds the classes of all alternatives; type and calibre only where no
// alternative says otherwise.
func (v *facts) weapon(name string) any {
	list := v.detail.Weapons
	if len(list) == 0 {
		return nil
	}
	var classes []string
	kind, calibre := list[0].Type, list[0].CalibreMM
	for _, w := range list {
		if w.Class != "" {
			classes = append(classes, string(w.Class))
		}
		if w.Type != kind {
			kind = ""
		}
		if w.CalibreMM != calibre {
			calibre = 0
		}
	}
	switch {
	case name == "weapon_type":
		return said(kind)
	case name == "calibre_mm":
		return said(calibre)
	case classes == nil:
		return nil
	}
	return classes
}

func (v *facts) object(name string) any {
	a := v.detail.Altitude
	switch {
	case name == "site_kind" && v.site >= 0:
		return string(v.g.sites[v.site].Kind)
	case name == "altitude_low" && a != nil:
		return a.Low
	case name == "altitude_high" && a != nil:
		return a.High
	}
	return nil
}

// flightFact is what is known of a followed flight; of others nothing.
func flightFact(f *truce.Flight, name string) any {
	if f == nil {
		return nil
	}
	switch name {
	case "identity":
		return string(f.Identity)
	case "flown_with":
		others := map[truce.ID]bool{}
		for _, o := range f.Together {
			others[o.Event] = true
		}
		return len(others)
	case "stayed_min":
		longest := 0.0
		for _, s := range f.Stays {
			longest = max(longest, s.Time.To.Sub(s.Time.From).Minutes())
		}
		return longest
	}
	out := map[string]float64{}
	for _, c := range f.Crossings {
		out[string(c.Line)] = float64(f.Crossed(c.Line))
	}
	return out
}

func sideFact(c *control) any {
	if c == nil {
		return nil
	}
	out := map[string]float64{}
	for _, s := range c.shares {
		out[string(s.Party)] = float64(s.P)
	}
	return out
}
