package trial

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// Parse reads the tests of one file, written for the terms. It gives every line that
// cannot be read, and the tests; one in which such a line stands says so, and is not run.
func Parse(file string, data []byte, terms *agreement.Agreement) ([]Test, []*SyntaxError) {
	p := &parser{file: file, terms: terms}
	if len(data) > MaxFileBytes {
		return nil, []*SyntaxError{{File: file, Line: 1, Column: 1, Text: fmt.Sprintf("the file has %d bytes, the bound is %d: part it", len(data), MaxFileBytes)}}
	}
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		p.line(i+1, strings.TrimRight(line, "\r"))
	}
	p.close()
	return p.tests, p.errs
}

// parser reads a file line by line; a line that fails leaves the others as they are.
type parser struct {
	file  string
	terms *agreement.Agreement
	tests []Test
	test  *Test // that is being read
	errs  []*SyntaxError
}

func (p *parser) line(number int, text string) {
	if len(text) > MaxLineBytes {
		p.unread(text, &SyntaxError{Column: 1, Text: fmt.Sprintf("the line has %d bytes, the bound is %d", len(text), MaxLineBytes)}, number)
		return
	}
	list, err := Scan(text)
	if err != nil {
		p.unread(text, err, number)
		return
	}
	if len(list) == 0 {
		return
	}
	w := &words{file: p.file, number: number, list: list, end: utf8.RuneCountInString(text) + 1}
	p.sentence(w, strings.TrimSpace(text))
	w.finish()
	if w.err != nil {
		p.refuse(w.err, number)
	}
}

// unread refuses a line whose words cannot be told apart. If a test begins with it, what
// follows belongs to that test and not to the one before.
func (p *parser) unread(text string, err *SyntaxError, line int) {
	if name, begins := strings.CutPrefix(strings.TrimLeft(text, " \t\ufeff"), "test"); begins && strings.HasPrefix(strings.TrimLeft(name, " \t")+" ", `"`) {
		p.close()
		p.test = &Test{Name: truce.CleanText(cut(strings.Trim(name, " \t\""))), File: p.file, Line: line}
	}
	p.refuse(err, line)
}

// refuse keeps a problem. The test it stands in is not run: with a part of it missing,
// what came out would show nothing.
func (p *parser) refuse(err *SyntaxError, line int) {
	err.File, err.Line = p.file, line
	p.errs = append(p.errs, err)
	if p.test != nil {
		p.test.Unread = append(p.test.Unread, line)
	}
}

// sentence reads one line by its first word.
func (p *parser) sentence(w *words, text string) {
	switch first := w.peek(); {
	case w.accept("test"):
		p.begin(w)
	case p.test == nil:
		w.fail(`%q stands before any test: begin with test "what is shown"`, cut(first))
	case w.accept("given"):
		p.given(w)
	case w.accept("at"):
		p.happening(w, text)
	case w.accept("expect"):
		p.expectation(w, text, 0)
	default:
		w.fail("%q: a line begins with test, given, at or expect%s", cut(first), hint(first, []string{"test", "given", "at", "expect"}))
	}
}

func (p *parser) begin(w *words) {
	p.close()
	name := w.take("the name of the test in quotes")
	if w.err == nil && (!w.list[w.next-1].Quoted || strings.TrimSpace(name) == "") {
		w.failLast(`%s: write the name in quotes: test "what is shown"`, cut(name))
	}
	for _, t := range p.tests {
		if t.Name == name {
			w.failLast("a test with this name stands in line %d: give each its own", t.Line)
		}
	}
	if len(p.tests) == MaxTests {
		w.failLast("over %d tests in one file: part it", MaxTests)
	}
	p.test = &Test{Name: truce.CleanText(name), File: p.file, Line: w.number}
}

// close keeps the test that was read; one that expects nothing shows nothing.
func (p *parser) close() {
	if p.test == nil {
		return
	}
	test := *p.test
	p.test = nil
	if len(test.Expect)+len(test.Unread) == 0 {
		p.refuse(&SyntaxError{Column: 1, Text: fmt.Sprintf("test %q expects nothing: add an expect line", cut(test.Name))}, test.Line)
		return
	}
	p.tests = append(p.tests, test)
}

