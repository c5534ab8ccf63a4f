package publish

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func claimNamed(t failer, list []truce.ClaimRow, id string) truce.ClaimRow {
	t.Helper()
	for _, c := range list {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no claim %s", id)
	return truce.ClaimRow{}
}

// A total has what the mission counted in the same period beside it and its own party's
// items by state; a complaint has the state of the incident that rests on it.
func TestTotalsAndComplaints(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	if a := claimNamed(t, b.Claims, "3"); a.State != truce.ClaimCorroborated || a.Rows.String() != "1" {
		t.Errorf("complaint of A: %+v", a)
	}
	if c := claimNamed(t, b.Claims, "4"); c.State != truce.ClaimNotObservable || c.Rows.String() != "2" {
		t.Errorf("complaint of B: %+v", c)
	}
	for id, item := range map[string]truce.ClaimItems{
		"1": {State: truce.ClaimCorroborated, Claims: []string{"3"}}, "2": {State: truce.ClaimNotObservable, Claims: []string{"4"}},
	} {
		total := claimNamed(t, b.Claims, id)
		if len(total.Items) != 1 || total.Items[0].State != item.State || !slices.Equal(total.Items[0].Claims, item.Claims) {
			t.Errorf("items of %s: %+v", id, total.Items)
		}
		if len(total.Own) != 2 || total.Own[0].Rule != "R01" || total.Own[0].N != 3 || total.Own[0].Unlisted != 1 || total.Own[0].Form != truce.FigureAtLeast {
			t.Errorf("beside %s: %+v", id, total.Own)
		}
	}
}

// Only rows of the total's period stand beside it.
func TestOwnCountsAreOfTheTotalsPeriod(t *testing.T) {
	in := fixtureInput()
	in.Claims[0].Period = &truce.Period{From: at("2026-04-11T00:00:00Z"), To: at("2026-04-12T00:00:00Z"), Zone: zone}
	b := mustDaily(t, in)
	own := claimNamed(t, b.Claims, "1").Own
	if own[0].N != 1 || own[0].Unlisted != 1 || own[1].N != 1 || own[1].Rows.String() != "7" {
		t.Errorf("%+v", own)
	}
	if problems := LintRows(b); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestStatesOfComplaints(t *testing.T) {
	for _, c := range []struct {
		occurrence truce.Occurrence
		area       truce.AreaID // north is watched, south is not
		want       truce.ClaimState
	}{
		{truce.OccurrenceVerified, "south", truce.ClaimCorroborated},
		{truce.OccurrenceCorroborated, "north", truce.ClaimCorroborated},
		{truce.OccurrenceRefuted, "south", truce.ClaimContradicted},
		{truce.OccurrenceExplained, "north", truce.ClaimContradicted},
		{truce.OccurrenceReported, "north", truce.ClaimOpen},
		{truce.OccurrenceDetected, "south", truce.ClaimNotObservable},
	} {
		in := fixtureInput()
		in.Rows[0].Incident.Occurrence, in.Rows[0].Incident.Area = c.occurrence, c.area
		if got := claimNamed(t, mustDaily(t, in).Claims, "3").State; got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.occurrence, c.area, got, c.want)
		}
	}
	in := fixtureInput()
	in.ClaimItems = nil
	if got := claimNamed(t, mustDaily(t, in).Claims, "3").State; got != truce.ClaimNotObservable {
		t.Errorf("of no incident: %s", got)
	}
}

