package alert

import (
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Languages are the languages every alert is written in. Somebody who reads another gets
// the first.
func Languages() []string { return []string{"en", "uk"} }

// words are the sentences of one language, by key. A sentence stands whole: none is joined
// of parts, since word order and endings differ.
type words struct {
	sentences map[string]string
	layout    string // of times, UTC
}

var english = words{sentences: englishSentences, layout: "2006-01-02 15:04:05 UTC"}
var ukrainian = words{sentences: ukrainianSentences, layout: "02.01.2006 15:04:05 UTC"}

func wordsOf(language string) words {
	if language == "uk" {
		return ukrainian
	}
	return english
}

func (w words) time(t truce.Instant) string { return t.Time().Format(w.layout) }

// duration is a length of time in the units of the language.
func (w words) duration(d time.Duration) string {
	parts := strings.Fields(truce.DurationText(d))
	for i := 1; i < len(parts); i += 2 {
		parts[i] = w.or("unit_", parts[i])
	}
	return strings.Join(parts, " ")
}

// fill is the sentence with its {places} filled. What is filled in is not looked through
// again, so that nobody's words can stand for a place.
func (w words) fill(key string, values map[string]string) string {
	pairs := make([]string, 0, 2*len(values))
	for place, value := range values {
		pairs = append(pairs, "{"+place+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(w.sentences[key])
}

// or is the sentence of a key, or the key itself where the catalogue has none.
func (w words) or(prefix, key string) string {
	if s := w.sentences[prefix+key]; s != "" {
		return s
	}
	return key
}

var englishSentences = map[string]string{
	"exercise_head":       "EXERCISE: ",
	"exercise":            "EXERCISE. This is a drill. Nothing in this message has happened.",
	"foot":                "Alert {id}, released {release}.",
	"brought_up":          "Above is how it stands now. Below is the alert as it was first sent, at {release}; the answer is asked to it.",
	"foot_url":            "Acknowledge at: {url}",
	"standing":            "This message reports what is on record. It does not say who is responsible, and it triggers nothing by itself.",
	"ladder_reported":     "The ladder of this case follows a scheme reported by the press. It is not agreed.",
	"ladder_proposed":     "The ladder of this case is a proposal. It is not agreed.",
	"ladder_illustrative": "The ladder of this case is an illustration. It is not agreed.",
	"case_new":            "(new)",
	"facts":               "Case {case}: {title}. Incidents on record: {incidents}, of them {hits} with a hit. Gravest severity: {severity} of 4. Areas: {areas}.",
	"tier_now":            "Tier now: {tier}.",
	"no_tier":             "No tier has been entered.",
	"t0_line":             "The clocks count from {t0} ({basis}).",
	"clock_line":          "- {clock}{for}: due {due}",
	"clock_starting":      "Clocks that start:",
	"clock_list":          "Clocks running:",
	"because":             "Because:",
	"more":                "- and {n} more",
	"answer":              "An answer is asked of: {role}. At least: {least}. By {due}. That no answer came is recorded, too.",
	"words_of":            "In the words on record: \"{text}\"",
	"none":                "none",

	"proposed.head":               "Case {case}: tier {tier} is proposed; your signature is asked",
	"proposed.lead":               "The criteria of tier {tier} hold. The tier is not entered until every gate has been signed. You hold one of them: {gates}. Please sign or refuse.",
	"facts_untitled":              "Case {case}. Incidents on record: {incidents}, of them {hits} with a hit. Gravest severity: {severity} of 4. Areas: {areas}.",
	"joined":                      "This message was sent on {meant}. It is brought to you only now, {sent}, since nobody of yours who now keeps watch could be told then. What follows is what was said; the time for an answer, where one is asked, runs from now.",
	"late_head":                   "Late: ",
	"late":                        "This message was meant for {meant} and is sent only now, {sent}: until then one of the parties had nobody who could be told, and the parties are told together or not at all. What follows is what was to be said then.",
	"proposed.down.head":          "Case {case}: the way down from tier {tier} is proposed; your signature is asked",
	"proposed.down.lead":          "The conditions for going down from tier {tier} to tier {to} hold. It is not left until every gate has been signed. You hold one of them: {gates}. Please sign or refuse.",
	"proposed.end_from.head":      "Case {case}: closing is proposed from tier {tier}; your signature is asked",
	"proposed.end_from.lead":      "The conditions for closing the case from tier {tier} hold. It is not closed until every gate has been signed. You hold one of them: {gates}. Please sign or refuse.",
	"proposed.end.head":           "Case {case}: closing is proposed; your signature is asked",
	"proposed.end.lead":           "The conditions for closing the case hold; it has entered no tier. It is not closed until every gate has been signed. You hold one of them: {gates}. Please sign or refuse.",
	"refused.head":                "Case {case}: tier {tier} was refused",
	"refused.lead":                "Entering tier {tier}, which was proposed, has been refused by the holder of a gate.",
	"refused.down.head":           "Case {case}: the way down from tier {tier} was refused",
	"refused.down.lead":           "Going down from tier {tier} to tier {to}, which was proposed, has been refused by the holder of a gate.",
	"refused.end_from.head":       "Case {case}: closing from tier {tier} was refused",
	"refused.end_from.lead":       "Closing the case from tier {tier}, which was proposed, has been refused by the holder of a gate.",
	"refused.end.head":            "Case {case}: closing was refused",
	"refused.end.lead":            "Closing the case, which was proposed, has been refused by the holder of a gate.",
	"lapsed.head":                 "Case {case}: the proposal of tier {tier} has lapsed",
	"lapsed.lead":                 "What tier {tier} was proposed on ceased to hold before every gate was signed. Nothing is asked of you any more.",
	"lapsed.down.head":            "Case {case}: the proposal to go down from tier {tier} has lapsed",
	"lapsed.down.lead":            "The conditions for going down from tier {tier} to tier {to} ceased to hold before every gate was signed. Nothing is asked of you any more.",
	"lapsed.end_from.head":        "Case {case}: the proposal to close from tier {tier} has lapsed",
	"lapsed.end_from.lead":        "The conditions for closing the case from tier {tier} ceased to hold before every gate was signed. Nothing is asked of you any more.",
	"lapsed.end.head":             "Case {case}: the proposal to close has lapsed",
	"lapsed.end.lead":             "The conditions for closing the case ceased to hold before every gate was signed. Nothing is asked of you any more.",
	"unfounded.head":              "Case {case}: what tier {tier} rests on is withdrawn",
	"unfounded.lead":              "By what is on record now, what tier {tier} rests on does not hold any more. What was sent to you of this tier is cancelled. The tier stays entered until people sign its way down.",
	"unfounded_path.head":         "Case {case}: what the path {path} rests on is withdrawn",
	"unfounded_path.lead":         "By what is on record now, what the path \"{path}\" rests on does not hold any more. What was sent to you of this path is cancelled.",
	"founded.head":                "Case {case}: what tier {tier} rests on holds again",
	"founded.lead":                "What tier {tier} rests on was withdrawn and holds again by what is on record now. The tier is entered.",
	"clock_moved.head":            "Case {case}: due at another time: {clock}{for}",
	"clock_moved.lead":            "The clock \"{clock}\"{for}, of which you were told that it is due soon, is due {due} now, since its zero point has moved.",
	"clock_paused.head":           "Case {case}: paused: {clock}{for}",
	"clock_paused.lead":           "The clock \"{clock}\"{for}, of which you were told that it is due soon, stands. Two persons of two roles have agreed to the pause.",
	"paused.head":                 "Case {case}: stands until {until}: {clock}{for}",
	"paused.lead":                 "The clock \"{clock}\"{for} stands until {until}; then it runs on by itself. Two persons of two roles have agreed to it. Where each party has one, both stand alike. What it asks for can be done meanwhile.",
	"resumed.head":                "Case {case}: runs again: {clock}{for}",
	"resumed.lead":                "The clock \"{clock}\"{for}, of which you were told that it stands, runs again. It is due later by as much as it stood.",
	"pause_over.head":             "Case {case}: does not stand any more: {clock}{for}",
	"pause_over.lead":             "The clock \"{clock}\"{for}, of which you were told that it stands, was met or stopped.",
	"told.head":                   "Case {case}: the clocks of the parties begin to run",
	"told.lead":                   "Both parties can be told now. Clocks of the parties that began before have waited for that. They are due later by as much as they waited, for both alike.",
	"clock_stopped.head":          "Case {case}: not due any more: {clock}{for}",
	"clock_stopped.lead":          "The clock \"{clock}\"{for}, of which you were told that it is due soon, was stopped. Nothing is asked of you by it.",
	"unheard.head":                "Case {case}: nothing has reached party {party}: {clock}",
	"unheard.lead":                "Nothing that was sent of the clock \"{clock}\" had reached party {party} when it was due {due}. It is not recorded as missed. The clock of every party waits until each was reached, and is due later by the time lost. Please tell them by other means, and say so on the page of the case or with truce clock resume; then it runs on.",
	"heard.head":                  "Case {case}: clocks of the parties run on",
	"heard.lead":                  "A message about clocks of the parties had not reached every party when they were due. They were not missed. Each party was reached or told since. They run on, and are due later by the time lost, for both alike.",
	"begins.head":                 "Case {case}: a clock begins: {clock}{for}",
	"begins.lead":                 "The clock \"{clock}\"{for} begins to run and is due {due}. It is yours to meet.",
	"begins_both.head":            "Case {case}: a clock begins: {clock}{for}",
	"begins_both.lead":            "What each party has to answer by the clock \"{clock}\" begins to run and is due {due}. Both parties get this message.",
	"clock_stands":                "- {clock}{for}: stands until {until}",
	"view.head":                   "Case {case}: a view on responsibility, incident {incident}",
	"view.lead":                   "A view on responsibility for incident {incident} was signed by two persons. It is no verdict. Both parties read it on the page of the case, and each may reply there until {due}. Both get this message.",
	"view_waits.head":             "Case {case}: a view on responsibility, incident {incident}",
	"view_waits.lead":             "A view on responsibility for incident {incident} was signed by two persons. It is no verdict. Both parties read it on the page of the case, and each may reply there. The time to reply begins to run when both parties can be told; another message says when it ends. Both get this message.",
	"view_ended.head":             "Case {case}: a view on responsibility was withdrawn or replaced, incident {incident}",
	"view_ended.lead":             "The view on responsibility for incident {incident}, of which you were told, was withdrawn or replaced. No reply to it is asked any more. What was said to it stays on record.",
	"gap_party":                   "- party {who}: nobody with a contact is on record; so no party was told. The message is kept, and both get it in the same second once both can be told",
	"entered.head":                "Case {case}: tier {tier} entered",
	"entered.lead":                "Tier {tier} has been entered. Every gate was signed by a person.",
	"left.head":                   "Case {case}: tier {tier} left",
	"left.lead":                   "Tier {tier} has been left. This replaces what was sent before of this tier.",
	"closed.head":                 "Case {case} closed",
	"closed.lead":                 "The case has been closed. The alerts sent before are cancelled.",
	"reopened.head":               "Case {case} reopened",
	"reopened.lead":               "The case has been opened again.",
	"t0.head":                     "Case {case}: the clocks count from another time",
	"t0.lead":                     "The time from which clocks count ({basis}) has moved from {old} to {new}. The old time stays on record. Clocks that were met or missed stay so.",
	"missed.head":                 "Case {case}: deadline missed: {clock}{for}",
	"missed.lead":                 "The clock \"{clock}\"{for} was due {due} and was missed.",
	"missed_late":                 "It was found missed only at {late}.",
	"warning.head":                "Case {case}: due soon: {clock}{for}",
	"warning.lead":                "The clock \"{clock}\"{for} is due {due}. It is yours to meet.",
	"complaint.head":              "Case {case}: party {party} asks for verification",
	"complaint.lead":              "Party {party} has complained in this case and asks for verification. Both parties are told in this second that there is a complaint; what it says, and whose it is, stands in your message alone.",
	"complaint_outer.head":        "Case {case}: a complaint is on record",
	"complaint_outer.lead":        "A party has complained in this case and asks for verification. The mechanism has been told what it says. Both parties get this message in the same words.",
	"statement.head":              "Case {case}: party {party} has made a statement",
	"statement.lead":              "Party {party} has made a statement in this case. Both parties are told in this second that there is one; what it says, and whose it is, stands in your message alone.",
	"statement_outer.head":        "Case {case}: a statement is on record",
	"statement_outer.lead":        "A party has made a statement in this case. The mechanism has been told what it says. Both parties get this message in the same words.",
	"spoken_more":                 "Within the last minute there were more complaints or statements in this case: {n}. They are on record.",
	"reply_line":                  "The agreement asks every other party for an answer by {due}: {rule} ({id}).",
	"path.head":                   "Case {case}: path opened: {path}",
	"path.lead":                   "The criteria of the path \"{path}\" hold. A path enters no tier: the holders of the gates are asked.",
	"blind.head":                  "Case {case}: a stretch of the line cannot be seen",
	"blind.lead":                  "{share} of the line in area {area} cannot be observed well enough since {from}. Not seen is not quiet: losing sight is itself a ground to consult.",
	"sight.head":                  "Case {case}: the stretch of the line can be seen again",
	"sight.lead":                  "The line in area {area}, which could not be observed from {from}, can be seen again since {to}.",
	"civil.head":                  "Civil protection: case {case}: {path}",
	"civil.lead":                  "The criteria of the path \"{path}\" hold. What happened is not confirmed. Those who protect the population are asked to act on their own plans at once and not to wait for the ladder.",
	"called.head":                 "Case {case}: consultation {meeting} is being called",
	"called.lead":                 "Consultation {meeting} is being called on this ground; more callers are needed:",
	"convened.head":               "Case {case}: consultation {meeting} is convened",
	"convened.lead":               "Enough have called consultation {meeting}. It is convened on this ground:",
	"decided.head":                "Case {case}: consultation {meeting} has ended",
	"decided.lead":                "Consultation {meeting} has ended. Its public text:",
	"remedy.head":                 "Case {case}: remedy {remedy}: {state}",
	"remedy.lead":                 "Remedy {remedy} concerns party {party}. State: {state}. Both parties get this message.",
	"remedy_due":                  "It is due {due}.",
	"determined.head":             "Case {case}: a determination is on record",
	"determined.lead":             "The political body has made a determination. Read it on the page of the case.",
	"gap.head":                    "Case {case}: somebody could not be told",
	"gap.lead":                    "An alert of this case could not be addressed as the ladder asks:",
	"unreached.head":              "Case {case}: {person} cannot be reached",
	"unreached.lead":              "Alert {id} (\"{headline}\") has not reached {person} ({office}) over any contact on record. Please tell them by other means. Where an address refuses for now the tries go on; one that refused for good, or that may have got the same alert twice, is given up.",
	"unreached_many.head":         "Case {case}: {n} people cannot be reached",
	"unreached_many.lead":         "Alert {id} (\"{headline}\") has not reached those named below over any contact on record. Please tell them by other means. Where an address refuses for now the tries go on; one that refused for good, or that may have got the same alert twice, is given up. Of nobody of them this is said again before something has reached them.",
	"unreached_several.head":      "Case {case}: {n} people cannot be reached",
	"unreached_several.lead":      "Alerts of this case have not reached those named below over any contact on record. Please tell them by other means. Where an address refuses for now the tries go on; one that refused for good, or that may have got the same alert twice, is given up. Of nobody of them this is said again before something has reached them.",
	"unreached_line":              "- {person} ({office})",
	"skew.head":                   "Case {case}: the parties were told {apart} apart",
	"skew.lead":                   "Alert {id} was taken by the parties' addresses {apart} apart. It is meant to reach them in the same second. The times are on record.",
	"gap_role":                    "- role {who}: nobody is on record",
	"gap_office":                  "- office {who}: nobody is on record",
	"gap_contact":                 "- {who}: no contact that may be used",
	"gap_many":                    "- {who} people more than an alert holds",
	"for":                         " ({who})",
	"clock_parties":               "What the parties have to answer:",
	"each_party":                  "each party",
	"facts_outer":                 "Case {case}: {title}. Gravest severity: {severity} of 4. Areas: {areas}.",
	"facts_outer_untitled":        "Case {case}. Gravest severity: {severity} of 4. Areas: {areas}.",
	"clock_own":                   "- {clock}{for}: due at the time on its own page",
	"warning_both.head":           "Case {case}: due soon: {clock}{for}",
	"warning_both.lead":           "What each party has to answer by the clock \"{clock}\" is due {due}. Where its clock is due at another time, a party finds that on its page. Of one that has answered nothing more is asked.",
	"missed_both.head":            "Case {case}: the time is over: {clock}{for}",
	"missed_both.lead":            "The time to answer by the clock \"{clock}\" was over {due}. How the clock of a party stands is shown on its own page. What was not done is on record as missed; it can be done late, and that is recorded, too.",
	"clock_moved_both.head":       "Case {case}: due at another time: {clock}{for}",
	"clock_moved_both.lead":       "What each party has to answer by the clock \"{clock}\", of which you were told that it is due soon, is due {due} now. Where its clock is due at another time, a party finds that on its page.",
	"clock_stopped_both.head":     "Case {case}: not due any more of everybody: {clock}{for}",
	"clock_stopped_both.lead":     "The clock \"{clock}\", of which you were told that it is due soon, was stopped. Whether anything is asked by it still is shown on the page of each party.",
	"t0_back.head":                "Case {case}: the clocks count from {new} as before",
	"t0_back.lead":                "The time from which clocks count ({basis}) was moved and is {new} again, as you were told. The times in between stay on record. Clocks that were met or missed stay so.",
	"t0_first.head":               "Case {case}: it is known now from when the clocks count",
	"t0_first.lead":               "The time from which clocks count ({basis}) is {new}. It was not known when you were told of the tier.",
	"t0_first_outer.head":         "Case {case}: it is known now from when the clocks count",
	"t0_first_outer.lead":         "The time from which clocks count ({basis}) is known now; it was not when you were told of the tier. When each party has to answer is shown below and on its own page.",
	"t0_outer.head":               "Case {case}: the clocks count from another time",
	"t0_outer.lead":               "The time from which clocks count ({basis}) has moved. Clocks that were met or missed stay so. When each party has to answer now is shown on its own page.",
	"called_outer.head":           "Case {case}: consultation {meeting} is being called",
	"called_outer.lead":           "Consultation {meeting} is being called; more callers are needed.",
	"convened_outer.head":         "Case {case}: consultation {meeting} is convened",
	"convened_outer.lead":         "Enough have called consultation {meeting}. It is convened. Its public text, when there is one, comes with another message.",
	"remedy_outer.head":           "Case {case}: remedy {remedy}: {state}",
	"remedy_outer.lead":           "Remedy {remedy} of this case: {state}. What is asked, and by when, is shown on the page of the party it is asked of. Both parties get this message.",
	"determined_outer.head":       "Case {case}: a determination is on record",
	"determined_outer.lead":       "The political body has made a determination. Views on responsibility to which you may reply are on your page of the case.",
	"basis_event":                 "when it began",
	"basis_detected":              "when it was first on record",
	"basis_verified":              "when it was verified",
	"basis_determined":            "when it was determined",
	"basis_complaint":             "when a party complained",
	"basis_entered":               "when the tier was entered",
	"role_party":                  "the parties",
	"role_mechanism":              "the mechanism",
	"role_guarantor":              "each guarantor",
	"role_commission":             "the commission",
	"role_contributor":            "each contributor",
	"least_delivered":             "that it was delivered",
	"least_read":                  "that it was read",
	"least_received_by_authority": "that an authority has received it",
	"least_position_taken":        "a position",
	"remedy_asked":                "asked",
	"remedy_reported":             "reported as done by the party",
	"remedy_verified":             "verified",
	"remedy_refused":              "refused",
	"remedy_late":                 "late",
	"unit_days":                   "days",
	"unit_h":                      "h",
	"unit_min":                    "min",
	"unit_s":                      "s",
	"unit_ms":                     "ms",
	"office_liaison":              "liaison officer",
	"office_watch_officer":        "watch officer",
	"office_watch_lead":           "watch lead",
	"office_analyst":              "analyst",
	"office_duty_head":            "duty head",
	"office_mechanism_lead":       "head of the mechanism",
	"office_chair":                "chair of the commission",
	"office_member":               "member of the commission",
	"office_duty_officer":         "duty officer",
	"office_deputy":               "deputy",
	"office_ministry":             "ministry",
	"office_head":                 "head of government",
	"office_planner":              "planner",
}
