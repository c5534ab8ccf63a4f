package guarantee

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
)

// Token is the secret by which a person signs in and signs. It is shown once and never
// kept: the store holds its hash and the public key derived from it.
type Token string

// tokenMark begins every token, so that one in a log or a commit is found by its look.
const tokenMark = "truce_"

const (
	tokenBytes = 32
	keyLabel   = "truce/person-key/1"
)

var tokenText = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewToken makes a token of 256 random bits.
func NewToken(random io.Reader) (Token, error) {
	var secret [tokenBytes]byte
	if _, err := io.ReadFull(random, secret[:]); err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return Token(tokenMark + strings.ToLower(tokenText.EncodeToString(secret[:]))), nil
}

// Hash is what the store keeps of the token.
func (t Token) Hash() truce.Hash { return truce.HashOf([]byte(t)) }

// Key is the person's key pair: HKDF-SHA256 (RFC 5869) over the token gives the Ed25519
// seed (RFC 8032). Whoever holds the token can sign, and nobody else.
func (t Token) Key() (ed25519.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, []byte(t), nil, keyLabel, ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Enrol gives a person a new token and records both. An earlier token of the same person
// ceases to work; what was signed with it can still be verified.
func (d *Desk) Enrol(ctx context.Context, p truce.Person) (Token, truce.Receipt, error) {
	token, err := NewToken(d.Random)
	if err != nil {
		return "", truce.Receipt{}, err
	}
	key, err := token.Key()
	if err != nil {
		return "", truce.Receipt{}, err
	}
	p.Token, p.Key = token.Hash(), hex.EncodeToString(key.Public().(ed25519.PublicKey))
	receipt, err := d.record(ctx, p)
	return token, receipt, err
}

// Withdraw ends a person's access. The person stays on record.
func (d *Desk) Withdraw(ctx context.Context, id truce.PersonID) (truce.Receipt, error) {
	row, err := d.Store.Person(ctx, id)
	if err != nil {
		return truce.Receipt{}, err
	}
	p := row.Person
	p.Withdrawn, p.Token = true, truce.Hash{}
	return d.record(ctx, p)
}

// record appends a person as it is to stand from now on.
func (d *Desk) record(ctx context.Context, p truce.Person) (truce.Receipt, error) {
	if err := p.Validate(); err != nil {
		return truce.Receipt{}, err
	}
	last, err := d.Store.LastOf(ctx, p.Subject())
	if err != nil {
		return truce.Receipt{}, err
	}
	draft, err := truce.NewDraft(truce.RecordPerson, p.Subject(), fmt.Sprintf("%s/%d", p.Subject(), last+1), p)
	if err != nil {
		return truce.Receipt{}, err
	}
	draft.Expect = &last
	return d.append(ctx, draft)
}

// errToken is the one answer to every token that does not work: it tells a guesser nothing.
var errToken = truce.Errorf(truce.CodeUnauthenticated, "this token is not known, was used up or has expired: ask the mechanism for a new one")

// Who finds the person of a token.
func (d *Desk) Who(ctx context.Context, token Token) (truce.Person, error) {
	row, err := d.Store.PersonByToken(ctx, token.Hash())
	switch {
	case truce.CodeOf(err) == truce.CodeNotFound:
		return truce.Person{}, errToken
	case err != nil:
		return truce.Person{}, err
	case row.Withdrawn || row.Expires != 0 && row.Expires <= d.now():
		return truce.Person{}, errToken
	}
	return row.Person, nil
}

// SignIn is Who for a first visit: a one-time token is exchanged for one that lasts, and
// does not work again.
func (d *Desk) SignIn(ctx context.Context, token Token) (truce.Person, Token, error) {
	p, err := d.Who(ctx, token)
	if err != nil || !p.OneTime {
		return p, token, err
	}
	p.OneTime, p.Expires = false, 0
	lasting, _, err := d.Enrol(ctx, p)
	if truce.CodeOf(err) == truce.CodeConflict {
		return truce.Person{}, "", errToken // somebody else was faster with the same link
	}
	if err != nil {
		return truce.Person{}, "", err
	}
	p, err = d.Who(ctx, lasting)
	return p, lasting, err
}

// Lead checks that a token belongs to somebody who may manage people. The first person of
// a store is enrolled without: somebody must begin.
func (d *Desk) Lead(ctx context.Context, token Token) error {
	people, err := d.Store.People(ctx)
	if err != nil || len(people) == 0 {
		return err
	}
	p, err := d.Who(ctx, token)
	if err != nil {
		return err
	}
	return access.May(p, access.ManagePeople)
}
