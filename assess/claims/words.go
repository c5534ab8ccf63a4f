package claims

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// Words says what a check found and why, in sentences that name no party as having done
// anything ("en" or "uk"). unit is the word for the total's unit in that language.
func Words(c truce.ClaimCheck, lang, unit string) string {
	return words(c, lang, unit, false)
}

// PublicWords says the same of a check that is Unattributed: whose acts they were may be
// known, and is not told with it.
func PublicWords(c truce.ClaimCheck, lang, unit string) string {
	return words(c, lang, unit, true)
}

func words(c truce.ClaimCheck, lang, unit string, public bool) string {
	say := sentencesEN
	if lang == "uk" {
		say = sentencesUK
	}
	parts := []string{fmt.Sprintf(say[string(c.Verdict)], c.Total.Count)}
	for _, r := range c.Reasons {
		text := say[string(r)]
		if public && r == truce.CheckOrigin {
			text = say["origin.public"]
		}
		parts = append(parts, reason(say, c, text, unit))
	}
	return strings.Join(parts, " ")
}

func reason(say map[string]string, c truce.ClaimCheck, text, unit string) string {
	if len(c.Own) == 0 || !c.Own[0].Matches {
		return text
	}
	own := c.Own[0]
	coverage := say["unknown"]
	if own.Coverage != nil {
		coverage = percent(*own.Coverage)
	}
	return strings.NewReplacer("{n}", fmt.Sprint(own.All()), "{unit}", unit, "{open}", fmt.Sprint(own.Open), "{accused}", fmt.Sprint(own.Accused), "{undecided}", fmt.Sprint(own.Undecided),
		"{coverage}", coverage, "{least}", percent(own.Least)).Replace(text)
}

// percent rounds down, so that a share below the minimum never prints as the minimum.
func percent(p truce.Probability) string { return fmt.Sprintf("%d %%", int(float64(p)*100+1e-9)) }

var sentencesEN = map[string]string{
	string(truce.CheckConfirmed):     "The total of %d agrees with what the mission recorded.",
	string(truce.CheckContradicted):  "The total of %d does not agree with what the mission recorded.",
	string(truce.CheckNotComparable): "The total of %d can be neither confirmed nor refuted: it is not comparable with what the mission counts.",
	string(truce.CheckNotObservable): "The total of %d can be neither confirmed nor refuted: too little was observed.",

	string(truce.CheckWithin):      "The mission recorded {n} ({unit}) with coverage {coverage}; the total lies within what may have been missed.",
	string(truce.CheckSeenAtLeast): "The mission recorded {n} ({unit}), coverage {coverage}.",
	string(truce.CheckTooMany):     "The mission recorded {n} ({unit}) with coverage {coverage}, at least {least} being required; of so many, more would have been recorded.",
	string(truce.CheckTooFew):      "The mission recorded {n} ({unit}), coverage {coverage}, at least {least} being required; that is more than the total.",
	string(truce.CheckMixedUnit):   "It adds things that are counted in different units.",
	string(truce.CheckNoUnit):      "It is not said what was counted as one.",
	string(truce.CheckNoRule):      "The agreement has no rule that counts this.",
	string(truce.CheckNoPeriod):    "It is not said from when to when.",
	string(truce.CheckNotOver):     "Its period is not over, or not yet assessed.",
	string(truce.CheckNoArea):      "It speaks of an area that is none of the agreement's.",
	string(truce.CheckOrigin):      "The mission recorded {n} ({unit}), coverage {coverage}; the origin of {open} of them is not determined, and the result depends on it.",
	string(truce.CheckUndecided):   "The mission recorded {n} ({unit}) and {undecided} more that it has not decided, coverage {coverage}; the result depends on those.",
	string(truce.CheckNotBound):    "The rule that counts this was not in force in all of its period.",
	string(truce.CheckCoverage):    "The mission recorded at least {n} ({unit}); coverage was {coverage}, and at least {least} is required.",
	string(truce.CheckNothing):     "Nothing was recorded with coverage {coverage}; so few may have been missed.",
	"origin.public":                "The mission recorded {n} ({unit}), coverage {coverage}; whose acts they were is not published here, and the result depends on it.",
	"unknown":                      "not stated",
}

var sentencesUK = map[string]string{
	string(truce.CheckConfirmed):     "Число %d узгоджується із зафіксованим місією.",
	string(truce.CheckContradicted):  "Число %d не узгоджується із зафіксованим місією.",
	string(truce.CheckNotComparable): "Число %d не можна ні підтвердити, ні спростувати: його не можна порівняти з тим, що рахує місія.",
	string(truce.CheckNotObservable): "Число %d не можна ні підтвердити, ні спростувати: спостережень замало.",

	string(truce.CheckWithin):      "Місія зафіксувала {n} ({unit}), покриття {coverage}; число не виходить за межі того, що могло лишитися непоміченим.",
	string(truce.CheckSeenAtLeast): "Місія зафіксувала {n} ({unit}), покриття {coverage}.",
	string(truce.CheckTooMany):     "Місія зафіксувала {n} ({unit}), покриття {coverage} за потрібних щонайменше {least}; із такої кількості було б зафіксовано більше.",
	string(truce.CheckTooFew):      "Місія зафіксувала {n} ({unit}), покриття {coverage} за потрібних щонайменше {least}; це більше за назване число.",
	string(truce.CheckMixedUnit):   "У ньому додано те, що рахують у різних одиницях.",
	string(truce.CheckNoUnit):      "Не сказано, що рахували як одиницю.",
	string(truce.CheckNoRule):      "В угоді немає правила, яке це рахує.",
	string(truce.CheckNoPeriod):    "Не сказано, від якого і до якого часу.",
	string(truce.CheckNotOver):     "Його період ще не завершився або ще не оцінений.",
	string(truce.CheckNoArea):      "Воно стосується району, якого немає в угоді.",
	string(truce.CheckOrigin):      "Місія зафіксувала {n} ({unit}), покриття {coverage}; походження {open} з них не визначено, а від цього залежить результат.",
	string(truce.CheckUndecided):   "Місія зафіксувала {n} ({unit}) і ще {undecided}, щодо яких не вирішено, покриття {coverage}; від них залежить результат.",
	string(truce.CheckNotBound):    "Правило, яке це рахує, було чинним не весь цей період.",
	string(truce.CheckCoverage):    "Місія зафіксувала щонайменше {n} ({unit}); покриття було {coverage}, а потрібно щонайменше {least}.",
	string(truce.CheckNothing):     "Нічого не зафіксовано, покриття {coverage}; стільки могло лишитися непоміченим.",
	"origin.public":                "Місія зафіксувала {n} ({unit}), покриття {coverage}; чиї це були дії, тут не оприлюднено, а від цього залежить результат.",
	"unknown":                      "не визначено",
}
