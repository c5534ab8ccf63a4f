package explain

import (
	"os"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

func illustrative(t *testing.T) *agreement.Agreement {
	t.Helper()
	list, err := agreement.ReadDir(os.DirFS("../../../examples/agreements/illustrative"))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, list)
}

func ladderIn(t *testing.T, terms *agreement.Agreement, lang string) []Part {
	t.Helper()
	text, err := New(terms, lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	return text.Ladder()
}

// Each thing the ladder says stands in a sentence, in every language.
func TestTheLadderIsSaidInSentences(t *testing.T) {
	terms := illustrative(t)
	for lang, wants := range map[string]map[string][]string{
		"en": {
			"": {"Reported by others; nobody has agreed to it.", "press report of 3 February 2026", "counts from the beginning of its first incident",
				"within 3 days of its last activity and lies within 50 km", "From T3 down to T2: after 7 days without activity, when every remedy that was asked for is verified; signed by chair of the commission and lead of the mechanism.",
				"From L0 to the end of the case: after 24 h", "party (1), guarantor (2) or mechanism (1)", "at least 50 % of the guarantors", "Each state decides for itself"},
			"L0": {"It is the lowest tier.", "when all of this holds: incidents that are detected, or better founded; one of these at least: (incidents with a hit: 1 or more) or (a severity of 3 or more).",
				"Clock triage, Open or dismiss: due 5 min after the entry; to be met by: watch officer of the mechanism."},
			"L1": {"only when this office has signed: lead of the watch", "each party or state has its own", "Told: party, mechanism."},
			"T1": {"It lies above tier L2.", "each another person: lead of the mechanism and chair of the commission", "Clock warning, Diplomatic warning: due 24 h after the beginning of its first incident; to be met by: chair of the commission; a reminder 2 h before.",
				"Must answer: guarantor; the least that counts is: received by an authority; within 1 h.", "4 h after the release is told: head of state or government", "Asked of chair of the commission: Put the case before the commission."},
			"T2":    {"cannot sign below the standard: reasonable grounds", "then anew every 6 h", "A consultation belongs to it.", "24 h or more since the start of the case"},
			"T3":    {"a line that was verified to have moved by 2 km or more", "in 2 or more reporting areas"},
			"mass":  {"a severity of 4 or more", "At once it proposes: L2 and T1.", "Civil protection is told as well."},
			"blind": {"50 % or more of the line out of sight; out of sight for 2 h or more", "a case by itself", "Clock sight"},
		},
		"uk": {
			"":      {"За повідомленнями третіх осіб", "початок її першого інциденту", "З T3 на T2: після 7 доб без активності, коли перевірено кожен запитаний захід; підписи: голова комісії та керівник механізму."},
			"T1":    {"Він розташований над рівнем L2.", "інциденти зі станом «верифіковано» або краще обґрунтовані", "Відлік warning, Дипломатичне попередження: строк 24 год", "нагадування за 2 год до строку"},
			"T2":    {"не може підписати нижче стандарту: розумні підстави"},
			"blind": {"поза спостереженням 50 % лінії або більше"},
		},
	} {
		parts := ladderIn(t, terms, lang)
		if len(parts) != 1+len(terms.Ladder.Tiers)+len(terms.Ladder.Paths) {
			t.Fatalf("%s: %d parts", lang, len(parts))
		}
		for id, sentences := range wants {
			i := slices.IndexFunc(parts, func(p Part) bool { return p.ID == id })
			all := strings.Join(parts[i].Lines, "\n")
			for _, want := range sentences {
				if !strings.Contains(all, want) {
					t.Errorf("%s %q: no %q in\n%s", lang, id, want, all)
				}
			}
		}
		for _, p := range parts {
			if all := p.Heading + strings.Join(p.Lines, ""); strings.ContainsAny(all, "{}") || strings.Contains(all, "ladder.") || strings.Contains(all, "enter.") {
				t.Errorf("%s: words are missing in %s", lang, all)
			}
		}
	}
}

// A comparison names the tier and says the sentence that changed, and that the order of
// the tiers did.
func TestWhatChangesInTheLadderIsSaid(t *testing.T) {
	cases := []struct {
		edit          func(*truce.Ladder)
		heading, want string
	}{
		{func(l *truce.Ladder) { l.Tiers[3].Clocks[0].Due *= 2 }, "ladder tier T1: changed", "due 2 days after the beginning"},
		{func(l *truce.Ladder) { l.Tiers[3].Gates = l.Tiers[3].Gates[:1] }, "ladder tier T1: changed", "only when this office has signed: lead of the mechanism."},
		{func(l *truce.Ladder) { l.Paths = l.Paths[:2] }, "ladder path blind: removed", ""},
		{func(l *truce.Ladder) { l.T0 = truce.T0Verified }, "ladder illustrative: changed", "counts from the verification of the first"},
		{func(l *truce.Ladder) { l.Consult.Majority, l.Consult.EachOwn = 1, false }, "ladder illustrative: changed", "only when all who vote agree"},
		{func(l *truce.Ladder) { l.Gather.RadiusM = 0 }, "ladder illustrative: changed", "wherever it lies"},
		{func(l *truce.Ladder) { l.Tiers[0], l.Tiers[1] = l.Tiers[1], l.Tiers[0] }, "ladder tier L1: changed", "It is the lowest tier."},
	}
	for _, c := range cases {
		before, after := illustrative(t), illustrative(t)
		c.edit(after.Ladder)
		changes, err := Diff(before, after, "en", nil)
		i := slices.IndexFunc(changes, func(ch Change) bool { return ch.Heading == c.heading })
		if err != nil || i < 0 || !strings.Contains(strings.Join(changes[i].After, "\n"), c.want) {
			t.Errorf("want %s with %q: %v, %+v", c.heading, c.want, err, changes)
		}
	}
}

func TestAnAgreementWithoutALadderSaysNone(t *testing.T) {
	terms := parse(t, files(t))
	terms.Ladder = nil
	if parts := ladderIn(t, terms, "uk"); parts != nil {
		t.Errorf("%v", parts)
	}
	changes, err := Diff(terms, illustrative(t), "en", nil)
	if err != nil || !slices.ContainsFunc(changes, func(c Change) bool { return c.Heading == "ladder tier T3: new" }) {
		t.Errorf("the ladder is not new: %v", err)
	}
}
