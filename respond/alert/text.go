package alert

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// headline is one line that says what is asked or what has happened, marked in exercises.
func (in Input) headline(w words, t telling) string {
	mark := ""
	if in.Realm.Exercise() {
		mark = w.sentences["exercise_head"]
	}
	return mark + cutRunes(oneLine(w.fill(t.sort+".head", in.places(w, t))), MaxHeadline-utf8.RuneCountInString(mark))
}

// text is the message: what happened, the case in figures, the clocks, what is asked, and
// what the message does not say.
func (in Input) text(w words, t telling, a truce.Alert) string {
	var parts []string
	add := func(lines ...string) {
		if len(lines) > 0 {
			parts = append(parts, strings.Join(lines, "\n"))
		}
	}
	add(w.fill(t.sort+".lead", in.places(w, t)))
	if t.lines != nil {
		add(t.lines(w)...)
	}
	add(in.facts(w, t.inside)...)
	if t.inside {
		add(in.clocks(w)...)
	} else {
		add(in.partyClocks(w)...)
	}
	if a.Answer != nil && (t.inside || a.Answer.Role == truce.RoleParty) {
		add(w.fill("answer", map[string]string{
			"role": w.or("role_", string(a.Answer.Role)), "least": w.or("least_", string(a.Answer.Least)), "due": w.time(answerDue(a)),
		}))
	}
	body := cutBytes(strings.Join(parts, "\n\n"), MaxText)
	end := w.sentences["standing"]
	if s := w.sentences["ladder_"+string(in.Ladder.Standing)]; s != "" {
		end += " " + s
	}
	if in.Realm.Exercise() {
		mark := w.sentences["exercise"]
		return mark + "\n\n" + body + "\n\n" + end + "\n\n" + mark
	}
	return body + "\n\n" + end
}

func (in Input) places(w words, t telling) map[string]string {
	out := map[string]string{"case": in.caseName(w)}
	for place, value := range t.fill(w) {
		out[place] = value
	}
	return out
}

// caseName is the number people use. A case gets it when its first step is recorded, in the
// same commit as the first alert about it: there it is called new.
func (in Input) caseName(w words) string {
	if n := in.Case.Summary.Number; n != "" {
		return n
	}
	return w.fill("case_new", nil)
}

// facts are what the case is about. How many incidents and hits it holds is for those who see
// it from inside.
func (in Input) facts(w words, inside bool) []string {
	s := in.Case.Summary
	title := s.Title
	if len(title) == 0 {
		title = in.Case.Opening.Title
	}
	areas := make([]string, 0, len(s.Areas))
	for i, a := range s.Areas {
		if i == maxListed {
			areas = append(areas, "+"+intText(len(s.Areas)-maxListed))
			break
		}
		areas = append(areas, in.areaName(w, a))
	}
	if len(areas) == 0 {
		areas = []string{w.sentences["none"]}
	}
	key, named := "facts", oneLine(cutRunes(title.In(w.code()), maxQuote))
	if !inside {
		key = "facts_outer"
	}
	if named == "" {
		key += "_untitled"
	}
	out := []string{w.fill(key, map[string]string{
		"case": in.caseName(w), "title": named, "incidents": intText(s.Incidents),
		"hits": intText(s.Hits), "severity": intText(s.Severity), "areas": strings.Join(areas, ", "),
	})}
	if in.Case.Tier == "" {
		return append(out, w.sentences["no_tier"])
	}
	return append(out, w.fill("tier_now", map[string]string{"tier": in.tierName(w, in.Case.Tier)}))
}

// partyClocks lists, for both parties alike, what each of them has to answer and by when: one
// line for all of a clock, whether somebody has met it or not, since that is for each to know
// of its own.
func (in Input) partyClocks(w words) []string {
	var out, done []string
	for _, c := range in.Case.Clocks {
		if c.Owner.Role() != truce.RoleParty || slices.Contains(done, c.ID) {
			continue
		}
		done = append(done, c.ID)
		dues := in.dues(c.ID) // none of one that stands or waits, for both alike
		if len(dues) == 0 || slices.Max(dues) <= in.at() {
			continue
		}
		key := "clock_line"
		if slices.Min(dues) != slices.Max(dues) {
			key = "clock_own"
		}
		out = append(out, w.fill(key, map[string]string{"clock": nameOr(c.Names, w, c.ID), "for": eachParty(w), "due": w.time(dues[0])}))
	}
	if len(out) == 0 {
		return nil
	}
	return append([]string{w.sentences["clock_parties"]}, listed(w, out)...)
}

