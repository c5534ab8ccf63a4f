// Package capxml writes and reads the Common Alerting Protocol, version 1.2 (OASIS
// Standard, 1 July 2010), and reads 1.1. It fetches nothing that a document names, expands
// no entity, and takes no document with a DTD. Read Alert (the vocabulary of the standard),
// From (an alert of ours as CAP), Encode and Decode; then
// Acknowledged and ReadAnswer (acknowledgements, both ways).
package capxml

import (
	"strings"
	"time"
)

// Namespaces of the versions that are read.
const (
	Namespace   = "urn:oasis:names:tc:emergency:cap:1.2"
	Namespace11 = "urn:oasis:names:tc:emergency:cap:1.1"
)

// MediaType is that of a CAP document.
const MediaType = "application/cap+xml"

// Alert is the alert element, with the names and the order of the standard's section 3.2.1.
type Alert struct {
	Identifier  string
	Sender      string
	Sent        time.Time // to the second
	Status      Status
	MsgType     MsgType
	Source      string
	Scope       Scope
	Restriction string   // of scope Restricted, and of no other
	Addresses   []string // of scope Private at least one
	Codes       []string
	Note        string
	References  []Reference
	Incidents   []string
	Infos       []Info
	Signed      bool // an XML signature stands in the document; it is not checked here
}

// Status is how a message is to be handled.
type Status string

// The statuses.
const (
	StatusActual   Status = "Actual"
	StatusExercise Status = "Exercise"
	StatusSystem   Status = "System"
	StatusTest     Status = "Test"
	StatusDraft    Status = "Draft"
)

// MsgType is the nature of a message.
type MsgType string

// The message types.
const (
	TypeAlert  MsgType = "Alert"
	TypeUpdate MsgType = "Update"
	TypeCancel MsgType = "Cancel"
	TypeAck    MsgType = "Ack"
	TypeError  MsgType = "Error"
)

// Scope is for whom a message is meant.
type Scope string

// The scopes.
const (
	ScopePublic     Scope = "Public"
	ScopeRestricted Scope = "Restricted"
	ScopePrivate    Scope = "Private"
)

// Reference names an earlier message.
type Reference struct {
	Sender     string
	Identifier string
	Sent       time.Time
}

// Info is an info element: the message in one language.
type Info struct {
	Language    string // "": en-US, says the standard
	Categories  []string
	Event       string
	Responses   []string
	Urgency     string
	Severity    string
	Certainty   string
	Audience    string
	EventCodes  []Value
	Effective   time.Time
	Onset       time.Time
	Expires     time.Time
	SenderName  string
	Headline    string
	Description string
	Instruction string
	Web         string
	Contact     string
	Parameters  []Value
	Resources   []Resource
	Areas       []Area
}

// Value is a named value, of an event code, a parameter or a geocode.
type Value struct{ Name, Value string }

// Resource is a file that belongs to a message.
type Resource struct {
	Description string
	MediaType   string
	Size        int64 // bytes; 0: not said
	URI         string
	Data        string // base64
	Digest      string // SHA-1, as the standard has it
}

// Area is where a message applies.
type Area struct {
	Description string
	Polygons    [][]Point // closed: the last point is the first
	Circles     []Circle
	Geocodes    []Value
	Altitude    string // feet above the ellipsoid
	Ceiling     string
}

// Point is a place in degrees on WGS84.
type Point struct{ Lat, Lon float64 }

// Circle is a place with a radius.
type Circle struct {
	Centre   Point
	RadiusKm float64
}

// The closed sets of section 3.2.2.
var (
	statuses    = []string{"Actual", "Exercise", "System", "Test", "Draft"}
	types       = []string{"Alert", "Update", "Cancel", "Ack", "Error"}
	scopes      = []string{"Public", "Restricted", "Private"}
	categories  = []string{"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"}
	responses   = []string{"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"}
	urgencies   = []string{"Immediate", "Expected", "Future", "Past", "Unknown"}
	severities  = []string{"Extreme", "Severe", "Moderate", "Minor", "Unknown"}
	certainties = []string{"Observed", "Likely", "Possible", "Unlikely", "Unknown"}
)

// instant writes a time as the standard wants it: to the second, with an offset and never
// with a Z.
func instant(t time.Time) string {
	text := t.UTC().Format("2006-01-02T15:04:05")
	return text + "-00:00"
}

// restrictedCharacters may not stand in an identifier or a sender (3.2.1).
func restrictedCharacters(s string) bool { return s == "" || strings.ContainsAny(s, " ,<&\t\r\n") }
