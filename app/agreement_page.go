package app

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/explain"
	"github.com/trucewatch/truce/assess/agreement/trial"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/respond/publish"
)

//go:embed agreement_page.html.tmpl
var agreementPageText string

// agreementPageWords are the page's own words by language.
var agreementPageWords = map[string]map[string]string{
	"en": {
		"authentic": "Authentic text", "effective": "Takes effect", "ends": "Ends", "noend": "no end is agreed", "said": "in the words of the text", "status": "Status", "version": "Version", "hashed": "SHA-256 of the directory",
		"parties": "Parties", "map": "Map", "rules": "Clauses and rules", "clause": "Clause", "norule": "No rule rests on this clause: it is read by people alone.", "inversion": "version",
		"tests": "Tests", "passed": "%d of %d pass", "and": "%s, %s", "fail": "%d fail", "skip": "%d not run", "expects": "Tests of this rule", "notest": "No test speaks of this rule.", "missed": "No test reaches",
		"open": "Open points", "noopen": "None was written down.", "who": "To be decided by", "warnings": "What the check remarks",
		"nowarnings": "Nothing.", "hash": "SHA-256 of the clause", "note": "The clause text is authoritative. A rule says when its conditions are met; it never says who did a thing or that anybody broke the agreement.",
		"failed": "fails", "failures": "Tests that fail", "skips": "Tests that were not run", "want": "expected", "got": "found",
		"unread": "not run: line %d cannot be read",
		"ladder": "Response ladder", "climbs": "Tests of the ladder", "noclimb": "No test speaks of the ladder.", "english": "", "draft": "draft", "signed": "signed", "in_force": "in force", "suspended": "suspended", "terminated": "terminated",
	},
	"uk": {
		"authentic": "Автентичний текст", "effective": "Набирає чинності", "ends": "Закінчується", "noend": "кінець не узгоджено", "said": "словами тексту", "status": "Стан", "version": "Версія", "hashed": "SHA-256 каталогу",
		"parties": "Сторони", "map": "Карта", "rules": "Пункти та правила", "clause": "Пункт", "norule": "На цьому пункті не ґрунтується жодне правило: його читають лише люди.", "inversion": "версія",
		"tests": "Випробування", "passed": "пройдено %d із %d", "and": "%s, %s", "fail": "не пройдено %d", "skip": "не виконано %d", "expects": "Випробування цього правила", "notest": "Жодне випробування не стосується цього правила.", "missed": "Не охоплено випробуваннями",
		"open": "Відкриті питання", "noopen": "Не записано жодного.", "who": "Має вирішити", "warnings": "Зауваження перевірки",
		"nowarnings": "Немає.", "hash": "SHA-256 пункту", "note": "Визначальним є текст пункту. Правило говорить, коли виконано його умови; воно ніколи не говорить, хто щось зробив або що хтось порушив угоду.",
		"failed": "не пройдено", "failures": "Випробування, яких не пройдено", "skips": "Випробування, яких не виконано", "want": "очікувано", "got": "отримано",
		"unread": "не виконано: рядок %d неможливо прочитати",
		"ladder": "Сходи реагування", "climbs": "Випробування сходів", "noclimb": "Жодне випробування не стосується сходів.", "english": "Зауваження написано англійською.", "draft": "проєкт", "signed": "підписано", "in_force": "чинна", "suspended": "призупинена", "terminated": "припинена",
	},
}

// agreementView is everything on the page.
type agreementView struct {
	Lang      string
	W         map[string]string
	Title     string
	Notice    string
	Status    string
	Terms     *agreement.Agreement
	Style     template.CSS
	Map       template.HTML
	Clauses   []clauseView
	Passed    string
	Failures  []failureView
	Skipped   []testView     // that were not run
	Ladder    []explain.Part // of the response ladder; the first part is the whole
	Climbs    []testView     // tests of the ladder
	Unclimbed []string       // what of it no test reaches
	Open      []openView
	Warnings  []string
	Begins    dateView
	Ends      dateView
}

// dateView is a time by the clocks of the agreement's zone and as the text words it.
type dateView struct {
	At, Said, Lang string
}

// failureView is an expectation that does not hold.
type failureView struct {
	Test, Place, Want, Got string
}

// clauseView is a clause with the rules that rest on it.
type clauseView struct {
	ID    string
	Title string
	Text  []string // paragraphs
	Also  []string // the authentic text, when the page is in another language
	Lang  string   // of the authentic text
	Hash  string
	Holds []string // what the program holds back by this clause
	Rules []ruleView
}

type ruleView struct {
	ID        truce.RuleID
	Version   string // "" for the only one
	Title     string
	Sentences []string
	Tests     []testView
	Missed    []string
}

// testView is a test and how it stands, "" when it passes.
type testView struct {
	Name   string
	Stands string
	Failed bool
}

type openView struct{ Clause, Question, Decides string }

var agreementPageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("agreement").Parse(agreementPageText))
})

// agreementPage is the printable page for a legal adviser.
func (c *cli) agreementPage(t terms, m mapper) ([]byte, error) {
	words, ok := agreementPageWords[m.lang]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "language %q: the page is printed in en and uk", m.lang)
	}
	text, err := explain.New(t.Agreement, m.lang, publish.Label)
	if err != nil {
		return nil, err
	}
	v := agreementView{
		Lang: m.lang, W: words, Title: t.Title.In(m.lang), Notice: t.Notice.In(m.lang), Status: words[string(t.Status)], Terms: t.Agreement,
		Style: template.CSS(draw.Style()), Begins: t.dated(t.Effective), Ends: dateView{At: words["noend"]},
	}
	if t.Ends.At != 0 {
		v.Ends = t.dated(t.Ends)
	}
	v.Ladder = text.Ladder()
	if scene, ok := m.agreementScene(); ok {
		v.Map = draw.Figure(scene)
	}
	if err := v.fill(t, text); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = agreementPageTemplate().Execute(&out, v)
	return out.Bytes(), err
}

