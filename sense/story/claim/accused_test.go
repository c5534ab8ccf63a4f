package claim_test

import (
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// TestVictimIsNotAccused holds that who acts is told from who suffers by case, voice and
// order, in all three languages; where nothing tells, nobody is accused.
func TestVictimIsNotAccused(t *testing.T) {
	for text, want := range map[string]truce.PartyID{
		"Росія вночі атакувала Україну 139 безпілотниками.":         "B",
		"Росіяни атакували Україну ракетами.":                       "B",
		"Ворог атакував Україну 88 дронами.":                        "B",
		"Росія вдарила по Україні ракетами.":                        "B",
		"Україну вночі атакувала ракетами Росія.":                   "B",
		"Україну атакували дронами.":                                "",
		"Україна атакувала Росію 139 дронами.":                      "A",
		"Росію вночі атакувала дронами Україна.":                    "A",
		"Українські позиції атакували дронами.":                     "",
		"Українські позиції обстріляли російські війська.":          "B",
		"Позиції українських військ обстріляли з мінометів.":        "",
		"Українські війська обстріляли російські війська.":          "",
		"Місто обстріляно російськими військами.":                   "B",
		"Армія РФ обстріляла Херсон.":                               "B",
		"Армію РФ обстріляли з мінометів під Херсоном.":             "",
		"Збито 30 дронів, які запустила Росія.":                     "B",
		"Збито 30 дронів, якими атакували Україну.":                 "",
		"Россия атаковала Украину 139 дронами.":                     "B",
		"Украина атаковала Россию ракетами.":                        "A",
		"Украинские войска обстреляли Донецк из минометов.":         "A",
		"Украинские позиции обстреляли из минометов.":               "",
		"Ukraine was attacked with 88 drones.":                      "",
		"Ukraine was attacked by Russian drones.":                   "B",
		"Ukraine came under attack with drones.":                    "",
		"Ukraine suffered a missile strike.":                        "",
		"Ukrainian positions came under mortar fire.":               "",
		"Ukrainian positions were shelled with mortars.":            "",
		"Russia launched 74 drones at Ukraine.":                     "B",
		"Russia hit Ukraine with missiles.":                         "B",
		"Missiles hit Ukraine.":                                     "",
		"Twelve drones were shot down by Ukrainian forces.":         "",
		"Ukraine recorded 12 airstrikes.":                           "",
		"Ukraine shot down 30 of 36 drones launched by Russia.":     "B",
		"Ukraine shot down 30 drones that Russia had launched.":     "B",
		"Russia violated the Easter truce 30 times.":                "B",
		"The Easter truce was violated 30 times.":                   "",
		"Росія 30 разів порушила великоднє перемир'я.":              "B",
		"Режим тиші порушено 30 разів, сказав речник України.":      "",
		"Kyiv counted 30 breaches of the truce.":                    "B",
		"Kyiv counted 30 breaches of the truce by both sides.":      "",
		"The armed formations counted 30 breaches of the truce.":    "",
		"Members of the armed formations denied the patrol access.": "F",
	} {
		claims := claim.Read(truce.Article{Text: text, Published: published}, config(t))
		if len(claims) == 0 || claims[0].Accused != want {
			t.Errorf("%s\n gives %v, want one that accuses %q", text, keysOf(claims), want)
		}
	}
}

func TestRivalTotalsOfOneSentence(t *testing.T) {
	for _, text := range []string{"Kyiv counted 2,299 breaches and Moscow 1,971.", "Київ нарахував 2299 порушень, а Москва — 1971."} {
		claims := claim.Read(truce.Article{Text: text}, config(t))
		if len(claims) != 2 || claims[0].Count != 2299 || claims[0].Accused != "B" || claims[1].Count != 1971 || claims[1].Accused != "A" {
			t.Fatalf("%s\n gives %v, want both totals, each against the other party", text, keysOf(claims))
		}
		for i, want := range []string{"state:UA", "state:RU"} {
			if chain := claims[i].Chain; len(chain) == 0 || chain[len(chain)-1].Key != want {
				t.Errorf("%s: the total %d is told by %+v, want %s", text, i, chain, want)
			}
		}
	}
}

// TestClaimantIsWhoSpeaks holds that who is accused is never taken for who accuses, and the
// seat of who speaks never for the place of what happened.
func TestClaimantIsWhoSpeaks(t *testing.T) {
	for text, want := range map[string]string{
		"The General Staff in Kyiv said Russian forces violated the ceasefire 469 times.":                   "state:UA",
		"The monitors said Russian forces violated the ceasefire 469 times.":                                "The monitors",
		"The mayor of Kherson said Russian forces violated the ceasefire 512 times.":                        "The mayor of Kherson",
		"A spokesman for the southern command said Russian forces violated the ceasefire 513 times.":        "A spokesman for the southern command",
		"The Defence Ministry in Moscow said Ukrainian forces violated the ceasefire 506 times.":            "state:RU",
		"Russian forces violated the ceasefire 503 times, the General Staff in Kyiv said.":                  "state:UA",
		"Russian forces violated the ceasefire 504 times, Zelensky said.":                                   "person:zelensky",
		"“Russian forces violated the ceasefire 504 times,” said Zelensky.":                                 "person:zelensky",
		"The truce was violated 96 times, according to the Ukrainian president.":                            "state:UA",
		"Генштаб ЗСУ повідомив про 509 порушень з боку росіян.":                                             "state:UA",
		"За даними Москви, Україна 1971 раз порушила режим припинення вогню.":                               "state:RU",
		"Українські війська 30 разів порушили перемир'я, заявили в Кремлі.":                                 "state:RU",
		"Російські війська порушили перемир'я 507 разів, повідомив Зеленський.":                             "person:zelensky",
		"Генштаб України повідомив, що російські війська порушили перемир'я 472 рази.":                      "state:UA",
		"Russian troops violated the ceasefire 469 times.":                                                  "",
		"Violations of the truce by Russian forces were recorded 469 times, and Russian forces fired back.": "",
	} {
		claims := claim.Read(truce.Article{Text: text}, config(t))
		if len(claims) == 0 {
			t.Errorf("%s: no claim", text)
			continue
		}
		got := ""
		for _, teller := range claims[0].Chain {
			if got = teller.Key; got == "" {
				got = teller.As
			}
		}
		if got != want || claims[0].PlaceName != "" {
			t.Errorf("%s\n is told by %q of %q, want %q and no place", text, got, claims[0].PlaceName, want)
		}
	}
}
