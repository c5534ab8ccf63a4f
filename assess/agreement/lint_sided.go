package agreement

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// lintSided looks at the parties that a condition names: one that does not exist is never
// on any side, and one party alone makes a rule for that party.
func (d *decoder) lintSided(at *yaml.Node, field string, r *Rule) {
	named := sidesAsked(r.When)
	known := true
	for _, id := range named {
		if !slices.Contains(d.names["party"], string(id)) {
			d.errorf(at, field, "when asks about the side of %q, and no such party is defined%s", cut(string(id)), didYouMean(string(id), d.names["party"]))
			known = false
		}
	}
	if known && len(named) == 1 && !r.OneSided {
		d.warnf(at, field, "asymmetry: when asks about the side of party %s only; name the other party as well, or write one_sided: true when the clause itself binds one party", named[0])
	}
}

// sidesAsked are the parties whose side a condition asks about, as effect_side["A"],
// origin_side.A or "A" in effect_side, each once and in their order.
func sidesAsked(condition string) []truce.PartyID {
	env, err := language()
	if err != nil {
		return nil
	}
	parsed, issues := env.Compile(condition)
	if issues != nil && issues.Err() != nil {
		return nil // refused already
	}
	var out []truce.PartyID
	add := func(of ast.Expr, party string) {
		if of.Kind() == ast.IdentKind && (of.AsIdent() == "effect_side" || of.AsIdent() == "origin_side") {
			out = append(out, truce.PartyID(party))
		}
	}
	ast.PostOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.SelectKind:
			add(e.AsSelect().Operand(), e.AsSelect().FieldName())
		case ast.CallKind:
			args := e.AsCall().Args()
			switch e.AsCall().FunctionName() {
			case "_[_]":
				add(args[0], literalText(args[1]))
			case "@in":
				add(args[1], literalText(args[0]))
			}
		}
	}))
	out = slices.DeleteFunc(out, func(id truce.PartyID) bool { return id == "" })
	slices.Sort(out)
	return slices.Compact(out)
}

// literalText is the text that stands in a condition, "" where it is worked out.
func literalText(e ast.Expr) string {
	if e.Kind() != ast.LiteralKind {
		return ""
	}
	text, _ := e.AsLiteral().Value().(string)
	return text
}
