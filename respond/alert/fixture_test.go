package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// noon is when the cases of the tests open.
var noon = truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC))

func micros(d time.Duration) truce.Micros { return truce.MicrosOf(d) }

// ladder is a small ladder with everything an alert looks at.
func ladder() truce.Ladder {
	return truce.Ladder{
		Names: truce.Names{"en": "Test ladder"}, Standing: truce.StandingIllustrative, T0: truce.T0Verified,
		Tiers: []truce.Tier{
			{
				ID: "L1", Names: truce.Names{"en": "hotline", "uk": "гаряча лінія"}, Gates: []truce.Gate{{Office: truce.OfficeWatchLead}},
				Tell: []truce.Role{truce.RoleParty},
				Clocks: []truce.ClockTerm{{
					ID: "reply", Names: truce.Names{"en": "reply", "uk": "відповідь"}, Basis: truce.T0Entered, Due: micros(2 * time.Hour),
					Owner: truce.OfficeLiaison, Each: true, Warns: micros(30 * time.Minute),
				}},
			},
			{
				ID: "T1", Names: truce.Names{"en": "warning", "uk": "попередження"},
				Gates: []truce.Gate{{Office: truce.OfficeChair}, {Office: truce.OfficeMechanismLead}},
				Tell:  []truce.Role{truce.RoleParty, truce.RoleGuarantor, truce.RoleCommission},
				Answer: &truce.AnswerTerm{
					Role: truce.RoleGuarantor, Least: truce.AckReceived, Within: micros(time.Hour),
					Escalate: []truce.EscalationTerm{
						{Office: truce.OfficeDeputy, After: micros(15 * time.Minute)},
						{Office: truce.OfficeMinistry, After: micros(30 * time.Minute)},
						{Office: truce.OfficeHead, After: micros(45 * time.Minute)},
					},
				},
				Clocks: []truce.ClockTerm{{
					ID: "position", Names: truce.Names{"en": "position of each guarantor"}, Basis: truce.T0Entered, Due: micros(24 * time.Hour),
					Owner: truce.OfficeDutyOfficer, Each: true,
				}},
				Duties: []truce.DutyTerm{{Office: truce.OfficeDutyHead, Names: truce.Names{"en": "keep the log"}}},
			},
		},
		Paths: []truce.Path{
			{ID: "plant", Names: truce.Names{"en": "protected site", "uk": "захищений об'єкт"}, Tiers: []truce.TierID{"L1", "T1"}, Civil: true},
			{
				ID: "monitors", Names: truce.Names{"en": "attack on monitors"}, Tiers: []truce.TierID{"T1"},
				Clocks: []truce.ClockTerm{{ID: "check", Names: truce.Names{"en": "check"}, Basis: truce.T0Detected, Due: micros(time.Hour), Owner: truce.OfficeAnalyst}},
			},
			{ID: "blind", Names: truce.Names{"en": "blind sector"}, Tiers: []truce.TierID{"L1"}, Own: true, Enter: truce.Criteria{BlindShare: .4}},
		},
		Down: []truce.Descent{{From: "T1", To: "L1", Gates: []truce.Gate{{Office: truce.OfficeChair}}}},
	}
}

func person(id string, role truce.Role, office truce.Office, of, lang string) truce.Person {
	p := truce.Person{ID: truce.PersonID(id), Name: id, Role: role, Office: office, Language: lang}
	switch role {
	case truce.RoleParty:
		p.Party = truce.PartyID(of)
	case truce.RoleGuarantor, truce.RoleContributor:
		p.State = truce.StateID(of)
	}
	p.Contacts = []truce.Contact{
		{Channel: truce.ChannelEmail, Address: id + "@example.org", Drill: true},
		{Channel: truce.ChannelWebhook, Address: "https://" + id + ".example.org/hook"},
	}
	return p
}

