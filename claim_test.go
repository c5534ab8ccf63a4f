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

func TestPublicHeadline(t *testing.T) {
	first := "The governor said that two people were hurt when a shell hit a bus stop near the market in the morning."
	for _, row := range []struct{ name, in, want string }{
		{"one as it is", "Shell hits bus stop.  Two hurt. ", "Shell hits bus stop. Two hurt."},
		{"a whole text in its place", first + " " + strings.Repeat("More is known of them now. ", 30), first},
		{"of one long sentence", strings.Repeat("їжак і ", 60), strings.TrimSpace(strings.Repeat("їжак і ", 28)) + " …"},
		{"that begins with a rank", "Lt. Gen. " + first + strings.Repeat(" More.", 40), "Lt. Gen. " + first},
	} {
		if got := truce.PublicHeadline(row.in); got != row.want {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
	if got := truce.PublicHeadline(strings.Repeat("x", 5_000)); utf8.RuneCountInString(got) > truce.MaxPublicQuote {
		t.Errorf("%d characters", utf8.RuneCountInString(got))
	}
}
