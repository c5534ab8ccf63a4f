package ladder

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// A listener hears every step and every deed that was refused, and the history goes on.
func TestAListenerHearsStepsAndRefusals(t *testing.T) {
	first, far := incident(1, t0, 1), incident(2, after(30*day), 1)
	sign := func(at truce.Instant, p truce.Person, nth int) Input {
		return Input{Deed: &truce.Deed{Kind: truce.DeedSign, Person: p.ID, Office: p.Office, At: at, Tier: "L0"}, Person: p, Nth: nth}
	}
	moved := truce.Deed{Kind: truce.DeedMoveT0, Person: chair.ID, Office: chair.Office, At: after(31 * day), Text: "seen earlier", T0: &truce.T0Change{Basis: truce.T0Event, New: t0}} // where it is
	inputs := []Input{
		{Fact: &Fact{Known: t0, Incidents: []truce.CaseIncident{first}}},
		{Fact: &Fact{Known: after(30 * day), Incidents: []truce.CaseIncident{far}}},
		sign(after(30*day+hour), watch, 0), // two cases are open
		sign(after(30*day+hour), chair, 2), // not the chair's to sign
		sign(after(30*day+hour), watch, 3), // there are two
		sign(after(30*day+hour), watch, 2),
		{Deed: &moved, Person: chair, Nth: 1},
	}
	steps := 0
	refused := map[int]string{}
	cases, err := Tell(machine(t), inputs, after(31*day), Listener{
		Step: func(truce.CaseStep) { steps++ }, Refused: func(n int, why error) { refused[n] = why.Error() }})
	if err != nil || len(cases) != 2 || cases[0].Tier != "" || cases[1].Tier != "L0" {
		t.Fatalf("%v, cases %+v", err, cases)
	}
	if steps != cases[0].Steps+cases[1].Steps {
		t.Errorf("%d steps were heard, the cases have %d and %d", steps, cases[0].Steps, cases[1].Steps)
	}
	for n, want := range map[int]string{2: "name one", 3: "not by the office", 4: "there is no case 3"} {
		if !strings.Contains(refused[n], want) {
			t.Errorf("input %d: %q, want %q", n, refused[n], want)
		}
	}
	if len(refused) != 4 || !strings.Contains(refused[6], "at "+t0.String()+" already") {
		t.Errorf("refused: %v; want four, the last since the zero point is there already", refused)
	}
	if _, err := History(machine(t), inputs, after(31*day)); err == nil || !strings.Contains(err.Error(), "input 3") {
		t.Errorf("without a listener a refused deed ends the history: %v", err)
	}
}
