package app

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

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
		"authentic": "authentic text: %s", "effective": "takes effect", "ends": "ends", "noend": "no end is agreed", "status": "status", "version": "version (SHA-256 of the directory)",
		"parties": "Parties", "map": "Map", "rules": "Clauses and rules", "clause": "Clause", "rule": "The rule in plain words", "norule": "No rule rests on this clause: it is read by people alone.",
		"tests": "Tests", "passed": "%d of %d pass", "expects": "The tests of this rule", "notest": "No test speaks of this rule.", "missed": "No test reaches: ",
		"open": "Open points", "noopen": "None was written down.", "who": "To be decided by", "differ": "Where the parties read differently", "warnings": "What the check remarks",
		"nowarnings": "Nothing.", "hash": "SHA-256 of the clause", "note": "The clause text is authoritative. A rule says when its conditions are met; it never says who did a thing or that anybody broke the agreement.",
		"failed": "fails", "lines": "Lines",
		"draft": "draft", "signed": "signed", "in_force": "in force", "suspended": "suspended", "terminated": "terminated",
	},
	"uk": {
		"authentic": "автентичний текст: %s", "effective": "набирає чинності", "ends": "закінчується", "noend": "кінець не узгоджено", "status": "стан", "version": "версія (SHA-256 каталогу)",
		"parties": "Сторони", "map": "Карта", "rules": "Пункти та правила", "clause": "Пункт", "rule": "Правило простими словами", "norule": "На цьому пункті не ґрунтується жодне правило: його читають лише люди.",
		"tests": "Випробування", "passed": "виконано %d із %d", "expects": "Випробування цього правила", "notest": "Жодне випробування не стосується цього правила.", "missed": "Не охоплено випробуваннями: ",
		"open": "Відкриті питання", "noopen": "Не записано жодного.", "who": "Має вирішити", "differ": "Де сторони читають по-різному", "warnings": "Зауваження перевірки",
		"nowarnings": "Немає.", "hash": "SHA-256 пункту", "note": "Визначальним є текст пункту. Правило говорить, коли виконано його умови; воно ніколи не говорить, хто щось зробив або що хтось порушив угоду.",
		"failed": "не виконано", "lines": "Лінії",
		"draft": "проєкт", "signed": "підписано", "in_force": "чинна", "suspended": "призупинена", "terminated": "припинена",
	},
}

// agreementView is everything on the page.
type agreementView struct {
	Lang     string
	W        map[string]string
	Title    string
	Notice   string
	Status   string
	Terms    *agreement.Agreement
	Style    template.CSS
	Map      template.HTML
	Clauses  []clauseView
	Passed   string
	Failures []trial.Failure
	Open     []openView
	Warnings []string
	Ends     string
}

// clauseView is a clause with the rules that rest on it.
type clauseView struct {
	ID    string
	Title string
	Text  []string // paragraphs
	Also  []string // the authentic text, when the page is in another language
	Hash  string
	Rules []ruleView
}

type ruleView struct {
	ID        truce.RuleID
	Title     string
	Sentences []string
	Tests     []testView
	Missed    []string
}

type testView struct {
	Name   string
	Passed bool
}

type openView struct{ Clause, Question, Decides string }

var agreementPageTemplate = template.Must(template.New("agreement").Parse(agreementPageText))

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
		Style: template.CSS(draw.Style()), Ends: words["noend"],
	}
	if t.Ends.Civil != "" {
		v.Ends = t.Ends.Civil
	}
	if scene, ok := m.agreementScene(); ok {
		v.Map = draw.Figure(scene)
	}
	if err := v.fill(t, text); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = agreementPageTemplate.Execute(&out, v)
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
	v.Passed = fmt.Sprintf(v.W["passed"], report.Passed, len(report.Results))
	for _, r := range report.Results {
		v.Failures = append(v.Failures, r.Failures...)
	}
	cover := trial.Cover(t.Agreement, report.Results)
	for i := range t.Clauses {
		v.Clauses = append(v.Clauses, v.clause(t, &t.Clauses[i], text, report, cover))
	}
	for _, p := range t.OpenPoints {
		v.Open = append(v.Open, openView{p.Clause, p.Question.In(v.Lang), p.Decides.In(v.Lang)})
	}
	for _, w := range t.Warnings {
		v.Warnings = append(v.Warnings, w.String())
	}
	return nil
}

func (v *agreementView) clause(t terms, c *agreement.Clause, text *explain.Text, report trialReport, cover []trial.RuleCover) clauseView {
	authentic := t.Languages[0]
	out := clauseView{ID: c.ID, Hash: c.Hash.String()}
	out.Title, out.Text = paragraphs(c.Text.In(v.Lang))
	if v.Lang != authentic {
		_, out.Also = paragraphs(c.Text.In(authentic))
	}
	for i := range t.Rules {
		r := &t.Rules[i]
		if r.Clause != c.ID {
			continue
		}
		rule := ruleView{ID: r.ID, Title: r.Title.In(v.Lang), Sentences: text.Rule(r)[1:]}
		for _, result := range report.Results {
			if result.Test.Asks(r.ID) {
				rule.Tests = append(rule.Tests, testView{result.Name, result.Passed()})
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
