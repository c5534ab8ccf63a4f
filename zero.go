package truce

import (
	"slices"
	"strings"
)

// T0Evidence names the record on which people move a zero point.
type T0Evidence struct {
	Kind EvidenceKind `json:"kind"`
	// Record is the id or number of an incident of the case, the id of an observation, the
	// number of a notification, or the number of the step in which a party complained.
	Record string `json:"record"`
}

// EvidenceKind is what kind of record a zero point is moved on.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceIncident     EvidenceKind = "incident"
	EvidenceObservation  EvidenceKind = "observation"
	EvidenceNotification EvidenceKind = "notification"
	EvidenceComplaint    EvidenceKind = "complaint"
)

// EvidenceKinds lists the kinds of evidence.
func EvidenceKinds() []EvidenceKind {
	return []EvidenceKind{EvidenceIncident, EvidenceObservation, EvidenceNotification, EvidenceComplaint}
}

// ParseT0Evidence reads what people write, e.g. "incident 2026-14" or "complaint 12".
func ParseT0Evidence(text string) (T0Evidence, error) {
	kind, record, _ := strings.Cut(strings.TrimSpace(text), " ")
	e := T0Evidence{EvidenceKind(kind), strings.TrimSpace(record)}
	return e, e.Validate()
}

// Validate refuses evidence that names no record, and says how one is named.
func (e T0Evidence) Validate() error {
	if !slices.Contains(EvidenceKinds(), e.Kind) || e.Record == "" || len(e.Record) > maxEvidence || strings.ContainsAny(e.Record, " \t\n") {
		return Errorf(CodeInvalid, "evidence %.60q: name the record that moves the zero point, as \"incident 2026-14\", \"observation ID\", "+
			"\"notification N-12\" or \"complaint STEP\"", e.String())
	}
	return nil
}

// String is the evidence as people write it.
func (e T0Evidence) String() string { return strings.TrimSpace(string(e.Kind) + " " + e.Record) }

// T0Ask is a move of a zero point that a second person of another role has not agreed to.
type T0Ask struct {
	T0Change
	By     PersonID `json:"by"`
	Office Office   `json:"office"`
	At     Instant  `json:"at"`
	Step   int      `json:"step"`
	Text   string   `json:"text"`
}

// Complaint is a party's wish for verification.
type Complaint struct {
	Step int      `json:"step"`
	At   Instant  `json:"at"`
	By   PersonID `json:"by"`
	Text string   `json:"text"`
}
