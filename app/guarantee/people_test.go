package guarantee

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

// testDesk is a desk over an empty store at a fixed time.
func testDesk(t *testing.T) (*Desk, *time.Time) {
	t.Helper()
	now := time.Date(2026, 4, 11, 12, 0, 0, 0, time.UTC)
	s, err := store.Create(t.Context(), "sqlite:"+t.TempDir()+"/truce.db", truce.Inception{Realm: "exercise:test", Mission: "m", Store: "s"},
		store.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &Desk{Store: s, Now: func() time.Time { return now }, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)}, &now
}

func chair() truce.Person {
	return truce.Person{ID: "chair", Name: "Chair", Role: truce.RoleCommission, Office: truce.OfficeChair, Language: "en"}
}

func enrol(t *testing.T, d *Desk, p truce.Person) Token {
	t.Helper()
	token, receipt, err := d.Enrol(t.Context(), p)
	if err != nil || len(receipt.Seqs) != 1 {
		t.Fatal(err)
	}
	return token
}

func TestTokensSignInAndSign(t *testing.T) {
	d, now := testDesk(t)
	ctx := context.Background()
	token := enrol(t, d, chair())
	p, err := d.Who(ctx, token)
	if err != nil || p.ID != "chair" || p.Token != token.Hash() {
		t.Fatalf("%v %+v", err, p)
	}
	key, err := token.Key()
	if err != nil {
		t.Fatal(err)
	}
	deed := truce.Deed{Kind: truce.DeedNote, Person: p.ID}
	signing, err := truce.Sign(p.ID, key, truce.DeedTag, deed)
	if err != nil || signing.Verify(p.Key, truce.DeedTag, deed) != nil {
		t.Fatal("the key of the token is not the key on record")
	}
	second := enrol(t, d, chair())
	if _, err := d.Who(ctx, token); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the old token still works: %v", err)
	}
	if _, err := d.Who(ctx, "truce_guess"); err == nil || err.Error() != errToken.Error() {
		t.Errorf("a guess: %v", err)
	}
	expiring := chair()
	expiring.Expires = truce.InstantOf(now.Add(time.Hour))
	third := enrol(t, d, expiring)
	if _, err := d.Who(ctx, third); err != nil {
		t.Error(err)
	}
	*now = now.Add(time.Hour)
	if _, err := d.Who(ctx, third); err == nil {
		t.Error("works after it expired")
	}
	lead := enrol(t, d, mechanismLead())
	if _, err := d.Withdraw(ctx, third, "chair"); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("a token that ended withdraws: %v", err)
	}
	if _, err := d.Withdraw(ctx, lead, "chair"); err != nil {
		t.Fatal(err)
	}
	if row, err := d.Store.Person(ctx, "chair"); err != nil || !row.Withdrawn || row.WithdrawnBy != "lead" {
		t.Errorf("%v: withdrawn by %q", err, row.WithdrawnBy)
	}
	for _, gone := range []Token{token, second, third} {
		if _, err := d.Who(ctx, gone); err == nil {
			t.Error("a withdrawn person signs in")
		}
	}
}

func TestOneTimeLinksWorkOnce(t *testing.T) {
	d, _ := testDesk(t)
	ctx := context.Background()
	once := chair()
	once.OneTime = true
	link := enrol(t, d, once)
	p, lasting, err := d.SignIn(ctx, link)
	if err != nil || lasting == link || p.OneTime {
		t.Fatalf("%v %+v", err, p)
	}
	if _, _, err := d.SignIn(ctx, link); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("the link worked twice: %v", err)
	}
	if _, again, err := d.SignIn(ctx, lasting); err != nil || again != lasting {
		t.Errorf("the lasting token: %v", err)
	}
}

func TestNoTokenIsKept(t *testing.T) {
	d, _ := testDesk(t)
	token := enrol(t, d, chair())
	records, err := d.Store.Records(t.Context(), 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if strings.Contains(string(r.Body), string(token)) {
			t.Errorf("record %d holds the token", r.Seq)
		}
	}
	if len(token) != len(tokenMark)+52 || !strings.HasPrefix(string(token), tokenMark) {
		t.Errorf("token %s", token)
	}
}

func mechanismLead() truce.Person {
	return truce.Person{ID: "lead", Name: "Lead", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead, Language: "en"}
}

func TestOnlyLeadsManagePeople(t *testing.T) {
	d, _ := testDesk(t)
	first, err := d.Add(t.Context(), "", mechanismLead())
	if err != nil || first.Link {
		t.Fatalf("nobody can begin: %v", err)
	}
	other := enrol(t, d, chair())
	if _, err := d.Add(t.Context(), first.Token, analystPost("an-1")); err != nil {
		t.Error(err)
	}
	for token, code := range map[Token]truce.Code{other: truce.CodeForbidden, "": truce.CodeUnauthenticated} {
		if _, err := d.Add(t.Context(), token, analystPost("an-2")); truce.CodeOf(err) != code {
			t.Errorf("somebody else adds people: %v", err)
		}
		if _, err := d.Withdraw(t.Context(), token, "an-1"); truce.CodeOf(err) != code {
			t.Errorf("somebody else withdraws people: %v", err)
		}
	}
}
