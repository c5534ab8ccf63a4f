package truce_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

func TestPublicQuote(t *testing.T) {
	for _, text := range []string{"Short.", strings.Repeat("Довге слово, ", 60), strings.Repeat("x", 500)} {
		got := truce.PublicQuote(text)
		if n := utf8.RuneCountInString(got); n > truce.MaxPublicQuote {
			t.Errorf("%d characters of %q may not be public", n, got)
		}
		if utf8.RuneCountInString(text) > truce.MaxPublicQuote && !strings.HasSuffix(got, " …") {
			t.Errorf("%q does not say that it is cut", got)
		}
	}
	if got := truce.PublicQuote(" two\n words "); got != "two words" {
		t.Errorf("%q", got)
	}
}
