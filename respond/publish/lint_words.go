package publish

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/trucewatch/truce"
)

// wordRule is a wording rule a machine can check: what must not stand in a sentence,
// unless the sentence also holds something.
type wordRule struct {
	rule   string
	bad    *regexp.Regexp
	unless *regexp.Regexp // nil: no exception
	mend   string
}

// wordRules hold for every language at once, in lower case. Go's \b
// knows Latin letters only, so Ukrainian words are found by their stems.
var wordRules = sync.OnceValue(func() []wordRule {
	return []wordRule{
		{"W2", regexp.MustCompile(`\bassess(ed|es|ing)?( it| them| this)? as\b|оцін(ен|ю)\p{L}* як`),
			regexp.MustCompile(`\bbasis\b|\bbased on\b|\bbecause\b|\bundetermined\b|\bnot determined\b|на підставі|підстава|не визначено`),
			"\"assessed as\" needs its basis in the same sentence"},
		{"W3", regexp.MustCompile(`\bviolat\w*|\b(broke|breaks?|broken|breaking) (the |a |its )?(truce|cease-?fire|silence|agreement)\b|\b(truce|cease-?fire|agreement) (was|is|has been|had been) broken\b|\bto blame\b|\bat fault\b|(злама|зірва|зламан|зірван)\p{L}* (перемир|режим|тиш|угод)|(перемир|режим|тиш|угод)[\p{L}’ʼ']*( \p{L}+)? (зламан|зірван)|\battack\w*|\bbreach\w*|\baggress\w*|\bprovocation\w*|\bperpetrat\w*|\bculprit\w*|\bguilt\w*|порушен|порушив|порушил|порушу|атакува|атакує|атакован|атак[аиіу]|напад|агресі|агресор|провокаці|винуват`), nil,
			"say what was observed; a breach is for the political body to determine"},
		{"W5", regexp.MustCompile(`\bno violations?\b|\b(non-?)?complian(t|ce)\b|\bcompl(y|ied|ies)\b|\bquiet\b|\bcalm\b|\b(truce|cease-?fire) (held|holds|is holding|was (kept|observed|respected|honou?red))\b|\b(kept|keeps?|honou?red|respected|observed) the (truce|cease-?fire)\b|без порушень|дотриму|дотриман|дотримал|спокійно|(?:^|\P{L})тихо(?:\P{L}|$)|затишш`), nil,
			"print the absence: none recorded with its coverage, or not observed"},
		{"W11", regexp.MustCompile(`\b(massive|brazen|heinous|cynical|barbaric|barbarous|unprovoked|treacherous|cowardly|savage|ruthless|flagrant|blatant|vicious|criminal)(ly)?\b|масован|зухвал|цинічн|варварськ|підступн|звірськ|неспровокован|брутальн|жорсток|нахабн|злочинн`), nil,
			"leave the adjective out"},
		{"W13", regexp.MustCompile(`\b(occup(ied|ier|iers|ation|ying)|liberated|annexed|terrorists?|separatists?|rebels?)\b|окупов|окупант|окупаці|визволен|звільнен\p{L}* територ|анексов|терорист|сепаратист`), nil,
			"write \"area under control of B on map M, version v\""},
	}
})

// partyRules forbid a party as the subject or the author of an act, and an author of
// interference. Notice given and acknowledged by a party is no act of this kind.
func (l *linter) partyRules() []wordRule {
	party := l.partyNames()
	if party == "" {
		return nil
	}
	// A comma parts a name from what follows in a list ("under control of A, shot: 1"); a
	// subject stands directly before its verb.
	acting := strings.TrimSuffix(party, nameEnd) + `[)"»”’]?\s`
	const (
		subject = "a party is never the subject of an act; say what was observed and where"
		author  = "interference is an area, never an author"
	)
	// An area under control of a party, or who said or confirmed it, is no author.
	other := regexp.MustCompile(`\bcontrol|контрол|\b(notified|reported|acknowledged|claimed|stated)\b|повідом|підтверд|заяв`)
	return append(blameRules(party), []wordRule{
		{"W3", regexp.MustCompile(acting + `\s*(has |have |had |again )*(fired|shelled|struck|launched|bombed|hit|opened|shot|destroyed|killed|wounded|laid|crossed|seized|captured|denied|used|deployed|відкри|обстріл|вдари|запусти|випусти|бомбарду|знищи|вби|поранил|захопи|перетну|застосу|відмови|заклал)`), nil, subject},
		{"W3", regexp.MustCompile(`\b(fired|shelled|struck|launched|bombed|hit|shot|destroyed|killed|wounded|laid|seized|captured|denied|deployed)\b[^.,;]{0,60}\bby(\s+the)?` + party), other, subject},
		{"W3", regexp.MustCompile(`\b(fire|shelling|shots?|strikes?|shells?|missiles?|salvoe?s?)\s+(from|by|of)(\s+the)?` + party), nil, subject},
		{"W3", regexp.MustCompile(`(обстріл|вогонь|вогню|удар|пуск|постріл)\p{L}*[^.,;]{0,60}\s(з боку|від)` + party), nil, subject},
		{"W3", regexp.MustCompile(`(обстріля|випущен|запущен|знищен|вбит|поранен|завдан|здійснен|відкрит|захоплен|закладен)\p{L}*[^.,;]{0,60}` + party), other, subject},
		{"W6", regexp.MustCompile(`(\bjam(med|ming|s)?\b|\binterference\b|завад|глуш)[^.]*(\bby\b|\bfrom\b|\bof\b|з боку|від)` + party), nil, author},
		{"W6", regexp.MustCompile(acting + `\s*(has |have |had )*(jam(med|s)|interfered|глуши|заглуши|створи\p{L}* завад)`), nil, author},
		{"W6", regexp.MustCompile(`заглуш\p{L}*[^.,;]{0,60}` + party), other, author},
	}...)
}