// people are two parties, the mechanism, the commission and two guarantors.
func people() []truce.Person {
	out := []truce.Person{
		person("a-liaison", truce.RoleParty, truce.OfficeLiaison, "A", "en"),
		person("b-liaison", truce.RoleParty, truce.OfficeLiaison, "B", "uk"),
		person("watch-lead", truce.RoleMechanism, truce.OfficeWatchLead, "", "en"),
		person("duty-head", truce.RoleMechanism, truce.OfficeDutyHead, "", "en"),
		person("mech-lead", truce.RoleMechanism, truce.OfficeMechanismLead, "", "en"),
		person("analyst", truce.RoleMechanism, truce.OfficeAnalyst, "", "en"),
		person("chair", truce.RoleCommission, truce.OfficeChair, "", "en"),
	}
	for _, state := range []string{"FA", "NE"} {
		for _, office := range []truce.Office{truce.OfficeDutyOfficer, truce.OfficeDeputy, truce.OfficeMinistry, truce.OfficeHead} {
			out = append(out, person(fmt.Sprintf("%s-%s", map[string]string{"FA": "fa", "NE": "ne"}[state], office), truce.RoleGuarantor, office, state, "en"))
		}
	}
	return out
}

// input is a case that has just entered T1.
func input() alert.Input {
	id := truce.NewID(noon, "case", "test", []byte("1"))
	c := truce.Case{
		ID: id, Steps: 7, State: truce.CaseOpen, Opened: noon, Tier: "T1", T0: map[truce.T0Basis]truce.Instant{truce.T0Verified: noon},
		Blind:   []truce.BlindSpell{{Area: "north", Share: .5, From: noon, Reason: "no feeds"}},
		Opening: truce.CaseOpening{Agreement: "x", Title: truce.Names{"en": "Fire near the bridge", "uk": "Обстріл біля мосту"}},
		Clocks: []truce.CaseClock{{
			ID: "position", For: "FA", Round: 1, Tier: "T1", Names: truce.Names{"en": "position"}, Owner: truce.OfficeDutyOfficer,
			Due: noon.Add(24 * time.Hour), State: truce.ClockRunning,
		}},
		Summary: truce.CaseSummary{
			Number: "C-2026-19", Title: truce.Names{"en": "Fire near the bridge", "uk": "Обстріл біля мосту"}, Tier: "T1",
			Areas: []truce.AreaID{"north"}, Incidents: 3, Hits: 2, Severity: 3, Opened: noon,
		},
	}
	return alert.Input{
		Ladder: ladder(), Case: c, People: people(), Parties: []truce.PartyID{"A", "B"}, Realm: truce.RealmReal, Now: noon.Add(1500 * time.Millisecond),
		Areas: map[truce.AreaID]truce.Names{"north": {"en": "North", "uk": "Північ"}},
		Step: truce.CaseStep{
			Case: id, Number: 7, Kind: truce.StepEntered, At: noon, Passage: &truce.Passage{Tier: "T1", Because: []string{"3 hits within 6 h"}},
		},
	}
}

// compose gives the only alert that follows.
func compose(t testing.TB, in alert.Input) truce.Alert {
	t.Helper()
	out := composeAll(t, in)
	if len(out.Alerts) != 1 {
		t.Fatalf("%d alerts follow, want 1: %+v", len(out.Alerts), out)
	}
	return out.Alerts[0]
}

func composeAll(t testing.TB, in alert.Input) alert.Composed {
	t.Helper()
	out, err := alert.Compose(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// to lists who is told of an alert, those told at once and those told later apart.
func to(a truce.Alert) (now, later []string) {
	for _, r := range a.To {
		turn := a.Release
		for _, w := range a.Wakes {
			if w.Name == "send/"+string(r.Person) {
				turn = w.Due
			}
		}
		if turn > a.Release {
			later = append(later, fmt.Sprintf("%s+%s", r.Person, turn.Sub(a.Release)))
		} else {
			now = append(now, string(r.Person))
		}
	}
	return now, later
}

func step(in alert.Input, kind truce.StepKind, change func(*truce.CaseStep)) alert.Input {
	in.Step = truce.CaseStep{Case: in.Case.ID, Number: in.Step.Number + 1, Kind: kind, At: in.Step.At.Add(time.Hour)}
	in.Now = in.Step.At.Add(time.Second)
	if change != nil {
		change(&in.Step)
	}
	return in
}

// after puts an alert, of which nothing has been delivered, among the earlier ones.
func after(in alert.Input, alerts ...truce.Alert) alert.Input {
	for _, a := range alerts {
		in.Earlier = append(in.Earlier, alert.Box{Alert: a})
	}
	return in
}
