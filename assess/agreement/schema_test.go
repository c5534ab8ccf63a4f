package agreement

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// node is the part of JSON Schema that the published schema uses.
type node struct {
	Ref        string           `json:"$ref"`
	Defs       map[string]*node `json:"$defs"`
	Properties map[string]*node `json:"properties"`
	Items      *node            `json:"items"`
	AnyOf      []*node          `json:"anyOf"`
	Enum       []string         `json:"enum"`
	Pattern    string           `json:"pattern"`
	Additional json.RawMessage  `json:"additionalProperties"`
}

func publishedSchema(t *testing.T) *node {
	t.Helper()
	data, err := os.ReadFile("../../docs/agreement.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	root := &node{}
	if err := json.Unmarshal(data, root); err != nil {
		t.Fatal(err)
	}
	return root
}

// at are the objects that the schema has at a path such as rules.where.within_m.
func (n *node) at(root *node, path []string) []*node {
	var out []*node
	switch {
	case n == nil:
		return nil
	case n.Ref != "":
		return root.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")].at(root, path)
	case n.Items != nil:
		return n.Items.at(root, path)
	}
	for _, option := range n.AnyOf {
		out = append(out, option.at(root, path)...)
	}
	switch {
	case n.Properties == nil && len(n.Additional) > 5 && len(path) > 0: // a map: any key leads to its value
		value := &node{}
		if json.Unmarshal(n.Additional, value) == nil {
			out = append(out, value.at(root, path[1:])...)
		}
	case n.Properties == nil:
	case len(path) == 0:
		out = append(out, n)
	default:
		out = append(out, n.Properties[path[0]].at(root, path[1:])...)
	}
	return out
}

var listIndex = regexp.MustCompile(`\[\d+\]`)

// TestTheSchemaNamesTheFieldsThatAreRead: at every place of the corpus the schema offers
// exactly the fields that the parser asks for.
func TestTheSchemaNamesTheFieldsThatAreRead(t *testing.T) {
	root := publishedSchema(t)
	asked := map[string][]string{}
	seen := func(m *mapping) {
		if m.node == nil {
			return
		}
		path := listIndex.ReplaceAllString(m.path, "")
		asked[path] = append(asked[path], m.asked...)
	}
	for _, files := range schemaCorpus(t) {
		if _, err := parse(files, seen); err != nil {
			t.Fatal(err)
		}
	}
	for path, fields := range asked {
		var offered []string
		var steps []string
		if path != "" {
			steps = strings.Split(path, ".")
		}
		for _, object := range root.at(root, steps) {
			for name := range object.Properties {
				offered = append(offered, name)
			}
		}
		if len(offered) == 0 {
			continue // a map with free keys: languages, parties, classes, acts
		}
		slices.Sort(fields)
		slices.Sort(offered)
		fields, offered = slices.Compact(fields), slices.Compact(offered)
		for _, name := range fields {
			if !slices.Contains(offered, name) {
				t.Errorf("%q: the parser reads %s, the schema does not offer it", path, name)
			}
		}
		for _, name := range offered {
			if !slices.Contains(fields, name) && !kindFields[name] {
				t.Errorf("%q: the schema offers %s, the parser does not read it", path, name)
			}
		}
	}
}

// kindFields belong to one kind or form of an entry, so that not every entry asks for
// them.
var kindFields = map[string]bool{
	"left": true, "right": true, "versions": true, "extent": true, "accuracy_m": true, "feature": true, "file": true, "acts": true, "conditions": true,
	"report": true, "show": true, "on_overrun": true, "on_mismatch": true, "window": true, "positions": true, "applied": true, "decided_by": true, "report_both": true,
	"from": true, "to": true, "days": true, "phase": true, "same_as": true, "list": true, "name": true, "require": true, "prohibit": true, "where": true,
	"notify": true, "threshold": true, "notice": true, "outside": true, "route": true, "access_within": true, "reply_within": true, "after": true,
	"declared_equals_observed": true, "seal_intact": true, "inspect_every_days": true, "within_m": true, "ack": true, "auto_ack": true, "box": true, "precedence": true,
}

func TestTheSchemaListsTheWordsThatAreKnown(t *testing.T) {
	root := publishedSchema(t)
	rule := root.at(root, []string{"rules"})[0]
	rows := []struct {
		what      string
		got, want []string
	}{
		{"acts", root.Defs["act"].Enum, actNames()},
		{"units", root.Defs["unit"].Enum, options(truce.Units()...)},
		{"window kinds", root.Defs["windowKind"].Enum, WindowKinds()},
		{"site kinds", root.Defs["siteKind"].Enum, options(siteKinds...)},
		{"zone kinds", root.at(root, []string{"zones"})[0].Properties["kind"].Enum, options(zoneKinds...)},
		{"line kinds", root.at(root, []string{"lines"})[0].Properties["kind"].Enum, options(lineKinds...)},
		{"parts", root.Properties["parts"].Items.Enum, options(Parts()...)},
		{"weapon types", root.Defs["weapon"].Properties["type"].AnyOf[0].Enum, truce.WeaponTypes()},
		{"limited objects", rule.Properties["limit"].Properties["object"].AnyOf[0].Enum, limitObjects},
		{"what a limit reports", rule.Properties["report"].AnyOf[0].Enum, options(limitHeads...)},
		{"what a store reports", rule.Properties["otherwise"].AnyOf[0].Enum, options(storeHeads...)},
		{"times of a number", rule.Properties["limit"].Properties["per"].Enum, []string{"day", string(PerMoment), string(PerMonth), string(PerAgreement)}},
		{"offices", root.Defs["office"].Enum, options(truce.Offices()...)},
		{"standards of attribution", root.Defs["standard"].Enum, options(truce.AttributionUndetermined, truce.AttributionReasonable, truce.AttributionBalance, truce.AttributionClear)},
		{"zero points", root.Properties["ladder"].Properties["t0"].Enum, options(truce.T0Bases()...)},
		{"what a clock counts from", root.Defs["clock"].Properties["from"].Enum, options(append(truce.T0Bases(), truce.T0Entered)...)},
		{"what a reply is owed for", rule.Properties["require"].Properties["after"].Enum, replyAfter},
	}
	for _, row := range rows {
		if !slices.Equal(row.got, row.want) {
			t.Errorf("%s: the schema has %v, the parser %v", row.what, row.got, row.want)
		}
	}
}

func TestTheSchemaHasThePatternsOfTheParser(t *testing.T) {
	root := publishedSchema(t)
	if got := root.Defs["id"].Pattern; got != identifier().String() {
		t.Errorf("names: the schema has %s, the parser %s", got, identifier())
	}
	if got := root.Defs["clauseNumber"].Pattern; got != clauseNumber().String() {
		t.Errorf("clause numbers: the schema has %s, the parser %s", got, clauseNumber())
	}
	for _, section := range []string{"rules", "open_points"} {
		if got := root.at(root, []string{section})[0].Properties["clause"].Ref; got != "#/$defs/clauseNumber" {
			t.Errorf("%s: a clause is %s", section, got)
		}
	}
}

// schemaCorpus are agreements that use every section and kind of rule.
func schemaCorpus(t *testing.T) [][]truce.AgreementFile {
	t.Helper()
	out := [][]truce.AgreementFile{plainFiles(t), fullFiles(t)}
	handbook, err := ReadDir(os.DirFS("testdata/handbook"))
	if err != nil {
		t.Fatal(err)
	}
	out = append(out, handbook)
	examples, err := os.ReadDir("../../examples/agreements")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range examples {
		files, err := ReadDir(os.DirFS("../../examples/agreements/" + example.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, files)
	}
	return out
}

// Of every two kinds the schema and the parser say the same: that they may stand in one
// rule, or not.
func TestTheSchemaRefusesTheKindsThatTheParserRefuses(t *testing.T) {
	data, err := os.ReadFile("../../docs/agreement.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		Properties struct {
			Rules struct {
				Items struct {
					Not struct {
						AnyOf []struct{ Required []Kind }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	fields := map[Kind]string{
		KindPermit: "permit: [controlled_explosion]", KindClaim: "claim: [return_fire]\n    conditions: {names_incident: true}", KindRequire: "require: {notice: 48h}",
		KindLimit: "limit: {object: vessels, line: L1, to_m: 1000, max: 0}", KindProhibit: "prohibit: [naval_beyond_limit]",
	}
	for i, one := range ruleKinds {
		for _, other := range ruleKinds[i+1:] {
			rule := "rules:\n  - id: X\n    clause: \"1.1\"\n    count: {unit: object_day}\n    " + fields[one] + "\n    " + fields[other] + "\n"
			files, err := Amend(plainFiles(t), "a.yaml", []byte(rule))
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse(files)
			refused := err != nil && strings.Contains(err.Error(), "a rule says one thing")
			schema := slices.ContainsFunc(root.Properties.Rules.Items.Not.AnyOf, func(pair struct{ Required []Kind }) bool {
				return slices.Contains(pair.Required, one) && slices.Contains(pair.Required, other)
			})
			if refused != schema || !refused && err != nil {
				t.Errorf("%s and %s: the schema refuses them: %t, the parser: %v", one, other, schema, err)
			}
		}
	}
}
