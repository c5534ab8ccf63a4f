package article

import "testing"

func TestLanguage(t *testing.T) {
	for _, row := range []struct{ text, stated, want string }{
		{"Росія атакувала Харків", "", "uk"},
		{"Перемир'я оголошено", "", ""}, // no letter tells Ukrainian from Russian by itself
		{"Перемир'я оголошено", "uk-UA", "uk"},
		{"Россия объявила перемирие", "", "ru"},
		{"Объект", "", "ru"},
		{"Мы здесь", "uk", "ru"}, // a template copied
		{"Київ", "ru", "uk"},
		{"Київ", "ua", "uk"},
		{"Зеленский: «Слава Україні», сказал он, вышел и уехал, мы видели это, были там и слышали выстрелы, взрывы", "", "ru"}, // a quote does not make the text Ukrainian
		{"Беларусь: ў Мінску", "", "be"},
		{"България обяви примирие във вторник, пътят е затворен", "", "bg"},
		{"Србија и њени суседи о прекиду ватре", "", "sr"},
		{"Ceasefire talks resume in Geneva as both sides accuse each other of violations", "", "en"},
		{"Zawieszenie broni weszło w życie o północy, poinformował rzecznik rządu w Warszawie", "", "pl"},
		{"Die Waffenruhe ist seit Mitternacht in Kraft, teilte der Sprecher der Regierung in Berlin mit", "", "de"},
		{"Le cessez-le-feu est entré en vigueur à minuit, a annoncé le porte-parole du gouvernement", "", "fr"},
		{"Truce", "", ""},
		{"Truce", "EN_us.UTF-8", "en"},
		{"Truce", "uk", ""},
		{"Київ і Харків", "en", "uk"},
		{"هدنة في المدينة القديمة بعد أسابيع من القتال", "", "ar"},
		{"הפסקת אש", "he", "he"},
		{"הפסקת אש", "en", ""},
		{"", "uk", "uk"},
		{"123", "", ""},
		{"Truce", "english please", ""},
		{"Truce", "eng", "en"},
	} {
		if got := Language(row.text, row.stated); got != row.want {
			t.Errorf("%q stated %q: %q, want %q", row.text, row.stated, got, row.want)
		}
	}
}

// A long Polish text under a template's lang="en" is Polish.
func TestALongTextSpeaksAgainstItsPage(t *testing.T) {
	text := "Zawieszenie broni weszło w życie o północy, poinformował rzecznik rządu. Obie strony oskarżają się wzajemnie o naruszenia. " +
		"Obserwatorzy odnotowali w ciągu nocy kilkadziesiąt wybuchów, głównie na wschód od linii rozgraniczenia, ale nikt nie zginął i rozmowy trwają dalej."
	if got := Language(text, "en"); got != "pl" {
		t.Errorf("%q", got)
	}
}

func TestRights(t *testing.T) {
	for _, row := range []struct {
		name  string
		apply func(r *Rights)
		want  Rights
	}{
		{"nothing", func(r *Rights) { r.Robots("index, follow, max-image-preview:large"); r.TDM("") }, Rights{}},
		{"noai", func(r *Rights) { r.Robots("index, NoAI, noimageai") }, Rights{true, "robots: noai"}},
		{"snippet", func(r *Rights) { r.Robots("max-snippet: 0") }, Rights{true, "robots: max-snippet:0"}},
		{"another robot", func(r *Rights) { r.Robots("googlebot: noindex, nofollow") }, Rights{}},
		{"us", func(r *Rights) { r.Robots("truce: noindex") }, Rights{true, "robots: noindex"}},
		{"reserved", func(r *Rights) { r.TDM(" 1 "); r.Policy("https://example.org/policy.json") }, Rights{true, "tdm-reservation: 1; tdm-policy: https://example.org/policy.json"}},
		{"open", func(r *Rights) { r.TDM("0") }, Rights{false, "tdm-reservation: 0"}},
		{"said twice", func(r *Rights) { r.Robots("noindex"); r.Robots("noindex") }, Rights{true, "robots: noindex"}},
		{"in words", func(r *Rights) {
			r.Copyright("(c) Example. All rights reserved, including for text and data mining and AI training.")
		}, Rights{true, "copyright notice reserves text and data mining"}},
		{"plain notice", func(r *Rights) { r.Copyright("(c) Example. All rights reserved.") }, Rights{}},
		{"headers", func(r *Rights) {
			r.Header(func(name string) []string {
				return map[string][]string{"X-Robots-Tag": {"noarchive"}, "Tdm-Reservation": {"1"}}[name]
			})
		}, Rights{true, "robots: noarchive; tdm-reservation: 1"}},
	} {
		var got Rights
		if row.apply(&got); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
