package locating

import "github.com/trucewatch/truce/app/paper"

// reportWords are the page's own words by language.
var reportWords = map[string]paper.Words{
	"en": {
		"title": "Located events", "quiet": "no arrivals", "m": "m", "km": "km", "s": "s",
		"note":   "Automatic and unreviewed. An event says what was recorded, where and when; never who or what caused it. The page holds precise places: it is for those who may see them.",
		"events": "events", "used": "of {all} arrivals used", "heard": "of {all} sensors heard an event", "axis": "major half-axis of the 90 % ellipse, median", "rms": "RMS of residuals, median", "remarks": "remarks on sensors",
		"map": "Map", "mapnote": "Each event is the ellipse that holds its place with 90 %; dashed where it lies outside of the sensors that heard it. Triangles are sensors.", "tiny": "Ellipses of less than {m} are drawn that large.", "north": "N",
		"bentnote": "Where that is no ellipse, it is the region: darker with 50 %.", "region": "region of {size} km²", "parts": "parts: {n}", "open": "open",
		"time": "Time", "timenote": "Events by origin time, UTC, each bar {span}.", "one": "1 event", "most": "most in a bar: {n}",
		"fit": "Residuals and distance", "fitnote": "Measured less expected arrival time against the distance from the event, a fuller colour being more. The lines hold the middle half of each distance.", "residual": "residual, s", "distance": "distance, km",
		"acoustic": "Sound", "P": "P waves", "S": "S waves",
		"table": "Events", "cut": "The first {shown} of {all}; events.csv has all of them.", "when": "Origin time, UTC", "sigma": "± s", "where": "Place", "depth": "Depth, km", "arrivals": "Arrivals", "gap": "Gap", "rmscol": "RMS, s", "ellipse": "90 % ellipse, half-axes", "strike": "Strike", "score": "Score",
		"tablenote": "Gap is the widest angle around the event without a sensor that heard it; from 180° on the event is badly placed and its row is marked. A region stands where the place is no ellipse; open: it is told towards one side only. Score is the logarithm of the odds against chance.",
		"none":      "No events were found.", "health": "Sensors", "sensor": "Sensor", "what": "Remark", "air": "The air", "span": "From – to, UTC", "speed": "Speed of sound, m/s", "wind": "Wind, m/s", "from": "from",
		"fast": "clock {s} s ahead (± {sigma})", "slow": "clock {s} s behind (± {sigma})", "dead": "silent where {n} arrivals were to be expected", "chatters": "{n} arrivals an hour, far more than the others", "lone": "too far from the others to place anything: is it where the table says?",
	},
	"uk": {
		"title": "Визначені події", "quiet": "немає вступів", "m": "м", "km": "км", "s": "с",
		"note":   "Автоматично, без перевірки людиною. Подія говорить, що зафіксовано, де і коли; вона ніколи не говорить, хто або що її спричинило. Сторінка містить точні місця: вона для тих, кому їх дозволено бачити.",
		"events": "подій", "used": "з {all} вступів використано", "heard": "з {all} датчиків чули подію", "axis": "велика піввісь еліпса 90 %, медіана", "rms": "СКВ нев’язок, медіана", "remarks": "зауважень до датчиків",
		"map": "Карта", "mapnote": "Кожна подія — еліпс, що містить її місце з імовірністю 90 %; пунктиром, якщо вона лежить поза датчиками, які її чули. Трикутники — датчики.", "tiny": "Еліпси, менші за {m}, показано такого розміру.", "north": "Пн",
		"bentnote": "Де це не еліпс, показано область: темніша — 50 %.", "region": "область {size} км²", "parts": "частин: {n}", "open": "відкрита",
		"time": "Час", "timenote": "Події за часом виникнення, UTC, кожен стовпчик — {span}.", "one": "1 подія", "most": "найбільше у стовпчику: {n}",
		"fit": "Нев’язки та відстань", "fitnote": "Виміряний час вступу мінус очікуваний залежно від відстані до події; насиченіше — більше. Між лініями — середня половина для кожної відстані.", "residual": "нев’язка, с", "distance": "відстань, км",
		"acoustic": "Звук", "P": "Хвилі P", "S": "Хвилі S",
		"table": "Події", "cut": "Перші {shown} з {all}; у events.csv є всі.", "when": "Час виникнення, UTC", "sigma": "± с", "where": "Місце", "depth": "Глибина, км", "arrivals": "Вступів", "gap": "Розрив", "rmscol": "СКВ, с", "ellipse": "Еліпс 90 %, півосі", "strike": "Азимут", "score": "Оцінка",
		"tablenote": "Розрив — найбільший кут навколо події без датчика, який її чув; від 180° місце визначено погано, і рядок позначено. Область стоїть, де місце — не еліпс; відкрита: відомий лише напрямок. Оцінка — логарифм шансів проти випадковості.",
		"none":      "Подій не знайдено.", "health": "Датчики", "sensor": "Датчик", "what": "Зауваження", "air": "Повітря", "span": "Від – до, UTC", "speed": "Швидкість звуку, м/с", "wind": "Вітер, м/с", "from": "звідки",
		"fast": "годинник поспішає на {s} с (± {sigma})", "slow": "годинник відстає на {s} с (± {sigma})", "dead": "мовчить там, де очікувалося вступів: {n}", "chatters": "вступів за годину: {n}, значно більше, ніж в інших", "lone": "надто далеко від інших, щоб визначити місце: чи він там, де каже таблиця?",
	},
}