// Where the mission works out who could see what, a complaint asks for its own act in its
// own time: hours of watching for something else, or at another time, bear nothing out.
func TestComplaintsAskWhoCouldHaveSeen(t *testing.T) {
	seen := func(p truce.Probability, areas ...truce.AreaID) []Sight {
		list := []Sight{{Group: truce.GroupFire, Area: "north", Seen: 0.9}, {Rule: "R01", Area: "north", Seen: 0.9}, {Claim: "other", Area: "north", Seen: 0.9}}
		for _, area := range areas {
			list = append(list, Sight{Claim: "3", Area: area, Seen: p, Partly: true})
		}
		return list
	}
	for name, c := range map[string]struct {
		sights []Sight
		items  bool // an incident in the north rests on the claim
		want   truce.ClaimState
	}{
		"as well as agreed":             {seen(0.5, "north"), true, truce.ClaimOpen},
		"too little":                    {seen(0.49, "north"), true, truce.ClaimNotObservable},
		"elsewhere":                     {seen(0.9, "centre", "south"), true, truce.ClaimNotObservable},
		"nobody states it":              {seen(0), true, truce.ClaimNotObservable},
		"no place, and all are watched": {seen(0.9, "north", "centre", "south"), false, truce.ClaimOpen},
		"no place, and one is not":      {seen(0.9, "north", "centre"), false, truce.ClaimNotObservable},
		"worked out, and nobody":        {[]Sight{}, true, truce.ClaimNotObservable},
		"not worked out":                {nil, true, truce.ClaimOpen},
	} {
		in := fixtureInput()
		in.Sights, in.Rows[0].Incident.Occurrence, in.Rows[0].Incident.Area = c.sights, truce.OccurrenceReported, "north"
		if !c.items {
			in.ClaimItems = nil
		}
		if got := claimNamed(t, mustDaily(t, in).Claims, "3").State; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Both parties' totals are told in the same words, but for what they said and the numbers.
func TestPartiesAreToldInTheSameWords(t *testing.T) {
	in := fixtureInput()
	in.Claims = in.Claims[:2]
	in.Claims[1].Quote, in.Claims[1].Count, in.Claims[1].Received = in.Claims[0].Quote, in.Claims[0].Count, in.Claims[0].Received
	b := mustDaily(t, in)
	for lang, names := range map[string][2]string{"en": {"Party A", "Party B"}, "uk": {"Сторона А", "Сторона Б"}} {
		var told []string
		for _, l := range strings.Split(string(printed(t, b, lang)[1].Body), "\n") {
			if rest, found := strings.CutPrefix(l, `- <a id="claim-`); found {
				told = append(told, rest[1:])
			}
		}
		if len(told) != 2 || strings.ReplaceAll(told[0], names[0], names[1]) != told[1] {
			t.Errorf("%s: %q", lang, told)
		}
	}
}

// Where one party's words may not be passed on, the public edition has neither's; ids are
// not those of the mission.
func TestClaimsGoOutForAllPartiesOrNone(t *testing.T) {
	in := fixtureInput()
	b := mustDaily(t, in)
	now := EarliestRelease(b).Add(PreliminaryAge)
	pub, err := mustGate(t, Policy{}).Edition(ReleaseInput{Bulletin: b, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if len(pub.Claims) != 4 || pub.ClaimsWithheld != 0 {
		t.Errorf("%d claims, %d withheld", len(pub.Claims), pub.ClaimsWithheld)
	}
	for _, c := range pub.Claims {
		if !strings.HasPrefix(c.ID, "p") {
			t.Errorf("claim %s", c.ID)
		}
	}
	in.Claims[3].Source = "agency"
	in.Claims = append(in.Claims, truce.ClaimRow{ID: "5", Claimant: "An association", Source: "patrol", Quote: "We heard it.", State: truce.ClaimOpen, Received: in.Period.From})
	b = mustDaily(t, in)
	release, err := mustGate(t, Policy{}).Release(ReleaseInput{Bulletin: b, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if pub := release.Bulletin; len(pub.Claims) != 1 || pub.Claims[0].Party != "" || pub.ClaimsWithheld != 4 {
		t.Errorf("%+v, %d withheld", pub.Claims, pub.ClaimsWithheld)
	}
	if !strings.Contains(string(release.Documents[0].Body), "for all parties alike") {
		t.Error("the page does not say that claims are withheld")
	}
}
