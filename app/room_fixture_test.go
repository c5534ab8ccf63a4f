package app

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/pledge"
)

// roomOffices are one person of each office, two where two must sign, of three invented
// states.
var roomOffices = []truce.Person{
	{ID: "lead", Name: "Mechanism lead", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead},
	{ID: "watch-officer", Name: "Watch officer", Role: truce.RoleMechanism, Office: truce.OfficeWatchOfficer},
	{ID: "watch-lead", Name: "Watch lead", Role: truce.RoleMechanism, Office: truce.OfficeWatchLead},
	{ID: "analyst-1", Name: "First analyst", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst},
	{ID: "analyst-2", Name: "Second analyst", Role: truce.RoleMechanism, Office: truce.OfficeAnalyst},
	{ID: "duty-head", Name: "Duty head", Role: truce.RoleMechanism, Office: truce.OfficeDutyHead},
	{ID: "chair", Name: "Chair of the commission", Role: truce.RoleCommission, Office: truce.OfficeChair},
	{ID: "a-liaison", Name: "Liaison officer of party A", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A"},
	{ID: "b-liaison", Name: "Liaison officer of party B", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "B"},
	{ID: "ave-duty", Name: "Duty officer, Avenia", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "AVE"},
	{ID: "ave-deputy", Name: "Deputy, Avenia", Role: truce.RoleGuarantor, Office: truce.OfficeDeputy, State: "AVE"},
	{ID: "bre-duty", Name: "Duty officer, Breda", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "BRE"},
	{ID: "bre-uk", Name: "Чергова державна служба, Бреда", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "BRE", Language: "uk"},
	{ID: "cor-duty", Name: "Duty officer, Corvia", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "COR"},
	{ID: "ave-planner", Name: "Planner, Avenia", Role: truce.RoleContributor, Office: truce.OfficePlanner, State: "AVE"},
	{ID: "reader", Name: "A reader", Role: truce.RolePublic},
}

// stepClock is a clock that a test moves.
type stepClock struct {
	mu  sync.Mutex
	now time.Time // guarded by mu
}

func (c *stepClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sameBytes gives the same bytes at every run, so that a demo's tokens stay what they are.
type sameBytes struct{ n uint64 }

func (c *sameBytes) Read(p []byte) (int, error) {
	for at := 0; at < len(p); {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], c.n)
		c.n++
		sum := sha256.Sum256(append([]byte("truce room demo "), b[:]...))
		at += copy(p[at:], sum[:])
	}
	return len(p), nil
}

// roomStage is a data directory of an exercise with people, cases and promises.
type roomStage struct {
	testing.TB
	app    *App
	desk   *guarantee.Desk
	clock  *stepClock
	tokens map[truce.PersonID]guarantee.Token
	served *roomDesk

	version truce.CaseOpening // of cases that are put there as they are
}

// newRoomStage makes one with the illustrative agreement and its people, and no case.
func newRoomStage(t testing.TB, dir string) *roomStage {
	t.Helper()
	clock := &stepClock{now: time.Date(2031, 4, 2, 5, 0, 0, 0, time.UTC)}
	s := newRoomStageOn(t, dir, clock.Now)
	s.clock = clock
	return s
}

// newRoomStageOn is newRoomStage on a clock of the caller's.
func newRoomStageOn(t testing.TB, dir string, now func() time.Time) *roomStage {
	return newRoomStageIn(t, dir, "", now)
}

