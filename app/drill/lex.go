package drill

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce/assess/agreement"
)

// SyntaxError is one line that cannot be read: where, and what was wanted.
type SyntaxError struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Text   string `json:"text"`
}

// Error is the problem on one line: file:line:column: text.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// token is a word of a line.
type token struct {
	text   string
	column int // 1-based, in characters
	byte   int // of the line, where it begins
	quoted bool
}

// scan parts a line into words, by the rules of the tests of an agreement: a comma after a
// word is dropped, text in double quotes is one word, # begins a comment.
func scan(line string) ([]token, *SyntaxError) {
	var out []token
	column := 0
	begin, at := -1, 0
	flush := func(end int) {
		if begin >= 0 {
			if text := strings.TrimRight(line[begin:end], ","); text != "" {
				out = append(out, token{text: text, column: at, byte: begin})
			}
			begin = -1
		}
	}
	for i := 0; i < len(line); {
		c, size := utf8.DecodeRuneInString(line[i:])
		column++
		switch {
		case c == utf8.RuneError && size == 1 || c < 0x20 && c != '\t' || c == 0x7f:
			return nil, &SyntaxError{Column: column, Text: fmt.Sprintf("byte 0x%02x is not text: save the file as UTF-8", line[i])}
		case c == '#' && begin < 0:
			return out, nil
		case c == '"' && begin < 0:
			n := strings.IndexByte(line[i+1:], '"')
			if n < 0 {
				return nil, &SyntaxError{Column: column, Text: `the quotation has no end: add "`}
			}
			text := line[i+1 : i+1+n]
			if !plain(text) {
				return nil, &SyntaxError{Column: column, Text: "the quotation holds bytes that are not text: save the file as UTF-8"}
			}
			out = append(out, token{text, column, i, true})
			column += utf8.RuneCountInString(text) + 1
			size = n + 2
		case c == ' ' || c == '\t':
			flush(i)
		case begin < 0:
			begin, at = i, column
		}
		i += size
	}
	flush(len(line))
	return out, nil
}

func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(c rune) bool { return c < 0x20 && c != '\t' || c == 0x7f })
}

// line reads the words of one line in order and keeps the first problem.
type line struct {
	number int
	text   string
	list   []token
	next   int
	err    *SyntaxError
}

func (l *line) more() bool { return l.err == nil && l.next < len(l.list) }

// peek is the next word, "" at the end; a quoted word is never a keyword.
func (l *line) peek() string { return l.ahead(0) }

func (l *line) ahead(n int) string {
	if l.err != nil || l.next+n >= len(l.list) || l.list[l.next+n].quoted {
		return ""
	}
	return l.list[l.next+n].text
}

// take gives the next word; at the end of the line it says what is missing.
func (l *line) take(want string) string {
	if !l.more() {
		l.fail("%s is missing", want)
		return ""
	}
	l.next++
	return l.list[l.next-1].text
}

// quote takes a text in quotation marks; "" when none stands there.
func (l *line) quote() string {
	if !l.more() || !l.list[l.next].quoted {
		return ""
	}
	l.next++
	return l.list[l.next-1].text
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
		text := l.list[l.next].text
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
		column = l.list[i].column
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
