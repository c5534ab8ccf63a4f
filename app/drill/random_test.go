package drill

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// scribble writes a drill of so many lines at random times: most deeds in it are refused.
func scribble(r *rand.Rand, lines int) string {
	var out strings.Builder
	out.WriteString(head + `post an-1 office analyst
post an-2 office analyst
post wl office watch_lead
post lead office mechanism_lead
post bre office duty_officer state BRE webhook https://bre.drill.example/x drill
at +0m incident E1 indirect_fire -47.91,-21.62 ±150m casualties 2
`)
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	who := func() string { return pick("wo", "wl", "chair", "lead", "an-1", "an-2", "a", "b", "ave", "bre") }
	for i := range lines {
		at := fmt.Sprintf("at +%dm ", r.IntN(2000))
		switch r.IntN(9) {
		case 0:
			fmt.Fprintf(&out, "%sincident N%d like E1\n", at, i)
		case 1:
			fmt.Fprintf(&out, "%s%s %s E1 as x\n", at, who(), pick("refutes", "explains"))
		case 2:
			fmt.Fprintf(&out, "%s%s verifies E1\n", at, who())
		case 3:
			fmt.Fprintf(&out, "%s%s %s \"why\"\n", at, who(), pick("notes", "complains", "states", "determines", "calls", "closes", "reopens"))
		case 4:
			fmt.Fprintf(&out, "%s%s acknowledges %s\n", at, who(), pick("read", "received_by_authority", "position_taken agree"))
		case 5:
			verb, until := pick("meets", "pauses", "resumes"), ""
			if verb == "pauses" {
				until = fmt.Sprintf(" until +%dm", 1000+r.IntN(3000))
			}
			fmt.Fprintf(&out, "%s%s %s %s%s \"why\"\n", at, who(), verb, pick("triage", "warning", "receipt", "decision"), until)
		case 6:
			fmt.Fprintf(&out, "%sblind 80%% %s until +%dm\n", at, pick("north", "centre", "south"), 2000+r.IntN(500))
		case 7:
			out.WriteString(at + "restart\n")
		default:
			fmt.Fprintf(&out, "%s%s signs %s\n", at, who(), pick("L0", "L1", "L2", "T1", "T2", "L0 down", "closing"))
		}
	}
	return out.String() + "expect no alert to one party alone\nexpect no tier T3\nuntil +4000m\n"
}

// Whatever people try, a drill plays to its end: both parties are told together, no tier is
// entered without the signatures it asks for, and every message is marked.
func TestRandomDrillsPlayToTheirEnd(t *testing.T) {
	for seed := range uint64(6) {
		d := parsed(t, "random.drill", scribble(rand.New(rand.NewPCG(seed, 1)), 50))
		r := play(t, d, options(t))
		signed := map[string]int{}
		for _, m := range r.Moments {
			switch {
			case m.Kind == KindTier && m.What == "signed":
				signed[m.Case+m.ID]++
			case m.Kind == KindTier && m.What == "entered" && signed[m.Case+m.ID] == 0:
				t.Errorf("seed %d: %s entered without a signature at %s", seed, m.ID, Offset(r.Start, m.At))
			}
		}
		for _, m := range r.Marks {
			if strings.HasPrefix(m.Text, "expect no alert") && !m.Met {
				t.Errorf("seed %d: %s", seed, m.Got)
			}
		}
		for _, m := range r.Sent {
			if !strings.Contains(m.Text, "EXERCISE") {
				t.Errorf("seed %d: a message to %s without the mark", seed, m.To)
			}
		}
		if len(r.Moments) < 10 || r.Counts["tier"] == 0 {
			t.Errorf("seed %d: only %d moments", seed, len(r.Moments))
		}
	}
}
