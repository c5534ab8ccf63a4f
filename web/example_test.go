package web_test

import (
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// A page names things as the bulletins do and never prints an identifier.
func ExampleWords() {
	fmt.Println(web.Words(truce.ActAttackEnergy))
	fmt.Println(web.Words(truce.FamilyThermal))
	fmt.Println(web.Counted(2, truce.UnitSiteEvent))
	fmt.Println(web.Why(truce.VerdictOutside, truce.ReasonAct))
	// Output:
	// effect on an energy object
	// thermal satellites
	// 2 site events
	// not this act
}

// A clause is kept as Markdown; a page shows its paragraphs.
func ExampleParagraphs() {
	for _, p := range web.Paragraphs("# 2.1 Drones\n\nNo party flies a drone\nin the **buffer zone**.") {
		fmt.Println(p)
	}
	// Output:
	// 2.1 Drones
	// No party flies a drone in the buffer zone.
}
