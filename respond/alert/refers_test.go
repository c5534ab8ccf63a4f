package alert_test

import (
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

func proposedT1(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} }

// TestAMessageRefersOnlyToWhatItsReaderGot: the closing of a case ends what was told to the
// parties and what was told to the mechanism alone, such as a missed clock of one party. To
// a party the second is not even an id.
func TestAMessageRefersOnlyToWhatItsReaderGot(t *testing.T) {
	in := input()
	entered := compose(t, in)
	proposal := compose(t, step(in, truce.StepProposed, proposedT1))
	end := compose(t, step(after(in, entered, proposal), truce.StepClosed, nil))
	if len(end.References) != 2 {
		t.Fatalf("the end refers to %v", end.References)
	}
	out := &letters{sent: map[truce.PersonID]alert.Message{}}
	clock := &hand{}
	clock.set(end.Release)
	channels := map[truce.ChannelKind]alert.Channel{}
	for _, r := range end.To {
		for _, c := range r.Contacts {
			channels[c.Channel] = out
		}
	}
	courier, err := alert.New(alert.Config{Recorder: newStore(), Clock: clock, Channels: channels, Base: "https://desk.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := courier.Serve(t.Context(), alert.Box{Alert: end, Refers: []truce.Alert{entered, proposal}}); err != nil {
		t.Fatal(err)
	}
	parties, both := 0, 0
	for _, r := range end.To {
		got := out.sent[r.Person].Refers
		for _, of := range []truce.Alert{entered, proposal} {
			went := slices.ContainsFunc(of.To, func(to truce.AlertRecipient) bool { return to.Person == r.Person })
			if slices.Contains(got, of.ID) != went && len(r.Contacts) > 0 {
				t.Errorf("%s is referred to %v; %s went there: %v", r.Person, got, of.ID, went)
			}
		}
		if r.Party != "" && slices.Equal(got, []truce.AlertID{entered.ID}) {
			parties++
		}
		if len(got) == 1 && got[0] == proposal.ID || len(got) == 2 {
			both++
		}
	}
	if parties < 2 || both == 0 {
		t.Errorf("%d of parties refer to what parties got, %d to the proposal", parties, both)
	}
}

// TestADocumentForBothPartiesNamesOnlyWhatWentToParties: one document for all its readers.
func TestADocumentForBothPartiesNamesOnlyWhatWentToParties(t *testing.T) {
	in := input()
	entered := compose(t, in)
	proposal := compose(t, step(in, truce.StepProposed, proposedT1))
	end := compose(t, step(after(in, entered, proposal), truce.StepClosed, nil))
	if a := alert.Shared(end, []truce.Alert{entered, proposal}); !slices.Equal(a.References, []truce.AlertID{entered.ID}) || a.Kind != truce.AlertCancel {
		t.Errorf("%s of %v", a.Kind, a.References)
	}
	if a := alert.Shared(end, []truce.Alert{proposal}); len(a.References) != 0 || a.Kind != truce.AlertNew {
		t.Errorf("%s of %v: there is nothing that its readers could replace", a.Kind, a.References)
	}
	inside := compose(t, step(after(in, proposal), truce.StepClosed, nil))
	if a := alert.Shared(inside, []truce.Alert{proposal}); !slices.Equal(a.References, []truce.AlertID{proposal.ID}) {
		t.Errorf("the mechanism reads %v", a.References)
	}
	if len(end.References) != 2 {
		t.Error("the alert itself was changed")
	}
}
