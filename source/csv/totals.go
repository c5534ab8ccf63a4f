package csv

import (
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// checkTotal holds a row with the unit mixed to what a party's total is: the number one
// party gives of another's acts, in the words it gave.
func (d *decoder) checkTotal(s source.Statement, id truce.SourceID) error {
	if !s.Total() {
		return nil
	}
	family := d.familyOf(id)
	switch {
	case family != truce.FamilyParty:
		return fmt.Errorf("unit is mixed, which is for the total of a party; the row is of the family %s", family)
	case s.Accused == "":
		return fmt.Errorf("accused is empty; a total needs the mark of the party it speaks of")
	case s.Text == "" && s.Headline == "":
		return fmt.Errorf("text is empty; a total needs the words in which it was stated")
	case s.Lat != "" || s.Lon != "" || s.Place != "":
		return fmt.Errorf("a place is given; a total speaks of a period and no place")
	}
	return nil
}

// familyOf is the family a source is declared with, civilians where nobody declared it.
func (d *decoder) familyOf(id truce.SourceID) truce.Family {
	for _, known := range d.cfg.Known {
		if known.ID == id {
			return known.Family
		}
	}
	for _, info := range Infos() {
		if info.ID == id {
			return info.Family
		}
	}
	return Info().Family
}
