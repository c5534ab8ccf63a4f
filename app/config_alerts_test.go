package app

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestNoTwoReceiversShareASecret tries every id of up to six signs that are written in more
// than one way; far-duty and far.duty once had the same variable.
func TestNoTwoReceiversShareASecret(t *testing.T) {
	seen := map[string]truce.PersonID{}
	ids := []string{"a", "d"}
	for at := 0; at < len(ids); at++ {
		id := truce.PersonID(ids[at])
		if err := (truce.Person{ID: id, Role: truce.RolePublic}).Validate(); err != nil {
			t.Fatal(err)
		}
		name := webhookSecretName(id)
		if other, taken := seen[name]; taken {
			t.Fatalf("%s and %s share %s", other, id, name)
		}
		seen[name] = id
		if strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_dotline") != "" {
			t.Fatalf("%s is no name of a variable", name)
		}
		if len(id) < 6 {
			for _, next := range []string{"a", "d", ".", "-", "_"} {
				ids = append(ids, ids[at]+next)
			}
		}
	}
	if len(ids) != 2*(1+5+25+125+625+3125) {
		t.Fatalf("%d ids tried", len(ids))
	}
	if name := webhookSecretName("far-duty"); name != "TRUCE_WEBHOOK_SECRET_FAR_DUTY" {
		t.Errorf("far-duty: %s", name)
	}
	env := map[string]string{webhookSecretName("far-duty"): "one", webhookSecretName("far.duty"): "two"}
	for id, want := range map[truce.PersonID]string{"far-duty": "one", "far.duty": "two", "far_duty": ""} {
		if got, err := webhookSecret(id, func(name string) string { return env[name] }); got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v", id, got, err)
		}
	}
}
