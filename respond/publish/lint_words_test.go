package publish

import (
	"regexp"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// refusedWords are sentences of both languages that a rule must refuse.
var refusedWords = []struct{ rule, lang, sentence string }{
	{"W2", "en", "The sound was assessed as outgoing fire."},
	{"W2", "en", "The mission assesses it as a mortar."},
	{"W2", "uk", "Звук, оцінений як вихідний вогонь."},
	{"W2", "uk", "Звук оцінюється як вихідний."},
	{"W3", "en", "The ceasefire was violated in the north."},
	{"W3", "en", "Violations were seen."},
	{"W3", "en", "Several villages were attacked."},
	{"W3", "en", "This breaches the agreement."},
	{"W3", "en", "An act of aggression followed."},
	{"W3", "en", "It was a provocation."},
	{"W3", "en", "The perpetrators left."},
	{"W3", "en", "Party A fired at the village."},
	{"W3", "en", "Party A has again opened fire."},
	{"W3", "en", "The village was shelled by Party B."},
	{"W3", "en", "Two houses were destroyed in the night by the Party A."},
	{"W3", "en", "The mission heard fire from Party A."},
	{"W3", "en", "A strike by Party B was recorded."},
	{"W3", "uk", "Режим тиші порушено."},
	{"W3", "uk", "Сторони порушують тишу."},
	{"W3", "uk", "Село атаковано."},
	{"W3", "uk", "Відбувся напад на пост."},
	{"W3", "uk", "Це була провокація."},
	{"W3", "uk", "Акт агресії."},
	{"W3", "uk", "Сторона Б обстріляла село."},
	{"W3", "uk", "Село обстріляно Стороною А."},
	{"W3", "uk", "Чути вогонь з боку Сторони А."},
	{"W3", "uk", "Постріли в селі від Сторони Б."},
	{"W3", "uk", "Два будинки знищено вночі стороною Б."},
	{"W5", "en", "There were no violations in the south."},
	{"W5", "en", "The night was quiet."},
	{"W5", "en", "It stayed calm."},
	{"W5", "en", "The truce held."},
	{"W5", "en", "Party B was compliant."},
	{"W5", "en", "Both parties complied."},
	{"W5", "uk", "Минуло без порушень."},
	{"W5", "uk", "Ніч минула тихо."},
	{"W5", "uk", "Режиму тиші дотримано."},
	{"W5", "uk", "На півночі спокійно."},
	{"W5", "uk", "Настало затишшя."},
	{"W6", "en", "Jamming of the drone by Party B was noted."},
	{"W6", "en", "The drone met interference from Party A."},
	{"W6", "en", "Party A jammed the link."},
	{"W6", "uk", "Глушіння дрона з боку Сторони Б."},
	{"W6", "uk", "Дрон заглушено Стороною А."},
	{"W6", "uk", "Завади від Сторони А."},
	{"W11", "en", "A massive bombardment followed."},
	{"W11", "en", "A brazen shot."},
	{"W11", "en", "It was an unprovoked shelling."},
	{"W11", "en", "The blatant disregard."},
	{"W11", "uk", "Після масованого удару."},
	{"W11", "uk", "Зухвалий постріл."},
	{"W11", "uk", "Цинічний обстріл."},
	{"W11", "uk", "Жорстокий бій."},
	{"W13", "en", "In the occupied area the mission saw craters."},
	{"W13", "en", "In the liberated village."},
	{"W13", "en", "The separatists left."},
	{"W13", "uk", "На окупованій землі."},
	{"W13", "uk", "У визволеному селі."},
	{"W13", "uk", "Терористи відійшли."},
	{"Na", "en", "The mission counted 37 explosions."},
	{"Na", "uk", "Місія нарахувала 37 вибухів."},
}

// Each rule refuses its words in each language, in HTML and in Markdown alike.
func TestWordsThatAreRefused(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for _, lang := range Languages() {
		for _, doc := range printed(t, b, lang) {
			for _, c := range refusedWords {
				if c.lang == lang && !hasRule(Lint(b, typed(doc, c.sentence)), c.rule) {
					t.Errorf("%s %s: %q passed, want it refused for %s", lang, doc.Format, c.sentence, c.rule)
				}
			}
		}
	}
}

func TestEveryWordRuleIsTriedInBothLanguages(t *testing.T) {
	for _, rule := range []string{"W2", "W3", "W5", "W6", "W11", "W13"} {
		for _, lang := range Languages() {
			if !slices.ContainsFunc(refusedWords, func(c struct{ rule, lang, sentence string }) bool { return c.rule == rule && c.lang == lang }) {
				t.Errorf("no sentence of rule %s in %s is tried", rule, lang)
			}
		}
	}
}

func TestWordsThatPass(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for lang, sentences := range map[string][]string{
		"en": {
			"The sound was assessed as outgoing, on the basis of the bearing.",
			"The direction was assessed as undetermined.",
			"Party A said: “the other side attacked and violated the silence, a massive and brazen breach”.",
			"Jamming was noted in an area west of Nordhavn.",
			"The mission heard an explosion. Its means were microphones.",
			"The window was notified by Party A and acknowledged by Party B.",
			"A crater lies in the area under control of Party A on map survey.",
			"The village was hit in the area under control by Party A on map survey.",
			"A house was destroyed as reported by Party A on the same day.",
			"The satellite passed in clear sky.",
		},
		"uk": {
			"Звук оцінено як вихідний на підставі азимута.",
			"Напрямок оцінено як такий, що не визначено.",
			"Сторона А: «вони порушили тишу та окупували село».",
			"Завади зафіксовано в районі на захід від н. п. Нордгавн.",
			"Вікно повідомила Сторона А, отримання підтвердила Сторона Б.",
			"Вирва лежить у районі під контролем Сторони А.",
			"Про знищений будинок повідомила Сторона А.",
			"Будинок знищено в районі під контролем Сторони Б.",
		},
	} {
		for _, doc := range printed(t, b, lang) {
			for _, s := range sentences {
				for _, p := range Lint(b, typed(doc, s)) {
					t.Errorf("%s %s: %q: %s", lang, doc.Format, s, p)
				}
			}
		}
	}
}

func TestAnUnattributedQuotationIsNoExcuse(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	for lang, sentence := range map[string]string{"en": "Somebody wrote “they violated it”.", "uk": "Хтось написав «вони порушили»."} {
		for _, doc := range printed(t, b, lang) {
			if !hasRule(Lint(b, typed(doc, sentence)), "W3") {
				t.Errorf("%s %s: a quotation without a speaker passed", lang, doc.Format)
			}
		}
	}
}

// The agreement's own titles keep their words, in whichever language they are printed.
func TestTheAgreementsTitlesKeepTheirWords(t *testing.T) {
	in := fixtureInput()
	in.Terms.AgreementNames = truce.Names{"en": "Protocol on violations of the truce", "uk": "Протокол про порушення перемир’я"}
	in.Terms.Rules[0].Titles = truce.Names{"en": "attacks across the line", "uk": "напади через лінію"}
	b := mustDaily(t, in)
	for _, lang := range Languages() {
		for _, doc := range printed(t, b, lang) {
			for _, p := range Lint(b, doc) {
				t.Errorf("%s %s: %s", lang, doc.Format, p)
			}
			if !hasRule(Lint(b, typed(doc, "Attacks, порушення.")), "W3") {
				t.Errorf("%s %s: the same words outside a title passed", lang, doc.Format)
			}
		}
	}
}

func TestPartyNamesInEveryCase(t *testing.T) {
	for name, forms := range map[string][]string{
		"Сторона А":           {"сторона а", "сторони а", "стороні а", "стороною а"},
		"Республіка Північна": {"республіка північна", "республіки північної", "республікою північною"},
		"Party A":             {"party a"},
		"M":                   {"m"},
	} {
		l := &linter{b: truce.Bulletin{Parties: []truce.BulletinParty{{ID: "X", Names: truce.Names{"uk": name}}}}}
		pattern := compiled(t, l.partyNames())
		for _, form := range forms {
			if !pattern.MatchString(form + " далі") {
				t.Errorf("%q does not find %q", name, form)
			}
		}
		for _, longer := range []string{forms[0] + "нтени", "від" + forms[0]} {
			if pattern.MatchString(longer) {
				t.Errorf("%q is found inside %q", name, longer)
			}
		}
	}
	if got := (&linter{}).partyNames(); got != "" {
		t.Errorf("no parties: pattern %q", got)
	}
}

func compiled(t *testing.T, pattern string) *regexp.Regexp {
	t.Helper()
	re, err := regexp.Compile(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return re
}
