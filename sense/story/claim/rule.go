package claim

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// rule is one sort of sentence and what it claims.
type rule struct {
	name       string
	kind       truce.ClaimKind
	confidence float64 // the share of what it finds that is right, as measured
	firmness   truce.Firmness
	stance     string
	reversal   bool
	headline   bool // of headlines only
	patterns   [][]part
}

// part is one element of a pattern.
type part struct {
	choices  []choice
	optional bool
	gap      int  // up to so many words; 0: not a gap
	loose    bool // the gap may hold any word but a barrier
}

// choice is one thing a part may be.
type choice struct {
	section string // "": a word
	key     string // of the entry; "": any
	word    form
}

// readRules reads the rules of one file. The format is in docs/methods/claims.md.
func readRules(name, text string, known map[string]bool) ([]rule, error) {
	var out []rule
	for i, line := range strings.Split(text, "\n") {
		bare, _, _ := strings.Cut(line, "#")
		var err error
		switch {
		case strings.TrimSpace(bare) == "":
		case strings.HasPrefix(bare, "rule "):
			var r rule
			r, err = readHead(strings.TrimPrefix(bare, "rule "))
			out = append(out, r)
		case len(out) == 0:
			err = fmt.Errorf("stands before the first rule")
		default:
			var p []part
			p, err = readPattern(bare, known)
			out[len(out)-1].patterns = append(out[len(out)-1].patterns, p)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return out, nil
}

// readHead reads "name = kind confidence word ...".
func readHead(line string) (rule, error) {
	name, rest, ok := strings.Cut(line, "=")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 2 {
		return rule{}, fmt.Errorf("%q: write rule name = kind confidence", line)
	}
	r := rule{name: strings.TrimSpace(name), kind: truce.ClaimKind(fields[0])}
	var err error
	if r.confidence, err = strconv.ParseFloat(fields[1], 64); err != nil || r.confidence <= 0 || r.confidence > 1 {
		return rule{}, fmt.Errorf("%s: the confidence %q is no number above 0 and up to 1", r.name, fields[1])
	}
	for _, word := range fields[2:] {
		switch word {
		case "said", "drafted", "text_ready", "endorsed", "ratified":
			r.firmness = truce.Firmness(word)
		case "for", "against", "unclear":
			r.stance = word
		case "reversal":
			r.reversal = true
		case "headline":
			r.headline = true
		default:
			return rule{}, fmt.Errorf("%s: %q is no firmness, stance or mark", r.name, word)
		}
	}
	for _, k := range truce.ClaimKinds() {
		if k == r.kind && k != truce.ClaimEvent {
			return r, nil
		}
	}
	return rule{}, fmt.Errorf("%s: %q is no kind of claim made by rules", r.name, r.kind)
}

func readPattern(line string, known map[string]bool) ([]part, error) {
	var out []part
	for word := range strings.FieldsSeq(line) {
		p, err := readPart(word, known)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if out[0].gap > 0 {
		return nil, fmt.Errorf("%q begins with a gap", strings.TrimSpace(line))
	}
	return out, nil
}

func readPart(word string, known map[string]bool) (part, error) {
	digits, loose := strings.CutPrefix(word, "..")
	if !loose {
		digits = strings.TrimPrefix(word, "_")
	}
	if digits != word {
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > maxGap {
			return part{}, fmt.Errorf("%q: a gap is of 1 to %d words", word, maxGap)
		}
		return part{gap: n, loose: loose}, nil
	}
	bare := strings.TrimSuffix(word, "?")
	p := part{optional: bare != word}
	for one := range strings.SplitSeq(bare, "/") {
		if !strings.HasPrefix(one, "<") {
			p.choices = append(p.choices, choice{word: formOf(one)})
			continue
		}
		section, key, _ := strings.Cut(strings.Trim(one, "<>"), "=")
		if section != "actors" && !known[section] {
			return part{}, fmt.Errorf("%q: no section %q in the words", word, section)
		}
		p.choices = append(p.choices, choice{section: section, key: key})
	}
	return p, nil
}
