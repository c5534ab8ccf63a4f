package guarantee

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestWhoCouldNeverBeReachedIsNotEnrolled: a wrong letter in a party, a language or an
// address would else show only when an alert is due.
func TestWhoCouldNeverBeReachedIsNotEnrolled(t *testing.T) {
	f := newFounded(t)
	draft, err := truce.NewDraft(truce.RecordAgreement, "agreement/illustrative", "agreement/illustrative/1", illustrative(t))
	if err == nil {
		_, err = f.append(t.Context(), draft)
	}
	if err != nil {
		t.Fatal(err)
	}
	liaison := func(party truce.PartyID, lang string, contacts ...truce.Contact) truce.Person {
		return truce.Person{ID: "a-liaison", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: party, Language: lang, Contacts: contacts}
	}
	email := func(s string) truce.Contact { return truce.Contact{Channel: truce.ChannelEmail, Address: s} }
	hook := func(s string) truce.Contact { return truce.Contact{Channel: truce.ChannelWebhook, Address: s} }
	for _, bad := range []struct {
		who  truce.Person
		want string
	}{
		{liaison("Z", "en"), `"Z" is no party of the agreement; write one of A, B`},
		{liaison("a", "en"), `"a" is no party of the agreement; write one of A, B`},
		{liaison("A", "de"), `no texts in the language "de"; write one of en, uk`},
		{liaison("A", ""), `no texts in the language ""; write one of en, uk`},
		{liaison("A", "en", email("nope")), `"nope" is no mail address; write it as in duty@far.example`},
		{liaison("A", "en", email("Duty <duty@far.example>")), "is no mail address"},
		{liaison("A", "en", email("duty@far.example"), email("a@b@c")), "is no mail address"},
		{liaison("A", "en", hook("far.example/hook")), "is no address of a webhook"},
		{liaison("A", "en", hook("ftp://far.example/hook")), "is no address of a webhook"},
		{liaison("A", "en", hook("http://far.example/hook")), "write an https address"},
	} {
		if _, err := f.Add(t.Context(), f.lead, bad.who); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s %s %v: %v, want %q", bad.who.Party, bad.who.Language, bad.who.Contacts, err, bad.want)
		}
	}
	if row, err := f.Store.Person(t.Context(), "a-liaison"); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("a refused person is on record: %+v, %v", row, err)
	}
	f.add(liaison("A", "uk", email("duty@far.example"), hook("https://hooks.far.example/truce")))
}
