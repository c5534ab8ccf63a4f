package moving

import "github.com/trucewatch/truce/app/paper"

// pageWords are the page's own words by language.
var pageWords = map[string]paper.Words{
	"en": {
		"title": "Tracks", "quiet": "no tracks", "m": "m", "km": "km", "s": "s", "mps": "m/s", "north": "N",
		"note":   "Automatic and unreviewed. A track says where something was and with what error; never whose it was. What it may have been is a probability. The page holds precise places: it is for those who may see them.",
		"tracks": "tracks", "plots": "plots in {scans} scans", "passed": "stays in zones and crossings of lines", "stayed": "stays in one place", "paired": "pairs that went together", "error": "90 % radius of a place, median",
		"map": "Map", "mapnote": "Each track with the corridor that holds it with 90 % at any one time; the arrow is its last place.", "some": "{n} of {all} tracks have colours: those with the likeliest passages, then the longest. The others are grey and without a corridor.",
		"thinned": "Paths are drawn to within {m}.", "zone": "zone", "line": "line", "pale": "others",
		"height": "Altitude, m", "heightnote": "Altitude as the plots have it; dashed lines across are floors and ceilings of zones.", "noheight": "No altitude was told.", "speed": "Speed, m/s", "speednote": "Speed over the ground.", "time": "UTC",
		"passages": "Zones entered and lines crossed", "track": "Track", "what": "Zone or line", "chance": "Probability", "in": "In, UTC", "out": "Out, UTC", "sigma": "± s", "remarks": "Remarks",
		"passnote": "The probability is that there was an object and that it was inside at all, or crossed. Times are means with one sigma over the paths that did. Below 0.02 nothing is told.",
		"already":  "inside from the beginning", "still": "inside to the end", "beyond": "still across at the end", "unknown": "altitude not known: of the place alone", "left": "to its left", "right": "to its right",
		"nopass": "No track entered a zone or crossed a line with a probability of 0.02 or more.", "noshapes": "No zones or lines were given (--zones).",
		"stays": "Stays in one place", "staynote": "Within {r} for {d} or longer; the probability is that all of its places were.", "nostay": "No track stayed within {r} for {d}.", "from": "From, UTC", "to": "To, UTC", "where": "Place", "lasted": "For",
		"together": "Going together", "pairnote": "Two tracks within {r} of each other, their velocities alike to {v}, for {d} or longer. Three that go together are three pairs.", "nopair": "No two tracks went together.", "cutpairs": "More than {n} pairs were near each other; the others were not looked at.", "both": "Tracks",
		"all": "All tracks", "cut": "The first {shown} of {all}; the tables that the command writes have all of them.", "length": "Way", "top": "Speed, median – most, m/s", "heights": "Altitude, m", "radius": "90 % radius", "exists": "Exists", "maybe": "May be",
		"allnote": "May be: probabilities from how it moved and how high it was, never facts; they are not calibrated. Exists is the probability that there was an object at all, at its best.",
		"none":    "No tracks were found.", "single": "a single state",
		"uav": "drone", "fixed_wing": "fixed wing", "helicopter": "helicopter", "ship": "ship", "vehicle": "vehicle", "bird": "bird", "other": "other",
	},
	"uk": {
		"title": "Траєкторії", "quiet": "траєкторій немає", "m": "м", "km": "км", "s": "с", "mps": "м/с", "north": "Пн",
		"note":   "Автоматично, без перевірки людиною. Траєкторія говорить, де щось було і з якою похибкою; вона ніколи не говорить, чиє воно. Чим це могло бути — лише ймовірність. Сторінка містить точні місця: вона для тих, кому їх дозволено бачити.",
		"tracks": "траєкторій", "plots": "відміток у {scans} оглядах", "passed": "перебувань у зонах і перетинів ліній", "stayed": "перебувань на місці", "paired": "пар рухалися разом", "error": "радіус 90 % місця, медіана",
		"map": "Карта", "mapnote": "Кожна траєкторія зі смугою, що містить її в будь-який момент з імовірністю 90 %; стрілка — останнє місце.", "some": "Кольори мають {n} з {all} траєкторій: ті, що мають найімовірніші перебування в зонах, далі найдовші. Решта — сірі та без смуги.",
		"thinned": "Шляхи накреслено з точністю до {m}.", "zone": "зона", "line": "лінія", "pale": "інші",
		"height": "Висота, м", "heightnote": "Висота, як у відмітках; пунктирні лінії впоперек — нижні та верхні межі зон.", "noheight": "Висоту не зазначено.", "speed": "Швидкість, м/с", "speednote": "Швидкість відносно землі.", "time": "UTC",
		"passages": "Входи в зони та перетини ліній", "track": "Траєкторія", "what": "Зона або лінія", "chance": "Імовірність", "in": "Вхід, UTC", "out": "Вихід, UTC", "sigma": "± с", "remarks": "Примітки",
		"passnote": "Імовірність того, що об’єкт існував і взагалі був усередині або перетнув лінію. Часи — середні з однією сигмою за шляхами, для яких це так. Про менше ніж 0,02 не повідомляється.",
		"already":  "усередині від початку", "still": "усередині до кінця", "beyond": "по той бік до кінця", "unknown": "висота невідома: лише за місцем", "left": "ліворуч від неї", "right": "праворуч від неї",
		"nopass": "Жодна траєкторія не ввійшла в зону і не перетнула лінію з імовірністю від 0,02.", "noshapes": "Зон і ліній не задано (--zones).",
		"stays": "Перебування на місці", "staynote": "У межах {r} протягом {d} або довше; імовірність того, що всі місця були там.", "nostay": "Жодна траєкторія не була в межах {r} протягом {d}.", "from": "Від, UTC", "to": "До, UTC", "where": "Місце", "lasted": "Тривалість",
		"together": "Рух разом", "pairnote": "Дві траєкторії в межах {r} одна від одної, швидкості однакові з точністю до {v}, протягом {d} або довше. Три разом — це три пари.", "nopair": "Жодні дві траєкторії не рухалися разом.", "cutpairs": "Близько одна до одної було понад {n} пар; решту не розглянуто.", "both": "Траєкторії",
		"all": "Усі траєкторії", "cut": "Перші {shown} з {all}; у таблицях, які пише команда, є всі.", "length": "Шлях", "top": "Швидкість, медіана – найбільша, м/с", "heights": "Висота, м", "radius": "Радіус 90 %", "exists": "Існує", "maybe": "Можливо",
		"allnote": "Можливо: імовірності за тим, як об’єкт рухався і на якій висоті, а не факти; їх не калібровано. Існує — найбільша ймовірність того, що об’єкт узагалі був.",
		"none":    "Траєкторій не знайдено.", "single": "лише один стан",
		"uav": "безпілотник", "fixed_wing": "літак", "helicopter": "вертоліт", "ship": "судно", "vehicle": "наземний транспорт", "bird": "птах", "other": "інше",
	},
}
