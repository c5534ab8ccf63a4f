package press

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
)

// words are our own sentences in one language.
type words struct {
	articles  func(articles, publishers, reports int) string
	copies    string // before the publishers that repeat a report
	cites     string // before the agency a text cites
	unchecked string
	keyEvents string
	day       string
	more      string
	exercise  string
	stories   string
	date      func(truce.Instant) string
}

func wordsOf(language string) words {
	if language == "uk" {
		return words{
			articles:  countsUK,
			copies:    "те саме повідомлення також у",
			cites:     "з посиланням на",
			unchecked: "Повідомлення відкритих джерел. Місія не підтверджує сказаного в них.",
			keyEvents: "Головні події",
			day:       "день",
			more:      "ще",
			exercise:  "НАВЧАННЯ",
			stories:   "сюжети",
			date:      func(t truce.Instant) string { return dateUK(t.Time()) },
		}
	}
	return words{
		articles:  countsEN,
		copies:    "the same report also in",
		cites:     "citing",
		unchecked: "Open reporting. The mission does not confirm what it says.",
		keyEvents: "Key events",
		day:       "day",
		more:      "more",
		exercise:  "EXERCISE",
		stories:   "stories",
		date:      func(t truce.Instant) string { return t.Time().Format("2 January 2006") },
	}
}

func countsEN(articles, publishers, reports int) string {
	return fmt.Sprintf("%d %s from %d %s, %d independent as far as is known",
		articles, one(articles, "article", "articles"), publishers, one(publishers, "publisher", "publishers"), reports)
}

func one(n int, single, many string) string {
	if n == 1 {
		return single
	}
	return many
}

func countsUK(articles, publishers, reports int) string {
	return fmt.Sprintf("%d %s від %d %s, незалежних, наскільки відомо: %d",
		articles, few(articles, "публікація", "публікації", "публікацій"), publishers, one(publishers, "видання", "видань"), reports)
}

// few chooses the Ukrainian form for a number: 1, 21; 2 to 4, 22 to 24; the rest.
func few(n int, single, some, many string) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return single
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return some
	}
	return many
}

func dateUK(t time.Time) string {
	months := [...]string{"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}
