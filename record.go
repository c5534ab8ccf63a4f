package truce

import (
	"crypto/sha256"
	"encoding/hex"
)

// Seq numbers records without a gap from 1, in commit order.
type Seq int64

// Hash is a SHA-256, written in hex.
type Hash [32]byte

// HashOf is the SHA-256 of outside bytes.
func HashOf(b []byte) Hash { return sha256.Sum256(b) }

// String is the hash in hex.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero says whether the hash was never set.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes hex.
func (h Hash) MarshalText() ([]byte, error) { return h.AppendText(nil) }

// AppendText appends hex.
func (h Hash) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, h[:]), nil }

// UnmarshalText reads 64 hex digits.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) == 2*len(h) {
		if _, err := hex.Decode(h[:], b); err == nil {
			return nil
		}
	}
	return Errorf(CodeInvalid, "hash %.70q: want 64 hex digits", b)
}

// RecordKind says what a record's body is.
type RecordKind string

// The record kinds and the type of their bodies.
const (
	RecordInception    RecordKind = "inception"         // Inception
	RecordSource       RecordKind = "source"            // SourceInfo
	RecordBatch        RecordKind = "observation_batch" // BatchManifest
	RecordQuarantine   RecordKind = "quarantine"        // Quarantine
	RecordAgreement    RecordKind = "agreement"         // AgreementText
	RecordEvent        RecordKind = "event"             // Event
	RecordIncident     RecordKind = "incident"          // Incident
	RecordEvaluation   RecordKind = "evaluation"        // Evaluation
	RecordReevaluation RecordKind = "reevaluation"      // Reevaluation
	RecordBulletin     RecordKind = "bulletin"          // Bulletin
	RecordRetention    RecordKind = "retention"         // Retention
	RecordErasure      RecordKind = "erasure"           // Erasure
	RecordWatermark    RecordKind = "watermark"         // Watermark

	RecordPerson          RecordKind = "person"          // Person
	RecordReview          RecordKind = "review"          // Review
	RecordAttribution     RecordKind = "attribution"     // Attribution
	RecordCase            RecordKind = "case"            // CaseStep
	RecordAlert           RecordKind = "alert"           // Alert
	RecordDelivery        RecordKind = "delivery"        // Delivery
	RecordAcknowledgement RecordKind = "acknowledgement" // Acknowledgement
	RecordCommitment      RecordKind = "commitment"      // Commitment
	RecordContribution    RecordKind = "contribution"    // Contribution
	RecordRequirement     RecordKind = "requirement"     // Requirement
	RecordNotification    RecordKind = "notification"    // Notification

	RecordArrivalDecision RecordKind = "arrival_decision" // ArrivalDecision
	RecordOriginView      RecordKind = "origin_view"      // OriginView

	RecordFeed     RecordKind = "feed"         // Feed
	RecordText     RecordKind = "article_text" // ArticleText
	RecordStories  RecordKind = "stories"      // StoryBatch
	RecordTakedown RecordKind = "takedown"     // Takedown

	RecordClaimCheck  RecordKind = "claim_check"  // ClaimCheck
	RecordPublicCheck RecordKind = "public_check" // PublicCheck

	RecordClaims RecordKind = "article_claims" // ArticleClaims
)

// SchemaVersion is the version of every body written today. Old ones stay readable.
const SchemaVersion = 1

// Record is one immutable entry, the only way anything changes.
type Record struct {
	Seq        Seq
	Kind       RecordKind
	Schema     int
	Subject    string // what it speaks of, e.g. "incident/01J..."; "" for none
	Key        string // unique: appending the same key again changes nothing
	Time       RecordedTime
	Salt       []byte // 32 bytes; nil once erased
	Body       []byte // canonical JSON; nil once erased
	Commitment Hash
	Prev       Hash
	Hash       Hash
}

const (
	commitmentTag = "truce/commitment/1\n"
	recordTag     = "truce/record/1\n"
)

// Commit binds a body to its salt: SHA-256 of tag, salt and body. Erasing salt and
// body leaves a commitment from which neither can be guessed.
func Commit(salt, body []byte) Hash {
	h := sha256.New()
	h.Write([]byte(commitmentTag))
	h.Write(salt)
	h.Write(body)
	return Hash(h.Sum(nil))
}

// Header is the canonical JSON the record hash covers besides the previous hash.
func (r Record) Header() ([]byte, error) {
	return Canonical(struct {
		Commitment Hash         `json:"commitment"`
		Key        string       `json:"key"`
		Kind       RecordKind   `json:"kind"`
		Schema     int          `json:"schema"`
		Seq        Seq          `json:"seq,string"`
		Subject    string       `json:"subject"`
		Time       RecordedTime `json:"time"`
	}{r.Commitment, r.Key, r.Kind, r.Schema, r.Seq, r.Subject, r.Time})
}

// Seal is the record's hash: SHA-256 of tag, previous hash and header.
func (r Record) Seal() (Hash, error) {
	header, err := r.Header()
	if err != nil {
		return Hash{}, err
	}
	h := sha256.New()
	h.Write([]byte(recordTag))
	h.Write(r.Prev[:])
	h.Write(header)
	return Hash(h.Sum(nil)), nil
}

