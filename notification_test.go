package truce_test

import (
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func givenNotification() truce.Notification {
	return truce.Notification{Number: "N-12", Step: truce.StepGiven, By: "A", Activity: &truce.NotifiedActivity{
		Kind: "demining", Bearer: "A", From: 1_000_000, To: 2_000_000,
		Place: truce.NotifiedPlace{Points: []geo.Point{{Lat: -48, Lon: -21.6}}, WithinM: 800},
	}}
}

func TestNotificationSteps(t *testing.T) {
	if got := givenNotification().Subject(); got != "notification/N-12" {
		t.Errorf("subject %q", got)
	}
	for _, n := range []truce.Notification{
		givenNotification(),
		{Number: "N-12", Step: truce.StepAcked, By: "B"},
		{Number: "n_1.b", Step: truce.StepObjected, By: "B", Words: "the place lies on our side"},
		{Number: "N-12", Step: truce.StepExtended, By: "A", Until: 3_000_000},
		{Number: "N-12", Step: truce.StepEnded, By: "A", Until: 3_000_000},
		{Number: "N-12", Step: truce.StepCancelled, By: "A"},
		{Number: "N-12", Step: truce.StepSuperseded, By: "A", Replacement: "N-13"},
	} {
		if err := n.Validate(); err != nil {
			t.Errorf("%s: %v", n.Step, err)
		}
		draft, err := truce.NewDraft(truce.RecordNotification, n.Subject(), "k", n)
		if err != nil {
			t.Fatal(err)
		}
		var back truce.Notification
		if err := truce.DecodeCanonical(draft.Body, &back); err != nil || back.Step != n.Step || back.Until != n.Until || (back.Activity == nil) != (n.Activity == nil) {
			t.Errorf("%s comes back as %+v, %v", n.Step, back, err)
		}
	}
}

func TestNotificationRefusals(t *testing.T) {
	place := func(p truce.NotifiedPlace) func(*truce.Notification) {
		return func(n *truce.Notification) { n.Activity.Place = p }
	}
	for name, c := range map[string]struct {
		change func(*truce.Notification)
		says   string
	}{
		"no number":               {func(n *truce.Notification) { n.Number = "" }, "number"},
		"a number with a space":   {func(n *truce.Notification) { n.Number = "N 12" }, "dashes or underscores"},
		"a long number":           {func(n *truce.Notification) { n.Number = strings.Repeat("1", 41) }, "1 to 40"},
		"nobody":                  {func(n *truce.Notification) { n.By = "" }, "by is empty"},
		"a book":                  {func(n *truce.Notification) { n.Words = strings.Repeat("x", truce.MaxNotificationWords+1) }, "the bound is"},
		"no activity":             {func(n *truce.Notification) { n.Activity = nil }, "an activity goes with given"},
		"an ack with an activity": {func(n *truce.Notification) { n.Step = truce.StepAcked }, "an activity goes with given"},
		"an unknown step":         {func(n *truce.Notification) { n.Step, n.Activity = "told", nil }, "want one of"},
		"an extension to nowhere": {func(n *truce.Notification) { n.Step, n.Activity = truce.StepExtended, nil }, "until goes with"},
		"replaced by nothing":     {func(n *truce.Notification) { n.Step, n.Activity = truce.StepSuperseded, nil }, "replacement goes with"},
		"no kind":                 {func(n *truce.Notification) { n.Activity.Kind = "" }, "kind and bearer"},
		"hours backwards":         {func(n *truce.Notification) { n.Activity.To = n.Activity.From }, "is not after from"},
		"less than nothing":       {func(n *truce.Notification) { n.Activity.Quantity = -1 }, "quantity -1"},
		"a long description":      {func(n *truce.Notification) { n.Activity.What = strings.Repeat("x", truce.MaxNotificationWords+1) }, "what has"},
		"itself superseded":       {func(n *truce.Notification) { n.Activity.Supersedes = n.Number }, "that is itself"},
		"nowhere":                 {place(truce.NotifiedPlace{}), "exactly one of"},
		"two places":              {place(truce.NotifiedPlace{Zone: "Z", Box: &truce.NotifiedBox{South: 1, West: 1, North: 2, East: 2}}), "exactly one of"},
		"a zone with a reach":     {place(truce.NotifiedPlace{Zone: "Z", WithinM: 5}), "a reach goes with"},
		"a point without a reach": {place(truce.NotifiedPlace{Points: []geo.Point{{}}}), "reaches 0 m"},
		"a reach of no number":    {place(truce.NotifiedPlace{Points: []geo.Point{{}}, WithinM: math.NaN()}), "reaches NaN m"},
		"off the map":             {place(truce.NotifiedPlace{Points: []geo.Point{{Lat: 91}}, WithinM: 5}), "latitude goes from"},
		"a step on the spot":      {place(truce.NotifiedPlace{Points: []geo.Point{{Lat: 1}, {Lat: 1}}, WithinM: 5}), "stands there twice"},
		"an endless route":        {place(truce.NotifiedPlace{Points: make([]geo.Point, truce.MaxNotifiedPoints+1), WithinM: 5}), "the bound is"},
		"an empty box":            {place(truce.NotifiedPlace{Box: &truce.NotifiedBox{South: 2, West: 1, North: 1, East: 2}}), "has no inside"},
		"a box off the map":       {place(truce.NotifiedPlace{Box: &truce.NotifiedBox{South: -95, West: 1, North: 1, East: 2}}), "latitude goes from"},
		"a box of no number":      {place(truce.NotifiedPlace{Box: &truce.NotifiedBox{South: geo.Degrees(math.NaN()), West: 1, North: 1, East: 2}}), "latitude goes from"},
	} {
		n := givenNotification()
		c.change(&n)
		if err := n.Validate(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
