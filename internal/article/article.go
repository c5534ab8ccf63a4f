// Package article takes press texts apart: HTML into text and links, a saved page into
// headline, date, text and page furniture, and headlines and links into keys by which
// copies of one article are found.
//
// It never changes the wording of a text, never drops a line without saying so, never
// opens a link, and knows nothing of what an article claims.
//
// Read Split here for plain texts, furniture.go and date.go for what it goes by,
// html.go for pages, fold.go and link.go for the keys.
package article

import (
	"slices"
	"strings"
)

// Article is a plain text taken apart. Every line that has letters stands in exactly one
// of Headline, Text and Furniture.
type Article struct {
	Headline  string
	Published Date    // zero: no line states it
	Publisher string  // "" when no line states it
	Text      string  // paragraphs, one empty line between those the page set apart
	Furniture []Piece // what belongs to the page and not to the article, in order
}

// Piece is a line of the page, or the part of one that was taken out.
type Piece struct {
	Number int // 1-based
	Text   string
}

// Split takes the text of a saved page apart. A headline that is known already, such as
// a post's title, is given; "" looks for it in the text.
func Split(text, headline string) Article {
	s := splitter{lines: linesOf(text), headline: headline}
	s.markHead()
	s.markTail()
	s.markInside()
	return s.article()
}

// role is what a line turned out to be.
type role int

const (
	isText role = iota
	isFurniture
	isHeadline
)

// line is a line on its way to its place.
type line struct {
	Piece
	role   role
	apart  bool   // an empty line stands before it
	prefix string // a date line's date, when the headline stands on the same line
}

type splitter struct {
	lines     []line
	headline  string
	published Date
}

// linesOf is the lines that are not empty, spaces folded, so that no later step sees one.
func linesOf(text string) []line {
	var out []line
	apart := false
	number := 0
	for raw := range strings.Lines(text) {
		number++
		if one := Line(raw); one != "" {
			out = append(out, line{Piece: Piece{Number: number, Text: one}, apart: apart})
			apart = false
		} else {
			apart = true
		}
	}
	return out
}

// markHead finds the lines above the first sentence: menus, the date, the headline,
// often twice.
func (s *splitter) markHead() {
	head := s.head()
	for i := range head {
		s.markDate(&head[i])
	}
	markPhrases(head)
	at := s.headlineAt(head)
	if at < 0 {
		return
	}
	key := HeadlineKey(head[at].Text, "")
	if s.headline == "" {
		s.headline = head[at].Text
		head[at].role = isHeadline
	} else {
		head[at].role = isFurniture // the page repeats what is known
	}
	for i := range head {
		if i < at || i > at && HeadlineKey(head[i].Text, "") == key {
			head[i].role = isFurniture
		}
	}
}

// head is the lines before the first sentence.
func (s *splitter) head() []line {
	for i, l := range s.lines {
		if i == maxHeadLines || isSentence(l.Text) {
			return s.lines[:i]
		}
	}
	return s.lines[:min(len(s.lines), maxHeadLines)]
}

// markDate takes a line that is a date, and the date before a headline, as in
// "date 2026-01-08 Talks go on".
func (s *splitter) markDate(l *line) {
	date, rest, ok := dateLine(l.Text)
	if !ok {
		return
	}
	if s.published.IsZero() {
		s.published = date
	}
	if rest == "" {
		l.role = isFurniture
		return
	}
	l.prefix = strings.TrimSpace(strings.TrimSuffix(l.Text, rest))
	l.Text = rest
}

// headlineAt is the line that is the headline: one that stands twice, one with the date
// before it, or the longest above the text. A text without a sentence may be a list, so
// there the first line is taken and none given up. With the headline known it is the
// line that repeats it.
func (s *splitter) headlineAt(head []line) int {
	if s.headline != "" {
		key := HeadlineKey(s.headline, "")
		return slices.IndexFunc(head, func(l line) bool { return key != "" && HeadlineKey(l.Text, "") == key })
	}
	seen := map[string]int{}
	best, most := -1, 0
	for i, l := range head {
		n := len(strings.Fields(l.Text))
		if l.role != isText || n < minHeadlineWords {
			continue
		}
		if l.prefix != "" {
			return i
		}
		key := HeadlineKey(l.Text, "")
		if first, twice := seen[key]; twice && key != "" {
			return first
		}
		seen[key] = i
		if n > most {
			best, most = i, n
		}
	}
	if len(head) == len(s.lines) && best >= 0 {
		return slices.IndexFunc(head, func(l line) bool {
			return l.role == isText && len(strings.Fields(l.Text)) >= minHeadlineWords
		})
	}
	return best
}

// markTail takes the furniture at the end, where also a single word such as "Share" is.
func (s *splitter) markTail() {
	for i := len(s.lines) - 1; i >= 0; i-- {
		l := &s.lines[i]
		if l.role == isText && !isPhrase(l.Text) && !isMenuWord(l.Text) {
			return
		}
		if l.role == isText {
			l.role = isFurniture
		}
	}
}

// markInside takes what is furniture wherever it stands.
func (s *splitter) markInside() { markPhrases(s.lines) }

// markPhrases marks known phrases, also those broken over two lines.
func markPhrases(lines []line) {
	for i := range lines {
		if lines[i].role != isText {
			continue
		}
		if isPhrase(lines[i].Text) {
			lines[i].role = isFurniture
			continue
		}
		if i+1 < len(lines) && lines[i+1].role == isText && isExactPhrase(lines[i].Text+" "+lines[i+1].Text) {
			lines[i].role, lines[i+1].role = isFurniture, isFurniture
		}
	}
}

func (s *splitter) article() Article {
	a := Article{Headline: s.headline, Published: s.published}
	var text strings.Builder
	for _, l := range s.lines {
		if l.prefix != "" {
			a.Furniture = append(a.Furniture, Piece{Number: l.Number, Text: l.prefix})
		}
		switch l.role {
		case isFurniture:
			a.Furniture = append(a.Furniture, l.Piece)
		case isText:
			if text.Len() > 0 && l.apart {
				text.WriteByte('\n')
			}
			text.WriteString(l.Text + "\n")
		}
	}
	a.Text = strings.TrimSuffix(text.String(), "\n")
	a.Publisher = statedPublisher(s.lines)
	return a
}
