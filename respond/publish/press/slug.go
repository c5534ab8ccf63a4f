package press

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/trucewatch/truce/internal/article"
)

// Slug is a title as the last part of an address: Latin letters and digits with hyphens
// between, Cyrillic transliterated, cut after whole words.
func Slug(title string) string {
	return cutSlug(plainSlug(article.Latin(title)), maxSlug)
}

// plainSlug keeps letters and digits; apostrophes vanish, everything else parts words.
func plainSlug(text string) string {
	var b strings.Builder
	apart := false
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if apart && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			apart = false
		case unicode.Is(unicode.Mn, r) || strings.ContainsRune("'’ʼ`´", r):
		default:
			apart = true
		}
	}
	return b.String()
}

func cutSlug(slug string, most int) string {
	if len(slug) <= most {
		return slug
	}
	cut := strings.ToValidUTF8(slug[:most], "")
	if i := strings.LastIndexByte(cut, '-'); i > 0 && slug[len(cut)] != '-' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, "-")
}
