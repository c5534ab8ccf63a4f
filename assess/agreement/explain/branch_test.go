package explain

import "testing"

func TestBranchesHaveNamesInTheLanguage(t *testing.T) {
	terms := full(t)
	for lang, rows := range map[string]map[string]string{
		"en": {"hit": "hit", "exempt claimed": "exempt claimed in vain", "act direct_fire": "act direct fire", "act mine_laying": "act laying mines", "phase 2": "phase 2",
			"class tube": "class tube artillery", "reading A outside": "reading of Party A: outside", "of a new sort": "of a new sort",
			"tier T1": "tier T1", "path blind": "path blind", "down T2": "down from T2"},
		"uk": {"hit": "збіг", "outside": "поза правилом", "indeterminate": "невизначено", "exempt": "виняток", "claimed": "заявлено", "act mine_laying": "дія: встановлення мін",
			"phase 2": "етап 2", "tier T1": "рівень T1", "path blind": "шлях blind", "down T2": "шлях униз з T2", "class tube": "клас: ствольна артилерія", "reading A hit": "прочитання сторони (Сторона А): збіг"},
	} {
		text, err := New(terms, lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range rows {
			if got := text.Branch(name); got != want {
				t.Errorf("%s %s: %q, want %q", lang, name, got, want)
			}
		}
	}
}