// nameEnd ends a name where its letters end.
const nameEnd = `(?:\P{L}|$)`

// partyNames is a pattern of the parties' names, "" without any. A Ukrainian name changes
// its endings: Сторони А, Стороною А.
func (l *linter) partyNames() string {
	var names []string
	for _, p := range l.b.Parties {
		for _, name := range p.Names {
			names = append(names, namePattern(name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return `(?:^|\P{L})(?:` + strings.Join(slices.Compact(names), "|") + `)` + nameEnd
}

// namePattern lets the last letter of every word of four and more be another ending.
func namePattern(name string) string {
	words := strings.Fields(strings.ToLower(name))
	for i, word := range words {
		letters := []rune(word)
		if n := len(letters); n >= 4 && unicode.Is(unicode.Cyrillic, letters[n-1]) {
			words[i] = regexp.QuoteMeta(string(letters[:n-1])) + `\p{L}{0,3}`
		} else {
			words[i] = regexp.QuoteMeta(word)
		}
	}
	return strings.Join(words, `\s+`)
}

// words checks every visible line: quoted statements with their speaker's name and the
// agreement's own titles keep their words.
func (l *linter) words(doc Document, lines []visibleLine) {
	rules := slices.Concat(wordRules(), zeroRules(), l.partyRules())
	speakers, own := l.speakers(), l.ownTitles()
	checked := map[string]bool{} // cells repeat the same words
	for _, line := range lines {
		said := own.Replace(unquoted(line.text, speakers))
		for _, sentence := range strings.SplitAfter(said, ". ") {
			if checked[sentence] {
				continue
			}
			checked[sentence] = true
			l.sentence(line.where(), sentence, rules)
		}
	}
	l.caveat(doc, lines)
	l.exerciseMark(doc, lines)
}

// sentence holds the rules against one sentence in lower case, which is quicker than
// patterns that fold.
func (l *linter) sentence(where, sentence string, rules []wordRule) {
	low := strings.ToLower(sentence)
	for _, r := range rules {
		if found := r.bad.FindString(low); found != "" && (r.unless == nil || !r.unless.MatchString(low)) {
			l.report(r.rule, where, "%q in %q: %s", found, shorten(sentence), r.mend)
		}
	}
}

// speakers are the names that may stand beside a quotation.
func (l *linter) speakers() []string {
	var out []string
	for _, c := range l.b.Claims {
		out = append(out, c.Claimant)
	}
	for _, p := range l.b.Parties {
		for _, name := range p.Names {
			out = append(out, name)
		}
	}
	for _, s := range l.b.Sources {
		out = append(out, s.Title)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// ownTitles takes the agreement's titles out: they are its text, not ours.
func (l *linter) ownTitles() *strings.Replacer {
	var pairs []string
	add := func(s string) {
		if s != "" {
			pairs = append(pairs, s, "")
		}
	}
	add(l.b.Agreement)
	for _, lang := range languages {
		add(l.b.AgreementNames[lang])
	}
	for _, r := range slices.Concat(l.b.Rules, l.b.NotEvaluated) {
		for _, lang := range languages {
			add(r.Titles[lang])
		}
	}
	return strings.NewReplacer(pairs...)
}

var quotation = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`“[^”]*”|«[^»]*»|"[^"]*"`)
})

// unquoted takes quotations out of a line that names a speaker.
func unquoted(line string, speakers []string) string {
	outside := quotation().ReplaceAllString(line, " ")
	named := slices.ContainsFunc(speakers, func(s string) bool { return strings.Contains(outside, s) })
	if named {
		return outside
	}
	return line
}

// caveat holds rule 13: numbers by area of control say whose effect they are not.
func (l *linter) caveat(doc Document, lines []visibleLine) {
	byControl := slices.ContainsFunc(l.b.Tables, func(t truce.CountTable) bool {
		kept, _ := keptSplits(&t)
		return t.By == truce.CountByControl && len(kept) > 0
	})
	words, err := catalogueOf(doc.Lang)
	if err != nil || !byControl {
		return
	}
	caveat, _, _ := strings.Cut(words["note.control"].form(otherForm), ".")
	if !slices.ContainsFunc(lines, func(v visibleLine) bool { return strings.Contains(v.text, caveat) }) {
		l.report("W13", "the whole text", "counts by area of control without %q", caveat)
	}
}

// exerciseMark: an exercise is marked wherever it can be read.
func (l *linter) exerciseMark(doc Document, lines []visibleLine) {
	words, err := catalogueOf(doc.Lang)
	if err != nil {
		l.report("G", "the whole text", "%v", err)
		return
	}
	mark := words["exercise.banner"].form(otherForm)
	marked := slices.ContainsFunc(lines, func(v visibleLine) bool { return strings.Contains(v.text, mark) })
	if marked != l.b.Realm.Exercise() {
		l.report("G", "the whole text", "realm is %s, exercise mark printed: %v", l.b.Realm, marked)
	}
}

func shorten(s string) string {
	runes := []rune(strings.TrimSpace(s))
	if len(runes) > 100 {
		return string(runes[:100]) + "…"
	}
	return string(runes)
}
