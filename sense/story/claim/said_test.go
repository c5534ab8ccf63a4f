package claim_test

import (
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// said is what the first claim of a text that is no event says.
func said(t *testing.T, a truce.Article) (truce.Claim, bool) {
	t.Helper()
	a.Published = published
	for _, c := range checkRead(t, a, config(t)) {
		if c.Said != nil {
			return c, true
		}
	}
	return truce.Claim{Said: &truce.Said{}}, false
}

func TestWhatPromisesCarry(t *testing.T) {
	for _, c := range []struct {
		text string
		kind truce.ClaimKind
		want truce.Said
	}{
		{"France and Italy agreed to send troops to Ukraine once a truce is signed.", truce.ClaimCommitment,
			truce.Said{Actor: "state:FR", Subject: "troops", To: "state:UA", What: "agreed to send troops to Ukraine once a truce is signed",
				Condition: "once a truce is signed", Firmness: truce.FirmSaid}},
		{"If a truce holds, Latvia will join the monitoring mission.", truce.ClaimCommitment,
			truce.Said{Actor: "state:LV", Subject: "monitoring", What: "will join the monitoring mission", Condition: "If a truce holds", Firmness: truce.FirmSaid}},
		{"Франція відправить війська в Україну у разі перемир'я.", truce.ClaimCommitment,
			truce.Said{Actor: "state:FR", Subject: "troops", To: "state:UA", What: "відправить війська в Україну у разі перемир'я",
				Condition: "у разі перемир'я", Firmness: truce.FirmSaid}},
		{"Moscow would not accept NATO troops in Ukraine.", truce.ClaimObjection,
			truce.Said{Actor: "state:RU", Subject: "troops", Against: "org:nato", What: "would not accept NATO troops in Ukraine", Stance: "against"}},
		{"The Dutch parliament ratified the agreement on security guarantees.", truce.ClaimCommitment,
			truce.Said{Actor: "state:NL", Subject: "security_guarantees", What: "ratified the agreement on security guarantees", Firmness: truce.FirmRatified}},
		{"For the first time Washington backed security guarantees.", truce.ClaimPosition,
			truce.Said{Actor: "state:US", Subject: "security_guarantees", What: "backed security guarantees", Stance: "for", Reversal: true}},
		{"A clause on sanctions was removed from the earlier draft.", truce.ClaimDocument,
			truce.Said{Actor: "document", Subject: "sanctions", What: "A clause on sanctions was removed from the earlier draft", From: "earlier draft"}},
	} {
		got, _ := said(t, truce.Article{Text: c.text})
		if got.Kind != c.kind || *got.Said != c.want {
			t.Errorf("%s\n got %s %+v\nwant %s %+v", c.text, got.Kind, *got.Said, c.kind, c.want)
		}
	}
}

func TestSentencesThatPromiseNothing(t *testing.T) {
	for name, text := range map[string]string{
		"question":                "Will France send troops to Ukraine?",
		"quoted question":         "“Will France send troops to Ukraine?”",
		"supposed":                "If France sends troops, Russia will call them targets, but nobody knows.",
		"doubt":                   "France may send troops to Ukraine.",
		"Ukrainian doubt":         "Франція може відправити війська.",
		"denied":                  "Paris denied that France will send troops.",
		"film":                    "In the film France will send troops to Ukraine.",
		"long ago":                "In 2014 France agreed to send troops.",
		"years ago":               "Ten years ago France agreed to send troops.",
		"asked of somebody":       "Kyiv urged that allies of France decide on troops.",
		"behind a preposition":    "A plan for France to send troops was shown.",
		"no subject":              "France agreed to send flowers.",
		"no actor":                "Somebody agreed to send troops.",
		"owner, not actor":        "France's neighbour agreed to send troops.",
		"furniture":               "Read more: security guarantees, troops, Ukraine",
		"infinitive in no title":  "France to send troops",
		"past a turn of sentence": "France stayed silent, but everybody agreed to send troops.",
	} {
		if got, any := said(t, truce.Article{Text: text}); any {
			t.Errorf("%s: %s\n gives %s %+v by %s, want nothing", name, text, got.Kind, *got.Said, got.Rule)
		}
	}
}

func TestHeadlinesHaveTheirOwnGrammar(t *testing.T) {
	title := "France to send troops to Ukraine if truce holds"
	got, any := said(t, truce.Article{Headline: title})
	if !any || !got.Quote.Headline || got.Quote.Offset != 0 || got.Said.Condition != "if truce holds" {
		t.Errorf("the headline gives %+v and the quote %+v", *got.Said, got.Quote)
	}
	if got, any := said(t, truce.Article{Text: "Allies press France to send troops."}); any {
		t.Errorf("a sentence is read by the grammar of headlines: %+v", *got.Said)
	}
}

func TestSubjectOfTheSentenceBefore(t *testing.T) {
	got, _ := said(t, truce.Article{Text: "Everybody speaks of a ceasefire. Putin has balked at that prospect."})
	if got.Kind != truce.ClaimObjection || got.Said.Actor != "person:putin" || got.Said.Subject != "ceasefire" {
		t.Errorf("got %s %+v, want Putin's objection to a ceasefire", got.Kind, *got.Said)
	}
	if got, any := said(t, truce.Article{Text: "The sun shone. Putin has balked at that prospect."}); any {
		t.Errorf("with nothing before it, %+v", *got.Said)
	}
}

func TestClaimsOfOneSentenceDoNotRepeat(t *testing.T) {
	claims := claim.Read(truce.Article{Text: "France agreed to send troops and will send troops to Ukraine."}, config(t))
	if len(claims) != 1 {
		t.Errorf("%d claims of one promise: %v", len(claims), keysOf(claims))
	}
}
