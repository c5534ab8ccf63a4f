package app

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce/assess/agreement/explain"
	"github.com/trucewatch/truce/assess/agreement/trial"
	"github.com/trucewatch/truce/respond/publish"
)

// agreementWords are the words that check and test print around the messages, by language.
// The messages themselves and the sentences of a trace are English in every language, and
// a page in another language says so.
var agreementWords = map[string]map[string]string{
	"en": {
		"error": "error", "warning": "warning",
		"sound": "%s, version %.12s: %d rules, %d clauses, %d lines, %d zones, %d sites; %s\n", "remarks": "%s, %s\n",
		"one error": "1 error", "errors": "%d errors", "one warning": "1 warning", "warnings": "%d warnings",
		"pass": "ok    %s\n", "fail": "FAIL  %s\n", "skip": "----  %s: %s\n", "skipped": "not run: line %d cannot be read",
		"want":    "  %s:%d: want %s\n    got %s\n",
		"summary": "%s, version %.12s: %d tests passed, %d failed, %s%d lines could not be read\n", "not run": "%d not run, ",
		"cover": "%-8s %3d tests, %d of %d branches reached\n", "missed": "         not reached: %s\n", "english": "",
	},
	"uk": {
		"error": "помилка", "warning": "попередження",
		"sound": "%s, версія %.12s: правил %d, пунктів %d, ліній %d, зон %d, об’єктів %d; %s\n", "remarks": "%s, %s\n",
		"one error": "помилок: 1", "errors": "помилок: %d", "one warning": "попереджень: 1", "warnings": "попереджень: %d",
		"pass": "так   %s\n", "fail": "НІ    %s\n", "skip": "----  %s: %s\n", "skipped": "не виконано: рядок %d неможливо прочитати",
		"want":    "  %s:%d: очікувано %s\n    отримано %s\n",
		"summary": "%s, версія %.12s: випробувань пройдено %d, не пройдено %d, %sрядків не прочитано %d\n", "not run": "не виконано %d, ",
		"cover": "%-8s випробувань %3d, гілок охоплено %d із %d\n", "missed": "         не охоплено: %s\n",
		"english": "Зауваження та пояснення до випробувань написано англійською.\n",
	},
}

// wording is how check and test speak in a language.
type wording struct {
	lang string
	w    map[string]string
	text *explain.Text // of the terms; nil before they are read
}

// wordsFlag adds --lang, which has no effect on JSON.
func wordsFlag(cmd *cobra.Command, lang *string) {
	cmd.Flags().StringVar(lang, "lang", "en", "en or uk, of the words around the messages")
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(explain.Languages(), cobra.ShellCompDirectiveNoFileComp)))
}

func wordingOf(cmd *cobra.Command, lang string) (wording, error) {
	w, ok := agreementWords[lang]
	if !ok {
		return wording{}, usageError(cmd, "language %q: the output is printed in en and uk", lang)
	}
	return wording{lang: lang, w: w}, nil
}

// count is a number of things that have a word for one and one for more.
func (w wording) count(n int, noun string) string {
	if n == 1 {
		return w.w["one "+noun]
	}
	return fmt.Sprintf(w.w[noun+"s"], n)
}

// of adds the names that the terms have for things, as explain says them.
func (w wording) of(t terms) (wording, error) {
	text, err := explain.New(t.Agreement, w.lang, publish.Label)
	w.text = text
	return w, err
}

// got says what a test got. The words of the test language are kept beside those of the
// reader's, since they are what stands in the file.
func (w wording) got(f trial.Failure) string {
	if w.lang == "en" || f.Found == nil {
		return f.Got
	}
	verdict := strings.TrimSuffix(string(f.Found.Verdict), "_scope") // as tests write it
	parts := []string{fmt.Sprintf("%s (%s), p %s", w.text.Branch(verdict), verdict, strings.Replace(fmt.Sprintf("%.4f", float64(f.Found.P)), ".", ",", 1))}
	if r := f.Found.Reason; r != "" {
		parts[0] += fmt.Sprintf(", %s (%s)", publish.Label(w.lang, "reason."+string(r)), r)
	}
	return strings.Join(append(parts, f.Beside...), "; ")
}

// branches are the ways of rules that no test reaches, as the language says them.
func (w wording) branches(names []string) []string {
	if w.lang == "en" {
		return names // the words of the test language
	}
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = w.text.Branch(name)
	}
	return out
}