// fill adds the clauses, tests and open points.
func (v *agreementView) fill(t terms, text *explain.Text) error {
	report := trialReport{}
	if len(t.tests) > 0 {
		var err error
		if report, err = runTrials(t, ""); err != nil {
			return err
		}
	}
	v.results(report, text)
	cover := trial.Cover(t.Agreement, report.Results)
	for i := range t.Clauses {
		v.Clauses = append(v.Clauses, v.clause(t, &t.Clauses[i], text, report, cover))
	}
	v.climbs(report, cover, text)
	for _, p := range t.OpenPoints {
		v.Open = append(v.Open, openView{p.Clause, p.Question.In(v.Lang), p.Decides.In(v.Lang)})
	}
	for _, w := range t.Warnings {
		v.Warnings = append(v.Warnings, w.String())
	}
	return nil
}

// climbs adds the tests of the ladder, and what of it none of them reaches.
func (v *agreementView) climbs(report trialReport, cover []trial.RuleCover, text *explain.Text) {
	for _, r := range report.Results {
		if r.Test.OfLadder() {
			v.Climbs = append(v.Climbs, v.test(r))
		}
	}
	for _, c := range cover {
		if c.Rule == trial.LadderCover {
			for _, name := range c.Missed() {
				v.Unclimbed = append(v.Unclimbed, text.Branch(name))
			}
		}
	}
}

func (v *agreementView) clause(t terms, c *agreement.Clause, text *explain.Text, report trialReport, cover []trial.RuleCover) clauseView {
	authentic := t.Languages[0]
	out := clauseView{ID: c.ID, Hash: c.Hash.String(), Lang: authentic}
	out.Title, out.Text = paragraphs(c.Text.In(v.Lang))
	if v.Lang != authentic {
		_, out.Also = paragraphs(c.Text.In(authentic))
	}
	if t.Withhold.Clause == c.ID {
		out.Holds = text.Withhold()
	}
	for i := range t.Rules {
		r := &t.Rules[i]
		if r.Clause != c.ID {
			continue
		}
		rule := ruleView{ID: r.ID, Title: r.Title.In(v.Lang), Sentences: text.Rule(r)[1:]}
		if t.several(r.ID) {
			rule.Version = r.Version
		}
		for _, result := range report.Results {
			if result.Test.Asks(r.ID) {
				rule.Tests = append(rule.Tests, v.test(result))
			}
		}
		for _, rc := range cover {
			if rc.Rule == r.ID {
				for _, name := range rc.Missed() {
					rule.Missed = append(rule.Missed, text.Branch(name))
				}
			}
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}

// dated is a moment of the agreement.
func (t terms) dated(m agreement.Moment) dateView {
	at := m.At.Time().In(t.Calendar.Location())
	return dateView{at.Format("2006-01-02 15:04") + " (" + t.Calendar.Zone + ")", m.Civil, t.Languages[0]}
}

// several says whether a rule stands in more than one version.
func (t terms) several(id truce.RuleID) bool {
	n := 0
	for i := range t.Rules {
		if t.Rules[i].ID == id {
			n++
		}
	}
	return n > 1
}

// results sums up the tests. One of which nothing was run has neither passed nor failed.
func (v *agreementView) results(report trialReport, text *explain.Text) {
	words := wording{lang: v.Lang, text: text}
	passed, failed, skipped := 0, 0, 0
	for _, r := range report.Results {
		switch {
		case len(r.Failures) > 0:
			failed++
		case len(r.Unread) > 0:
			skipped++
		default:
			passed++
		}
		if at := v.test(r); at.Stands != "" && !at.Failed {
			v.Skipped = append(v.Skipped, at)
		}
		for _, f := range r.Failures {
			v.Failures = append(v.Failures, failureView{r.Name, fmt.Sprintf("%s:%d", f.File, f.Line), f.Want, words.got(f)})
		}
	}
	v.Passed = fmt.Sprintf(v.W["passed"], passed, len(report.Results))
	if failed > 0 {
		v.Passed = fmt.Sprintf(v.W["and"], v.Passed, fmt.Sprintf(v.W["fail"], failed))
	}
	if skipped > 0 {
		v.Passed = fmt.Sprintf(v.W["and"], v.Passed, fmt.Sprintf(v.W["skip"], skipped))
	}
}

// test says how a test stands.
func (v *agreementView) test(r trial.Result) testView {
	out := testView{Name: r.Name}
	switch {
	case len(r.Failures) > 0:
		out.Stands, out.Failed = v.W["failed"], true
	case len(r.Unread) > 0:
		out.Stands = fmt.Sprintf(v.W["unread"], r.Unread[0])
	}
	return out
}

// paragraphs parts a clause text into its heading and paragraphs, whose lines are joined.
func paragraphs(text string) (heading string, list []string) {
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		part = strings.Join(strings.Fields(part), " ")
		if title, ok := strings.CutPrefix(part, "# "); ok && heading == "" {
			heading = title
		} else if part != "" {
			list = append(list, part)
		}
	}
	return heading, list
}
