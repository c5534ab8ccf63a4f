package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/trucewatch/truce"
)

// checkName bounds the names that stand in headers and are looked up by: plain text
// in normal form C without control characters.
func checkName(what, name string, shortest int) error {
	if len(name) < shortest || len(name) > maxName {
		return truce.Errorf(truce.CodeInvalid, "%s of %d bytes, want %d to %d", what, len(name), shortest, maxName)
	}
	if !utf8.ValidString(name) || !norm.NFC.IsNormalString(name) {
		return truce.Errorf(truce.CodeInvalid, "%s %q is not UTF-8 in normal form C", what, name)
	}
	for _, r := range name {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return truce.Errorf(truce.CodeInvalid, "%s %q holds a control character", what, name)
		}
	}
	return nil
}

// checkCanonical refuses a body that a second reader could write differently.
func checkCanonical(kind truce.RecordKind, body []byte) error {
	if truce.IsCanonicalBody(kind, body) {
		return nil
	}
	canonical, err := truce.CanonicalBody(kind, body)
	if err != nil {
		return err
	}
	if !bytes.Equal(canonical, body) {
		return truce.Errorf(truce.CodeInvalid, "the body is not canonical JSON; make it with truce.NewDraft")
	}
	return nil
}

// checkRealm refuses a body that names another realm than the store's. value is the body
// as decoded; only when it does not say is the text looked at again.
func checkRealm(value any, body []byte, realm truce.Realm) error {
	if b, ok := value.(*truce.Bulletin); ok && b.Realm == realm {
		return nil
	}
	if !bytes.Contains(body, []byte(`"realm":`)) {
		return nil
	}
	var named struct {
		Realm *truce.Realm `json:"realm"`
	}
	if err := json.Unmarshal(body, &named); err != nil {
		return truce.Errorf(truce.CodeInvalid, "the body's realm cannot be read: %w", err)
	}
	if named.Realm != nil && *named.Realm != realm {
		return truce.Errorf(truce.CodeForbidden, "the body belongs to realm %q and this store to %q", *named.Realm, realm)
	}
	return nil
}

// longBody is from where on a body is checked and decoded at the same time.
const longBody = 1 << 20

// readBody checks a body and decodes it.
func readBody(kind truce.RecordKind, body []byte) (any, error) {
	if len(body) < longBody {
		if err := checkCanonical(kind, body); err != nil {
			return nil, err
		}
		return decodeBody(kind, body)
	}
	checked := make(chan error, 1)
	go func() { checked <- checkCanonical(kind, body) }()
	value, err := decodeBody(kind, body)
	return value, cmp.Or(<-checked, err)
}

// decodeBody reads a body into the type of its kind; an unknown kind is refused.
func decodeBody(kind truce.RecordKind, body []byte) (any, error) {
	v, err := emptyBody(kind)
	if err != nil {
		return nil, err
	}
	if err := truce.DecodeCanonical(body, v); err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "the body is no %s: %w", kind, err)
	}
	return v, nil
}

func emptyBody(kind truce.RecordKind) (any, error) {
	switch kind {
	case truce.RecordInception:
		return new(truce.Inception), nil
	case truce.RecordSource:
		return new(truce.SourceInfo), nil
	case truce.RecordBatch:
		return new(truce.BatchManifest), nil
	case truce.RecordQuarantine:
		return new(truce.Quarantine), nil
	case truce.RecordAgreement:
		return new(truce.AgreementText), nil
	case truce.RecordEvent:
		return new(truce.Event), nil
	case truce.RecordIncident:
		return new(truce.Incident), nil
	case truce.RecordEvaluation:
		return new(truce.Evaluation), nil
	case truce.RecordReevaluation:
		return new(truce.Reevaluation), nil
	case truce.RecordBulletin:
		return new(truce.Bulletin), nil
	case truce.RecordRetention:
		return new(truce.Retention), nil
	case truce.RecordErasure:
		return new(truce.Erasure), nil
	case truce.RecordWatermark:
		return new(truce.Watermark), nil
	case truce.RecordNotification:
		return new(truce.Notification), nil
	}
	return emptyGuarantee(kind)
}

// emptyGuarantee gives the types of the guarantee's kinds.
func emptyGuarantee(kind truce.RecordKind) (any, error) {
	switch kind {
	case truce.RecordPerson:
		return new(truce.Person), nil
	case truce.RecordReview:
		return new(truce.Review), nil
	case truce.RecordAttribution:
		return new(truce.Attribution), nil
	case truce.RecordCase:
		return new(truce.CaseStep), nil
	case truce.RecordAlert:
		return new(truce.Alert), nil
	case truce.RecordDelivery:
		return new(truce.Delivery), nil
	case truce.RecordAcknowledgement:
		return new(truce.Acknowledgement), nil
	case truce.RecordCommitment:
		return new(truce.Commitment), nil
	case truce.RecordContribution:
		return new(truce.Contribution), nil
	case truce.RecordRequirement:
		return new(truce.Requirement), nil
	case truce.RecordArrivalDecision:
		return new(truce.ArrivalDecision), nil
	case truce.RecordOriginView:
		return new(truce.OriginView), nil
	}
	return emptyReporting(kind)
}

// emptyReporting gives the types of the kinds of open reporting.
func emptyReporting(kind truce.RecordKind) (any, error) {
	switch kind {
	case truce.RecordFeed:
		return new(truce.Feed), nil
	case truce.RecordText:
		return new(truce.ArticleText), nil
	case truce.RecordStories:
		return new(truce.StoryBatch), nil
	case truce.RecordClaimCheck:
		return new(truce.ClaimCheck), nil
	case truce.RecordPublicCheck:
		return new(truce.PublicCheck), nil
	case truce.RecordTakedown:
		return new(truce.Takedown), nil
	case truce.RecordClaims:
		return new(truce.ArticleClaims), nil
	}
	return nil, truce.Errorf(truce.CodeInvalid, "record kind %q is unknown", string(kind))
}

func readSalt(random io.Reader, salt []byte) error {
	if _, err := io.ReadFull(random, salt); err != nil {
		return fmt.Errorf("%w: no randomness for a salt: %w", ErrFatal, err)
	}
	return nil
}

// classify gives an error of the database its code.
func classify(eng engine, err error) error {
	var coded *truce.Error
	if err == nil || errors.Is(err, ErrFatal) || errors.As(err, &coded) {
		return err
	}
	switch eng.failure(err) {
	case failDuplicate:
		return truce.Errorf(truce.CodeConflict, "already stored: %w", err)
	case failRetry:
		return truce.Errorf(truce.CodeUnavailable, "not written, try again: %w", err)
	case failFatal:
		return fmt.Errorf("%w: %w", ErrFatal, err)
	}
	return truce.Errorf(truce.CodeInternal, "%w", err)
}
