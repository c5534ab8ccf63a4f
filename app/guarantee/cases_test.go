package guarantee

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/examples"
)

// office is one person of each office, two where two must sign, and three states.
var offices = []truce.Person{
	{ID: "wo", Role: truce.RoleMechanism, Office: truce.OfficeWatchOfficer}, {ID: "wl", Role: truce.RoleMechanism, Office: truce.OfficeWatchLead},
	{ID: "an-1", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst}, {ID: "an-2", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst},
	{ID: "lead", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead}, {ID: "dh", Role: truce.RoleMechanism, Office: truce.OfficeDutyHead},
	{ID: "chair", Role: truce.RoleCommission, Office: truce.OfficeChair},
	{ID: "a", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A"}, {ID: "b", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "B"},
	{ID: "far", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "FAR"}, {ID: "nor", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "NOR"},
	{ID: "far-deputy", Role: truce.RoleGuarantor, Office: truce.OfficeDeputy, State: "FAR"},
}

// room is a desk with an agreement and its people.
type room struct {
	*Desk
	t      *testing.T
	now    *time.Time
	tokens map[truce.PersonID]Token
}

func newRoom(t *testing.T) room {
	d, now := testDesk(t)
	r := room{Desk: d, t: t, now: now, tokens: map[truce.PersonID]Token{}}
	r.record(truce.RecordAgreement, "agreement/illustrative", "agreement/illustrative/1", illustrative(t))
	for _, p := range offices {
		p.Name, p.Language = string(p.ID), "en"
		p.Contacts = []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}
		r.tokens[p.ID] = enrol(t, d, p)
	}
	return r
}

