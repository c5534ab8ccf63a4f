package story

import (
	"testing"

	"github.com/trucewatch/truce/internal/article"
)

// TestSpellingsOfAPlaceAreOneName: whatever letters and former name a town is written with, it
// is one term; a word that is written small is none.
func TestSpellingsOfAPlaceAreOneName(t *testing.T) {
	r := newReader()
	for _, forms := range [][]string{
		{"Bakhmut", "Бахмут", "Бахмута", "Artyomovsk", "Артемовском", "Артемівськ"}, {"Horlivka", "Gorlovka", "Горловку", "Горлівкою"},
		{"Zaporizhzhia", "Zaporozhye", "Запорожья", "Запоріжжя"}, {"Odesa", "Odessa", "Одессы", "Одесі"}, {"Kyiv", "Kiev", "Києва", "Киеве"},
		{"Toretsk", "Дзержинск", "Торецьку"}, {"Ternopil", "Ternopol", "Тернополя"}, {"Kharkiv", "Kharkov", "Харковом"},
	} {
		want := r.meaning(forms[0]).name
		for _, form := range forms {
			if got := r.meaning(form).name; got != want || got == 0 {
				t.Errorf("%s and %s are two names", forms[0], form)
			}
		}
	}
	if r.meaning("покровський").name != 0 {
		t.Error("an adjective of a town, written small, is the town")
	}
}

// TestPlacesAreWrittenOnce: no spelling stands under two places, and each place is written in
// both alphabets.
func TestPlacesAreWrittenOnce(t *testing.T) {
	under := map[string]string{}
	for _, forms := range PlaceNames() {
		cyrillic := false
		for _, form := range forms {
			if other, twice := under[article.Fold(form)]; twice {
				t.Errorf("%s stands under %s and %s", form, other, forms[0])
			}
			under[article.Fold(form)] = forms[0]
			cyrillic = cyrillic || article.Latin(form) != form
		}
		if !cyrillic || article.Latin(forms[0]) != forms[0] {
			t.Errorf("%v: begin with the Latin name and give a Cyrillic one", forms)
		}
	}
	if len(under) < 500 {
		t.Errorf("%d spellings", len(under))
	}
}
