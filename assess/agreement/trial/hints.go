package trial

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var (
	// numberForm is a number that may be half of a place.
	numberForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^-?\d{1,3}(?:[.,]\d{1,12})?$`)
	})
	// partedForm is a place written with commas for points, or parted by another mark.
	partedForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(-?\d{1,2})[.,](\d{1,12})[,;/](-?\d{1,3})[.,](\d{1,12})$`)
	})
	wholeForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\d{1,5}$`)
	})
)

// finish refuses the word that nothing took.
func (w *words) finish() {
	if !w.more() {
		return
	}
	text := w.list[w.next].Text
	if slices.Contains(w.said, text) {
		w.once(w.next, text)
		return
	}
	w.fail("%q is not understood here%s", cut(text), w.better(text))
}

// better ends the sentence on a word that is not understood with what was probably meant.
func (w *words) better(text string) string {
	before := ""
	if w.next > 0 {
		before = w.list[w.next-1].Text
	}
	place := placeHint(text, w.after())
	_, isDistance := metresOf(text)
	switch {
	case isPair(text):
		return "; the place stands right after what happened, once"
	case isDistance:
		return fmt.Sprintf("; did you mean \"±%s\"?", text)
	case isPair(before) && wholeForm().MatchString(text):
		return fmt.Sprintf("; did you mean \"±%sm\"?", text)
	case place != "":
		return place
	}
	return hint(text, keywords)
}

// placeHint ends a sentence on a word, and the one after it, that are a place in another
// way of writing; "" when they are none.
func placeHint(text, after string) string {
	lat, lon := "", ""
	if m := partedForm().FindStringSubmatch(text); m != nil {
		lat, lon = m[1]+"."+m[2], m[3]+"."+m[4]
	} else if numberForm().MatchString(text) && numberForm().MatchString(after) {
		lat, lon = strings.ReplaceAll(text, ",", "."), strings.ReplaceAll(after, ",", ".")
	}
	if !isPair(lat + "," + lon) {
		return ""
	}
	return fmt.Sprintf("; a place is latitude,longitude in one word with decimal points: did you mean \"%s,%s\"?", lat, lon)
}
