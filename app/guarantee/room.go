package guarantee

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert"
)

// How far the time of what was signed elsewhere may lie from ours: a laptop that was away
// for a day, and a clock that is a little ahead.
const (
	signedBefore = 24 * time.Hour
	signedAhead  = 5 * time.Minute
)

// Terms are what cases are held against, for those who show them.
type Terms struct {
	Version string
	Ladder  truce.Ladder
	Parties []truce.PartyID
	States  []truce.StateID // guarantors
	Areas   map[truce.AreaID]truce.Names
	Rules   map[truce.RuleID]truce.Names // their titles
}

// Terms reads what stands now. The maps in it are not to be changed.
func (d *Desk) Terms(ctx context.Context) (Terms, error) {
	t, err := d.terms(ctx)
	if err != nil {
		return Terms{}, err
	}
	return t.shown(), nil
}

// TermsAt are the terms of one version: those a case was opened under hold for it.
func (d *Desk) TermsAt(ctx context.Context, version string) (Terms, error) {
	t, err := d.termsAt(ctx, version)
	if err != nil {
		return Terms{}, err
	}
	return t.shown(), nil
}

func (t *terms) shown() Terms {
	return Terms{t.version, t.machine.Terms, t.machine.Parties, t.machine.States, t.areas, t.rules}
}

// Box is an alert with all that is on record of it.
func (d *Desk) Box(ctx context.Context, a truce.Alert) (alert.Box, error) { return d.box(ctx, a) }

// FeedKey is the secret in the address of a person's feed. It follows from the token's
// hash, so that it ends with the token, and nothing can be signed with it.
func FeedKey(p truce.Person) string {
	h := hmac.New(sha256.New, p.Token[:])
	h.Write([]byte("truce/feed/1\n" + string(p.ID)))
	return string(p.ID) + "." + hex.EncodeToString(h.Sum(nil)[:20])
}

// FeedOf finds the person of a feed's key.
func (d *Desk) FeedOf(ctx context.Context, key string) (truce.Person, error) {
	at := strings.LastIndexByte(key, '.')
	if at < 0 {
		return truce.Person{}, errToken
	}
	row, err := d.Store.Person(ctx, truce.PersonID(key[:at]))
	switch {
	case truce.CodeOf(err) == truce.CodeNotFound:
		return truce.Person{}, errToken
	case err != nil:
		return truce.Person{}, err
	case row.Withdrawn || row.OneTime || row.Token == truce.Hash{} || row.Expires != 0 && row.Expires <= d.now():
		return truce.Person{}, errToken
	case !hmac.Equal([]byte(FeedKey(row.Person)), []byte(key)):
		return truce.Person{}, errToken
	}
	return row.Person, nil
}

// signer is the person of a signature that was made elsewhere, when it holds.
func (d *Desk) signer(ctx context.Context, id truce.PersonID, at truce.Instant, s *truce.Signing, tag string, v any) (truce.Person, error) {
	row, err := d.Store.Person(ctx, id)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return truce.Person{}, errSigned
	}
	if err != nil {
		return truce.Person{}, err
	}
	p := row.Person
	if p.Withdrawn || p.OneTime || p.Key == "" || s == nil || s.By != p.ID || p.Expires != 0 && p.Expires <= d.now() || s.Verify(p.Key, tag, v) != nil {
		return truce.Person{}, errSigned
	}
	if since := d.now().Sub(at); since > signedBefore || since < -signedAhead {
		return truce.Person{}, truce.Errorf(truce.CodeInvalid, "it was signed at %s; what was signed more than %s ago or lies ahead is not taken: sign it anew", at, truce.DurationText(signedBefore))
	}
	return p, nil
}

// errSigned is the one answer to every signature that does not hold.
var errSigned = truce.Errorf(truce.CodeUnauthenticated, "the signature does not hold, or is not of a person who may sign")