// Erased says whether salt and body were erased; the record still verifies.
func (r Record) Erased() bool { return r.Body == nil }

// Verify checks the record by itself and against the hash of the one before it.
func (r Record) Verify(prev Hash) error {
	if r.Prev != prev {
		return Errorf(CodeInternal, "record %d: previous hash is %s, the record before has %s", r.Seq, r.Prev, prev)
	}
	if !r.Erased() && Commit(r.Salt, r.Body) != r.Commitment {
		return Errorf(CodeInternal, "record %d: body does not match its commitment", r.Seq)
	}
	sealed, err := r.Seal()
	if err != nil {
		return err
	}
	if sealed != r.Hash {
		return Errorf(CodeInternal, "record %d: hash does not match its header", r.Seq)
	}
	return nil
}

// Draft is a record before the store gives it number, time, salt and hash.
type Draft struct {
	Kind    RecordKind
	Subject string
	Key     string // idempotency key; required
	Expect  *Seq   // the last record of Subject must have this number (0: none), else conflict
	Body    []byte // canonical JSON

	// Rows are the payloads of an observation_batch; they are kept in day tables
	// that retention can drop, outside the record.
	Rows   []Observation
	bodies [][]byte // canonical JSON of Rows, when already encoded
}

// NewDraft encodes a body canonically.
func NewDraft(kind RecordKind, subject, key string, body any) (Draft, error) {
	b, err := Canonical(body)
	return Draft{Kind: kind, Subject: subject, Key: key, Body: b}, err
}

// Batch is what one append commits, all or nothing.
type Batch struct {
	Drafts []Draft
	Fence  *Fence  // for writes made under a lease
	Cursor *Cursor // the consumer's progress, moved in the same transaction
}

// Fence proves that a lease is still held: its epoch is checked in the transaction.
type Fence struct {
	Lease string
	Epoch int64
}

// Cursor is how far a consumer has read.
type Cursor struct {
	Consumer string
	Seq      Seq
}

// Receipt proves that records were committed and synced. A draft whose key was
// known already has the number of the record that holds it.
type Receipt struct {
	Seqs      []Seq
	Duplicate []bool
	Head      Seq
	HeadHash  Hash
	Recorded  RecordedTime
}

// Inception is the first record of every store and fixes its realm.
type Inception struct {
	Realm   Realm  `json:"realm"`
	Mission string `json:"mission"`
	Store   string `json:"store"` // random name of this store, part of the ledger's origin
}

// BatchManifest stands for the observations of one batch and is kept for good.
type BatchManifest struct {
	Source  SourceID `json:"source"`
	File    string   `json:"file,omitempty"`
	Count   int      `json:"count"`
	From    Instant  `json:"from"`
	To      Instant  `json:"to"`
	Days    []Day    `json:"days"` // UTC days of the payload tables
	Cells   []string `json:"cells,omitempty"`
	Merkle  Hash     `json:"merkle_root"` // RFC 6962 root over the rows' canonical JSON in batch order
	Drafted Instant  `json:"received"`
}

// Quarantine is a batch of rows that could not be read, with reasons.
type Quarantine struct {
	Source SourceID    `json:"source"`
	Rows   []Rejection `json:"rows"`
}

// AgreementText is one version of an agreement directory, files verbatim.
type AgreementText struct {
	ID      string          `json:"id"`
	Version string          `json:"version"` // SHA-256 over names and contents
	Files   []AgreementFile `json:"files"`   // in name order
}

// AgreementFile is one file of an agreement directory.
type AgreementFile struct {
	Name string `json:"name"` // slash-separated, relative
	Data []byte `json:"data"`
}

// Reevaluation sums up what a re-run changed.
type Reevaluation struct {
	Cause       string `json:"cause"`
	Incidents   int    `json:"incidents"`
	Evaluations int    `json:"evaluations"`
	Changed     int    `json:"changed"`
}

// Retention precedes the dropping of a day's payload tables.
type Retention struct {
	Day    Day    `json:"day"`
	Rows   int    `json:"rows"`
	Reason string `json:"reason"`
}

// Erasure precedes the erasing of a record's salt and body.
type Erasure struct {
	Seq    Seq    `json:"seq,string"`
	Reason string `json:"reason"`
}

// Watermark says up to which time replay may act; timers append nothing else.
type Watermark struct {
	Name string  `json:"name"`
	At   Instant `json:"at"`
}

// DecodeBody reads a record's body into the type of its kind.
func DecodeBody[T any](r Record) (T, error) {
	var v T
	err := DecodeBodyInto(r, &v)
	return v, err
}

// DecodeBodyInto reads a record's body into the zero value v points to; a type with fewer
// members than that of the record's kind is given those it has.
func DecodeBodyInto(r Record, v any) error {
	if r.Erased() {
		return Errorf(CodeNotFound, "record %d: body was erased", r.Seq)
	}
	if r.Schema > SchemaVersion {
		return Errorf(CodeInvalid, "record %d: schema %d is newer than this program reads (%d): update truce", r.Seq, r.Schema, SchemaVersion)
	}
	if err := DecodeCanonical(r.Body, v); err != nil {
		return Errorf(CodeInternal, "record %d: %w", r.Seq, err)
	}
	return nil
}
