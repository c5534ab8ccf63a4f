package story_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/sense/story"
)

// campaign is 5,000 texts of 200 accounts that push one story: a few versions of it, each
// text with its own opening, hashtags, a sentence less or a word changed. Every second
// account passes for a witness, the others for media.
func campaign() (reports []truce.Observation, families map[truce.SourceID]truce.Family) {
	r := rand.New(rand.NewPCG(17, 0))
	core := []string{
		"Eyewitnesses say that a column of heavy guns left the depot at Torfhaven before dawn on Saturday.",
		"Shells then fell on the school and the market while children were on their way to class.",
		"The guns belong to the brigade that had promised to pull them back beyond the river by March.",
		"Doctors counted nineteen wounded and ran out of bandages before ambulances arrived from Lowmere.",
		"Nobody from the monitoring mission was allowed to reach the place for six hours after that.",
	}
	openings := []string{"BREAKING!", "Share this before it is deleted:", "My cousin was there.", "Why is nobody talking about this?", "They will not show you this on television.", ""}
	families = map[truce.SourceID]truce.Family{}
	for i := range 5000 {
		account := truce.SourceID(fmt.Sprintf("account-%03d", r.IntN(200)))
		families[account] = truce.FamilyMedia
		if strings.HasSuffix(string(account), "1") || strings.HasSuffix(string(account), "7") {
			families[account] = truce.FamilyCivilian
		}
		var told []string
		leftOut := r.IntN(2 * len(core))
		for n, sentence := range core {
			if n != leftOut {
				told = append(told, sentence)
			}
		}
		text := strings.Join(told, " ")
		if r.IntN(3) == 0 {
			text = strings.Replace(text, "nineteen", "twenty", 1)
		}
		text = fmt.Sprintf("%s %s #truce%d", openings[r.IntN(len(openings))], text, r.IntN(9))
		o := report(fmt.Sprint(i), 0, truce.Report{Publisher: string(account), Text: text, Claims: claims(truce.ActIndirectFire)})
		o.Source = account
		o.Phenomenon.From = april11.Add(time.Duration(i) * 7 * time.Second)
		reports = append(reports, o)
	}
	return reports, families
}

// corroborated says whether two events are told by different families that do not depend on
// one another: what the machine asks for before it calls a happening corroborated.
func corroborated(events []truce.Event) bool {
	for _, e := range events[1:] {
		a, b := events[0].Support[0], e.Support[0]
		if a.Family != b.Family && (a.Group == "" || a.Group != b.Group) {
			return true
		}
	}
	return false
}

// TestFalseReportCampaignR17: thousands of texts come out as a handful of stories, and
// however many accounts of however many kinds repeat them, they are one voice: the machine
// corroborates nothing. The negative control counts accounts as independent.
func TestFalseReportCampaignR17(t *testing.T) {
	reports, families := campaign()
	x := story.New(story.Config{})
	for _, a := range story.Articles(reports, story.Config{}) {
		x.Add(a)
	}
	voices := 0
	for _, id := range x.All() {
		voices += x.Voices(id)
	}
	if n := len(x.All()); n > 3 || voices != n {
		t.Errorf("%d stories of %d voices, want at most 3, each of one voice", n, voices)
	}
	events, _ := story.Events(reports, story.Config{Families: families})
	if len(events) != len(reports) || corroborated(events) {
		t.Errorf("%d events, corroborated %v; want %d and not", len(events), corroborated(events), len(reports))
	}
	for _, g := range fuse.Join(events, fuse.Config{}) {
		if g.Occurrence != truce.OccurrenceReported {
			t.Fatalf("fusion calls a happening %s", g.Occurrence)
		}
	}
	for i := range events {
		events[i].Support[0].Group = "" // the control
	}
	if !corroborated(events) {
		t.Error("with accounts counted as independent nothing was corroborated: the test shows nothing")
	}
}
