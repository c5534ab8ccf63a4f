package public_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func pledged() truce.PublicGuarantee {
	return truce.PublicGuarantee{Mission: "Test", Realm: truce.ExerciseRealm("test"), At: 1_930_000_000_000_000,
		Cases: []truce.PublicCase{
			{Number: "C-2031-2", State: truce.CaseOpen, Tier: "T1", TierName: truce.Names{"en": "Warning", "uk": "Попередження"}, Words: truce.Names{"en": "A <warning> was given.", "uk": "Надано попередження."}, Entered: 1_929_000_000_000_000},
			{Number: "C-2031-1", State: truce.CaseClosed, Tier: "T2", TierName: truce.Names{"en": "Consultation"}, Entered: 1_928_000_000_000_000, Closed: 1_928_500_000_000_000}},
		Left: 3,
		Supply: []truce.PublicSupply{{To: "mechanism", Capability: "uav_long_range", Names: truce.Names{"en": "Long-range drones", "uk": "Далекі БпЛА"}, Unit: "pieces", Need: 12500, Pledged: 8000, InPlace: 5000, Gap: 7500},
			{To: "force", Capability: "medics", Unit: "persons", Pledged: 40, InPlace: 40}},
		Promises: []truce.PublicCount{{Kind: truce.CommitMilitary, Stage: truce.CommitmentSigned, Count: 2}, {Kind: truce.CommitFinance, Stage: truce.CommitmentInForce, Count: 1}}}
}

func TestPagesOfTheGuarantee(t *testing.T) {
	h := handler(t, &reader{days: 1, pledge: pledged()})
	for path, want := range map[string][]string{
		"/cases":           {"C-2031-2", "Warning", "A &lt;warning&gt; was given.", "Closed", "highest tier told", "2031-02-", "3 more cases are not listed", `aria-current="page">Cases`, `href="/cases?lang=uk"`, "/cases.json", "As released at"},
		"/cases?lang=uk":   {`<html lang="uk"`, "Попередження", "Надано попередження.", "Закрита", "Ще 3 справи", `aria-current="page">Справи`, "НАВЧАННЯ", `href="/cases?lang=en"`, "/pledges?lang=uk", `href="/press?lang=uk">Преса`, `href="/promises?lang=uk">Обіцянки`},
		"/pledges":         {"Long-range drones", "12\u202f500", `class="gbar"`, "5\u202f000 of 12\u202f500 needed", "for the mechanism", "for the force", "medics", "military", "signed", `class="cbar"`, `aria-current="page">Pledges`},
		"/pledges?lang=uk": {"Далекі БпЛА", "військове", "підписано", "для механізму", "осіб", "Внески проти потреби"},
	} {
		w := get(h, path)
		body := w.Body.String()
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", path, w.Code, body)
		}
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %q", path, text)
			}
		}
		for _, bad := range []string{"<script", "style=", "<no value>", "Precise data", "Dailies</a></li><li><a href=\"/x"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
	}
	if w := get(h, "/cases?lang=xx"); w.Code != 400 {
		t.Errorf("an unknown language: %d", w.Code)
	}
}

func TestDataOfTheGuarantee(t *testing.T) {
	h := handler(t, &reader{days: 1, pledge: pledged()})
	var cases struct {
		Mission string             `json:"mission"`
		At      truce.Instant      `json:"as_of"`
		Cases   []truce.PublicCase `json:"cases"`
		Left    int                `json:"cases_left_out"`
	}
	w := get(h, "/cases.json")
	if err := json.Unmarshal(w.Body.Bytes(), &cases); err != nil || cases.At != pledged().At || len(cases.Cases) != 2 || cases.Left != 3 || cases.Mission != "Test Mission" {
		t.Errorf("%v %s", err, w.Body.String())
	}
	var supply struct {
		Supply   []truce.PublicSupply `json:"contributions"`
		Promises []truce.PublicCount  `json:"promises"`
	}
	w = get(h, "/pledges.json")
	if err := json.Unmarshal(w.Body.Bytes(), &supply); err != nil || !slices.Equal(supply.Promises, pledged().Promises) || len(supply.Supply) != 2 {
		t.Errorf("%v %s", err, w.Body.String())
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("sent as %s", got)
	}
}

func TestGuaranteeWithNothingToShow(t *testing.T) {
	h := handler(t, &reader{})
	for path, want := range map[string]string{"/cases": "Nothing of cases and pledges has been released yet", "/pledges": "Nothing of cases and pledges has been released yet",
		"/cases?lang=uk": "ще нічого не оприлюднено", "/cases.json": `"cases": []`, "/pledges.json": `"promises": []`} {
		if body := get(h, path).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q: %s", path, want, body)
		}
	}
	h = handler(t, &reader{pledge: truce.PublicGuarantee{At: 5}})
	for path, want := range map[string][]string{"/cases": {"No case is in a tier that is told"}, "/pledges": {"No need and no contribution is on record", "No promise was made public"}} {
		for _, text := range want {
			if body := get(h, path).Body.String(); !strings.Contains(body, text) {
				t.Errorf("%s lacks %q", path, text)
			}
		}
	}
	h = handler(t, &reader{fail: errors.New("no disk")})
	for _, path := range []string{"/cases", "/pledges", "/cases.json", "/pledges.json"} {
		if w := get(h, path); w.Code != 500 || strings.Contains(w.Body.String(), "no disk") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body.String())
		}
	}
}
