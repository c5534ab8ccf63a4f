package claim_test

import (
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

func TestSentencesThatTellOfNoEvent(t *testing.T) {
	for name, text := range map[string]string{
		"question":           "Was Kherson shelled overnight?",
		"none":               "No drones attacked Odesa overnight.",
		"none, Ukrainian":    "Обстрілів Херсона не було.",
		"not confirmed":      "The shelling of Kherson was not confirmed.",
		"denied":             "Kyiv denied shelling Belgorod.",
		"feared":             "Residents fear shelling of Kherson.",
		"warned of":          "The air force warned of missiles that hit from the sea.",
		"planned":            "Russia will attack Odesa with drones.",
		"supposed":           "If Russia shelled Nikopol the truce would end.",
		"asked to end":       "The council called for a halt to shelling.",
		"possible":           "Russia could strike Kyiv with missiles.",
		"weapon, no attack":  "The brigade has 40 drones.",
		"delivered":          "The ministry will supply 40 drones that hit tanks.",
		"exercise":           "During the exercise artillery hit a target near Sumy.",
		"long ago":           "In 2015 shelling destroyed the airport.",
		"bare word":          "The mission reports on violations.",
		"other violations":   "The court counted 300 violations of human rights.",
		"a target unharmed":  "The school in Sumy opened.",
		"what is seen there": "The patrol observed an ambulance at the crossing.",
	} {
		for _, c := range claim.Read(truce.Article{Text: text, Published: published}, config(t)) {
			if c.Kind == truce.ClaimEvent {
				t.Errorf("%s: %s\n gives %s by %s, want nothing", name, text, claimKey(c), c.Rule)
			}
		}
	}
}

func TestWhoIsAccused(t *testing.T) {
	for text, want := range map[string]truce.PartyID{
		"Russian forces shelled Nikopol.":                                           "B",
		"Russian artillery hit Nikopol.":                                            "B",
		"Nikopol was shelled by Russian forces.":                                    "B",
		"Nikopol came under Russian shelling.":                                      "B",
		"Nikopol was shelled.":                                                      "",
		"Ukraine shot down 12 drones.":                                              "",
		"Ukraine shot down 12 Russian drones.":                                      "B",
		"Moscow accused Kyiv of shelling Belgorod.":                                 "A",
		"Zelensky said Russia launched 12 drones.":                                  "B",
		"Ukraine's air force said 12 drones were launched.":                         "",
		"Артилерія ЗСУ вдарила по складу.":                                          "A",
		"Обстріл з боку РФ.":                                                        "B",
		"Обстріл України тривав.":                                                   "",
		"Ворог обстріляв Нікополь.":                                                 "B",
		"Противник обстрелял жилые кварталы Донецка.":                               "A",
		"Атаковано дронами порт, сказав мер Києва.":                                 "",
		"The enemy shelled our positions, Kyiv said.":                               "B",
		"The other side shelled our positions, Moscow said.":                        "A",
		"Japan's drones hit Odesa.":                                                 "",
		"Fire by the armed formations: snipers of the armed formations hit a post.": "",
	} {
		claims := claim.Read(truce.Article{Text: text, Published: published}, config(t))
		if len(claims) == 0 || claims[0].Accused != want {
			t.Errorf("%s\n gives %v, want one that accuses %q", text, keysOf(claims), want)
		}
	}
}

func TestEachPartyOfAMutualAccusation(t *testing.T) {
	claims := claim.Read(truce.Article{Text: "Kyiv and Moscow accused each other of 30 violations of the truce."}, config(t))
	if len(claims) != 2 || claims[0].Accused == claims[1].Accused || claims[0].Count != 30 || claims[1].Count != 30 {
		t.Errorf("got %v, want one claim of each party", keysOf(claims))
	}
}

func TestWhatCounts(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		unit truce.Unit
	}{
		{"Russia launched 74 drones.", 74, truce.UnitFlight},
		{"Russia launched more than 500 drones.", 500, truce.UnitFlight},
		{"Russia launched two hundred and five drones.", 205, truce.UnitFlight},
		{"Russia launched dozens of drones.", 0, truce.UnitFlight},
		{"Over 6 hours drones hit Odesa.", 0, truce.UnitFlight},
		{"Drones hit Odesa, killing 3 people.", 0, truce.UnitFlight},
		{"Artillery of 152 mm calibre shelled Nikopol.", 0, truce.UnitEngagement},
		{"Nikopol was shelled 12 times.", 12, truce.UnitEngagement},
		{"Нікополь обстріляли двічі, 12 разів з мінометів.", 12, truce.UnitEngagement},
		{"Officials counted 58 ceasefire violations.", 58, truce.UnitMixed},
		{"The OSCE counted 58 ceasefire violations.", 58, truce.UnitSignature},
		{"On 12 April drones hit Odesa.", 0, truce.UnitFlight},
	} {
		claims := claim.Read(truce.Article{Text: c.text, Published: published}, config(t))
		if len(claims) == 0 || claims[0].Count != c.n || claims[0].Unit != c.unit {
			t.Errorf("%s\n gives %v, want %d of %s", c.text, keysOf(claims), c.n, c.unit)
		}
	}
}

func TestCasualties(t *testing.T) {
	for text, want := range map[string]int{
		"Two people were killed and five wounded in a missile strike on Kharkiv.": 7,
		"A drone hit a bus, wounding three people.":                               3,
		"Унаслідок обстрілу Херсона загинули двоє людей, четверо поранені.":       6,
		"Drones hit Odesa.":                        0,
		"12 drones hit Odesa, nobody was wounded.": 0,
	} {
		claims := claim.Read(truce.Article{Text: text}, config(t))
		got := 0
		if len(claims) > 0 && claims[0].Detail != nil {
			got = claims[0].Detail.Casualties
		}
		if len(claims) == 0 || got != want {
			t.Errorf("%s: %d killed and hurt, want %d", text, got, want)
		}
	}
}