func illustrative(t *testing.T) truce.AgreementText {
	t.Helper()
	var files []truce.AgreementFile
	root := examples.Illustrative()
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files = append(files, truce.AgreementFile{Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return truce.AgreementText{ID: a.ID, Version: a.Version, Files: files}
}

func (r room) record(kind truce.RecordKind, subject, key string, body any) {
	r.t.Helper()
	draft, err := truce.NewDraft(kind, subject, key, body)
	if err == nil {
		_, err = r.append(r.t.Context(), draft)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// breach records an incident that hits R01 with a severity, as it began so long ago.
func (r room) breach(n byte, ago time.Duration, severity int) truce.Incident {
	r.t.Helper()
	at := r.Desk.now().Add(-ago)
	i := truce.Incident{ID: truce.NewID(at, "incident", "test", []byte{n}), Revision: 1, Occurrence: truce.OccurrenceDetected, P: 0.9, Area: "centre",
		Acts: []truce.ActWeight{{Act: "indirect_fire", P: 0.95}}, Time: truce.Moment(at, 0)}
	subject := "incident/" + i.ID.String()
	r.record(truce.RecordIncident, subject, subject+"/1", i)
	r.evaluate(i, severity)
	return i
}

func (r room) evaluate(i truce.Incident, severity int) {
	r.t.Helper()
	text, err := r.Store.Agreement(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	e := truce.Evaluation{Incident: i.ID, Revision: i.Revision, Agreement: text.ID, Version: text.Version, Findings: []truce.Finding{{Rule: "R01", Verdict: truce.VerdictHit, P: 0.9, Unit: truce.UnitEngagement, Count: 1, Severity: severity, Trace: []string{"t"}}}}
	r.record(truce.RecordEvaluation, "evaluation/"+i.ID.String(), fmt.Sprintf("evaluation/%s/%d", i.ID, i.Revision), e)
}

// verify lets two analysts sign and evaluates the new revision.
func (r room) verify(i truce.Incident, severity int) {
	r.t.Helper()
	for _, by := range []truce.PersonID{"an-1", "an-2"} {
		got, err := r.Review(r.t.Context(), r.tokens[by], truce.Review{Incident: i.ID, Revision: i.Revision, Outcome: truce.OccurrenceVerified})
		if err != nil {
			r.t.Fatal(err)
		}
		if got.Changed {
			r.evaluate(got.Incident, severity)
		}
	}
}

func (r room) follow() Round {
	r.t.Helper()
	round, err := r.Follow(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return round
}

func (r room) sign(by truce.PersonID, tier truce.TierID) Done {
	r.t.Helper()
	done, err := r.Do(r.t.Context(), r.tokens[by], "C-2026-1", truce.Deed{Kind: truce.DeedSign, Tier: tier, Text: "as proposed"})
	if err != nil {
		r.t.Fatalf("%s signs %s: %v", by, tier, err)
	}
	return done
}

func (r room) tier() truce.TierID {
	r.t.Helper()
	row, err := r.Store.Case(r.t.Context(), "C-2026-1")
	if err != nil {
		r.t.Fatal(err)
	}
	return row.Summary.Tier
}

func TestABreachGoesUpTheLadderThroughPeoplesHands(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	if round := r.follow(); round.Opened != 1 || round.Alerts == 0 {
		t.Fatalf("%+v", round)
	}
	if again := r.follow(); again.Steps+again.Opened+again.Alerts != 0 {
		t.Fatalf("a second round did something: %+v", again)
	}
	if r.tier() != "" {
		t.Fatal("a tier was entered without a person")
	}
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	r.sign("an-1", "L2")
	r.verify(i, 3)
	r.follow()
	r.sign("lead", "T1")
	if _, err := r.Do(t.Context(), r.tokens["lead"], "C-2026-1", truce.Deed{Kind: truce.DeedSign, Tier: "T1"}); err == nil {
		t.Fatal("one person signed both gates")
	}
	if r.tier() != "L2" {
		t.Fatalf("in %s before the chair signed", r.tier())
	}
	done := r.sign("chair", "T1")
	if r.tier() != "T1" || done.Case.T0[truce.T0Event] != i.Time.From {
		t.Fatalf("in %s; T0 %v", r.tier(), done.Case.T0)
	}
	*r.now = r.now.Add(25 * time.Hour)
	r.follow()
	c, err := r.load(t.Context(), "C-2026-1")
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(c.Clocks, func(k truce.CaseClock) bool { return k.ID == "warning" })
	if at < 0 || c.Clocks[at].State != truce.ClockMissed || c.Clocks[at].Ended != i.Time.From.Add(24*time.Hour) || c.Clocks[at].Late == 0 {
		t.Fatalf("the warning's clock: %+v", c.Clocks)
	}
}

func TestEveryStepIsTakenOnceByReplicas(t *testing.T) {
	r := newRoom(t)
	r.breach(1, time.Minute, 3)
	other := &Desk{Store: r.Store, Now: r.Now, Random: r.Random, Log: r.Log}
	results := make(chan error, 2)
	for _, d := range []*Desk{r.Desk, other} {
		go func() { _, err := d.Follow(t.Context()); results <- err }()
	}
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	page, err := r.Store.Cases(t.Context(), truce.CaseQuery{})
	if err != nil || page.Total != 1 {
		t.Fatalf("%v: %d cases", err, page.Total)
	}
	steps, err := r.Store.CaseSteps(t.Context(), "C-2026-1")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range steps {
		if s.Number != i+1 {
			t.Fatalf("step %d has number %d", i+1, s.Number)
		}
	}
}

func TestDeedsAreRefusedToWhoMayNot(t *testing.T) {
	r := newRoom(t)
	r.breach(1, time.Minute, 3)
	r.follow()
	for by, want := range map[truce.PersonID]truce.Code{"a": truce.CodeForbidden, "far": truce.CodeForbidden, "an-1": truce.CodeForbidden} {
		if _, err := r.Do(t.Context(), r.tokens[by], "C-2026-1", truce.Deed{Kind: truce.DeedSign, Tier: "L0"}); truce.CodeOf(err) != want {
			t.Errorf("%s signs L0: %v", by, err)
		}
	}
	if _, err := r.Do(t.Context(), "truce_x", "C-2026-1", truce.Deed{Kind: truce.DeedSign, Tier: "L0"}); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := r.Do(t.Context(), r.tokens["wo"], "C-2026-9", truce.Deed{Kind: truce.DeedSign, Tier: "L0"}); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("no such case: %v", err)
	}
}

func TestAnswersAreSignedAndSilenceIsOnRecord(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	r.sign("an-1", "L2")
	r.verify(i, 3)
	r.follow()
	r.sign("lead", "T1")
	r.sign("chair", "T1")
	alerts, err := r.Store.Alerts(t.Context(), truce.AlertQuery{State: "FAR"})
	if err != nil || len(alerts) == 0 {
		t.Fatalf("%v: %d alerts to FAR", err, len(alerts))
	}
	id := alerts[0].ID
	*r.now = r.now.Add(5 * time.Minute)
	ack, _, err := r.Acknowledge(t.Context(), r.tokens["far"], id, truce.AckReceived, "", "")
	if err != nil || ack.Late {
		t.Fatalf("%v %+v", err, ack)
	}
	p, _ := r.Store.Person(t.Context(), "far")
	if err := ack.Signature.Verify(p.Key, truce.AckTag, ack.Unsigned()); err != nil {
		t.Error(err)
	}
	if _, _, err := r.Acknowledge(t.Context(), r.tokens["far"], id, truce.AckRead, "", strings.Repeat("ї", truce.MaxWords+1)); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("an answer over its bound: %v", err)
	}
	if _, _, err := r.Acknowledge(t.Context(), r.tokens["wo"], id, truce.AckPosition, "", ""); err == nil {
		t.Error("a position without one")
	}
	for _, row := range alerts {
		var a, b bool
		for _, to := range row.To {
			a, b = a || to.Party == "A", b || to.Party == "B"
		}
		if a != b {
			t.Errorf("alert %s goes to one party alone", row.ID)
		}
	}
}

func TestTheAttributionOfAnIncidentReachesItsCase(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.verify(i, 3)
	stranger := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "Z", P: 0.8, Basis: []string{"trajectory"}, Alternatives: []string{"none"}}
	if _, err := r.Attribute(t.Context(), r.tokens["an-1"], stranger); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "[A B]") {
		t.Errorf("attributed to nobody of the agreement: %v", err)
	}
	for _, by := range []truce.PersonID{"an-1", "an-2"} {
		a := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "B", P: 0.8, Basis: []string{"trajectory"}, Alternatives: []string{"none"}}
		if _, err := r.Attribute(t.Context(), r.tokens[by], a); err != nil {
			t.Fatal(err)
		}
	}
	r.follow()
	c, err := r.load(t.Context(), "C-2026-1")
	if err != nil || len(c.Attributions) != 1 || c.Attributions[0].Party != "B" || c.T0[truce.T0Verified] == 0 {
		t.Fatalf("%v %+v", err, c.Attributions)
	}
}

func TestIncidentsMoveWholeOrNotAtAll(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, time.Minute, 3)
	r.follow()
	before, err := r.load(t.Context(), "C-2026-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []truce.CaseID{truce.NewID(9, "case", "nowhere", nil), before.Case.ID} {
		deed := truce.Deed{Kind: truce.DeedMove, Moved: []truce.ID{i.ID}, To: to, Text: "another matter"}
		if _, err := r.Do(t.Context(), r.tokens["wo"], "C-2026-1", deed); err == nil {
			t.Fatalf("moved to %s", to)
		}
	}
	after, err := r.load(t.Context(), "C-2026-1")
	if err != nil || after.Case.Steps != before.Case.Steps || after.Case.Incidents[0].Gone {
		t.Fatalf("%v: a refused move left %d steps of %d", err, after.Case.Steps, before.Case.Steps)
	}
}

