package drill

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// Terms finds the agreement that a drill names.
type Terms func(name string) (*agreement.Agreement, error)

// Parse reads a drill. It gives every line that cannot be read; a drill with such a line is
// not played.
func Parse(file string, data []byte, terms Terms) (Drill, []*SyntaxError) {
	p := &parser{find: terms}
	p.drill.ID, p.drill.File, p.drill.Replicas = idOf(file), file, 1
	p.drill.About = truce.Names{}
	if len(data) > MaxFileBytes {
		return p.drill, []*SyntaxError{{File: file, Line: 1, Column: 1, Text: fmt.Sprintf("the file has %d bytes, the bound is %d", len(data), MaxFileBytes)}}
	}
	for i, text := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		p.line(i+1, strings.TrimRight(text, "\r"))
	}
	p.close()
	slices.SortStableFunc(p.errs, func(a, b *SyntaxError) int { return a.Line - b.Line })
	for _, err := range p.errs {
		err.File = file
	}
	return p.drill, p.errs
}

// idOf is the name of a file without its folder and ending, as a realm may have it.
func idOf(file string) string {
	base := strings.ToLower(path.Base(strings.ReplaceAll(file, `\`, "/")))
	id := strings.Trim(noID().ReplaceAllString(strings.TrimSuffix(base, path.Ext(base)), "-"), "-")
	if len(id) > 40 {
		id = strings.Trim(id[:40], "-")
	}
	if id == "" {
		return "drill"
	}
	return id
}

var noID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^a-z0-9]+`)
})

// parser reads a file line by line; a line that fails leaves the others as they are.
type parser struct {
	find  Terms
	terms *agreement.Agreement
	drill Drill
	said  []string           // lines of the head that stand once and do
	names []string           // incidents told so far
	asked []truce.RemedyStep // remedies asked so far
	calm  []string           // posts that stay silent, with the line after
	errs  []*SyntaxError
}

func (p *parser) line(number int, text string) {
	l := &line{number: number, text: text}
	if len(text) > MaxLineBytes {
		l.fail("the line has %d bytes, the bound is %d", len(text), MaxLineBytes)
	} else {
		l.list, l.err = trial.Scan(text)
	}
	if l.err == nil && len(l.list) > 0 {
		p.statement(l)
	}
	if l.err != nil {
		l.err.Line = number
		p.errs = append(p.errs, l.err)
	}
}

var statements = []string{"drill", "about", "agreement", "pledges", "start", "until", "speed", "replicas", "post", "at", "expect"}

// statement reads one line by its first word.
func (p *parser) statement(l *line) {
	first := l.peek()
	switch {
	case l.accept("at"):
		p.happening(l)
	case l.accept("expect"):
		p.expectation(l)
	case l.accept("post"):
		p.post(l)
		l.finish(postWords...)
	case slices.Contains(statements, first):
		l.next++
		p.head(l, first)
		l.finish()
	default:
		l.fail("%q: a line begins with drill, about, agreement, start, post, at or expect%s", cut(first), agreement.DidYouMean(first, statements))
	}
}

// head reads what stands once, before anything happens.
func (p *parser) head(l *line, first string) {
	said := first
	if first == "about" && l.peek() != "" {
		said += " " + l.peek()
	}
	if slices.Contains(p.said, said) {
		l.failLast("%s stands twice: say it once", said)
		return
	}
	p.said = append(p.said, said)
	d := &p.drill
	switch first {
	case "drill":
		if d.Title = truce.CleanText(strings.TrimSpace(l.quote())); d.Title == "" {
			l.fail(`write the name in quotes: drill "what is exercised"`)
		}
	case "about":
		p.about(l)
	case "agreement":
		d.Agreement = l.take("the name or the directory of an agreement")
		if l.err == nil {
			p.agree(l)
		}
	case "pledges":
		d.Pledges = l.take("the name or the directory of an account")
	case "start":
		if d.Start = absolute(l); len(d.Events)+len(d.Expect) > 0 {
			l.failLast("the start stands before what happens")
		}
	case "until":
		d.Until = p.when(l)
	case "speed":
		d.Speed = speed(l)
	case "replicas":
		if d.Replicas = number(l); d.Replicas < 1 || d.Replicas > MaxReplicas {
			l.failLast("write 1 to %d replicas", MaxReplicas)
		}
	}
}

func (p *parser) about(l *line) {
	lang := "en"
	if l.peek() != "" {
		lang = l.oneOf("a language", []string{"en", "uk"})
	}
	if p.drill.About[lang] = truce.CleanText(l.quote()); p.drill.About[lang] == "" {
		l.fail(`write what it is about in quotes: about "..."`)
	}
}

func (p *parser) agree(l *line) {
	terms, err := p.find(p.drill.Agreement)
	switch {
	case err != nil:
		l.failLast("%v", err)
	case terms.Ladder == nil:
		l.failLast("agreement %s has no ladder: there is nothing to drill", cut(p.drill.Agreement))
	default:
		p.terms = terms
	}
}

func speed(l *line) float64 {
	text := l.take("a speed: max, real or a factor such as 60x")
	if text == "max" {
		return 0
	}
	factor, err := SpeedOf(text)
	if err != nil {
		l.failLast("%v", err)
	}
	return factor
}

// SpeedOf reads max (0), real (1) or a factor such as 60x.
func SpeedOf(text string) (float64, error) {
	switch text {
	case "max":
		return 0, nil
	case "real":
		return 1, nil
	}
	number, is := strings.CutSuffix(text, "x")
	if v, err := strconv.ParseFloat(number, 64); is && err == nil && v >= 1 && v <= MaxFactor {
		return v, nil
	}
	return 0, truce.Errorf(truce.CodeInvalid, "%q is no speed: write max, real or a factor such as 60x, %d at most", cut(text), MaxFactor)
}

var postWords = []string{"office", "party", "state", "language", "name", "email", "webhook", "drill"}

// post reads: ID office OFFICE [party P] [state S] [language uk] [name "..."] and contacts,
// email A [drill] and webhook A [drill].
func (p *parser) post(l *line) {
	person := truce.Person{ID: truce.PersonID(l.take("the id of a post")), Language: "en"}
	person.Name = string(person.ID)
	if _, taken := p.drill.post(string(person.ID)); taken {
		l.failLast("post %s stands twice: give each its own id", cut(string(person.ID)))
	}
	for l.more() && p.postPart(l, &person) {
	}
	if len(p.drill.Posts) == MaxPosts {
		l.failLast("over %d posts", MaxPosts)
	}
	switch {
	case l.more() || l.err != nil:
		return
	case person.Office == "":
		l.fail("which office it holds is missing: office chair")
		return
	}
	person.Contacts = append(person.Contacts, truce.Contact{Channel: truce.ChannelConsole, Drill: true})
	if err := person.Validate(); err != nil {
		l.failAt(1, "%v", err)
		return
	}
	p.drill.Posts = append(p.drill.Posts, person)
}

func (p *parser) postPart(l *line, person *truce.Person) bool {
	switch {
	case l.accept("office"):
		person.Office = truce.Office(l.oneOf("an office", texts(truce.Offices())))
		person.Role = person.Office.Role()
	case l.accept("party"):
		person.Party = truce.PartyID(l.take("a party"))
		if p.terms != nil && !slices.Contains(partyNames(p.terms), string(person.Party)) {
			l.failLast("%q is not a party%s", cut(string(person.Party)), agreement.DidYouMean(string(person.Party), partyNames(p.terms)))
		}
	case l.accept("state"):
		person.State = truce.StateID(l.take("a state"))
	case l.accept("language"):
		person.Language = l.oneOf("a language", []string{"en", "uk"})
	case l.accept("name"):
		person.Name = truce.CleanText(l.quote())
	case l.accept("email"):
		p.contact(l, person, truce.ChannelEmail, "@")
	case l.accept("webhook"):
		p.contact(l, person, truce.ChannelWebhook, "://")
	default:
		return false
	}
	return true
}

// contact reads an address and whether it is marked for drills.
func (p *parser) contact(l *line, person *truce.Person, kind truce.ChannelKind, has string) {
	address := l.take("an address")
	if !strings.Contains(address, has) {
		l.failLast("%q is no address for %s", cut(address), kind)
	}
	person.Contacts = append(person.Contacts, truce.Contact{Channel: kind, Address: address, Drill: l.accept("drill")})
}

func partyNames(a *agreement.Agreement) []string {
	var out []string
	for _, party := range a.Parties {
		if party.Role == agreement.RoleParty {
			out = append(out, string(party.ID))
		}
	}
	return out
}

// close checks what only the whole file shows.
func (p *parser) close() {
	d := &p.drill
	slices.SortStableFunc(d.Events, func(a, b Event) int { return order(a.At, b.At) })
	p.darkness()
	last := d.Start
	for _, e := range d.Events {
		last = max(last, e.At)
		if o, ok := e.Action.(outage); ok {
			last = max(last, o.until)
		}
	}
	for _, x := range d.Expect {
		last = max(last, x.At, x.Found)
	}
	if d.Until == 0 {
		d.Until = last.Add(afterEnd)
	}
	for _, m := range []struct {
		is   bool
		text string
	}{
		{d.Title == "", `the drill has no name: begin with drill "what is exercised"`},
		{d.Agreement == "", "which agreement it is about is missing: agreement illustrative"},
		{d.Start == 0, "when it starts is missing: start 2031-03-11T14:00:00Z"},
		{len(d.Posts) == 0, "nobody takes part: post chair office chair"},
		{len(d.Events) == 0, "nothing happens: add a line that begins with at"},
		{len(d.Expect) == 0, "nothing is expected: add a line that begins with expect"},
		{d.Until < last, "the drill ends before the last time that the file names: move until"},
	} {
		if m.is && len(p.errs) == 0 {
			p.errs = append(p.errs, &SyntaxError{Line: 1, Column: 1, Text: m.text})
		}
	}
}

// darkness refuses what is done while no program runs.
func (p *parser) darkness() {
	var dark outage
	line := 0
	for _, e := range p.drill.Events {
		if line != 0 && e.At < dark.until {
			p.errs = append(p.errs, &SyntaxError{Line: e.Line, Column: 1, Text: fmt.Sprintf("no program runs at %s, by line %d: nothing can be done then", Offset(p.drill.Start, e.At), line)})
			continue
		}
		if o, ok := e.Action.(outage); ok {
			dark, line = o, e.Line
		}
	}
}

func order(a, b truce.Instant) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// texts are the names of a closed set as plain strings.
func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
