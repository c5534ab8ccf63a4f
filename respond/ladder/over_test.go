package ladder

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// A warning that is found when the time of the clock is over was told to nobody: its sentence
// says so, in both languages; one that is found before says nothing of it.
func TestAWarningFoundTooLateSaysSo(t *testing.T) {
	warned := truce.CaseStep{Kind: truce.StepClockWarned, At: 100, Clock: &truce.ClockChange{Clock: "reply", Round: 1, Due: 200}}
	for lang, said := range map[string]string{"en": wordsOver, "uk": "строк уже минув"} {
		for late, want := range map[truce.Instant]bool{0: false, 150: false, 200: true, 900: true} {
			warned.Late = late
			if text := Text(warned, truce.Ladder{}, lang); strings.Contains(text, said) != want {
				t.Errorf("%s, found at %d of 200: %q", lang, late, text)
			}
		}
	}
}
