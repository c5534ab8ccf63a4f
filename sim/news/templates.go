package news

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed templates.txt
var templatesFile string

// Languages of the workload, in a fixed order.
var languages = [...]string{"en", "uk", "ru"}

// Half says on which half of the event types an article stands: those the method was made
// with, or those it never saw.
type Half string

// The halves.
const (
	Tuned Half = "tuned"
	Held  Half = "held"
)

// plan is one sentence with its choices and slots.
type plan string

// eventType is one kind of event with the plans of its sentences by language.
type eventType struct {
	name string
	half Half
	// incident is something that may happen again next day, not a course of things.
	incident bool
	head     map[string][]plan
	lead     map[string][]plan
	body     map[string][]plan
}

// readTypes reads the plans; the file is our own, so a fault in it is a fault of the program
// and comes back as an error that a test meets first.
func readTypes(text string) ([]eventType, error) {
	var out []eventType
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		fields := strings.SplitN(line, " ", 3)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case len(fields) != 3:
			return nil, fmt.Errorf("templates.txt:%d: %q has no three parts", number, line)
		case fields[0] == "type":
			half, sort, _ := strings.Cut(fields[2], " ")
			out = append(out, eventType{name: fields[1], half: Half(half), incident: sort == "incident", head: map[string][]plan{}, lead: map[string][]plan{}, body: map[string][]plan{}})
		case len(out) == 0 || out[len(out)-1].part(fields[1]) == nil:
			return nil, fmt.Errorf("templates.txt:%d: %q is of no type or part", number, line)
		default:
			part := out[len(out)-1].part(fields[1])
			part[fields[0]] = append(part[fields[0]], plan(fields[2]))
		}
	}
	return out, nil
}

func (e eventType) part(name string) map[string][]plan {
	switch name {
	case "head":
		return e.head
	case "lead":
		return e.lead
	case "body":
		return e.body
	}
	return nil
}

// write fills a plan: every choice by the dice, every slot by the facts.
func (p plan) write(d *dice, facts func(slot string) string) string {
	var out strings.Builder
	rest := string(p)
	for {
		at := strings.IndexAny(rest, "[{")
		if at < 0 {
			break
		}
		closing := map[byte]string{'[': "]", '{': "}"}[rest[at]]
		inside, after, _ := strings.Cut(rest[at+1:], closing)
		if rest[at] == '[' {
			// A slot may stand in a choice; choices do not hold choices.
			choices := strings.Split(inside, "|")
			after = choices[d.intn(len(choices))] + after
			out.WriteString(rest[:at])
			rest = after
			continue
		}
		out.WriteString(rest[:at])
		out.WriteString(slotValue(inside, facts))
		rest = after
	}
	out.WriteString(rest)
	return upperFirst(strings.Join(strings.Fields(out.String()), " "))
}

// slotValue is a slot's text; "n#a|b|c" is the one of three forms that goes with number n.
func slotValue(slot string, facts func(string) string) string {
	name, forms, has := strings.Cut(slot, "#")
	if !has {
		return facts(slot)
	}
	three := strings.Split(forms, "|")
	n, _ := strconv.Atoi(facts(name))
	return three[min(pluralOf(n), len(three)-1)]
}

// pluralOf is the Slavic plural class: one, few, many.
func pluralOf(n int) int {
	switch {
	case n%10 == 1 && n%100 != 11:
		return 0
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return 1
	}
	return 2
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