func TestCasesGoOnWhenTheLadderIsTakenOutOfTheAgreement(t *testing.T) {
	r := newRoom(t)
	r.breach(1, time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	text := illustrative(t)
	for n := range text.Files {
		if text.Files[n].Name == agreement.MainFile {
			at := bytes.Index(text.Files[n].Data, []byte("\nladder:"))
			text.Files[n].Data = text.Files[n].Data[:at+1]
		}
	}
	a, err := agreement.Parse(text.Files)
	if err != nil || a.Ladder != nil {
		t.Fatal(err)
	}
	text.Version = a.Version
	r.record(truce.RecordAgreement, "agreement/illustrative", "agreement/illustrative/2", text)
	*r.now = r.now.Add(10 * time.Minute)
	r.follow()
	c, err := r.load(t.Context(), "C-2026-1")
	if err != nil || !slices.ContainsFunc(c.Clocks, func(k truce.CaseClock) bool { return k.ID == "triage" && k.State == truce.ClockMissed }) {
		t.Fatalf("%v: the clock of an open case stood still: %+v", err, c.Clocks)
	}
	r.breach(2, time.Minute, 3)
	*r.now = r.now.Add(100 * time.Hour)
	r.breach(3, time.Minute, 3)
	if round := r.follow(); round.Opened != 0 {
		t.Fatalf("a case was opened under an agreement that foresees none: %+v", round)
	}
}

func TestAnAnswerIsInTimeWhenItCameInTime(t *testing.T) {
	r := newRoom(t)
	r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	alerts, err := r.Store.Alerts(t.Context(), truce.AlertQuery{Party: "A"})
	if err != nil || len(alerts) == 0 {
		t.Fatal(err)
	}
	row := alerts[0]
	released := row.Release
	*r.now = r.now.Add(30 * time.Minute) // the answer was due after 15
	p, _ := r.Store.Person(t.Context(), "a")
	ack := truce.Acknowledgement{Alert: row.ID, Case: row.Case, Kind: truce.AckRead, Person: "a", Office: p.Office, Role: p.Role, Party: "A", At: released.Add(time.Minute)}
	s, err := signed(p.Person, r.tokens["a"], truce.AckTag, ack.Unsigned())
	if err != nil {
		t.Fatal(err)
	}
	ack.Signature = &s
	got, _, err := r.AcknowledgeSigned(t.Context(), ack)
	if err != nil || !got.Late || got.At != ack.At {
		t.Fatalf("%v: back-dated by its signer and in time: %+v", err, got)
	}
}