// newRoomStageIn is newRoomStageOn with records kept elsewhere than in the directory.
func newRoomStageIn(t testing.TB, dir, store string, now func() time.Time) *roomStage {
	t.Helper()
	files, err := agreementFiles("")
	if err != nil {
		t.Fatal(err)
	}
	s := &roomStage{TB: t, tokens: map[truce.PersonID]guarantee.Token{}}
	s.app, err = Create(t.Context(), NewDir{Dir: dir, Store: store, Mission: "Exercise mission", Realm: truce.ExerciseRealm("room"), Agreement: files, Now: now, Random: &sameBytes{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.app.Close() })
	if _, err := s.app.recordTerms(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.desk = s.app.guaranteeDesk()
	s.desk.Random = &sameBytes{n: 1 << 32}
	for _, p := range roomOffices {
		if p.Language == "" {
			p.Language = "en"
		}
		p.Contacts = []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}
		s.tokens[p.ID] = s.enrol(p)
	}
	if s.served, err = s.app.newRoomDesk("http://room.example"); err != nil {
		t.Fatal(err)
	}
	s.served.desk, s.served.views = s.desk, s.desk
	return s
}

func (s *roomStage) enrol(p truce.Person) guarantee.Token {
	s.Helper()
	token, _, err := s.desk.Enrol(s.Context(), p)
	if err != nil {
		s.Fatal(err)
	}
	return token
}

func (s *roomStage) record(kind truce.RecordKind, subject, key string, body any) {
	s.Helper()
	draft, err := truce.NewDraft(kind, subject, key, body)
	if err == nil {
		_, err = s.app.store.Append(s.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
	}
	if err != nil {
		s.Fatal(err)
	}
}

// breach records an incident that hits a rule, as it began so long ago.
func (s *roomStage) breach(n byte, area truce.AreaID, act truce.Act, ago time.Duration, severity int) truce.Incident {
	s.Helper()
	at := s.served.Now().Add(-ago)
	i := truce.Incident{ID: truce.NewID(at, "incident", "room", []byte{n}), Revision: 1, Occurrence: truce.OccurrenceDetected, P: 0.93, Area: area,
		Acts: []truce.ActWeight{{Act: act, P: 0.95}}, Time: truce.Moment(at, 0)}
	s.record(truce.RecordIncident, "incident/"+i.ID.String(), "incident/"+i.ID.String()+"/1", i)
	s.evaluate(i, severity)
	return i
}

func (s *roomStage) evaluate(i truce.Incident, severity int) {
	s.Helper()
	text, err := s.app.store.Agreement(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.record(truce.RecordEvaluation, "evaluation/"+i.ID.String(), fmt.Sprintf("evaluation/%s/%d", i.ID, i.Revision), truce.Evaluation{
		Incident: i.ID, Revision: i.Revision, Agreement: text.ID, Version: text.Version,
		Findings: []truce.Finding{{Rule: "R01", Verdict: truce.VerdictHit, P: 0.91, Unit: truce.UnitEngagement, Count: 1, Severity: severity, Trace: []string{"act: indirect_fire 0.95"}}},
	})
}

// verify lets two analysts sign and evaluates the new revision.
func (s *roomStage) verify(i truce.Incident, severity int) {
	s.Helper()
	for _, by := range []truce.PersonID{"analyst-1", "analyst-2"} {
		got, err := s.desk.Review(s.Context(), s.tokens[by], truce.Review{Incident: i.ID, Revision: i.Revision, Outcome: truce.OccurrenceVerified, Reason: "two_sources"})
		if err != nil {
			s.Fatal(err)
		}
		if got.Changed {
			s.evaluate(got.Incident, severity)
		}
	}
}

func (s *roomStage) attribute(i truce.Incident, level truce.AttributionLevel, party truce.PartyID) {
	s.Helper()
	for _, by := range []truce.PersonID{"analyst-1", "analyst-2"} {
		a := truce.Attribution{Incident: i.ID, Level: level, Party: party, P: 0.82, Basis: []string{"trajectories of two radars"}, Alternatives: []string{"accident: no store near"}}
		if _, err := s.desk.Attribute(s.Context(), s.tokens[by], a); err != nil {
			s.Fatal(err)
		}
	}
}

// after lets time pass and everything that is due happen, in steps as a loop would take.
func (s *roomStage) after(d time.Duration) {
	s.Helper()
	loop, err := s.app.newRespondLoop(realClock{s.clock.Now}, slog.New(slog.DiscardHandler))
	if err != nil {
		s.Fatal(err)
	}
	loop.desk = s.desk
	for end := s.clock.Now().Add(d); ; {
		if _, err := s.desk.Follow(s.Context()); err != nil {
			s.Fatal(err)
		}
		s.deliver(loop)
		next, err := s.app.store.NextWake(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		now := truce.InstantOf(s.clock.Now())
		if next == 0 || next > truce.InstantOf(end) || next <= now {
			s.clock.add(end.Sub(s.clock.Now()))
			break
		}
		s.clock.add(next.Sub(now))
	}
	if _, err := s.desk.Follow(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.deliver(loop)
}

// deliver serves every alert that is due once.
func (s *roomStage) deliver(loop *respondLoop) {
	s.Helper()
	due, err := (guarantee.Outbox{Desk: s.desk}).Due(s.Context(), s.served.Now())
	if err != nil {
		s.Fatal(err)
	}
	for _, box := range due {
		if _, err := loop.courier.Serve(s.Context(), box); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *roomStage) do(by truce.PersonID, number string, d truce.Deed) {
	s.Helper()
	if _, err := s.desk.Do(s.Context(), s.tokens[by], number, d); err != nil {
		s.Fatalf("%s %s in %s: %v", by, d.Kind, number, err)
	}
}

func (s *roomStage) sign(by truce.PersonID, number string, tier truce.TierID) {
	s.Helper()
	s.do(by, number, truce.Deed{Kind: truce.DeedSign, Tier: tier, Text: "as proposed"})
}

// answer acknowledges every alert of a case that waits for the person.
func (s *roomStage) answer(by truce.PersonID, kind truce.AcknowledgeKind, position truce.Position, text string) {
	s.Helper()
	row, err := s.app.store.Person(s.Context(), by)
	if err != nil {
		s.Fatal(err)
	}
	p := row.Person
	rows, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{Role: p.Role, State: p.State, Party: p.Party, Unanswered: true, Released: s.served.Now()})
	if err != nil {
		s.Fatal(err)
	}
	for _, a := range rows {
		if _, _, err := s.desk.Acknowledge(s.Context(), s.tokens[by], a.ID, kind, position, text); err != nil {
			s.Fatal(err)
		}
	}
}

// pledges enters the account of the exercise's invented states.
func (s *roomStage) pledges() {
	s.Helper()
	dir := filepath.Join("..", "examples", "pledges", "exercise")
	lead, err := s.app.store.Person(s.Context(), "lead")
	if err != nil {
		s.Fatal(err)
	}
	open := func(name string) io.Reader {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			s.Fatal(err)
		}
		s.Cleanup(func() { _ = f.Close() })
		return f
	}
	commitments, _, err := pledge.ReadCommitments(open("commitments.yaml"))
	if err == nil {
		_, err = s.desk.EnterCommitments(s.Context(), lead.Person, commitments)
	}
	if err != nil {
		s.Fatal(err)
	}
	needs, _, err := pledge.ReadRequirements(open("requirements.yaml"))
	if err == nil {
		_, err = s.desk.EnterRequirements(s.Context(), lead.Person, needs)
	}
	if err != nil {
		s.Fatal(err)
	}
	supplies, _, err := pledge.ReadContributions(open("contributions.csv"))
	if err == nil {
		_, err = s.desk.EnterContributions(s.Context(), lead.Person, supplies)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// play is the story of the demo: a serious breach that goes up to T2 with a consultation
// in session, a second case on the hotline, and a third that was proposed just now.
func (s *roomStage) play() {
	s.Helper()
	s.pledges()
	first := s.breach(1, "centre", truce.ActIndirectFire, 25*time.Minute, 3)
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-1", "L0")
	s.after(2 * time.Minute)
	s.sign("watch-lead", "C-2031-1", "L1")
	s.after(4 * time.Minute)
	s.answer("a-liaison", truce.AckRead, "", "")
	s.do("a-liaison", "C-2031-1", truce.Deed{Kind: truce.DeedMeet, Clock: "receipt", For: "A"})
	s.sign("analyst-1", "C-2031-1", "L2")
	s.after(50 * time.Minute)
	s.verify(first, 3)
	s.after(10 * time.Minute)
	s.sign("lead", "C-2031-1", "T1")
	s.sign("chair", "C-2031-1", "T1")
	s.after(20 * time.Minute)
	s.answer("ave-duty", truce.AckReceived, "", "")
	s.answer("cor-duty", truce.AckRead, "", "")
	s.after(10 * time.Hour)
	second := s.breach(2, "centre", truce.ActMissileStrike, 40*time.Minute, 3)
	s.after(30 * time.Minute)
	s.verify(second, 3)
	s.attribute(second, truce.AttributionReasonable, "B")
	s.do("chair", "C-2031-1", truce.Deed{Kind: truce.DeedMeet, Clock: "warning", Text: "warning handed over to both parties' missions"})
	s.after(13 * time.Hour)
	third := s.breach(3, "centre", truce.ActIndirectFire, time.Hour, 3)
	s.after(10 * time.Minute)
	s.verify(third, 3)
	s.after(10 * time.Minute)
	s.sign("chair", "C-2031-1", "T2")
	s.sign("lead", "C-2031-1", "T2")
	s.after(15 * time.Minute)
	s.answer("ave-duty", truce.AckPosition, truce.PositionAgree, "we take part")
	s.do("duty-head", "C-2031-1", truce.Deed{Kind: truce.DeedCall, Text: "three verified strikes within a day"})
	for _, by := range []truce.PersonID{"ave-duty", "cor-duty"} {
		s.do(by, "C-2031-1", truce.Deed{Kind: truce.DeedJoin})
	}
	for _, option := range []string{"joint warning", "sanctions package"} {
		s.do("ave-duty", "C-2031-1", truce.Deed{Kind: truce.DeedPropose, Option: option})
	}
	s.do("ave-duty", "C-2031-1", truce.Deed{Kind: truce.DeedVote, Option: "joint warning"})
	s.do("cor-duty", "C-2031-1", truce.Deed{Kind: truce.DeedVote, Option: "sanctions package", Text: "a warning is not enough by now"})
	s.second()
}

// second plays the cases beside the first.
func (s *roomStage) second() {
	s.Helper()
	s.breach(4, "north", truce.ActSniper, 30*time.Minute, 1)
	s.after(time.Minute)
	s.sign("watch-officer", "C-2031-2", "L0")
	s.sign("watch-lead", "C-2031-2", "L1")
	s.after(6 * time.Minute)
	s.breach(5, "south", truce.ActMissileStrike, 10*time.Minute, 3)
	s.after(3 * time.Minute)
}

// TestRoomDemo writes the demo to the directory of TRUCE_ROOM_DEMO, with the tokens beside
// it, so that the running program can be looked at (scripts/picture does).
func TestRoomDemo(t *testing.T) {
	dir := os.Getenv("TRUCE_ROOM_DEMO")
	keep := dir != ""
	if !keep {
		dir = filepath.Join(t.TempDir(), "room")
	}
	s := newRoomStage(t, dir)
	s.play()
	row, err := s.app.store.Case(t.Context(), "C-2031-1")
	if err != nil || row.Summary.Tier != "T2" || !row.Summary.Consulting {
		t.Fatalf("%v: the first case stands at %+v", err, row.Summary)
	}
	if page, err := s.app.store.Cases(context.Background(), truce.CaseQuery{State: truce.CaseOpen}); err != nil || page.Total != 3 {
		t.Fatalf("%v: %d open cases, want 3", err, page.Total)
	}
	if !keep {
		return
	}
	for id, token := range s.tokens {
		if err := os.WriteFile(filepath.Join(dir, "token-"+string(id)), []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
