package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
)

// campaignAccounts is how many accounts push the story of R17.
const campaignAccounts = 200

// campaignTable is n texts of 200 accounts that tell one story, each with its own opening, a
// sentence less, a word changed or another tag; nobody states a claim as a field.
func campaignTable(n int) string {
	r := rand.New(rand.NewPCG(17, 17))
	core := []string{
		"Shells then fell on the school and the market while children were on their way to class.",
		"The guns belong to the brigade that had promised to pull them back beyond the river by March.",
		"Doctors counted nineteen wounded and ran out of bandages before ambulances arrived.",
		"Nobody from the monitoring mission was allowed to reach the place for six hours after that.",
	}
	openings := []string{"BREAKING!", "Share this before it is deleted.", "My cousin was there.", "Why is nobody talking about this?", "They will not show you this on television.", ""}
	var b strings.Builder
	b.WriteString("id,time,source,publisher,text\n")
	start := time.Date(2031, 3, 11, 9, 0, 0, 0, time.UTC)
	for i := range n {
		account := fmt.Sprintf("account-%03d", r.IntN(campaignAccounts))
		told := []string{openings[r.IntN(len(openings))], "On Tuesday artillery shelled Kelvost from the hills behind the town before dawn."}
		leftOut := r.IntN(2 * len(core))
		for k, sentence := range core {
			if k != leftOut {
				told = append(told, sentence)
			}
		}
		text := strings.TrimSpace(strings.Join(told, " "))
		if r.IntN(3) == 0 {
			text = strings.Replace(text, "nineteen", "twenty", 1)
		}
		fmt.Fprintf(&b, "t%d,%s,%s,%s,\"%s #truce%d\"\n", i, start.Add(time.Duration(i)*7*time.Second).Format(time.RFC3339), account, account, text, r.IntN(9))
	}
	return b.String()
}

// campaignSettings declares the accounts, every tenth of them civilian, the others media.
func campaignSettings() string {
	var b strings.Builder
	b.WriteString("\nsources:\n")
	for i := range campaignAccounts {
		family := truce.FamilyMedia
		if i%10 == 0 {
			family = truce.FamilyCivilian
		}
		fmt.Fprintf(&b, "  - {id: account-%03d, family: %s}\n", i, family)
	}
	return b.String()
}

// opened opens the data directory until the test ends.
func (p program) opened(t *testing.T) *App {
	t.Helper()
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// TestFalseReportCampaignFromTextToQueueR17: thousands of texts that tell one story come
// through the door as texts, are read, and end as a handful of incidents in the queue, none of
// which the machine calls corroborated. The negative control counts accounts as independent.
func TestFalseReportCampaignFromTextToQueueR17(t *testing.T) {
	n := 5000
	if testing.Short() {
		n = 600
	}
	p := newProgram(t)
	p.settings(t, sampleConfig+campaignSettings())
	p.good(t, "import", "--format", "csv", p.write(t, "campaign.csv", campaignTable(n)))
	p.good(t, "assess")
	again := p.good(t, "assess")
	mustHold(t, again, "0 new or changed")
	a := p.opened(t)
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil || len(page.Rows) < 1 || len(page.Rows) > 3 {
		t.Fatalf("%d incidents in the queue, %v; want 1 to 3", len(page.Rows), err)
	}
	for _, row := range page.Rows {
		if row.Incident.Occurrence != truce.OccurrenceReported {
			t.Errorf("the machine calls incident %s %s", row.Incident.ID, row.Incident.Occurrence)
		}
	}
	in, err := a.gather(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	terms, err := a.readTerms()
	if err != nil {
		t.Fatal(err)
	}
	made, err := a.deriveEvents(in, terms)
	if err != nil || len(made.events) < n {
		t.Fatalf("%d events of %d texts, %v", len(made.events), n, err)
	}
	holdIndependence(t, made.events)
}

// holdIndependence holds that copies corroborate nothing though each account passed for a
// witness, and that they would if each were one.
func holdIndependence(t *testing.T, events []truce.Event) {
	t.Helper()
	witnesses := []truce.Family{truce.FamilyPatrol, truce.FamilyCamera, truce.FamilyDrone}
	for i := range events {
		events[i].Support = slices.Clone(events[i].Support)
		events[i].Support[0].Family = witnesses[i%len(witnesses)]
		events[i].Origin = truce.Moment(events[i].Origin.From, time.Minute) // as who stood there would say it
		events[i].Position = &geo.Position{Point: events[i].Position.Point, Error: geo.Isotropic(100)}
	}
	if corroboratedOf(events) {
		t.Error("copies that pass for patrols and cameras corroborate each other")
	}
	few := events[:len(witnesses)]
	for i := range few {
		few[i].Support[0].Group = "" // the control: a few accounts, each a witness of its own
	}
	if !corroboratedOf(few) {
		t.Error("with accounts counted as independent nothing was corroborated: the test shows nothing")
	}
}

func corroboratedOf(events []truce.Event) bool {
	return slices.ContainsFunc(fuse.Join(events, fuse.Config{}), func(g fuse.Group) bool { return g.Occurrence == truce.OccurrenceCorroborated })
}
