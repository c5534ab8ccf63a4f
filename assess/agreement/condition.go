package agreement

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"
	truce "github.com/trucewatch/truce"
)

// Variable is something that a condition may ask about.
type Variable struct {
	Name string
	Type string // in CEL
	Text string // what it holds; what is not known of an incident leaves the condition open
	kind *cel.Type
}

// ConditionVariables lists what a condition may ask about.
func ConditionVariables() []Variable {
	text, list := cel.StringType, cel.ListType(cel.StringType)
	chances := cel.MapType(cel.StringType, cel.DoubleType)
	out := []Variable{
		{Name: "act", kind: text, Text: "the most probable act"},
		{Name: "acts", kind: chances, Text: "every act with its probability"},
		{Name: "p", kind: cel.DoubleType, Text: "how probable it is that it happened"},
		{Name: "occurrence", kind: text, Text: "reported, detected, corroborated, verified or unverifiable"},
		{Name: "families", kind: list, Text: "the independent source families"},
		{Name: "evidence", kind: list, Text: "the kinds of evidence at hand"},
		{Name: "at", kind: cel.TimestampType, Text: "the middle of its time"},
		{Name: "hour", kind: cel.IntType, Text: "local hour of that, 0 to 23"},
		{Name: "weekday", kind: cel.IntType, Text: "local day of the week, 1 Monday to 7 Sunday"},
		{Name: "day", kind: text, Text: "local day, YYYY-MM-DD"},
		{Name: "day_number", kind: cel.IntType, Text: "the agreement's number of that day"},
		{Name: "weapon_classes", kind: list, Text: "classes the weapon may be of"},
		{Name: "weapon_type", kind: text, Text: "its type, where the sources agree"},
		{Name: "calibre_mm", kind: cel.DoubleType, Text: "its calibre, where the sources agree"},
		{Name: "quantity", kind: cel.IntType, Text: "how many were seen at once"},
		{Name: "altitude_low", kind: cel.DoubleType, Text: "least height above ground, metres"},
		{Name: "altitude_high", kind: cel.DoubleType, Text: "greatest height above ground, metres"},
		{Name: "site", kind: text, Text: "the listed site it speaks of"},
		{Name: "site_kind", kind: text, Text: "that site's kind"},
		{Name: "state", kind: text, Text: "the state of what was seen"},
		{Name: "effect_side", kind: chances, Text: "probability of the place of effect by party"},
		{Name: "origin_side", kind: chances, Text: "probability of the place of origin by party"},
		{Name: "damage", kind: cel.BoolType, Text: "damage was seen"},
		{Name: "casualties", kind: cel.IntType, Text: "how many people were hurt or killed"},
	}
	for i := range out {
		out[i].Type = out[i].kind.String()
	}
	return out
}

// ConditionError says what is wrong with a condition and where; lines and columns count
// from 1.
type ConditionError struct {
	Line, Column int
	Message      string
}

// Error is the message with its place.
func (e *ConditionError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Expression is a condition in CEL, ready to be asked of incidents.
type Expression struct {
	Text    string
	program cel.Program
}

// language is the environment of all conditions, made once and never changed.
var language = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{cel.ParserExpressionSizeLimit(MaxConditionBytes), cel.ParserRecursionLimit(MaxConditionDepth)}
	for _, v := range ConditionVariables() {
		options = append(options, cel.Variable(v.Name, v.kind))
	}
	return cel.NewEnv(options...)
})

// CompileCondition reads a condition in CEL. It refuses what is no question of yes or no,
// what asks about unknown things, and what could take longer than MaxConditionEstimate on
// any incident. A refusal is a *ConditionError.
func CompileCondition(text string) (*Expression, error) {
	if len(text) > MaxConditionBytes {
		return nil, &ConditionError{1, 1, fmt.Sprintf("%d bytes, the bound is %d: split the rule", len(text), MaxConditionBytes)}
	}
	env, err := language()
	if err != nil {
		return nil, fmt.Errorf("agreement: conditions: %w", err)
	}
	ast, issues := env.Compile(text)
	if issues != nil && issues.Err() != nil {
		return nil, firstIssue(issues)
	}
	if !ast.OutputType().IsExactType(cel.BoolType) {
		return nil, &ConditionError{1, 1, fmt.Sprintf("gives a %s: write a question of yes or no, e.g. quantity > 3", ast.OutputType())}
	}
	estimate, err := env.EstimateCost(ast, sizes{})
	if err != nil {
		return nil, &ConditionError{1, 1, fmt.Sprintf("its cost cannot be told: %v", err)}
	}
	if estimate.Max > MaxConditionEstimate {
		return nil, &ConditionError{1, 1, fmt.Sprintf("may take more than %d steps on one incident: write fewer loops within loops", MaxConditionEstimate)}
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptPartialEval, cel.OptOptimize), cel.CostLimit(MaxConditionCost))
	if err != nil {
		return nil, &ConditionError{1, 1, err.Error()}
	}
	return &Expression{text, program}, nil
}

