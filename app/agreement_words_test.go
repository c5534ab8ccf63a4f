package app

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// Every word stands in every language, with the same places to fill.
func TestWordsAroundMessagesStandInEveryLanguage(t *testing.T) {
	holes := regexp.MustCompile(`%[-.0-9]*[a-z]`)
	for key, en := range agreementWords["en"] {
		uk, ok := agreementWords["uk"][key]
		if got, want := holes.FindAllString(uk, -1), holes.FindAllString(en, -1); !ok || key != "one error" && key != "one warning" && !slices.Equal(got, want) {
			t.Errorf("%s: en %q, uk %q", key, en, uk)
		}
	}
	if en, uk := slices.Sorted(maps.Keys(agreementWords["en"])), slices.Sorted(maps.Keys(agreementWords["uk"])); !slices.Equal(en, uk) {
		t.Errorf("en has %q, uk has %q", en, uk)
	}
}

func TestCheckInUkrainian(t *testing.T) {
	p := newProgram(t)
	const sound = "../examples/agreements/korea-1953"
	r := p.runAlone("agreement", "check", sound, "--lang", "uk")
	if r.code != 0 || !strings.Contains(r.out, ": попередження: status: is draft") || !strings.Contains(r.out, "\nkorea-1953, версія ") ||
		!strings.Contains(r.out, ": правил 13, пунктів 10, ліній 2, зон 4, об’єктів 4; попереджень: 1\n") || !strings.Contains(r.out, "написано англійською") {
		t.Errorf("exit code %d:\n%s%s", r.code, r.out, r.err)
	}
	bad := writeTerms(t, append(badBase(t, "plain", nil), truce.AgreementFile{Name: "tests/a.test", Data: []byte("test \"x\"\n  at never\n")}))
	if r := p.runAlone("agreement", "check", bad, "--lang", "uk"); r.code != 1 || !strings.Contains(r.out, "a.test:2:6: помилка: ") || !regexp.MustCompile(`\nпомилок: \d+, попереджень: \d+\n`).MatchString(r.out) {
		t.Errorf("exit code %d:\n%s%s", r.code, r.out, r.err)
	}
	en, json := p.runAlone("agreement", "check", sound), p.runAlone("agreement", "check", sound, "--lang", "uk", "--json")
	if strings.Contains(en.out, "англійською") || !strings.Contains(json.out, `"level": "warning"`) {
		t.Errorf("English:\n%s\nJSON:\n%s", en.out, json.out)
	}
	if r := p.runAlone("agreement", "check", sound, "--lang", "fr"); r.code != 1 || !strings.Contains(r.err, "en and uk") {
		t.Errorf("exit code %d: %s", r.code, r.err)
	}
}

func TestTestInUkrainian(t *testing.T) {
	p := newProgram(t)
	dir := plainTerms(t, twoTrials+`test "third"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect R01 hit severity 3
`)
	r := p.runAlone("agreement", "test", dir, "--lang", "uk", "-v", "--cover")
	for _, want := range []string{
		"так   far away\n", "----  half: не виконано: рядок 5 неможливо прочитати\n", "НІ    third\n",
		": очікувано R01 hit severity 3\n    отримано поза правилом (outside), p 0,0000, місце недостатньо точне (location); severity 0\n",
		"R01      випробувань   1, гілок охоплено ", "         не охоплено: ",
		"випробувань пройдено 1, не пройдено 1, не виконано 1, рядків не прочитано 1\n", "написано англійською",
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("output lacks %q:\n%s%s", want, r.out, r.err)
		}
	}
	if r.code != 1 || regexp.MustCompile(`не охоплено: [^\n]*(indeterminate|exempt|act )`).MatchString(r.out) {
		t.Errorf("exit code %d, or branches in English:\n%s", r.code, r.out)
	}
	if r := p.runAlone("agreement", "test", dir, "--lang", "xx"); r.code != 1 || !strings.Contains(r.err, "en and uk") {
		t.Errorf("exit code %d: %s", r.code, r.err)
	}
}
