package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

// enrolled adds two founders and analysts, and a liaison of A; the files of their tokens.
func (p program) enrolled(t *testing.T) map[string]string {
	t.Helper()
	told := regexp.MustCompile(`your code: (\S+)`)
	tokens := map[string]string{"lead": p.write(t, "lead.txt", p.good(t, "person", "add", "lead", "--office", "mechanism_lead"))}
	for _, who := range [][]string{{"chair", "chair"}, {"an-1", "analyst"}, {"an-2", "analyst"}, {"a", "liaison", "--party", "A", "--email", "a@party.example"}} {
		link := p.write(t, "link", p.good(t, append([]string{"person", "add", who[0], "--token-file", tokens["lead"], "--office", who[1]}, who[2:]...)...))
		r := p.run("person", "accept", "--token-file", link)
		if r.code != 0 {
			t.Fatal(r.err)
		}
		tokens[who[0]] = p.write(t, who[0]+".txt", r.out)
		if code := told.FindStringSubmatch(r.err); code != nil {
			p.good(t, "person", "confirm", who[0], code[1], "--token-file", tokens["chair"])
		}
	}
	return tokens
}

// surestShots picks two shots whose ends are surely of one shot, some time apart.
func surestShots(t *testing.T, list []reviewShot) (shot, other reviewShot) {
	t.Helper()
	for _, r := range list {
		switch {
		case r.Launch == nil || r.Probability < .98 || r.FiredP < .98:
		case shot.ID == "":
			shot = r
		case r.Time.Sub(shot.Time) > 10*time.Minute:
			return shot, r
		}
	}
	t.Fatal("no two shots are sure")
	return shot, other
}

