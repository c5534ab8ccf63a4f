package publish

import (
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// ruleOf is the first wording rule that speaks against a sentence, "" for none.
func ruleOf(sentence string) string {
	l := &linter{b: truce.Bulletin{
		Parties: []truce.BulletinParty{
			{ID: "A", Names: truce.Names{"en": "Red side", "uk": "Червона сторона"}},
			{ID: "B", Names: truce.Names{"en": "Green side", "uk": "Зелена сторона"}},
		},
		Rules: []truce.BulletinRule{{ID: "R01", Titles: truce.Names{"en": "no fire across the line", "uk": "без вогню через лінію"}}},
	}}
	said := l.ownTitles().Replace(unquoted(sentence, l.speakers()))
	l.sentence("", said, slices.Concat(wordRules(), zeroRules(), l.partyRules()))
	if len(l.problems) == 0 {
		return ""
	}
	return l.problems[0].Rule
}

// blaming are sentences that name who did it, or a zero without who looked.
var blaming = map[string][]string{
	"W3": {
		"Red side broke the ceasefire.",
		"The ceasefire was broken in the north.",
		"Green side is responsible for 3 explosions.",
		"Responsibility for the 3 explosions lies with Green side.",
		"The shells came from Red side.",
		"The shells came from the Red side’s positions.",
		"Three rockets arrived from Green side.",
		"Explosions from Red side were heard.",
		"Green side is to blame for the fire.",
		"The mission blames Green side.",
		"Red side resumed shelling at 14:00.",
		"Red side has repeatedly shelled the village.",
		"Green side carried out two strikes.",
		"Two strikes were carried out by Green side.",
		"The truce was broken by Red side.",
		"Red side's artillery was heard.",
		"Green side was behind the explosion.",
		"Red side ignored the window.",
		"Green side refused access.",
		"Red side started the fire.",
		"The drones originated from Green side.",
		"Червона сторона зламала перемир’я.",
		"Червона сторона зірвала режим тиші.",
		"Перемир’я зламано на півночі.",
		"Зелена сторона відповідальна за 3 вибухи.",
		"Відповідальність за 3 вибухи несе Зелена сторона.",
		"Снаряди прилетіли від Червоної сторони.",
		"Снаряди летіли з боку Червоної сторони.",
		"Вибухи сталися з вини Зеленої сторони.",
		"Зелена сторона винна у вибухах.",
		"Червона сторона знову стріляла по селу.",
		"Червона сторона відновила обстріл.",
		"Зелена сторона здійснила два удари.",
		"Зелена сторона розпочала стрілянину.",
		"Удари завдано Зеленою стороною.",
		"Червона сторона проігнорувала вікно.",
		"Вибухи, спричинені Зеленою стороною, чули двічі.",
	},
	"W5": {
		"There was no fire on 21 May.",
		"No explosions were heard.",
		"No shots were fired on 21 May.",
		"No further shelling took place.",
		"Zero explosions.",
		"Zero incidents on 21 May.",
		"Not a single shot was heard.",
		"Nothing happened in the south.",
		"The guns fell silent.",
		"The night passed without any shelling.",
		"Neither side fired.",
		"The area was free of fire.",
		"There were no incidents.",
		"21 травня вогню не було.",
		"Не було вогню 21 травня.",
		"Нуль вибухів.",
		"Жодного вибуху.",
		"Жодного пострілу за добу.",
		"Вибухів не зафіксовано.",
		"Обстрілів за добу не було.",
		"Ніч минула без обстрілів.",
		"Ніхто не стріляв.",
		"Нічого не сталося.",
		"Немає пострілів.",
	},
}

func TestBlameAndZerosAreRefused(t *testing.T) {
	n := 0
	for want, sentences := range blaming {
		for _, s := range sentences {
			if got := ruleOf(s); got != want {
				t.Errorf("%q: refused for %q, want %s", s, got, want)
			}
			n++
		}
	}
	if n < 30 {
		t.Errorf("only %d sentences are tried", n)
	}
}

// What a bulletin has to say of parties, places and absences passes.
func TestWhatABulletinSaysPasses(t *testing.T) {
	for _, s := range []string{
		"Between 00:00 and 24:00 the north was observed for 20 of 24 hours; no fire was recorded (coverage 83 %).",
		"No explosions were recorded in 20 observed hours, 83 % of the planned coverage.",
		"none recorded where observed", "none where observed", "Not observed: no source states that it watches for this.",
		"No incident is listed.", "No incident is exempt under it.", "No report of fire was read.",
		"R01, clause 1.1: no fire across the line",
		"The crater lies in the area under control of Red side on map survey, version 3.",
		"Area under control of Green side: 3 explosions; place of effect, not origin of fire.",
		"The window was notified by Red side at 10:00 and acknowledged by Green side at 10:30.",
		"Red side notified the works; Green side acknowledged them.",
		"Red side stated that it lost contact.", "Green side reported 12 incidents.",
		"A complaint from Red side came in at 10:00.", "The notice came from Green side at 10:00.",
		"The letter of Red side lists 429 incidents.", "Red side: “Green side broke the ceasefire”.",
		"The convoy passed through the area of responsibility of Red side.",
		"The fire was observed in direction W to E, undetermined origin.",
		"The patrol was refused access at a post in the area under control of Green side.",
		"Red side, area of control: 12 explosions.", "Jamming was observed in an area 3 km wide.",
		"Heat seen by satellites is no act of fire.", "Nothing meeting R01 was recorded (coverage 83 %).",
		"Red side 12, Green side 11", "The break in the record lasted 3 hours.", "Shelling was reported by one source.",
		"The agreement asks both sides for an answer within 24 hours.", "Explosion, undetermined; heard by an acoustic array.",
		"Вирва лежить у районі під контролем Червоної сторони на карті survey.",
		"Вікно повідомила Червона сторона, отримання підтвердила Зелена сторона.",
		"Скарга від Зеленої сторони надійшла о 10:00.", "Червона сторона: «Зелена сторона зламала перемир’я».",
		"Пострілів не зафіксовано за 20 годин спостережень, покриття 83 %.",
		"Північ: спостереження — 20 годин; нічого, що відповідає R01, не зафіксовано (покриття 83 %).",
		"немає там, де спостерігали", "не спостерігалося", "Жодного інциденту не наведено.",
		"без вогню через лінію, за районами, Північ", "Жодне джерело не вказало покриття; кожне число є нижньою межею.",
		"Червона сторона повідомила 12 інцидентів.", "Зелена сторона заявила про 429 інцидентів.",
		"Колона пройшла в зоні відповідальності Червоної сторони.", "Вибухи чули на заході, 3 вибухи.",
		"Червона сторона, район контролю: 12 вибухів.", "Тепло з супутників не є вогнем.",
		"немає ознак роботи", "ротація без повідомлення", "Тип зброї невідомий.", "Відповідь Зеленої сторони надійшла о 10:30.",
		"Роботи почалися о 10:00 за повідомленням Червоної сторони.", "Зелена сторона підтвердила отримання.",
	} {
		if got := ruleOf(s); got != "" {
			t.Errorf("%q: refused for %s", s, got)
		}
	}
}
