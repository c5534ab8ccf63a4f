package publish

import (
	"regexp"
	"strings"
	"sync"
)

// blameRules forbid to name a party as the one who answers for an act, in whatever words:
// as who broke the truce, who is responsible, or where the shells came from. Where a place
// under its control is meant, or what it said, its name is no blame.
func blameRules(party string) []wordRule {
	name := strings.TrimSuffix(party, nameEnd)
	acting := name + `[)"»”’]?\s+(has |have |had |again |also |then |twice |once |repeatedly |знову |також |двічі |тоді )*`
	const (
		subject = "a party is never the subject of an act; say what was observed and where"
		answers = "who answers for an act is for the political body to determine; say what was observed"
		origin  = "say the direction as observed; a party is no place"
	)
	said := regexp.MustCompile(`\bcontrol|контрол|\b(notif|report|acknowledg|claim|stat(ed|es|ement)|complain|answer|letter|list|notice|confirm|ask)|повідом|підтверд|заяв|скарг|відповід(ь|і)|лист|перелік|запит`)
	area := regexp.MustCompile(`\bcontrol|контрол|\b(area|zone|sector|line)s? of responsib|(зон|район|сектор|смуг)\p{L}* відповідальн|\b(it was|is) (told|asked)`)
	rule := func(pattern string, unless *regexp.Regexp, mend string) wordRule {
		return wordRule{"W3", regexp.MustCompile(pattern), unless, mend}
	}
	return []wordRule{
		rule(acting+`(is |was |did |does )?(broke|breaks?|broken|breaking|fired|shelled|struck|launched|bombed|fires|firing|shells|shelling|shoots?|shooting|strikes|striking|launches|bombs|bombing|hits|resumed|started|began|begun|continue[sd]?|carried out|conducted|caused|causes|committed|attempted|tried|ignor\w+|disregard\w+|detonated|targeted|pounded|hammered|invaded|stormed|assaulted|advanced|crosse[sd]|blew|burn(ed|t)|dropped|threw|looted|mined|refuse[sd]|blocked|prevented|escalated|undermin\w+|threaten\w+)(?:\P{L}|$)`, nil, subject),
		rule(acting+`(злама|зламу|зірва|зрива|почала|почав|почали|розпоча|віднови|продовжи|продовжу|здійсни|здійсню|завда|вчин|скої|спричин|ігнору|проігнору|стріля|вистріли|б’є|била|били|підірва|руйну|зруйнува|атаку|штурму|наступа|просува|вторг|мінува|замінува|блоку|заблоку|перешко|скину|скида|підпал|погрожу)`, nil, subject),
		rule(name+`['’]s?\s+(fire|shell\w*|guns?|artillery|mortars?|rockets?|missiles?|drones?|strikes?|attack\w*|troops|soldiers|forces|tanks?)\b`, area, subject),
		rule(name+`[^.;]{0,60}\b(responsib(le|ility)|to blame|at fault|liable|answerable|accountable|behind (it|this|these|the)|the (author|cause|source|origin) of)\b`, area, answers),
		rule(`\b(responsib\w+|blam\w+|fault|liab\w+|accountab\w+|caused|broken|provoked|committed|carried out|conducted|started|resumed|ignored)\b[^.;]{0,60}\b(of|by|on|with|to|at|is|was)(\s+the)?`+party, area, answers),
		rule(`\b(blam(e|es|ed|ing)|accus(e|es|ed|ing))(\s+the)?`+party, nil, answers),
		rule(name+`[^.;]{0,60}(відповідальн|відповідає за|винн|винен|провин|причетн|стоїть за|несе відповід)`, area, answers),
		rule(`(відповідальн|винн|винен|провин|причетн|зламан|зірван|спричинен|скоєн|вчинен|розпочат|відновлен)\p{L}*[^.;]{0,60}`+party, area, answers),
		rule(`(?:^|\P{L})з вини`+party, nil, answers),
		rule(`\b(came|comes?|coming|originat\w+|arriv\w+|flew|flown|flying|incoming|launched|fired)\b[^.,;]{0,60}\bfrom(\s+the)?`+party, said, origin),
		rule(`\b(explosions?|bursts?|rounds?|projectiles?|rockets?|drones?|mortars?|artillery|grenades?|gunfire|bombs?|bombardment)\s+(from|by)(\s+the)?`+party, said, origin),
		rule(`(прилет|вилет|долет|летіл|летіли|прийшл|надійшл|виходил|походи|вибух|снаряд|ракет|дрон|мін(а|и|у)\s)\p{L}*[^.,;]{0,60}\s(з боку|від|зі сторони|з)`+party, said, origin),
	}
}