// drawBetween draws the line of contact across the way of a shot, half way.
func (p program) drawBetween(t *testing.T, r reviewShot) {
	t.Helper()
	lat, lon := (r.Launch.Lat+r.Target.Lat)/2, (r.Launch.Lon+r.Target.Lon)/2
	north, east := r.Target.Lat-r.Launch.Lat, r.Target.Lon-r.Launch.Lon
	scale := .3 / math.Hypot(north, east) // some 30 km to each side
	squeeze := math.Cos(lat * math.Pi / 180)
	point := func(way float64) string {
		return fmt.Sprintf("[%.5f,%.5f]", lon+way*scale*north/squeeze, lat-way*scale*east*squeeze)
	}
	text := `{"type":"FeatureCollection","features":[{"type":"Feature","id":"LINE-CONTACT","properties":{},"geometry":{"type":"LineString","coordinates":[` + point(1) + "," + point(-1) + "]}}]}"
	if err := os.WriteFile(filepath.Join(p.dir, "agreement", "lines", "contact.geojson"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// findingR01 is what rule R01 says of an incident now.
func (p program) findingR01(t *testing.T, number string) truce.Finding {
	t.Helper()
	a := p.openApp(t)
	defer a.Close()
	row, err := a.store.Incident(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range row.Evaluation.Findings {
		if f.Rule == "R01" {
			return f
		}
	}
	t.Fatalf("incident %s was not held against R01", number)
	return truce.Finding{}
}

// reportsOf are reports of two families of a shot's impact.
func reportsOf(shots ...reviewShot) string {
	text := "time,time_sigma_s,lat,lon,sigma_m,family,act,text\n"
	for _, s := range shots {
		text += fmt.Sprintf("%s,5,%.5f,%.5f,150,acoustic,indirect_fire,a blast\n%s,5,%.5f,%.5f,200,patrol,indirect_fire,a crater\n", s.Time, s.Target.Lat, s.Target.Lon, s.Time.Add(time.Second), s.Target.Lat, s.Target.Lon)
	}
	return text
}

// signing is a mission with a day of duels and one verified incident, of which one shot is
// the impact.
type signing struct {
	program
	tokens      map[string]string
	shot, other reviewShot
	sign        func(by, incident, engagement string) []string
}

func newSigning(t *testing.T) signing {
	t.Helper()
	folder, _ := duelFiles(t, sim.DuelConfig{Seed: 5, Fires: 4, Sensors: 150, Amplitudes: true})
	s := signing{program: newProgram(t)}
	text, err := os.ReadFile(filepath.Join(s.dir, "agreement", "agreement.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	band := "      within_m: {line: LINE-CONTACT, m: 25000}\n" // without it the origin decides
	if !bytes.Contains(text, []byte(band)) {
		t.Fatal("the agreement has another R01")
	}
	s.terms(t, strings.Replace(string(text), band, "", 1))
	s.tokens = s.enrolled(t)
	files := []string{"--sensors", filepath.Join(folder, sim.SensorsFile), "--arrivals", filepath.Join(folder, sim.ArrivalsFile), "--pascals"}
	listed := func() (list reviewList) {
		if err := json.Unmarshal([]byte(s.good(t, append([]string{"engagements", "--json"}, files...)...)), &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	shot, _ := surestShots(t, listed().Engagements)
	s.drawBetween(t, shot)
	s.shot, s.other = surestShots(t, listed().Engagements)
	s.sign = func(by, incident, engagement string) []string {
		return append([]string{"engagements", "sign", incident, engagement, "--token-file", s.tokens[by]}, files...)
	}
	s.good(t, "import", "--format", "csv", s.write(t, "reports.csv", reportsOf(s.shot, s.other)))
	s.good(t, "assess")
	return s
}

// TestAnEngagementBecomesTheOriginByTwoSignatures: the whole way of the commands. One
// signature changes nothing, two alike do, one taken back undoes it; nothing does so by
// itself.
func TestAnEngagementBecomesTheOriginByTwoSignatures(t *testing.T) {
	s := newSigning(t)
	before := s.findingR01(t, "2031-1")
	if before.Verdict != truce.VerdictIndeterminate || before.OriginSide != nil {
		t.Fatalf("before anybody signed: %s, origin %v", before.Verdict, before.OriginSide)
	}
	mustHold(t, s.bad(t, s.sign("an-1", "2031-1", s.shot.ID)...), "only a verified one has an origin to sign")
	for _, by := range []string{"an-1", "an-2"} {
		s.good(t, "review", "2031-1", "verify", "--reason", "two_sources", "--token-file", s.tokens[by])
	}
	mustHold(t, s.bad(t, s.sign("a", "2031-1", s.shot.ID)...), "a")
	mustHold(t, s.bad(t, s.sign("an-1", "2031-1", s.other.ID)...), "neither end of engagement "+s.other.ID+" fits incident 2031-1")
	mustHold(t, s.bad(t, s.sign("an-1", "2031-1", "00000000000000000000000001")...), "what was read holds no engagement")

	mustHold(t, s.good(t, s.sign("an-1", "2031-1", s.shot.ID)...), "1 of 2 signatures on its origin")
	mustHold(t, s.good(t, s.sign("an-1", "2031-1", s.shot.ID)...), "1 of 2 signatures on its origin") // again is not another person
	s.good(t, "assess")
	if f := s.findingR01(t, "2031-1"); f.Verdict != truce.VerdictIndeterminate || f.OriginSide != nil {
		t.Errorf("one signature made it %s, origin %v", f.Verdict, f.OriginSide)
	}
	mustHold(t, s.good(t, s.sign("an-2", "2031-1", s.shot.ID)...), "fired from the side of", "engagement "+s.shot.ID+", whose impact the incident is, as an-1 and an-2 signed")
	f := s.findingR01(t, "2031-1")
	sides, p := s.shot.sidesOf(truce.ShotImpact), truce.Probability(0)
	for _, side := range f.OriginSide {
		for _, want := range sides {
			if side.Party == want.Party {
				if p = max(p, want.P); side.P != want.P {
					t.Errorf("side %v, signed was %v", side, want)
				}
			}
		}
	}
	if f.Verdict != truce.VerdictHit || f.P > p || f.P < p*.8 || !strings.Contains(strings.Join(f.Trace, "\n"), "by engagement "+s.shot.ID) {
		t.Errorf("%s with p %v, origin %v of %v\n%s", f.Verdict, f.P, f.OriginSide, sides, strings.Join(f.Trace, "\n"))
	}
	if f := s.findingR01(t, "2031-2"); f.OriginSide != nil {
		t.Error("the other shot's incident has an origin that nobody signed")
	}
	s.noPlaceOnRecord(t)
	mustHold(t, s.incidentPage(t, "2031-1"), "<dt>Side of origin</dt>", "of the impact of engagement <span class=\"mono\">"+s.shot.ID, "signed by an-1 and an-2; it names nobody")
	if strings.Contains(s.incidentPage(t, "2031-2"), "Side of origin") {
		t.Error("the page of the other incident tells of a side of origin")
	}

	mustHold(t, s.good(t, "engagements", "withdraw", "2031-1", "--note", "another gun", "--token-file", s.tokens["an-1"]), "1 of 2 signatures")
	mustHold(t, s.incidentPage(t, "2031-1"), "not settled<br><span class=\"soft\">1 of 2 signatures alike")
	after := s.findingR01(t, "2031-1")
	if after.Verdict != before.Verdict || after.OriginSide != nil || after.P != before.P {
		t.Errorf("taken back: %s with %v, origin %v", after.Verdict, after.P, after.OriginSide)
	}
	mustHold(t, s.bad(t, "engagements", "withdraw", "2031-1", "--token-file", s.tokens["an-1"]), "has no step on incident 2031-1 to withdraw")
	mustHold(t, s.good(t, "engagements", "signed", "2031-1", "--format", "csv"), "an-1,signed,"+s.shot.ID+",impact,", "an-2,signed,", "an-1,withdrew,,,,another gun")
	mustHold(t, s.good(t, "engagements", "signed", "2031-2"), "Nobody signed anything")
	s.good(t, "rebuild")
	mustHold(t, s.good(t, "verify-store"), "no damage found")
}

// incidentPage is the desk's page of an incident.
func (s signing) incidentPage(t *testing.T, number string) string {
	t.Helper()
	a := s.openApp(t)
	defer a.Close()
	pages, err := a.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return get(pages, "/incidents/"+number).body
}

// noPlaceOnRecord: what was signed and what findings rest on holds no launch area.
func (s signing) noPlaceOnRecord(t *testing.T) {
	t.Helper()
	a := s.openApp(t)
	defer a.Close()
	records, err := a.store.Records(t.Context(), 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	place, signed := fmt.Sprintf("%.3f", s.shot.Launch.Lat), 0
	for _, r := range records {
		if r.Kind == truce.RecordOriginView {
			signed++
		}
		if r.Kind != truce.RecordAgreement && bytes.Contains(r.Body, []byte(place)) {
			t.Errorf("record %d, %s, holds the launch's latitude %s: %.300s", r.Seq, r.Kind, place, r.Body)
		}
	}
	if signed != 3 {
		t.Errorf("%d steps on record, want the 3 that were signed", signed)
	}
}

// TestAnOriginEndsWithItsIncident: it holds while the incident is verified, and no engagement
// that may not be shown yet can be signed.
func TestAnOriginEndsWithItsIncident(t *testing.T) {
	s := newSigning(t)
	for _, by := range []string{"an-1", "an-2"} {
		s.good(t, "review", "2031-1", "verify", "--reason", "two_sources", "--token-file", s.tokens[by])
	}
	s.heldBack(t, "480h")
	mustHold(t, s.bad(t, s.sign("an-1", "2031-1", s.shot.ID)...), "what was read holds no engagement "+s.shot.ID+" that may be shown (no sooner than 20 days: clause 8.1")
	s.heldBack(t, "48h")
	for _, by := range []string{"an-1", "an-2"} {
		s.good(t, s.sign(by, "2031-1", s.shot.ID)...)
	}
	if f := s.findingR01(t, "2031-1"); f.OriginSide == nil {
		t.Fatal("two signatures gave no origin")
	}
	s.good(t, "review", "2031-1", "withdraw", "--token-file", s.tokens["an-2"])
	if f := s.findingR01(t, "2031-1"); f.OriginSide != nil {
		t.Error("the incident is verified no longer and still has an origin that was signed")
	}
}

// chances are the bare numbers of shares.
func chances(list []truce.SideShare) (out []float64) {
	for _, s := range list {
		out = append(out, float64(s.P))
	}
	return out
}

// TestTheSidesOfAnEnd: of the impact only as far as the pair is one shot, and never more than
// 1 in all.
func TestTheSidesOfAnEnd(t *testing.T) {
	shot := reviewShot{Probability: .6, FiredP: .9, Sides: []truce.SideShare{{Party: "A", P: .8}, {Party: "B", P: .1}}}
	if got := fmt.Sprintf("%v %v", chances(shot.sidesOf(truce.ShotImpact)), chances(shot.sidesOf(truce.ShotMuzzle))); got != "[0.533 0.066] [0.8 0.1]" {
		t.Error(got)
	}
	incident := truce.Incident{Number: "1", Time: truce.Moment(1e15, time.Second), Position: &geo.Position{Point: geo.Point{Lat: 10, Lon: 10}, Error: geo.Isotropic(100)}}
	at := func(lat, m float64) reviewPlace { return reviewPlace{Lat: lat, Lon: 10, Major: m} }
	for name, c := range map[string]struct {
		shot reviewShot
		want truce.ShotEnd
	}{
		"the impact":                      {reviewShot{Time: 1e15, Target: at(10, 50)}, truce.ShotImpact},
		"the muzzle":                      {reviewShot{Time: 1e15 + 40e6, Target: at(11, 50), Fired: 1e15, Launch: &reviewPlace{Lat: 10, Lon: 10}}, truce.ShotMuzzle},
		"a place too far":                 {reviewShot{Time: 1e15, Target: at(10.02, 50)}, ""},
		"as far, and not known so well":   {reviewShot{Time: 1e15, Target: at(10.02, 900)}, truce.ShotImpact},
		"too late":                        {reviewShot{Time: 1e15 + 70e6, Target: at(10, 50)}, ""},
		"a sector alone and not the same": {reviewShot{Time: 1e15 + 70e6, Target: at(10, 50), Sector: &reviewSector{}}, ""},
	} {
		got, err := c.shot.endOf(incident)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	incident.Position = nil
	if _, err := (&reviewShot{}).endOf(incident); err == nil || !strings.Contains(err.Error(), "has no place") {
		t.Errorf("%v", err)
	}
}