func firstIssue(issues *cel.Issues) error {
	list := issues.Errors()
	if len(list) == 0 {
		return &ConditionError{1, 1, issues.Err().Error()}
	}
	first := list[0]
	message, _, _ := strings.Cut(first.Message, "\n")
	return &ConditionError{max(1, first.Location.Line()), first.Location.Column() + 1, message}
}

// sizes bounds what the variables may hold, so that the cost of a condition can be told
// before it is asked.
type sizes struct{}

// EstimateSize bounds a list, a map or a text.
func (sizes) EstimateSize(cost.AstNode) *cost.SizeEstimate {
	return &cost.SizeEstimate{Min: 0, Max: 64}
}

// EstimateCallCost leaves the cost of functions to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// whenFactor asks the rule's condition. What is not known of the incident leaves it open,
// unless the answer is the same either way.
func (l *look) whenFactor(p *plan) factor {
	f := factor{span: span{0, 1}, reason: truce.ReasonEvidence}
	answer, _, err := p.when.program.Eval(l.variables())
	var cancelled interpreter.EvalCancelledError
	switch {
	case errors.As(err, &cancelled):
		f.reason = truce.ReasonCost
		return l.saying(f, "condition: %s: not answered within %d steps", p.when.Text, MaxConditionCost)
	case types.IsUnknown(answer):
		return l.saying(f, "condition: %s: open, what it asks about is not known", p.when.Text)
	case err != nil:
		return l.saying(f, "condition: %s: open (%v)", p.when.Text, err)
	}
	yes, _ := answer.Value().(bool)
	f.span = known(step(yes))
	return l.saying(f, "condition: %s: %t", p.when.Text, yes)
}

// variables are what conditions ask of the incident, with the unknown ones marked. They
// are made once for all rules.
func (l *look) variables() cel.PartialActivation {
	if l.vars != nil {
		return l.vars
	}
	v := facts{look: l, values: map[string]any{}}
	v.fill()
	var unknown []*cel.AttributePatternType
	for _, name := range conditionNames() {
		if _, some := v.values[name]; !some {
			unknown = append(unknown, cel.AttributePattern(name))
		}
	}
	l.vars, _ = cel.PartialVars(v.values, unknown...) // it refuses only what is no map
	return l.vars
}

var conditionNames = sync.OnceValue(func() []string {
	var out []string
	for _, v := range ConditionVariables() {
		out = append(out, v.Name)
	}
	return out
})

// facts collects what is known; what is left out is not.
type facts struct {
	*look
	values map[string]any
}

func (v *facts) fill() {
	v.values["p"], v.values["occurrence"] = held(float64(v.incident.P)), string(v.incident.Occurrence)
	v.values["families"], v.values["evidence"] = options(v.evidence().families...), append([]string{}, v.detail.Evidence...)
	if len(v.acts) > 0 {
		acts := map[string]float64{}
		for _, s := range v.shares {
			acts[string(s.act)] += s.p
		}
		v.values["act"], v.values["acts"] = string(v.acts[0].Act), acts
	}
	v.time()
	v.weapon()
	v.object()
	v.sideShares("effect_side", v.controlled())
	v.sideShares("origin_side", v.originated())
}

func (v *facts) time() {
	calendar := v.g.a.Calendar
	local := v.at.Time().In(calendar.Location())
	day := calendar.DayAt(v.at)
	v.values["at"], v.values["hour"], v.values["day"] = v.at.Time(), local.Hour(), string(day)
	v.values["weekday"] = (int(local.Weekday())+6)%7 + 1
	if n, err := calendar.DayNumber(day); err == nil {
		v.values["day_number"] = n
	}
}

// weapon holds the classes of all alternatives; type and calibre only where no
// alternative says otherwise.
func (v *facts) weapon() {
	list := v.detail.Weapons
	if len(list) == 0 {
		return
	}
	var classes []string
	kind, calibre := list[0].Type, list[0].CalibreMM
	for _, w := range list {
		if w.Class != "" {
			classes = append(classes, string(w.Class))
		}
		if w.Type != kind {
			kind = ""
		}
		if w.CalibreMM != calibre {
			calibre = 0
		}
	}
	if classes != nil {
		v.values["weapon_classes"] = classes
	}
	if kind != "" {
		v.values["weapon_type"] = kind
	}
	if calibre > 0 {
		v.values["calibre_mm"] = calibre
	}
}

func (v *facts) object() {
	d := v.detail
	if d.Quantity > 0 {
		v.values["quantity"] = d.Quantity
	}
	if a := d.Altitude; a != nil {
		v.values["altitude_low"], v.values["altitude_high"] = a.Low, a.High
	}
	if d.Site != "" {
		v.values["site"] = d.Site
		if v.site >= 0 {
			v.values["site_kind"] = string(v.g.sites[v.site].Kind)
		}
	}
	if d.State != "" {
		v.values["state"] = d.State
	}
	if d.Damage {
		v.values["damage"] = true
	}
	if d.Casualties > 0 {
		v.values["casualties"] = d.Casualties
	}
}

func (v *facts) sideShares(name string, c *control) {
	if c == nil {
		return
	}
	out := map[string]float64{}
	for _, s := range c.shares {
		out[string(s.Party)] = float64(s.P)
	}
	v.values[name] = out
}
