package drill

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// words are the sentences of one language.
type words struct {
	lang  string
	start truce.Instant
	texts map[string]string
}

// wordsIn is English for any language that is not Ukrainian.
func wordsIn(lang string, start truce.Instant) words {
	if lang == "uk" {
		return words{"uk", start, ukrainian()}
	}
	return words{"en", start, english()}
}

// fill puts values into a sentence: each {name} is followed in pairs by its value.
func (w words) fill(key string, pairs ...string) string {
	for n := 0; n+1 < len(pairs); n += 2 {
		pairs[n] = "{" + pairs[n] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(w.texts[key])
}

// quoted are a person's own words after a sentence, "" when there are none.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return `: "` + text + `"`
}

func (r report) say(w words) string {
	if r.like != "" {
		return w.fill("like", "name", r.name, "other", r.like)
	}
	in := r.incident
	out := w.fill("report", "name", r.name, "what", strings.ReplaceAll(string(in.Act()), "_", " "), "began", Offset(w.start, in.Time.From))
	if in.Position != nil {
		out += w.fill("place", "lat", fmt.Sprintf("%.5f", float64(in.Position.Point.Lat)), "lon", fmt.Sprintf("%.5f", float64(in.Position.Point.Lon)))
	}
	if in.Detail != nil && in.Detail.Casualties > 0 {
		out += w.fill("casualties", "n", fmt.Sprint(in.Detail.Casualties))
	}
	if r.found != nil {
		out += w.fill("found", "rule", string(r.found.rule), "n", fmt.Sprint(r.found.severity))
	}
	return out + "."
}

func (b blind) say(w words) string {
	key := "blind"
	if b.spell.To != 0 {
		key = "sight"
	}
	return w.fill(key, "share", fmt.Sprintf("%.0f", float64(b.spell.Share)*100), "area", string(b.spell.Area), "why", quoted(b.spell.Reason))
}

func (a advance) say(w words) string {
	return w.fill("advance", "line", string(a.Line), "m", fmt.Sprintf("%.0f", a.Metres))
}

func (o outage) say(w words) string {
	return w.fill("outage", "until", Offset(w.start, o.until))
}

func (f fault) say(w words) string {
	if f.how == "" {
		return w.fill("well", "channel", string(f.channel))
	}
	return w.fill("down", "channel", string(f.channel), "how", w.texts["how."+f.how])
}

func (s silence) say(w words) string { return w.fill("silence", "who", s.by) }

func (a act) say(w words) string {
	key := a.verb
	if a.deed.Down {
		key += ".down"
	}
	t0 := truce.T0Change{}
	if a.deed.T0 != nil {
		t0 = *a.deed.T0
	}
	text := a.deed.Text + a.review.Note
	return w.fill(key, "who", string(a.by), "incident", a.incident, "tier", string(a.deed.Tier), "clock", a.deed.Clock, "option", a.deed.Option,
		"kind", strings.TrimSpace(strings.ReplaceAll(string(a.kind), "_", " ")+" "+string(a.position)), "reason", a.review.Reason,
		"party", string(a.view.Party), "level", strings.ReplaceAll(string(a.view.Level), "_", " "),
		"moved", strings.Join(a.moved, ", "), "case", a.to, "what", remedyOf(a).What, "of", string(remedyOf(a).Party), "basis", string(t0.Basis), "new", Offset(w.start, t0.New), "until", Offset(w.start, a.deed.Until), "text", quoted(text)) + "."
}

func remedyOf(a act) truce.RemedyStep {
	if a.deed.Remedy == nil {
		return truce.RemedyStep{}
	}
	return *a.deed.Remedy
}

// Show tells a drill in plain sentences, in English or Ukrainian.
func (d Drill) Show(lang string) string {
	w := wordsIn(lang, d.Start)
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n", d.Title)
	if about := d.About[w.lang]; about != "" {
		fmt.Fprintf(&out, "%s\n", about)
	}
	fmt.Fprintf(&out, "\n%s\n\n", w.fill("head", "agreement", d.Agreement, "start", d.Start.Time().Format("2006-01-02 15:04 UTC"), "until", Offset(d.Start, d.Until),
		"posts", fmt.Sprint(len(d.Posts)), "expect", fmt.Sprint(len(d.Expect))))
	for _, e := range d.Events {
		refused := ""
		if e.Refused {
			refused = " " + w.texts["refused"]
		}
		fmt.Fprintf(&out, "%12s  %s%s\n", Offset(d.Start, e.At), e.Action.say(w), refused)
	}
	fmt.Fprintf(&out, "\n%s\n", w.texts["expected"])
	for _, x := range d.Expect {
		fmt.Fprintf(&out, "%14s%s\n", "", strings.TrimPrefix(x.Text, "expect "))
	}
	return out.String()
}

