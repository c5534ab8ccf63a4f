package truce

import (
	"crypto/ed25519"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// roundTrip encodes canonically, decodes, and encodes again.
func roundTrip[T any](t *testing.T, v T) T {
	t.Helper()
	first, err := Canonical(v)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := DecodeCanonical(first, &back); err != nil {
		t.Fatalf("%v\n%s", err, first)
	}
	second, err := Canonical(back)
	if err != nil || string(first) != string(second) {
		t.Fatalf("%v\n%s\n%s", err, first, second)
	}
	return back
}

func TestCaseBodiesKeepEverything(t *testing.T) {
	step := roundTrip(t, CaseStep{
		Case: NewID(5, "case", "", nil), Number: 3, Kind: StepConsultation, At: 7, Late: 9,
		Incidents:    []CaseIncident{{ID: NewID(1, "i", "", nil), Place: &geo.Point{Lat: 1, Lon: 2}, Findings: []CaseFinding{{Rule: "R01", Verdict: VerdictHit, P: 0.9}}}},
		T0:           &T0Change{Basis: T0Event, Old: 3, New: 2, Chosen: true},
		Consultation: &ConsultationStep{Consultation: Consultation{ID: "K1", Votes: []Vote{{State: "FA", Option: "warn"}}}, Change: "voted"},
		Deed:         &Deed{Kind: DeedVote, Person: "fa-duty", Signature: &Signing{By: "fa-duty"}},
		Summary:      CaseSummary{State: CaseOpen, Rank: 2},
		Wakes:        []Wake{{Name: "clock/warning", Due: 5}},
	})
	if step.Late != 9 || step.Consultation.ID != "K1" || step.T0.Old != 3 || step.Deed.Signature.By != "fa-duty" || step.Incidents[0].Place.Lon != 2 {
		t.Fatalf("lost: %+v", step)
	}
	state := roundTrip(t, Case{T0: map[T0Basis]Instant{T0Event: 3}, Clocks: []CaseClock{{Pauses: []ClockPause{{By: [2]PersonID{"a", "b"}}}}}})
	if state.T0[T0Event] != 3 || state.Clocks[0].Pauses[0].By[1] != "b" {
		t.Fatalf("lost: %+v", state)
	}
	roundTrip(t, Ladder{Tiers: []Tier{{ID: "T1", Enter: Criteria{Any: []Criteria{{Hits: 3}}}, Gates: []Gate{{Office: OfficeChair}}}}})
	roundTrip(t, Commitment{Ratification: []Ratification{{Body: "parliament", Source: Citation{Kind: CitePress}}}, History: []CommitmentStep{{State: CommitmentReported}}})
}

func TestSigningHoldsOnlyForWhatWasSigned(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	deed := Deed{Kind: DeedSign, Person: "chair", Tier: "T1", At: 5}
	signing, err := Sign("chair", private, DeedTag, deed)
	if err != nil {
		t.Fatal(err)
	}
	key := signing.Key
	if err := signing.Verify(key, DeedTag, deed); err != nil {
		t.Fatal(err)
	}
	other := deed
	other.Tier = "T3"
	if signing.Verify(key, DeedTag, other) == nil || signing.Verify(key, AckTag, deed) == nil {
		t.Fatal("holds for what was not signed")
	}
	stranger, _, _ := ed25519.GenerateKey(nil)
	signing.Key = string(stranger)
	if signing.Verify(key, DeedTag, deed) == nil || len(public) == 0 {
		t.Fatal("holds for another key")
	}
}

func TestAlertsReachBothPartiesOrNone(t *testing.T) {
	alert := Alert{Release: 1, Headline: Names{"en": "x"}, To: []AlertRecipient{{Party: "A"}, {State: "FA"}}}
	if alert.Validate([]PartyID{"A", "B"}) == nil {
		t.Fatal("an alert went to one party alone")
	}
	alert.To = append(alert.To, AlertRecipient{Party: "B"})
	if err := alert.Validate([]PartyID{"A", "B"}); err != nil {
		t.Fatal(err)
	}
	alert.To = alert.To[1:2]
	if err := alert.Validate([]PartyID{"A", "B"}); err != nil {
		t.Fatalf("an alert to no party: %v", err)
	}
}

func TestPersonsHaveWhatTheirRoleAsksFor(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Person
		good bool
	}{
		{"liaison", Person{ID: "a-1", Role: RoleParty, Office: OfficeLiaison, Party: "A"}, true},
		{"duty officer", Person{ID: "fa-1", Role: RoleGuarantor, Office: OfficeDutyOfficer, State: "FA"}, true},
		{"party without party", Person{ID: "a-1", Role: RoleParty, Office: OfficeLiaison}, false},
		{"guarantor without state", Person{ID: "fa-1", Role: RoleGuarantor}, false},
		{"mechanism of a party", Person{ID: "m-1", Role: RoleMechanism, Party: "A"}, false},
		{"foreign office", Person{ID: "fa-1", Role: RoleGuarantor, Office: OfficeChair, State: "FA"}, false},
		{"unknown role", Person{ID: "x-1", Role: "king"}, false},
		{"bad id", Person{ID: "Ann Smith", Role: RolePublic}, false},
		{"bad key", Person{ID: "m-1", Role: RoleMechanism, Key: "zz"}, false},
	} {
		if err := c.p.Validate(); (err == nil) != c.good {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestOccurrencesAndLevelsAreOrdered(t *testing.T) {
	if !OccurrenceVerified.AtLeast(OccurrenceCorroborated) || OccurrenceRefuted.AtLeast(OccurrenceReported) || !OccurrenceRefuted.Exit() || OccurrenceVerified.Exit() {
		t.Fatal("occurrences are out of order")
	}
	if !AttributionClear.AtLeast(AttributionBalance) || AttributionUndetermined.AtLeast(AttributionReasonable) || !AttributionLevel("").AtLeast("") {
		t.Fatal("levels are out of order")
	}
	if AckNone.AtLeast(AckDelivered) || !AckPosition.AtLeast(AckRead) {
		t.Fatal("acknowledgements are out of order")
	}
}

func TestIncidentsAreNearByPlaceOrArea(t *testing.T) {
	at := func(lat float64, area AreaID) CaseIncident {
		return CaseIncident{Area: area, Place: &geo.Point{Lat: geo.Degrees(lat), Lon: 36}}
	}
	nowhere := CaseIncident{Area: "north"}
	for _, c := range []struct {
		name   string
		a, b   CaseIncident
		metres float64
		near   bool
	}{
		{"anywhere", at(48, "north"), at(50, "south"), 0, true},
		{"a kilometre", at(48, "north"), at(48.009, "south"), 1100, true},
		{"farther", at(48, "north"), at(48.02, "north"), 1100, false},
		{"no place, one area", nowhere, at(48, "north"), 10, true},
		{"no place, another area", nowhere, at(48, "south"), 10, false},
	} {
		if got := c.a.Near(c.b, c.metres); got != c.near || c.b.Near(c.a, c.metres) != got {
			t.Errorf("%s: near is %v", c.name, got)
		}
	}
}

// TestAPauseEndsByItself: also one of a record that names no end.
func TestAPauseEndsByItself(t *testing.T) {
	for _, c := range []struct {
		name   string
		pauses []ClockPause
		open   bool
		ends   Instant
	}{
		{"none", nil, false, Instant(MaxPause)},
		{"one that stands", []ClockPause{{From: 1, Until: 9}}, true, 9},
		{"an old one", []ClockPause{{From: 1, Until: 9, Resumed: 4}, {From: 7}}, true, 7 + Instant(MaxPause)},
		{"one that was resumed", []ClockPause{{From: 7, Until: 9, Resumed: 8}}, false, Instant(MaxPause)},
	} {
		if p, open := (CaseClock{Pauses: c.pauses}).OpenPause(); open != c.open || p.Ends() != c.ends {
			t.Errorf("%s: %v, ends %d; want %v, %d", c.name, open, p.Ends(), c.open, c.ends)
		}
	}
}

func TestTheRoundsOfAClock(t *testing.T) {
	for _, c := range []struct {
		every     Micros
		due       Instant
		after, at Instant
	}{
		{0, 100, 500, 100}, // it does not begin anew
		{60, 100, 99, 100},
		{60, 100, 100, 160},
		{60, 100, 159, 160},
		{60, 100, 160, 220},
		{60, -200, 100, 160},
	} {
		if at := (ClockTerm{Every: c.every}).Following(c.due, c.after); at != c.at {
			t.Errorf("every %d, due %d: after %d comes %d, want %d", c.every, c.due, c.after, at, c.at)
		}
	}
}

func TestAClockTicksUntilItHasEnded(t *testing.T) {
	for state, want := range map[ClockState]bool{
		ClockWaiting: true, ClockRunning: true, ClockPaused: true, ClockMet: false, ClockMissed: false, ClockStopped: false, "": false,
	} {
		if state.Ticks() != want {
			t.Errorf("%q ticks: %v", state, !want)
		}
	}
}

func TestAViewIsNamedAfterItsIncident(t *testing.T) {
	id := NewID(1, "incident", "x", nil)
	if with, without := (CaseView{Incident: id, Number: "2026-7"}).Name(), (CaseView{Incident: id}).Name(); with != "2026-7" || without != id.String() {
		t.Errorf("%q and %q", with, without)
	}
}
