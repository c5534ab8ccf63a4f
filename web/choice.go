package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// shownValue is how many letters of a refused value are repeated to the asker.
const shownValue = 60

// OneOf refuses a value that is not among those permitted: an empty list as the answer
// to a misspelt question would read as nothing having happened. No value asks for all.
func OneOf[T ~string](name string, value T, permitted []T) error {
	if value == "" || slices.Contains(permitted, value) {
		return nil
	}
	words := make([]string, len(permitted))
	for i, p := range permitted {
		words[i] = string(p)
	}
	return truce.Errorf(truce.CodeInvalid, "There is no %s named %s. Choose one of: %s.", name, quoted(string(value)), strings.Join(words, ", "))
}

// OnlyFilters refuses a filter that belongs to another list, which would be taken for
// applied. Names that no list knows, such as those that links pick up on their way, are
// passed over.
func OnlyFilters(values url.Values, known []string) error {
	for _, name := range filterNames {
		if values.Get(name) != "" && !slices.Contains(known, name) {
			return truce.Errorf(truce.CodeInvalid, "This list cannot be filtered by %s. Choose from: %s.", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// filterNames are the filters of all lists.
var filterNames = []string{"act", "area", "rule", "occurrence", "verdict", "day", "from", "to"}

// Filtered says whether any of the known filters is set.
func Filtered(values url.Values, known []string) bool {
	return slices.ContainsFunc(known, func(name string) bool { return values.Get(name) != "" })
}

// quoted repeats a value of the asker's, cut where it is long.
func quoted(value string) string {
	if utf8.RuneCountInString(value) > shownValue {
		value = string([]rune(value)[:shownValue]) + "…"
	}
	return fmt.Sprintf("%q", value)
}

// KnownActs are all acts, as filters name them.
func KnownActs() []truce.Act {
	var out []truce.Act
	for _, group := range truce.ActGroups() {
		out = append(out, group.Acts()...)
	}
	return out
}

// Occurrences are the states a list can be asked for, those of its menu first.
func Occurrences() []truce.Occurrence {
	return append(ShownOccurrences(), truce.OccurrenceRefuted, truce.OccurrenceUnverifiable, truce.OccurrenceExplained, truce.OccurrenceDuplicate)
}

// ShownOccurrences are the states that stand in the menu of a list.
func ShownOccurrences() []truce.Occurrence {
	return []truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified}
}

// AreaIDs are the ids of areas with the one for everywhere else.
func AreaIDs(areas []truce.BulletinArea) []truce.AreaID {
	out := make([]truce.AreaID, 0, len(areas)+1)
	for _, a := range areas {
		out = append(out, a.ID)
	}
	return append(out, truce.AreaElsewhere)
}