// zeroRules forbid a bare zero: nothing seen is nothing that happened only where somebody
// looked, so that an absence stands with the hours or the share that were observed.
var zeroRules = sync.OnceValue(func() []wordRule {
	const mend = "print the absence: none recorded with its coverage, or not observed"
	watched := regexp.MustCompile(`\bcoverage\b|\bobserved (for|hours?|share)|\bwhere observed\b|\bhours? (of|were|was) observ|\bnone recorded\b|\bnot observed\b|покритт|спостережен|спостерігали|не спостерігалося|годин`)
	const (
		acts    = `(fire|gunfire|shots?|shelling|shooting|explosions?|blasts?|strikes?|air ?strikes?|bursts?|shells?|missiles?|rockets?|attacks?|fighting|hostilities|engagements?|salvoe?s?)`
		actsUK  = `(вогню|вогнів|обстріл\p{L}*|вибух\p{L}*|постріл\p{L}*|стрілян\p{L}*|стрільб\p{L}*|удар(у|ів|и)|пуск(у|ів)|прильот\p{L}*|прилет\p{L}*|атак|бо(ю|їв)|черг(и)?|боєзіткнен\p{L}*|ракет|снаряд\p{L}*)`
		notedUK = `(не було|немає|нема|не сталося|не відбулося|не зафіксовано|не фіксувал\p{L}*|не виявлено|не чути|не лунал\p{L}*|не помічено|не відбувал\p{L}*|не почуто)`
		end     = `(?:\P{L}|$)`
	)
	rule := func(pattern string) wordRule {
		return wordRule{"W5", regexp.MustCompile(pattern), watched, mend}
	}
	return []wordRule{
		rule(`\bno (more |further |such |artillery |mortar |drone |small-arms |single |new |other )*` + acts + `\b`),
		rule(`\bno incidents? (took place|occurred|happened|were seen|was seen)\b|\b(were|was) no incidents?\b`),
		rule(`\bzero (artillery |mortar |drone )*(incidents?|casualties|` + acts + `)\b`),
		rule(`\bnot (a single|one|any) (shot|shell|explosion|strike|burst|round|incident)\b|\bnothing happened\b|\bguns (were|fell|stayed|are|remained) silent\b|\bwithout (a|any) (single )?(shots?|fire|incidents?|explosions?|shelling|strikes?)\b|\b(nobody|no one|neither (side|party)|none of the parties) (has )?(fired|shot|shelled)\b|\bfree of (fire|shelling|incidents?)\b`),
		rule(`(?:^|\P{L})` + notedUK + `\s+(\p{L}+\s+)?` + actsUK + end),
		rule(`(?:^|\P{L})` + actsUK + `\s+(\p{L}+\s+){0,2}` + notedUK + end),
		rule(`(?:^|\P{L})(нуль|нульов\p{L}*|жодн\p{L}*)\s+(\p{L}+\s+)?(інцидент\p{L}* не (було|сталося)|` + actsUK + end + `)`),
		rule(`(?:^|\P{L})(нічого не сталося|ніхто не стріляв|гармати мовчали|без (жодн\p{L}* )?` + actsUK + end + `)`),
	}
})
