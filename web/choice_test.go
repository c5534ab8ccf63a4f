package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

func TestOneOf(t *testing.T) {
	permitted := []truce.Verdict{"hit", "exempt"}
	for _, good := range []truce.Verdict{"", "hit", "exempt"} {
		if err := web.OneOf("verdict", good, permitted); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	err := web.OneOf("verdict", truce.Verdict("bogus"), permitted)
	if err == nil || web.Status(err) != http.StatusBadRequest || !strings.Contains(err.Error(), `no verdict named "bogus"`) || !strings.Contains(err.Error(), "hit, exempt") {
		t.Errorf("bogus: %v", err)
	}
	long := web.OneOf("verdict", truce.Verdict(strings.Repeat("ж", 10_000)), permitted)
	if n := len(long.Error()); n > 400 {
		t.Errorf("a refusal repeats %d bytes", n)
	}
}

func TestOnlyFilters(t *testing.T) {
	known := []string{"act", "from"}
	for query, want := range map[string]bool{"": true, "act=x": true, "from=1&utm_source=y": true, "rule=": true, "rule=R01": false, "act=x&verdict=hit": false} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		err = web.OnlyFilters(values, known)
		if (err == nil) != want {
			t.Errorf("%q: %v", query, err)
		}
		if err != nil && !strings.Contains(err.Error(), "act, from") {
			t.Errorf("%q: the refusal does not say what may be asked: %v", query, err)
		}
	}
	if values := (url.Values{"utm_source": {"y"}}); web.Filtered(values, known) || !web.Filtered(url.Values{"act": {"x"}}, known) {
		t.Error("a list is filtered by its filters alone")
	}
}

func TestChoicesAreOfTheVocabulary(t *testing.T) {
	for _, act := range web.KnownActs() {
		if !act.Known() {
			t.Errorf("no act %s", act)
		}
	}
	if n := len(web.KnownActs()); n < 60 {
		t.Errorf("only %d acts", n)
	}
	if len(web.Occurrences()) != 8 || len(web.ShownOccurrences()) != 4 {
		t.Error("a list has eight states and shows four")
	}
	if ids := web.AreaIDs([]truce.BulletinArea{{ID: "north"}}); len(ids) != 2 || ids[1] != truce.AreaElsewhere {
		t.Errorf("areas %v", ids)
	}
}
