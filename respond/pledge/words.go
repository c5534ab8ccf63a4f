package pledge

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// both are the two languages in which the program speaks of the account.
func both(en, uk string) truce.Names { return truce.Names{"en": en, "uk": uk} }

// cleared says why a case in a tier puts nothing at stake.
func cleared(in truce.Case) truce.Names {
	if in.OwnBlind() {
		return both("what could not be seen is seen again", "те, чого не було видно, знову видно")
	}
	return both("none of the incidents of the case stands", "жоден з інцидентів справи не підтримується")
}

// MarkWords are the marks of a step in words, in their order.
func MarkWords(c truce.Commitment, s truce.InvocationStep) []truce.Names {
	var out []truce.Names
	for _, mark := range s.Marks {
		switch mark {
		case truce.InvocationEarly:
			out = append(out, early(c.Trigger, s.Tier))
		case truce.InvocationUnfounded:
			out = append(out, both("recorded while nothing the case rests on stood", "записано, коли ніщо, на чому ґрунтується справа, не підтверджувалося"))
		case truce.InvocationNotInForce:
			out = append(out, both("recorded while the promise was not in force: "+strings.ReplaceAll(string(s.Stage), "_", " "), "записано, коли зобов’язання не було чинним: "+stageUK(s.Stage)))
		}
	}
	return out
}

func early(trigger, tier truce.TierID) truce.Names {
	en, uk := "its first tier", "першого рівня"
	if trigger != "" {
		en, uk = "tier "+string(trigger), "рівня "+string(trigger)
	}
	if tier == "" {
		return both("recorded before the case reached "+en+": it was in none", "записано до того, як справа досягла "+uk+": вона не була на жодному")
	}
	return both(fmt.Sprintf("recorded before the case reached %s: it was in %s", en, tier), fmt.Sprintf("записано до того, як справа досягла %s: вона була на рівні %s", uk, tier))
}

func stageUK(s truce.CommitmentState) string {
	switch s {
	case truce.CommitmentReported:
		return "повідомлено"
	case truce.CommitmentDrafted:
		return "проєкт"
	case truce.CommitmentTextReady:
		return "текст готовий"
	case truce.CommitmentEndorsed:
		return "схвалено"
	case truce.CommitmentSigned:
		return "підписано"
	case truce.CommitmentRatified:
		return "ратифіковано"
	case truce.CommitmentWithdrawn:
		return "відкликано"
	}
	return string(s)
}

// voidWords is what one incident says about a condition and a party.
type voidWords struct {
	incident     string
	occurrence   truce.Occurrence
	party        truce.PartyID
	level, least truce.AttributionLevel
	p            truce.Probability
}

func (w voidWords) unverified() truce.Names {
	return both(fmt.Sprintf("incident %s matches and is %s, not verified", w.incident, w.occurrence),
		fmt.Sprintf("інцидент %s підпадає під умову; його стан – «%s», не верифіковано", w.incident, occurrenceUK(w.occurrence)))
}

func (w voidWords) undetermined() truce.Names {
	return both(fmt.Sprintf("incident %s matches and is verified; responsibility is undetermined", w.incident),
		fmt.Sprintf("інцидент %s підпадає під умову і верифікований; відповідальність не встановлено", w.incident))
}

func (w voidWords) attributed() truce.Names {
	return both(fmt.Sprintf("incident %s is verified and attributed to %s: %s, %s", w.incident, w.party, levelEN(w.level), w.p),
		fmt.Sprintf("інцидент %s верифіковано, відповідальність покладено на сторону %s: %s, %s", w.incident, w.party, levelUK(w.level), w.p))
}

func (w voidWords) tooWeak() truce.Names {
	return both(fmt.Sprintf("incident %s is attributed to %s on %s only; %s is asked for", w.incident, w.party, levelEN(w.level), levelEN(w.least)),
		fmt.Sprintf("відповідальність за інцидент %s покладено на сторону %s лише за стандартом «%s»; потрібен стандарт «%s»", w.incident, w.party, levelUK(w.level), levelUK(w.least)))
}

func levelEN(l truce.AttributionLevel) string { return strings.ReplaceAll(string(l), "_", " ") }

func levelUK(l truce.AttributionLevel) string {
	switch l {
	case truce.AttributionUndetermined:
		return "не встановлено"
	case truce.AttributionReasonable:
		return "розумні підстави"
	case truce.AttributionBalance:
		return "баланс ймовірностей"
	case truce.AttributionClear:
		return "чіткі та переконливі докази"
	}
	return string(l)
}

func occurrenceUK(o truce.Occurrence) string {
	switch o {
	case truce.OccurrenceReported:
		return "повідомлено"
	case truce.OccurrenceDetected:
		return "виявлено"
	case truce.OccurrenceCorroborated:
		return "підтверджено"
	}
	return string(o)
}
