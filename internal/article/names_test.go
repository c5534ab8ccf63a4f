package article

import (
	"strings"
	"testing"
)

// TestNameKeys: one name in the spellings and cases in which it is met is one key.
func TestNameKeys(t *testing.T) {
	for _, spellings := range []string{
		"Zelensky Zelenskyy Zelenskiy Zelenskij Zełenski Зеленський Зеленского Зеленському Зеленским Зеленський’s",
		"Witkoff Whitkoff Віткофф Віткоффа Уиткофф Уиткоффом Виткоффу",
		"Kyiv Kiev Київ Києва Києві Киев Киеве Киевом",
		"Kharkiv Kharkov Харків Харкова Харкові Харьков Харькове",
		"Chernihiv Chernigov Чернігів Чернігова Чернигове",
		"Kherson Херсон Херсона Херсоном",
		"Odesa Odessa Одеса Одесі Одеси Одессой",
		"Dnipro Dnepro Дніпро Дніпра Днепром",
		"Pokrovsk Покровськ Покровська Покровске",
		"Kushner Кушнер Кушнера",
		"Lukashenko Lukashenka Лукашенко Лукашенкой",
		"Yermak Ermak Єрмак Ермака",
		"Sybiha Sibiga Сибіга Сибиги",
		"Hostomel Gostomel Гостомель Гостомеля",
		"Shchastia Щастя",
		"Macron Макрон Макроном",
		"Syrskyi Syrsky Сирський Сырского",
		"Mykhailo Mykhaylo Михайло",
		"Belgorod Білгород Белгорода",
	} {
		var first string
		for i, name := range strings.Fields(spellings) {
			key := NameKey(strings.TrimSuffix(name, "’s"))
			if i == 0 {
				first = key
			}
			if key != first || key == "" {
				t.Errorf("%s: %q, and %s: %q", name, key, strings.Fields(spellings)[0], first)
			}
		}
	}
}

func TestOtherNamesHaveOtherKeys(t *testing.T) {
	names := strings.Fields("Kyiv Kherson Kharkiv Kramatorsk Kupiansk Lviv Luhansk Lyman Odesa Donetsk Sumy Poltava Putin Poroshenko Zelensky Zaluzhny Macron Merz Meloni Starmer Rubio Rutte Trump Tusk Kushner Kellogg Witkoff 155 152")
	seen := map[string]string{}
	for _, n := range names {
		key := NameKey(n)
		if other, twice := seen[key]; twice {
			t.Errorf("%s and %s share the key %q", n, other, key)
		}
		seen[key] = n
	}
	if got := NameKey("Steve Whitkoff, 68"); got != NameKey("STEVE WITKOFF")+" 68" {
		t.Errorf("several words: %q", got)
	}
	if got := NameKey(" — "); got != "" {
		t.Errorf("no words: %q", got)
	}
}

func TestLatin(t *testing.T) {
	for in, want := range map[string]string{
		"Яготин і Щастя":            "Yahotyn i Shchastia",
		"Володимир Зеленський":      "Volodymyr Zelenskyi",
		"Юрій, Їжакевич, Єнакієве":  "Yurii, Yizhakevych, Yenakiieve",
		"Подъезд к Горловке закрыт": "Podezd k Gorlovke zakryt",
		"Zełenski – Łódź, Ångström": "Zelenski – Lodz, Angstrom",
		"155-мм":                    "155-mm",
	} {
		if got := Latin(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func FuzzNameKey(f *testing.F) {
	f.Add("Зеленського Whitkoff")
	f.Fuzz(func(t *testing.T, name string) {
		key := NameKey(name)
		if len(key) > 12*len(name) || strings.Contains(key, "  ") {
			t.Errorf("key %q of %q", key, name)
		}
	})
}
