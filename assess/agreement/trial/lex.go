package trial

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Word is a word of a line and where it begins.
type Word struct {
	Text   string
	Column int  // 1-based, in characters
	Byte   int  // of the line
	Quoted bool // it stood in double quotes: text, never a keyword
}

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

// Scan parts a line into words. A comma after a word ends it and is dropped; text in
// double quotes is one word; # begins a comment. Its error names no file and no line.
func Scan(line string) ([]Word, *SyntaxError) {
	if err := plainText(line); err != nil {
		return nil, err
	}
	var out []Word
	column, start, begin := 0, 1, -1
	flush := func(end int) {
		if begin >= 0 {
			if text := strings.TrimRight(line[begin:end], ","); text != "" {
				out = append(out, Word{Text: text, Column: start, Byte: begin})
			}
			begin = -1
		}
	}
	for i := 0; i < len(line); {
		c, size := utf8.DecodeRuneInString(line[i:])
		column++
		switch {
		case c == '#' && begin < 0:
			return out, nil
		case c == '"' && begin < 0:
			end := strings.IndexByte(line[i+1:], '"')
			if end < 0 {
				return nil, &SyntaxError{Column: column, Text: `the quotation has no end: add "`}
			}
			text := line[i+1 : i+1+end]
			out = append(out, Word{text, column, i, true})
			column += utf8.RuneCountInString(text) + 1
			size = end + 2
		case c == ' ' || c == '\t':
			flush(i)
		case begin < 0:
			begin, start = i, column
		}
		i += size
	}
	flush(len(line))
	return out, nil
}

// plainText refuses control characters and what is not UTF-8.
func plainText(line string) *SyntaxError {
	column := 0
	for i, c := range line {
		column++
		bad := c == utf8.RuneError && !strings.HasPrefix(line[i:], "\ufffd")
		if bad || c < 0x20 && c != '\t' || c == 0x7f {
			return &SyntaxError{Column: column, Text: fmt.Sprintf("byte 0x%02x is not text: save the file as UTF-8", line[i])}
		}
	}
	return nil
}

// words reads the words of one line in order.
type words struct {
	file   string
	number int // of the line
	list   []Word
	next   int
	end    int      // the column after the last character
	said   []string // what may stand once and does, by the name it is called in a message
	err    *SyntaxError
}

func (w *words) more() bool { return w.err == nil && w.next < len(w.list) }

// peek is the next word, "" at the end; a quoted word is never a keyword.
func (w *words) peek() string {
	if !w.more() || w.list[w.next].Quoted {
		return ""
	}
	return w.list[w.next].Text
}

// after is the word after the next.
func (w *words) after() string {
	if w.err != nil || w.next+1 >= len(w.list) || w.list[w.next+1].Quoted {
		return ""
	}
	return w.list[w.next+1].Text
}

// take gives the next word; at the end of the line it says what is missing.
func (w *words) take(want string) string {
	if !w.more() {
		w.fail("%s is missing", want)
		return ""
	}
	w.next++
	return w.list[w.next-1].Text
}

// accept takes the next word if it is the one.
func (w *words) accept(word string) bool {
	if w.peek() != word {
		return false
	}
	w.next++
	return true
}

// expect takes a word that has to stand there.
func (w *words) expect(word string) {
	if !w.accept(word) {
		w.fail("%q: want %q", w.peek(), word)
	}
}

// once notes what may stand once on a line, said from word i on.
func (w *words) once(i int, what string) {
	if !slices.Contains(w.said, what) {
		w.said = append(w.said, what)
		return
	}
	mend := "say it once"
	if what == "weapon" {
		mend = "join weapons with or"
	}
	w.failAt(i, "%s stands twice: %s", what, mend)
}

// fail keeps the first problem of the line, at the next word.
func (w *words) fail(format string, args ...any) { w.failAt(w.next, format, args...) }

// failLast is fail at the word that was taken last.
func (w *words) failLast(format string, args ...any) { w.failAt(w.next-1, format, args...) }

func (w *words) failAt(i int, format string, args ...any) {
	if w.err != nil {
		return
	}
	column := w.end
	if i >= 0 && i < len(w.list) {
		column = w.list[i].Column
	}
	w.err = &SyntaxError{File: w.file, Line: w.number, Column: column, Text: fmt.Sprintf(format, args...)}
}
