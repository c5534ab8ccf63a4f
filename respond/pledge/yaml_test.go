package pledge

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

const account = `# two promises
- id: fa-ships
  state: FA
  kind: military
  instrument: a declaration
  what: {en: ships, uk: кораблі}
  trigger: T3
  binding: political
  history:
    - {state: reported, day: 2026-01-06, source: {kind: press, publisher: A paper, title: "Ships: promised"}}
    - {state: signed, day: 2026-02-01, source: {kind: instrument, publisher: The depositary}}
  ratification:
    - {body: parliament, state: pending}
  public: true
- id: fb-money
  state: FB
  kind: finance
  instrument: a statement
  what: {en: money}
  binding: unknown
  history:
    - {state: reported, day: 2026-01-06, source: {kind: press, publisher: A paper}}
`

func TestCommitmentsAreReadAsWritten(t *testing.T) {
	list, rejected, err := ReadCommitments(strings.NewReader(account))
	if err != nil || len(rejected) > 0 || len(list) != 2 {
		t.Fatal(err, rejected)
	}
	c := list[0]
	if c.What["uk"] != "кораблі" || c.Trigger != "T3" || State(c) != truce.CommitmentSigned || c.History[0].Day != "2026-01-06" || !c.Public || Ratified(c) {
		t.Errorf("%+v", c)
	}
}

func TestOneBadPromiseLeavesTheOthers(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"unknown field", "trigger: T3", "triger: T3", `unknown field "triger"`},
		{"kind", "kind: military", "kind: troops", "write one of"},
		{"number for text", "instrument: a declaration", "instrument: [a]", "instrument is array, want string"},
		{"press signs", "kind: instrument", "kind: press", "reported at most"},
		{"twice", "binding: political", "binding: political\n  binding: legal", "stands twice"},
		{"alias", "instrument: a declaration", "instrument: &x a\n  body: *x", "aliases are refused"},
	} {
		list, rejected, err := ReadCommitments(strings.NewReader(strings.Replace(account, c.from, c.to, 1)))
		if err != nil || len(list) != 1 || len(rejected) != 1 || rejected[0].Line != 2 || !strings.Contains(rejected[0].Reason, c.want) || rejected[0].Raw == "" {
			t.Errorf("%s: %v %+v", c.name, err, rejected)
		}
	}
	for _, text := range []string{"", "id: x", "- [", strings.Repeat("- ", 5) + strings.Repeat("[", 10_000)} {
		list, rejected, err := ReadCommitments(strings.NewReader(text))
		if err == nil && len(rejected) == 0 || len(list) > 0 {
			t.Errorf("%.20q was taken", text)
		}
	}
	twice := account + strings.TrimPrefix(account, "# two promises\n")
	if list, rejected, _ := ReadCommitments(strings.NewReader(twice)); len(list) != 2 || len(rejected) != 2 || !strings.Contains(rejected[0].Reason, "line 2") {
		t.Errorf("%+v", rejected)
	}
}

func TestRequirementsAreRead(t *testing.T) {
	list, rejected, err := ReadRequirements(strings.NewReader("- {capability: uav_long_range, to: mechanism, names: {en: Drones}, quantity: 10, unit: pieces, hours_a_day: 48}\n- {capability: X}\n"))
	if err != nil || len(list) != 1 || len(rejected) != 1 || list[0].HoursADay != 48 {
		t.Error(err, list, rejected)
	}
}
