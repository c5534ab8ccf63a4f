package guarantee

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// guarantorPost is the duty officer of a state.
func guarantorPost(id truce.PersonID, state truce.StateID) truce.Person {
	return truce.Person{ID: id, Name: string(id), Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: state, Language: "en",
		Contacts: []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}}
}

// underAgreement is a real store with founders and the illustrative agreement.
func underAgreement(t *testing.T) founded {
	t.Helper()
	f := newFounded(t)
	draft, err := truce.NewDraft(truce.RecordAgreement, "agreement/illustrative", "agreement/illustrative/1", illustrative(t))
	if err == nil {
		_, err = f.append(t.Context(), draft)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestAStateTakesPartOnceItsFirstPersonIsConfirmed: whoever enrols alone invents no
// guarantor: no state, no quorum, nobody to be told or to be silent.
func TestAStateTakesPartOnceItsFirstPersonIsConfirmed(t *testing.T) {
	f := underAgreement(t)
	counted := func() (states []truce.StateID, posts bool) {
		t.Helper()
		terms, err := f.terms(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return terms.machine.States, slices.ContainsFunc(terms.posts, func(p truce.Person) bool { return p.Role == truce.RoleGuarantor })
	}
	none := func(when string) {
		t.Helper()
		if states, posts := counted(); len(states) > 0 || posts {
			t.Errorf("%s the states are %v, posts of guarantors: %v", when, states, posts)
		}
	}
	link := f.add(guarantorPost("fk", "FK1"))
	none("invited")
	token, code := f.open(link)
	none("opened")
	if _, _, err := f.Confirm(t.Context(), f.lead, "fk", code); err == nil {
		t.Error("the lead who enrolled confirms, too")
	}
	none("confirmed by the one who enrolled")
	if _, _, err := f.Confirm(t.Context(), f.chair, "fk", code); err != nil {
		t.Fatal(err)
	}
	if states, posts := counted(); !slices.Equal(states, []truce.StateID{"FK1"}) || !posts {
		t.Errorf("confirmed, the states are %v, posts of guarantors: %v", states, posts)
	}
	if _, err := f.Who(t.Context(), token); err != nil {
		t.Error(err)
	}
	f.add(guarantorPost("fk", "FK2")) // another state is another enrolment
	none("enrolled anew")
}

func TestStatesAreWellFormedAndNoParty(t *testing.T) {
	f := underAgreement(t)
	for state, want := range map[truce.StateID]string{
		"ZZ Z<b>": "2 to 12 capital letters, digits and hyphens", "fr": "2 to 12 capital", "F": "2 to 12 capital", "-FR": "2 to 12 capital", "FR-": "2 to 12 capital",
		"ABCDEFGHIJKLM": "2 to 12 capital", "FR\n": "2 to 12 capital", "": "a state belongs to the roles guarantor and contributor",
	} {
		if _, err := f.Add(t.Context(), f.lead, guarantorPost("x", state)); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", state, err, want)
		}
	}
	for i, state := range []truce.StateID{"FR", "FAR-2", "EU27", "ABCDEFGHIJKL"} {
		f.add(guarantorPost(truce.PersonID("ok"+string(rune('a'+i))), state))
	}
}

// TestAPartyIsNoGuarantorOfItsOwnAgreement: the parties of this agreement have names that
// states could have, too.
func TestAPartyIsNoGuarantorOfItsOwnAgreement(t *testing.T) {
	f := newFounded(t)
	text := illustrative(t)
	for i, file := range text.Files {
		if file.Name != "agreement.yaml" {
			continue // the clauses, whose words are pinned by their hash
		}
		text.Files[i].Data = regexp.MustCompile(`\bA\b`).ReplaceAll(file.Data, []byte("NORD"))
	}
	draft, err := truce.NewDraft(truce.RecordAgreement, "agreement/illustrative", "agreement/illustrative/1", text)
	if err == nil {
		_, err = f.append(t.Context(), draft)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Add(t.Context(), f.lead, guarantorPost("x", "NORD")); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), `"NORD" is a party of the agreement and can be no guarantor`) {
		t.Errorf("a party is enrolled as a guarantor: %v", err)
	}
}
