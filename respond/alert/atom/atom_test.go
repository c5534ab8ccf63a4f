package atom_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/atom"
)

var noon = truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC))

func made(n int, to ...alert.Group) truce.Alert {
	a := truce.Alert{
		ID: truce.NewID(noon, "alert", "x", fmt.Append(nil, n)), Kind: truce.AlertNew, Tier: "T1", Release: noon.Add(time.Duration(n) * time.Minute),
		Realm: truce.RealmReal, Headline: truce.Names{"en": fmt.Sprintf("Alert <%d> & more", n), "uk": fmt.Sprintf("Сповіщення %d", n)},
		Text: truce.Names{"en": "Text\x01 of it", "uk": "Текст"},
	}
	for _, g := range to {
		a.To = append(a.To, truce.AlertRecipient{Person: "p", Role: g.Role, State: g.State, Party: g.Party})
	}
	return a
}

func config() atom.Config {
	return atom.Config{
		Title: truce.Names{"en": "Alerts", "uk": "Сповіщення"}, Author: "The mechanism", Self: "https://desk.example.org/alerts.atom",
		Base: "https://desk.example.org", Language: "en", For: fa,
	}
}

var (
	fa     = alert.Group{Role: truce.RoleGuarantor, State: "FA"}
	ne     = alert.Group{Role: truce.RoleGuarantor, State: "NE"}
	partyA = alert.Group{Role: truce.RoleParty, Party: "A"}
)

// feed is what a reader sees.
type feed struct {
	XMLName xml.Name
	Lang    string `xml:"lang,attr"`
	ID      string `xml:"id"`
	Updated string `xml:"updated"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Content string `xml:"content"`
		Link    []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func read(t *testing.T, c atom.Config, now truce.Instant, alerts ...truce.Alert) feed {
	t.Helper()
	text, err := atom.Write(c, alerts, now)
	if err != nil {
		t.Fatal(err)
	}
	var out feed
	if err := xml.Unmarshal(text, &out); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

func TestAFeedShowsWhatItsGroupWasToldAndNothingEarly(t *testing.T) {
	update := made(4, fa, partyA)
	update.Kind, update.References = truce.AlertUpdate, []truce.AlertID{made(1).ID}
	got := read(t, config(), noon.Add(4*time.Minute), made(1, fa), made(2, ne), made(3, partyA), update, made(5, fa))
	if got.XMLName.Space != "http://www.w3.org/2005/Atom" || got.Lang != "en" || got.Updated != "2026-04-12T12:04:00Z" || got.ID == "" {
		t.Errorf("feed %+v", got)
	}
	if len(got.Entries) != 2 || got.Entries[0].ID != atom.URN(update.ID) || got.Entries[1].ID != atom.URN(made(1).ID) {
		t.Fatalf("entries %+v", got.Entries)
	}
	if e := got.Entries[1]; e.Title != "Alert <1> & more" || !strings.HasPrefix(strings.TrimSpace(e.Content), "Text of it") || e.Link[0].Href != "https://desk.example.org/alert/"+made(1).ID.String() {
		t.Errorf("entry %+v", e)
	}
	if e := got.Entries[0]; len(e.Link) != 2 || e.Link[1].Rel != "related" || e.Link[1].Href != atom.URN(made(1).ID) {
		t.Errorf("an update does not lead to what it replaces: %+v", e.Link)
	}
	all := config()
	all.All, all.Language = true, "uk"
	if got := read(t, all, noon.Add(time.Hour), made(1, fa), made(2, ne), made(3, partyA)); len(got.Entries) != 2 || got.Entries[0].Title != "Сповіщення 2" {
		t.Errorf("all of the role: %+v", got.Entries)
	}
}

func TestTheSameAlertsAreTheSameBytes(t *testing.T) {
	alerts := []truce.Alert{made(1, fa), made(3, fa), made(2, fa)}
	one, err := atom.Write(config(), alerts, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(alerts)
	two, err := atom.Write(config(), alerts, noon.Add(time.Hour))
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("differ: %v", err)
	}
}

func TestAFeedIsBounded(t *testing.T) {
	var alerts []truce.Alert
	for n := range atom.MaxEntries + 3 {
		alerts = append(alerts, made(n, fa))
	}
	got := read(t, config(), noon.Add(1000*time.Hour), alerts...)
	if len(got.Entries) != atom.MaxEntries || got.Entries[0].Title != fmt.Sprintf("Alert <%d> & more", atom.MaxEntries+2) {
		t.Errorf("%d entries, first %q", len(got.Entries), got.Entries[0].Title)
	}
}

func TestAnEmptyFeedIsAFeed(t *testing.T) {
	if got := read(t, config(), noon); len(got.Entries) != 0 || got.Updated == "" {
		t.Errorf("feed %+v", got)
	}
	if _, err := atom.Write(atom.Config{}, nil, noon); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no address: %v", err)
	}
}
