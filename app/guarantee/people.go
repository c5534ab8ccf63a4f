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

// errToken is the one answer to every token that does not work: it tells a guesser nothing.
var errToken = truce.Errorf(truce.CodeUnauthenticated, "this token is not known, was used up or has expired: ask the mechanism for a new one")

// Who finds the person of a token. A link is no token: it is opened first.
func (d *Desk) Who(ctx context.Context, token Token) (truce.Person, error) {
	p, err := d.holder(ctx, token)
	if err == nil && p.OneTime {
		return truce.Person{}, errToken
	}
	return p, err
}

// holder finds the person of a token or a link. It looks for the hash: how long that takes
// tells of the hashes on record, and nobody can make a token to a hash.
func (d *Desk) holder(ctx context.Context, token Token) (truce.Person, error) {
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

// SignIn is Who for a first visit: a link is exchanged for a token that lasts, which only
// the one who opened it has seen, and does not work again.
func (d *Desk) SignIn(ctx context.Context, token Token) (truce.Person, Token, error) {
	p, err := d.holder(ctx, token)
	if err != nil || !p.OneTime {
		return p, token, err
	}
	last, err := d.Store.LastOf(ctx, p.Subject())
	if err != nil {
		return truce.Person{}, "", err
	}
	if p, err = d.holder(ctx, token); err != nil { // as it stands at last
		return truce.Person{}, "", err
	}
	lasting, key, err := d.newToken()
	if err != nil {
		return truce.Person{}, "", err
	}
	p = opened(p, lasting.Hash(), key, d.now())
	_, err = d.record(ctx, p, last)
	if truce.CodeOf(err) == truce.CodeConflict {
		return truce.Person{}, "", errToken // somebody else was faster with the same link
	}
	if err != nil {
		return truce.Person{}, "", err
	}
	return p, lasting, nil
}

// newToken makes a token and the public key that follows from it.
func (d *Desk) newToken() (Token, string, error) {
	token, err := NewToken(d.Random)
	if err != nil {
		return "", "", err
	}
	key, err := token.Key()
	if err != nil {
		return "", "", err
	}
	return token, hex.EncodeToString(key.Public().(ed25519.PublicKey)), nil
}

// Withdraw ends a person's access, in the name of who manages people. The person stays on
// record.
func (d *Desk) Withdraw(ctx context.Context, token Token, id truce.PersonID) (truce.Receipt, error) {
	lead, err := d.Who(ctx, token)
	if err == nil {
		err = access.May(lead, access.ManagePeople)
	}
	if err != nil {
		return truce.Receipt{}, err
	}
	p, last, err := d.asStands(ctx, id)
	if err != nil {
		return truce.Receipt{}, err
	}
	return d.record(ctx, withdrawn(p, lead.ID), last)
}

// asStands is a person with the number of the last record of it: what is recorded of the
// person with that number as its Expect was made of nothing older.
func (d *Desk) asStands(ctx context.Context, id truce.PersonID) (truce.Person, truce.Seq, error) {
	last, err := d.Store.LastOf(ctx, truce.Person{ID: id}.Subject())
	if err != nil {
		return truce.Person{}, 0, err
	}
	row, err := d.Store.Person(ctx, id)
	return row.Person, last, err
}

// record appends a person as it is to stand from now on, if the last record of it has the
// number given.
func (d *Desk) record(ctx context.Context, p truce.Person, last truce.Seq) (truce.Receipt, error) {
	if err := p.Validate(); err != nil {
		return truce.Receipt{}, err
	}
	draft, err := truce.NewDraft(truce.RecordPerson, p.Subject(), fmt.Sprintf("%s/%d", p.Subject(), last+1), p)
	if err != nil {
		return truce.Receipt{}, err
	}
	draft.Expect = &last
	return d.append(ctx, draft)
}
