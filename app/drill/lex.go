package drill

import (
	"fmt"
	"unicode/utf8"

	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// SyntaxError is one line that cannot be read: where, and what was wanted.
type SyntaxError = trial.SyntaxError

// line reads the words of one line in order and keeps the first problem.
type line struct {
	number int
	text   string
	list   []trial.Word
	next   int
	err    *SyntaxError
}

func (l *line) more() bool { return l.err == nil && l.next < len(l.list) }

// peek is the next word, "" at the end; a quoted word is never a keyword.
func (l *line) peek() string { return l.ahead(0) }

func (l *line) ahead(n int) string {
	if l.err != nil || l.next+n >= len(l.list) || l.list[l.next+n].Quoted {
		return ""
	}
	return l.list[l.next+n].Text
}

// take gives the next word; at the end of the line it says what is missing.
func (l *line) take(want string) string {
	if !l.more() {
		l.fail("%s is missing", want)
		return ""
	}
	l.next++
	return l.list[l.next-1].Text
}

// quote takes a text in quotation marks; "" when none stands there.
func (l *line) quote() string {
	if !l.more() || !l.list[l.next].Quoted {
		return ""
	}
	l.next++
	return l.list[l.next-1].Text
}

// accept takes the next words if they are the ones.
func (l *line) accept(words ...string) bool {
	for i, word := range words {
		if l.ahead(i) != word {
			return false
		}
	}
	l.next += len(words)
	return true
}

func (l *line) expect(word string) {
	if !l.accept(word) {
		l.fail("%q: want %q", cut(l.peek()), word)
	}
}

// oneOf reads one of a closed set.
func (l *line) oneOf(what string, options []string) string {
	text := l.take(what)
	for _, option := range options {
		if option == text {
			return text
		}
	}
	l.failLast("%q is not %s%s", cut(text), what, agreement.DidYouMean(text, options))
	return ""
}

// finish refuses the word that nothing took.
func (l *line) finish(options ...string) {
	if l.more() {
		text := l.list[l.next].Text
		l.fail("%q is not understood here%s", cut(text), agreement.DidYouMean(text, options))
	}
}

func (l *line) fail(format string, args ...any) { l.failAt(l.next, format, args...) }

// failLast is fail at the word that was taken last.
func (l *line) failLast(format string, args ...any) { l.failAt(l.next-1, format, args...) }

func (l *line) failAt(i int, format string, args ...any) {
	if l.err != nil {
		return
	}
	column := utf8.RuneCountInString(l.text) + 1
	if i >= 0 && i < len(l.list) {
		column = l.list[i].Column
	}
	l.err = &SyntaxError{Column: column, Text: fmt.Sprintf(format, args...)}
}

// cut shortens what is quoted back, so that no file can flood a message.
func cut(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}