// given reads what holds during the test.
func (p *parser) given(w *words) {
	g := &p.test.Given
	switch {
	case w.accept("window"):
		window := p.window(w)
		w.first(!slices.ContainsFunc(g.Windows, func(o agreement.Window) bool { return o.ID == window.ID }), "window "+cut(window.ID))
		if w.err == nil {
			g.Windows = append(g.Windows, window)
		}
	case w.accept("known"):
		w.first(g.KnownAt == 0, "known at")
		w.expect("at")
		g.KnownAt = p.instant(w)
	case w.accept("status"):
		w.first(g.Status == "", "status")
		g.Status = agreement.Status(p.oneOf(w, "a status", statuses))
	case w.accept("guarantors"):
		w.first(len(g.Guarantors) == 0, "guarantors")
		g.Guarantors = p.guarantors(w)
	case w.accept("line"):
		line := p.drawing(w)
		w.first(!slices.ContainsFunc(g.Lines, func(o GivenLine) bool { return o.ID == line.ID }), "line "+cut(string(line.ID)))
		if w.err == nil {
			g.Lines = append(g.Lines, line)
		}
	case w.accept("holding"):
		h := p.givenHolding(w)
		w.first(!slices.ContainsFunc(g.Holdings, func(o GivenHolding) bool { return o.Site == h.Site && o.Class == h.Class }), "holding "+cut(h.Site))
		if w.err == nil {
			g.Holdings = append(g.Holdings, h)
		}
	default:
		w.fail("%q: given speaks of a window, a line, a holding, a status, guarantors or known at a time", cut(w.peek()))
	}
}

// first refuses what a test is given a second time.
func (w *words) first(is bool, what string) {
	if !is {
		w.failLast("%s stands twice in the test: say it once", what)
	}
}

var statuses = []string{string(agreement.StatusDraft), string(agreement.StatusSigned), string(agreement.StatusInForce),
	string(agreement.StatusSuspended), string(agreement.StatusTerminated)}

// drawing reads: LINE through LAT,LON LAT,LON ... ±200m.
func (p *parser) drawing(w *words) GivenLine {
	l := GivenLine{Line: w.number, ID: truce.LineID(w.take("the id of a line"))}
	if !p.defines(func(a *agreement.Agreement) bool {
		for _, line := range a.Lines {
			if line.ID == l.ID && line.Derived == "" {
				return true
			}
		}
		return false
	}) {
		w.failLast("the agreement draws no line %q", cut(string(l.ID)))
	}
	w.expect("through")
	for isPair(w.peek()) && len(l.Points) < MaxLinePoints {
		l.Points = append(l.Points, point(w))
	}
	if better := placeHint(w.peek(), w.after()); better != "" {
		w.fail("%q is no place%s", cut(w.peek()), better)
	}
	if len(l.Points) < 2 {
		w.fail("a line goes through two points at least")
	}
	l.AccuracyM = sigma(w)
	return l
}

func (p *parser) defines(test func(*agreement.Agreement) bool) bool { return test(p.terms) }

// window reads: ID KIND by PARTY circle LAT,LON radius R | zone Z from T to T notified T
// and what else is known of it, in any order.
func (p *parser) window(w *words) agreement.Window {
	out := agreement.Window{ID: w.take("the id of the window")}
	out.Kind = agreement.WindowKind(p.oneOf(w, "a kind of window", agreement.WindowKinds()))
	w.expect("by")
	out.Bearer = p.party(w)
	out.NotifiedBy = out.Bearer
	for w.more() {
		at, name := w.next, w.peek()
		if !p.windowField(w, &out) {
			break
		}
		if name != "acked" { // once for each party
			w.once(at, name)
		}
	}
	switch {
	case w.err != nil:
	case out.From == 0 || out.To <= out.From:
		w.fail("a window has an end after its beginning: from TIME to TIME")
	case out.NotifiedAt == 0:
		w.fail("when the window was notified is missing: notified TIME")
	case places(&out) != 1:
		w.fail("a window has one place: circle LAT,LON radius R, zone Z, or corridor LAT,LON LAT,LON within R")
	}
	return out
}