func english() map[string]string {
	return map[string]string{
		"head":     "EXERCISE. Agreement {agreement}; from {start} to {until}; {posts} posts, {expect} expectations.",
		"expected": "Expected, in the words of the file:",
		"refused":  "The rules refuse it.",
		"report":   "Incident {name} becomes known: {what}, begun at {began}",
		"place":    " at latitude {lat}, longitude {lon}", "casualties": ", casualties: {n}", "found": "; the drill says: rule {rule}, severity {n}",
		"like":    "Incident {name} becomes known: the same as {other}.",
		"blind":   "{share} % of the area {area} can no longer be seen{why}.",
		"sight":   "The area {area} can be seen again.",
		"advance": "The line {line} is verified to have moved by {m} m.",
		"outage":  "No program runs until {until}; then all begin again from what is on record.",
		"down":    "The channel {channel} {how}.", "well": "The channel {channel} works again.",
		"how.4xx": "refuses messages for now", "how.5xx": "refuses messages for good", "how.hanging": "takes connections and answers nothing",
		"how.breaking": "breaks off when the message is through",
		"silence":      "{who} says nothing from here on.",
		"verifies":     "{who} signs that incident {incident} happened{text}", "refutes": "{who} signs that incident {incident} did not happen ({reason}){text}",
		"explains": "{who} signs that incident {incident} has an innocent explanation ({reason}){text}", "withdraws": "{who} takes back the signature on incident {incident}{text}",
		"attributes":   "{who} signs a view on responsibility for incident {incident}: {party}, {level}",
		"acknowledges": "{who} answers the alert: {kind}{text}",
		"signs":        "{who} signs for tier {tier}{text}", "signs.down": "{who} signs the way down or out {tier}{text}",
		"refuses": "{who} refuses to sign for tier {tier}{text}", "refuses.down": "{who} refuses to sign the way down or out {tier}{text}",
		"meets": "{who} says that what the clock {clock} waits for is done{text}", "pauses": "{who} asks that the clock {clock} stand until {until}{text}",
		"resumes": "{who} lets the clock {clock} run again{text}", "moves": "{who} moves the zero point {basis} to {new}{text}",
		"moves.incidents": "{who} puts into the case {case}: {moved}{text}", "files": "{who} files minutes by their hash",
		"leaves":       "{who} signs that incident {incident} cannot be verified ({reason}){text}",
		"remedy.asked": "{who} asks of {of}: {what}", "remedy.reported": "{who} reports as done: {what}{text}",
		"remedy.verified": "{who} verifies: {what}{text}", "remedy.refused": "{who} refuses: {what}{text}",
		"complains": "{who} asks for verification{text}", "states": "{who} states{text}", "notes": "{who} notes{text}",
		"determines": "{who} determines{text}", "calls": "{who} calls for a consultation{text}", "joins": "{who} joins the consultation",
		"proposes": "{who} proposes: {option}", "votes": "{who} votes for {option}{text}", "abstains": "{who} abstains{text}",
		"decides": "{who} ends the consultation{text}", "closes": "{who} closes the case{text}", "reopens": "{who} reopens the case{text}",
	}
}

func ukrainian() map[string]string {
	return map[string]string{
		"head":     "НАВЧАННЯ. Угода {agreement}; від {start} до {until}; посад: {posts}, очікувань: {expect}.",
		"expected": "Очікується, словами файлу:",
		"refused":  "Правила цього не дозволяють.",
		"report":   "Стає відомо про інцидент {name}: {what}, початок {began}",
		"place":    ", широта {lat}, довгота {lon}", "casualties": ", постраждалих: {n}", "found": "; за сценарієм: правило {rule}, тяжкість {n}",
		"like":    "Стає відомо про інцидент {name}: такий самий, як {other}.",
		"blind":   "{share} % району {area} більше не видно{why}.",
		"sight":   "Район {area} знову видно.",
		"advance": "Підтверджено, що лінія {line} зсунулася на {m} м.",
		"outage":  "Жодна програма не працює до {until}; потім усі починають із того, що записано.",
		"down":    "Канал {channel} {how}.", "well": "Канал {channel} знову працює.",
		"how.4xx": "тимчасово не приймає повідомлень", "how.5xx": "остаточно не приймає повідомлень", "how.hanging": "з'єднується і нічого не відповідає",
		"how.breaking": "обривається, коли повідомлення вже передано",
		"silence":      "{who} відтепер мовчить.",
		"verifies":     "{who} підписує, що інцидент {incident} стався{text}", "refutes": "{who} підписує, що інциденту {incident} не було ({reason}){text}",
		"explains": "{who} підписує, що інцидент {incident} має інше пояснення ({reason}){text}", "withdraws": "{who} відкликає свій підпис щодо інциденту {incident}{text}",
		"attributes":   "{who} підписує думку про відповідальність за інцидент {incident}: {party}, {level}",
		"acknowledges": "{who} відповідає на сповіщення: {kind}{text}",
		"signs":        "{who} підписує рівень {tier}{text}", "signs.down": "{who} підписує зниження або закриття {tier}{text}",
		"refuses": "{who} відмовляється підписати рівень {tier}{text}", "refuses.down": "{who} відмовляється підписати зниження або закриття {tier}{text}",
		"meets": "{who} повідомляє, що вимогу годинника {clock} виконано{text}", "pauses": "{who} просить зупинити годинник {clock} до {until}{text}",
		"resumes": "{who} знову запускає годинник {clock}{text}", "moves": "{who} переносить нульову точку {basis} на {new}{text}",
		"moves.incidents": "{who} переносить до справи {case}: {moved}{text}", "files": "{who} долучає протокол за гешем",
		"leaves":       "{who} підписує, що інцидент {incident} неможливо перевірити ({reason}){text}",
		"remedy.asked": "{who} вимагає від {of}: {what}", "remedy.reported": "{who} повідомляє про виконання: {what}{text}",
		"remedy.verified": "{who} підтверджує виконання: {what}{text}", "remedy.refused": "{who} не приймає: {what}{text}",
		"complains": "{who} просить про перевірку{text}", "states": "{who} заявляє{text}", "notes": "{who} занотовує{text}",
		"determines": "{who} визначає{text}", "calls": "{who} скликає консультацію{text}", "joins": "{who} приєднується до консультації",
		"proposes": "{who} пропонує: {option}", "votes": "{who} голосує за {option}{text}", "abstains": "{who} утримується{text}",
		"decides": "{who} завершує консультацію{text}", "closes": "{who} закриває справу{text}", "reopens": "{who} знову відкриває справу{text}",
	}
}
