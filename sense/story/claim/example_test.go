package claim_test

import (
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

func ExampleRead() {
	claims := claim.Read(truce.Article{
		Headline:  "France and Italy to send troops to Ukraine if truce holds",
		Text:      "Russian forces shelled Nikopol 12 times overnight, officials said.",
		Publisher: "The Example",
	}, claim.Config{Parties: map[string]truce.PartyID{"state:RU": "B"}})
	for _, c := range claims {
		if c.Kind == truce.ClaimEvent {
			fmt.Println(c.Act, c.Count, c.Unit, "in", c.PlaceName, "of", c.Accused)
			continue
		}
		fmt.Println(c.Kind, c.Said.Actor, c.Said.Subject, c.Said.Firmness, "-", c.Said.Condition)
	}
	// Output:
	// commitment state:FR troops said - if truce holds
	// commitment state:IT troops said - if truce holds
	// indirect_fire 12 engagement in Nikopol of B
}
