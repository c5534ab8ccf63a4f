package source

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/near"
)

// weapons reads what the weapon may have been: "howitzer 152mm", "152 mm", "mortar", a
// class of the agreement, or several with their probabilities, "howitzer 152mm 0.7 or
// mlrs 0.3". What the probabilities leave of 1 may have been anything.
func (r *detailReader) weapons(text string) []truce.Weapon {
	if text == "" {
		return nil
	}
	var out []truce.Weapon
	shares := r.alternatives("weapon", text, "howitzer 152mm 0.7 or mlrs 0.3", func(words []string) {
		w := r.weapon(words)
		if slices.Contains(out, w) {
			r.fail("weapon names %s twice", Shown([]byte(strings.Join(words, " "))))
		}
		out = append(out, w)
	})
	for i := range out {
		out[i].P = shares[i]
	}
	return out
}

// alternatives splits a text at the word or, takes the probability from the end of each
// part and hands its other words to take.
func (r *detailReader) alternatives(column, text, example string, take func(words []string)) []truce.Probability {
	parts := splitWords(text, "or")
	if len(parts) > MaxAlternatives {
		r.fail("%s has %d alternatives, the bound is %d", column, len(parts), MaxAlternatives)
		parts = parts[:MaxAlternatives]
	}
	shares, total := make([]truce.Probability, len(parts)), truce.Probability(0)
	for i, words := range parts {
		shares[i] = 1
		share, last := r.share(column, words)
		switch {
		case last:
			shares[i], words = share, words[:len(words)-1]
		case len(parts) > 1 && len(words) > 0:
			r.fail("%s has several alternatives and %s without a probability, want e.g. %s", column, Shown([]byte(strings.Join(words, " "))), example)
		}
		total += shares[i]
		if len(words) == 0 {
			r.fail("%s is %s, where an alternative names nothing; want e.g. %s", column, Shown([]byte(text)), example)
		}
		take(words)
	}
	if total > 1+1e-9 {
		r.fail("%s has probabilities that sum to %.2f, want at most 1", column, float64(total))
	}
	return shares
}

// splitWords gives the words of a text in parts between a word.
func splitWords(text, between string) [][]string {
	parts := [][]string{nil}
	for _, word := range strings.Fields(text) {
		if strings.EqualFold(word, between) {
			parts = append(parts, nil)
			continue
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], word)
	}
	return parts
}

// share reads the probability at the end of the words, where one stands there.
func (r *detailReader) share(column string, words []string) (truce.Probability, bool) {
	if len(words) == 0 {
		return 0, false
	}
	last := words[len(words)-1]
	if !numeral().MatchString(last) {
		return 0, false
	}
	p, err := Number([]byte(last))
	if err != nil || p <= 0 || p > 1 {
		r.fail("%s ends in %s, want a probability above 0 and at most 1 such as 0.7, or a calibre such as 152mm", column, Shown([]byte(last)))
	}
	return truce.Probability(p), true
}

var (
	calibreForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{1,4}(?:\.\d{1,3})?)mm$`)
	})
	numeral = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[-+0-9.,%]+$`)
	}) // meant as a number, well written or not
)

// weapon reads the words of one alternative, in any order: a type, a calibre, a class.
func (r *detailReader) weapon(words []string) truce.Weapon {
	var w truce.Weapon
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+1 < len(words) && strings.EqualFold(words[i+1], "mm") { // 152 mm
			word, i = word+"mm", i+1
		}
		lower := strings.ToLower(word)
		calibre, isType := calibreForm().FindStringSubmatch(lower), slices.Contains(truce.WeaponTypes(), lower)
		switch {
		case calibre != nil && w.CalibreMM == 0:
			if w.CalibreMM, _ = strconv.ParseFloat(calibre[1], 64); w.CalibreMM == 0 {
				r.fail("weapon has the calibre %s, want more than 0", Shown([]byte(word)))
			}
		case isType && w.Type == "":
			w.Type = lower
		case w.Class == "" && calibre == nil && !isType:
			w.Class = r.class("weapon", word)
		default:
			r.fail("weapon is %s, which has two types, classes or calibres; put or between alternatives", Shown([]byte(strings.Join(words, " "))))
		}
	}
	return w
}

// class reads a class of the agreement, where the rules list them one of these. A word that
// looks like a misspelt type is refused even without a list: as a class that no agreement
// has, nothing would match it.
func (r *detailReader) class(column, word string) truce.WeaponClass {
	class := truce.WeaponClass(word)
	if word == "" || slices.Contains(r.rules.Classes, class) {
		return class
	}
	if like := likeType(word); like != "" {
		r.fail("%s has %s, did you mean %s?", column, Shown([]byte(word)), like)
	}
	if r.rules.Classes != nil || !tokenForm().MatchString(word) {
		r.fail("%s has %s, want a type (%s), a calibre such as 152mm or a weapon class of the agreement", column, Shown([]byte(word)), strings.Join(truce.WeaponTypes(), ", "))
	}
	return class
}

// likeType is the type that a word is a misspelling or the plural of, "" for none: one
// letter off, two from six letters on.
func likeType(word string) string {
	if len(word) > 20 {
		return ""
	}
	word = strings.ToLower(word)
	best, least := "", 3
	for _, known := range truce.WeaponTypes() {
		d := near.Distance(word, known, 3)
		if d < least && (d <= 1 || d == 2 && len(word) >= 6) {
			best, least = known, d
		}
	}
	return cmp.Or(best, map[string]string{"artillery": "gun, howitzer, mortar or mlrs", "drone": "uav", "drones": "uav"}[word])
}