// dues are those of the last round of a clock, of all who have one.
func (in Input) dues(clock string) []truce.Instant {
	var out []truce.Instant
	round := 0
	for _, c := range in.Case.Clocks {
		if c.ID != clock || c.State == truce.ClockStopped || c.Round < round {
			continue
		}
		if c.State == truce.ClockPaused || c.State == truce.ClockWaiting {
			return nil
		}
		if c.Round > round {
			round, out = c.Round, nil
		}
		out = append(out, c.Due)
	}
	return out
}

func eachParty(w words) string { return forWhom(w, w.sentences["each_party"]) }

// clocks lists what runs, with the time it all counts from.
func (in Input) clocks(w words) []string {
	var out []string
	if t0 := in.Case.T0[in.Ladder.T0]; t0 != 0 {
		out = append(out, w.fill("t0_line", map[string]string{"t0": w.time(t0), "basis": w.or("basis_", string(in.Ladder.T0))}))
	}
	var running []string
	for _, c := range in.Case.Clocks {
		whose := c.For
		if role := c.Owner.Role(); role == truce.RoleGuarantor || role == truce.RoleContributor {
			whose = "" // which states still owe something is theirs to say
		}
		line := w.fill("clock_line", map[string]string{"clock": nameOr(c.Names, w, c.ID), "for": forWhom(w, whose), "due": w.time(c.Due)})
		if c.State == truce.ClockRunning && !slices.Contains(running, line) {
			running = append(running, line)
		}
	}
	if len(running) > 0 {
		out = append(append(out, w.sentences["clock_list"]), listed(w, running)...)
	}
	return out
}

func (in Input) tierName(w words, id truce.TierID) string {
	t, _ := in.Ladder.Tier(id)
	if name := t.Names.In(w.code()); name != "" && name != string(id) {
		return string(id) + " (" + name + ")"
	}
	return string(id)
}

func (in Input) areaName(w words, id truce.AreaID) string { return nameOr(in.Areas[id], w, string(id)) }

func (in Input) pathPlaces(p truce.Path) func(words) map[string]string {
	return func(w words) map[string]string { return map[string]string{"path": nameOr(p.Names, w, p.ID)} }
}

func (in Input) blindPlaces(b truce.BlindSpell) func(words) map[string]string {
	return func(w words) map[string]string {
		return map[string]string{
			"share": strconv.Itoa(int(float64(b.Share)*100+.5)) + "%", "area": in.areaName(w, b.Area),
			"from": w.time(b.From), "to": w.time(b.To),
		}
	}
}

// code is the language the sentences are in.
func (w words) code() string {
	if w.layout == ukrainian.layout {
		return "uk"
	}
	return "en"
}

func forWhom(w words, who string) string {
	if who == "" {
		return ""
	}
	return w.fill("for", map[string]string{"who": who})
}

// because lists why a passage is proposed: in the reader's language where somebody can say
// it, else in the English words of the step.
func (in Input) because(w words, p truce.Passage) []string {
	reasons := p.Because
	if in.Ground != nil && len(p.Grounds) > 0 {
		reasons = nil
		for _, g := range p.Grounds {
			reasons = append(reasons, in.Ground(g, w.code()))
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	var lines []string
	for _, r := range reasons {
		lines = append(lines, "- "+oneLine(cutRunes(r, maxQuote)))
	}
	return append([]string{w.sentences["because"]}, listed(w, lines)...)
}

func listed(w words, lines []string) []string {
	if len(lines) <= maxListed {
		return lines
	}
	more := w.fill("more", map[string]string{"n": intText(len(lines) - maxListed)})
	return append(lines[:maxListed:maxListed], more)
}

// quoted are a person's own words, never translated and never taken for ours.
func quoted(w words, text string) []string {
	if text == "" {
		return nil
	}
	return []string{w.fill("words_of", map[string]string{"text": oneLine(cutRunes(text, maxQuote))})}
}

func officeNames(w words, gates []truce.Gate) string {
	var out []string
	for _, g := range gates {
		out = append(out, w.or("office_", string(g.Office)))
	}
	return strings.Join(out, ", ")
}

func nameOr(n truce.Names, w words, id string) string {
	if s := n.In(w.code()); s != "" {
		return oneLine(s)
	}
	return id
}

// oneLine leaves no line break and no control character in what goes into a header or
// stands between our own sentences.
func oneLine(s string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}

func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// cutBytes cuts at a character, so that what is left is UTF-8.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most - len("…")
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

func intText(n int) string { return strconv.Itoa(n) }
