package claim_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/sense/story/claim"
)

// shared is the folder of shared data, or skips the test.
func shared(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	for dir := "."; root == "" && len(dir) < 40; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "data")
		}
	}
	path := filepath.Join(root, folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no shared data: %v (set TRUCE_SHARED)", err)
	}
	return path
}

var listed = regexp.MustCompile(`(?s)<a href="([^"]+)"[^>]*>(.*?)</a>&nbsp;&nbsp;<font[^>]*>(.*?)</font>`)

// newsPosts is the articles of the shared posts: one for each link, and the plain texts.
func newsPosts(t *testing.T) []truce.Article {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared(t, "news-posts"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var out []truce.Article
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		day, err := time.Parse("2006-01-02", filepath.Base(file)[:10])
		if err != nil {
			t.Fatal(err)
		}
		at := truce.PhenomenonTime{From: truce.InstantOf(day), To: truce.InstantOf(day.Add(24 * time.Hour))}
		for _, m := range listed.FindAllStringSubmatch(string(raw), -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				out = append(out, truce.Article{Headline: html.UnescapeString(m[2]), Publisher: html.UnescapeString(m[3]), URL: m[1], Published: at})
			}
		}
		if strings.HasSuffix(file, ".txt") {
			a := article.Split(string(raw), "")
			out = append(out, truce.Article{Headline: a.Headline, Text: a.Text, Publisher: a.Publisher, Published: at})
		}
	}
	return out
}

// wantRows is what the shared posts hold: actor, subject, and of each statement the kind
// and the beginning of the hash of its sentence. The texts are their publishers'.
const wantRows = `
group:allies ceasefire position b024666d
person:putin ceasefire objection 284b6ef8
person:trump ceasefire position 509511a6
person:trump ceasefire position 9486b61f
person:trump ceasefire position f4cfa014
state:UA ceasefire position b024666d
state:US document position a43bd551
group:allies monitoring commitment ad935db0
state:US monitoring commitment a4b0fd35
document multinational_force document_change a43bd551
group:coalition multinational_force commitment fb48eb02
group:allies security_guarantees commitment 7ea80cad
group:allies security_guarantees position 7a1b8d2d
person:trump security_guarantees position 08bb7cdc
person:zelensky security_guarantees commitment bc92ded3
person:zelensky security_guarantees position c464ccc6
state:FR security_guarantees commitment a4b0fd35
state:GB security_guarantees commitment a4b0fd35
state:UA security_guarantees position f3ae3656
state:US security_guarantees position 351a9819
state:US security_guarantees position 93d16ef5
state:US security_guarantees commitment 87e4a332
state:US security_guarantees position 5c51268f
state:FR troops commitment 7b2b9cb0
state:FR troops commitment 9915b5f4
state:GB troops commitment 7b2b9cb0
state:GB troops commitment 9915b5f4
state:RU troops objection 14a41935
state:US troops exclusion 0675a282
`

func TestSharedNewsPosts(t *testing.T) {
	var list []claim.Sourced
	for _, a := range newsPosts(t) {
		list = append(list, claim.Of(a, checkRead(t, a, config(t)))...)
	}
	rows := claim.Promises(list)
	if len(rows) < 12 {
		t.Errorf("%d rows, want at least 12", len(rows))
	}
	var got []string
	for _, r := range rows {
		for _, s := range r.Statements {
			sum := sha256.Sum256([]byte(s.Sentence))
			got = append(got, fmt.Sprintf("%s %s %s %s", r.Actor, r.Subject, s.Kind, hex.EncodeToString(sum[:4])))
		}
	}
	if want := strings.Split(strings.TrimSpace(wantRows), "\n"); !slices.Equal(got, want) {
		t.Errorf("statements:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, r := range rows {
		if r.Actor == "state:FR" && r.Subject == "troops" && (r.Condition == "" || len(r.Contradictions) == 0) {
			t.Errorf("France's troops stand without condition or without Russia's refusal: %+v", r)
		}
		if r.Actor == "person:trump" && r.Subject == "ceasefire" && (len(r.Changes) != 1 || !r.Changes[0].Stated || r.Contradictions[0].Reason != "same_actor") {
			t.Errorf("on a ceasefire the changes are %+v and the contradictions %+v, want a stated one and a contradiction by himself", r.Changes, r.Contradictions)
		}
		if r.Actor == "person:zelensky" && r.Subject == "security_guarantees" && (r.Firmness != truce.FirmTextReady || r.Endorsed) {
			t.Errorf("the text that is ready is %q, endorsed %v", r.Firmness, r.Endorsed)
		}
	}
}

// TestSharedMissionReports holds the arithmetic of four daily reports: the violations of
// the day and of the day before, by region.
func TestSharedMissionReports(t *testing.T) {
	folder := shared(t, "osce")
	for number, want := range map[string]string{
		"215": "1 Donetsk region, 50 Luhansk region",
		"216": "1 Donetsk region",
		"217": "5 Donetsk region",
		"218": "7 Donetsk region, 1 Luhansk region, 5 Donetsk region",
	} {
		raw, err := os.ReadFile(filepath.Join(folder, "smm_daily_"+number+"_2020.txt"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range checkRead(t, truce.Article{Text: string(raw), Published: published}, config(t)) {
			if c.Unit == truce.UnitSignature {
				got = append(got, fmt.Sprintf("%d %s", c.Count, c.PlaceName))
			}
		}
		if line := strings.Join(got, ", "); line != want {
			t.Errorf("report %s: %s, want %s", number, line, want)
		}
	}
}