// DoSigned is Do for a deed that its person signed elsewhere. It names the case by id and
// the last step that was seen; the same deed is done once.
func (d *Desk) DoSigned(ctx context.Context, deed truce.Deed) (Done, error) {
	p, err := d.signer(ctx, deed.Person, deed.At, deed.Signature, truce.DeedTag, deed.Unsigned())
	if err != nil {
		return Done{}, err
	}
	if err := access.May(p, access.Verb(deed.Kind)); err != nil {
		return Done{}, err
	}
	if deed.After < 1 {
		return Done{}, truce.Errorf(truce.CodeInvalid, "a deed that is signed elsewhere names the last step its person had seen")
	}
	for try := 0; ; try++ {
		done, err := d.doSignedOnce(ctx, p, deed)
		if truce.CodeOf(err) != truce.CodeConflict || try == maxRetries {
			return done, err
		}
	}
}

func (d *Desk) doSignedOnce(ctx context.Context, p truce.Person, deed truce.Deed) (Done, error) {
	c, err := d.load(ctx, deed.Case.String())
	if err != nil {
		return Done{}, err
	}
	for _, row := range c.rows {
		if row.Deed != nil && row.Deed.Signature != nil && row.Deed.Signature.Sig == deed.Signature.Sig {
			return Done{}, truce.Errorf(truce.CodeConflict, "this deed was done already, in step %d", row.Number)
		}
	}
	t, err := d.termsOf(ctx, c.Case)
	if err != nil {
		return Done{}, err
	}
	return d.perform(ctx, t, c, deed, p)
}

// AcknowledgeSigned is Acknowledge for an answer that its person signed elsewhere.
func (d *Desk) AcknowledgeSigned(ctx context.Context, ack truce.Acknowledgement) (truce.Acknowledgement, truce.Receipt, error) {
	p, err := d.signer(ctx, ack.Person, ack.At, ack.Signature, truce.AckTag, ack.Unsigned())
	if err != nil {
		return ack, truce.Receipt{}, err
	}
	row, err := d.Store.Alert(ctx, ack.Alert)
	if err == nil {
		err = mayAnswer(p, row.Alert, ack.Kind, ack.Position)
	}
	if err == nil {
		err = truce.CheckLength("the text of the answer", ack.Text, truce.MaxWords)
	}
	if err == nil && (ack.Case != row.Case || ack.Role != p.Role || ack.Office != p.Office || ack.State != p.State || ack.Party != p.Party) {
		err = truce.Errorf(truce.CodeInvalid, "the answer names another case, role, office, state or party than those of the alert and of %s", p.ID)
	}
	if err == nil && ack.Via != "" {
		err = truce.Errorf(truce.CodeInvalid, "via: it is written here, of answers that come as CAP; leave it out")
	}
	if err == nil && ack.At < row.Release {
		err = truce.Errorf(truce.CodeInvalid, "the answer was signed before the alert was released")
	}
	if err != nil {
		return ack, truce.Receipt{}, err
	}
	box, err := d.box(ctx, row.Alert)
	if err != nil {
		return ack, truce.Receipt{}, err
	}
	s := ack.Signature
	if slices.ContainsFunc(box.Answers, func(a truce.Acknowledgement) bool { return a.Signature != nil && a.Signature.Sig == s.Sig }) {
		return ack, truce.Receipt{}, truce.Errorf(truce.CodeConflict, "this answer is on record already")
	}
	at := ack.At
	ack = ack.Unsigned()
	ack.At = d.now() // whether it was in time is when it came, not when it says it was signed
	ack = alert.Mark(box, ack)
	ack.At, ack.Signature = at, s
	draft, err := truce.NewDraft(truce.RecordAcknowledgement, truce.AlertSubject(ack.Alert), "answer/"+ack.Alert.String()+"/"+string(p.ID)+"/"+ack.At.String(), ack)
	if err != nil {
		return ack, truce.Receipt{}, err
	}
	receipt, err := d.append(ctx, draft)
	return ack, receipt, err
}
