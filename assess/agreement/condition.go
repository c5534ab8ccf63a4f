package agreement

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
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
		{Name: "at", kind: cel.TimestampType, Text: "the middle of its time; of an interval, each of its times"},
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
		{Name: "identity", kind: text, Text: "of a followed flight: own, none, in_doubt or other, held against the mission's aircraft"},
		{Name: "crossed", kind: chances, Text: "of a followed flight: probability of having crossed each line"},
		{Name: "stayed_min", kind: cel.DoubleType, Text: "of a followed flight: minutes of its longest stay around one place"},
		{Name: "flown_with", kind: cel.IntType, Text: "of a followed flight: how many others went with it"},
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
	program cel.Program // counts its steps and ends at MaxConditionCost
	free    cel.Program // counts nothing, for what is no larger than the estimate took it to be
	asks    []asked
	timed   bool // the answer may change with the time
}

// asked is a variable that a condition asks about, with the mark for not knowing it.
type asked struct {
	name    string
	unknown *cel.AttributePatternType
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
// what asks about unknown things, and what could take more than MaxConditionCost steps on
// an incident of maxFactSize entries in each list. A refusal is a *ConditionError.
func CompileCondition(text string) (*Expression, error) {
	if len(text) > MaxConditionBytes {
		return nil, &ConditionError{1, 1, fmt.Sprintf("%d bytes, the bound is %d: split the rule", len(text), MaxConditionBytes)}
	}
	env, err := language()
	if err != nil {
		return nil, fmt.Errorf("agreement: conditions: %w", err)
	}
	checked, issues := env.Compile(text)
	if issues != nil && issues.Err() != nil {
		return nil, firstIssue(text, issues)
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return nil, &ConditionError{1, 1, fmt.Sprintf("gives a %s: write a question of yes or no, e.g. quantity > 3", checked.OutputType())}
	}
	estimate, err := env.EstimateCost(checked, sizes{})
	if err != nil {
		return nil, &ConditionError{1, 1, fmt.Sprintf("its cost cannot be told: %v", err)}
	}
	if estimate.Max > MaxConditionCost {
		return nil, &ConditionError{1, 1, fmt.Sprintf("may take more than %d steps on one incident: write fewer loops within loops", MaxConditionCost)}
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptOptimize), cel.CostLimit(MaxConditionCost))
	if err != nil {
		return nil, &ConditionError{1, 1, err.Error()}
	}
	out := &Expression{Text: text, program: program, asks: asksOf(checked)}
	out.timed = slices.ContainsFunc(out.asks, func(a asked) bool { return ofTime(a.name) })
	out.free, err = env.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptOptimize))
	return out, err
}

// asksOf lists the variables a condition asks about, each once, in name order.
func asksOf(parsed *cel.Ast) []asked {
	var out []asked
	for _, v := range ConditionVariables() {
		uses := false
		ast.PostOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
			uses = uses || e.Kind() == ast.IdentKind && e.AsIdent() == v.Name
		}))
		if uses {
			out = append(out, asked{v.Name, cel.AttributePattern(v.Name)})
		}
	}
	return out
}

// firstIssue is the first thing that is wrong; what is missing at the end has no place in
// the library's list and is said to be missing after the last character.
func firstIssue(text string, issues *cel.Issues) error {
	list := issues.Errors()
	if len(list) == 0 {
		return &ConditionError{1, 1, issues.Err().Error()}
	}
	first := list[0]
	message, _, _ := strings.Cut(first.Message, "\n")
	if first.Location.Line() < 1 || first.Location.Column() < 0 {
		before := strings.Split(text, "\n")
		return &ConditionError{len(before), utf8.RuneCountInString(before[len(before)-1]) + 1, message}
	}
	return &ConditionError{first.Location.Line(), first.Location.Column() + 1, message}
}

// sizes bounds what the variables may hold, so that the cost of a condition can be told
// before it is asked.
type sizes struct{}

// EstimateSize bounds a list, a map or a text.
func (sizes) EstimateSize(cost.AstNode) *cost.SizeEstimate {
	return &cost.SizeEstimate{Min: 0, Max: maxFactSize}
}

// EstimateCallCost leaves the cost of functions to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// whenFactor asks the rule's condition. What is not known of the incident leaves it open,
// unless the answer is the same either way. Where it asks about the time, and the time is an
// interval, it is asked throughout it: answers that differ leave it open as well.
func (l *look) whenFactor(p *plan) factor {
	f := l.asking(p)
	t := l.incident.Time
	if !p.when.timed || t.To <= t.From || f.lo != f.hi {
		return f
	}
	defer l.facts.on(0)
	for _, at := range momentsOf(t, l.g.a.Calendar.Location()) {
		l.facts.on(at)
		other := l.asking(p)
		if other.lo != other.hi {
			return other
		}
		if other.span != f.span {
			f = factor{span: span{0, 1}, reason: truce.ReasonTime}
			return l.saying(f, "condition: %s: open, true at one time from %s to %s and not at another", p.when.Text, clock(t.From), clock(t.To))
		}
	}
	return f
}

// maxMoments is at how many full hours of an interval a condition is asked: of more than
// these at the first 24, which are all hours of a day, and at 24 spread over the rest.
const maxMoments = 48

// momentsOf are the beginning and the end of an interval and the full local hours in it.
// The end itself does not belong to it: from 19:00 to 20:00 it is never 20.
func momentsOf(t truce.PhenomenonTime, zone *time.Location) []truce.Instant {
	out := []truce.Instant{t.From, t.To - 1}
	local := t.From.Time().In(zone)
	past := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	first := t.From.Add(time.Hour - past)
	if first >= t.To {
		return out
	}
	n := 1 + int((t.To-1).Sub(first)/time.Hour)
	for i := range min(n, maxMoments) {
		hours := i
		if i >= maxMoments/2 && n > maxMoments {
			hours = maxMoments/2 + (i-maxMoments/2)*(n-maxMoments/2)/(maxMoments/2)
		}
		out = append(out, first.Add(time.Duration(hours)*time.Hour))
	}
	return out
}

// asking asks the condition once.
func (l *look) asking(p *plan) factor {
	f := factor{span: span{0, 1}, reason: truce.ReasonEvidence}
	facts := l.facts.of(p.when)
	program := p.when.free
	if l.facts.large {
		program = p.when.program
	}
	answer, _, err := program.Eval(facts)
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
