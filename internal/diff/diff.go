// Package diff shows what changed between two versions of a text, by sentences and, inside
// a sentence that was edited, by words.
//
// It loses no byte: what is the same and what was removed give the earlier text, what is
// the same and what was added give the later one. It never says which of two texts is
// right.
//
// Read Texts, then edits for the method.
package diff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what became of a piece.
type Kind string

// The kinds.
const (
	Same    Kind = "same"
	Removed Kind = "removed"
	Added   Kind = "added"
)

// Piece is a stretch of text of one kind.
type Piece struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
}

// Diff is what changed between two texts.
type Diff struct {
	Pieces               []Piece // of what stands at one place, the removed comes first
	Same, Removed, Added int     // words of each kind
}

// Texts compares two texts. Where they differ in more than the bounds, a stretch is shown
// as removed and added whole.
func Texts(before, after string) Diff {
	var d Diff
	for _, run := range edits(sentences(before), sentences(after)) {
		d.add(run)
	}
	for _, p := range d.Pieces {
		switch n := len(strings.FieldsFunc(p.Text, notWord)); p.Kind {
		case Same:
			d.Same += n
		case Removed:
			d.Removed += n
		case Added:
			d.Added += n
		}
	}
	return d
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// add takes a run of sentences. One that was edited is compared word by word, unless so
// little is left that single words would stand about like confetti.
func (d *Diff) add(r run) {
	if r.same != "" {
		d.put(Same, r.same)
		return
	}
	words := edits(tokens(r.removed), tokens(r.added))
	if !alike(words, r) {
		d.put(Removed, r.removed)
		d.put(Added, r.added)
		return
	}
	for _, w := range words {
		d.put(Same, w.same)
		d.put(Removed, w.removed)
		d.put(Added, w.added)
	}
}

// alike asks that a third of the longer side is the same, in bytes of words.
func alike(words []run, r run) bool {
	kept := 0
	for _, w := range words {
		if strings.ContainsFunc(w.same, func(r rune) bool { return !notWord(r) }) {
			kept += len(w.same)
		}
	}
	return leastAlike*kept >= max(len(r.removed), len(r.added))
}

// put adds to the last piece when that is of the same kind.
func (d *Diff) put(kind Kind, text string) {
	if text == "" {
		return
	}
	if n := len(d.Pieces); n > 0 && d.Pieces[n-1].Kind == kind {
		d.Pieces[n-1].Text += text
		return
	}
	d.Pieces = append(d.Pieces, Piece{kind, text})
}

// sentences cuts a text behind the marks that end a sentence and behind lines; spaces
// belong to what stands before them.
func sentences(text string) []string {
	var out []string
	from, ended := 0, false
	for i, r := range text {
		if ended && !unicode.IsSpace(r) && !endsSentence(r) {
			out, from, ended = append(out, text[from:i]), i, false
		}
		if r == '\n' || unicode.IsSpace(r) && i > from && endsSentence(lastRune(text[:i])) {
			ended = true
		}
	}
	return appendRest(out, text[from:])
}

func endsSentence(r rune) bool { return strings.ContainsRune(".!?…", r) }

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func appendRest(out []string, rest string) []string {
	if rest == "" {
		return out
	}
	return append(out, rest)
}

// tokens cuts a text into words and what stands between them.
func tokens(text string) []string {
	var out []string
	from, word := 0, false
	for i, r := range text {
		if in := !notWord(r); i > 0 && (in != word || !in) {
			out, from, word = append(out, text[from:i]), i, in
		} else {
			word = in
		}
	}
	return appendRest(out, text[from:])
}