func (p *parser) windowField(w *words, out *agreement.Window) bool {
	switch {
	case w.accept("circle"):
		centre := point(w)
		w.expect("radius")
		out.Circle = &agreement.Circle{Lat: float64(centre.Lat), Lon: float64(centre.Lon), RadiusM: distance(w)}
	case w.accept("zone"):
		out.Zone = truce.ZoneID(w.take("the id of a zone"))
		if !p.defines(func(a *agreement.Agreement) bool { return hasZone(a, out.Zone) }) {
			w.failLast("the agreement has no zone %q", cut(string(out.Zone)))
		}
	case w.accept("corridor"):
		out.Corridor = corridor(w)
	case w.accept("from"):
		out.From = p.instant(w)
		w.expect("to")
		out.To = p.instant(w)
	case w.accept("notified"):
		out.NotifiedAt = p.instant(w)
		if w.accept("by") {
			out.NotifiedBy = p.party(w)
		}
	case w.accept("notice"):
		out.Notice = duration(w)
	case w.accept("grace"):
		out.Grace = duration(w)
	case w.accept("acked"):
		p.acknowledged(w, out)
	case w.accept("objected"):
		out.ObjectedAt = p.instant(w)
	default:
		return false
	}
	return true
}

// corridor reads a route through two points or more, and how far it reaches to either side.
func corridor(w *words) *agreement.Corridor {
	c := &agreement.Corridor{}
	for isPair(w.peek()) && len(c.Route) < MaxLinePoints {
		c.Route = append(c.Route, point(w))
	}
	if len(c.Route) < 2 {
		w.fail("a corridor goes through two points at least")
		return nil
	}
	w.expect("within")
	c.WithinM = distance(w)
	return c
}

// places counts the places of a window.
func places(of *agreement.Window) int {
	n := 0
	for _, some := range []bool{of.Zone != "", of.Circle != nil, of.Corridor != nil} {
		if some {
			n++
		}
	}
	return n
}

// acknowledged reads TIME by PARTY. It may stand once for each party.
func (p *parser) acknowledged(w *words, out *agreement.Window) {
	a := agreement.Acknowledgement{At: p.instant(w)}
	w.expect("by")
	a.By = p.party(w)
	for _, o := range out.Acknowledgements() {
		if o.By == a.By {
			w.failLast("%s acknowledges the window twice", a.By)
		}
	}
	if out.AckedAt == 0 {
		out.AckedAt, out.AckedBy = a.At, a.By
		return
	}
	out.Acks = append(out.Acks, a)
}

func hasZone(a *agreement.Agreement, id truce.ZoneID) bool {
	for _, z := range a.Zones {
		if z.ID == id {
			return true
		}
	}
	return false
}

// party reads the mark of a party of the agreement.
func (p *parser) party(w *words) truce.PartyID {
	var marks []string
	for _, party := range p.terms.Parties {
		marks = append(marks, string(party.ID))
	}
	return truce.PartyID(p.oneOf(w, "a party", marks))
}

// oneOf reads one of a closed set.
func (p *parser) oneOf(w *words, what string, options []string) string {
	text := w.take(what)
	for _, option := range options {
		if option == text {
			return text
		}
	}
	w.failLast("%q is not %s%s", cut(text), what, hint(text, options))
	return ""
}

// hint ends a sentence with the nearest option, or all of a short list.
func hint(word string, options []string) string { return agreement.DidYouMean(word, options) }

// keywords are the words that begin a part of a line.
var keywords = []string{"weapon", "from", "quantity", "altitude", "identity", "crossed", "stayed", "flown", "state", "on", "evidence", "damage", "casualties", "declared", "observed",
	"unverified", "class", "since", "met", "seen", "occurrence", "p", "names", "coordinated", "ordered", "notified", "site", "nowhere",
	"imagery", "gsd", "numbered", "ellipse", "r90", "radius", "circle", "zone", "corridor", "within", "known", "notice", "grace", "acked", "objected"}

// round is a position with the same error in every direction.
func round(at geo.Point, sigmaM float64) *geo.Position {
	return &geo.Position{Point: at, Error: geo.Isotropic(geo.Metres(sigmaM))}
}
