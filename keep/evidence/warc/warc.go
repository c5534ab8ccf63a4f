// Package warc writes originals as web archives that other programs open: WARC 1.1 files
// (ISO 28500:2017) and WACZ 1.1.1 packages, and reads WARC files back.
//
// It never invents what was not captured (there are no request records), never changes a
// byte of a payload, and never publishes: an archive holds whole texts.
//
// Read Record for what a record is, Writer for how captures become records, Reader for the
// way back, then wacz.go for the package and its index.
package warc

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Type is the kind of a record (ISO 28500:2017, clause 6).
type Type string

// The types written and read here.
const (
	TypeInfo     Type = "warcinfo" // 6.2
	TypeResponse Type = "response" // 6.3
	TypeResource Type = "resource" // 6.4
	TypeRequest  Type = "request"  // 6.5; read, not written
	TypeMetadata Type = "metadata" // 6.6
	TypeRevisit  Type = "revisit"  // 6.7
)

// The names of the header fields (clause 5).
const (
	fieldID            = "WARC-Record-ID"            // 5.2
	fieldLength        = "Content-Length"            // 5.3
	fieldDate          = "WARC-Date"                 // 5.4
	fieldType          = "WARC-Type"                 // 5.5
	fieldContentType   = "Content-Type"              // 5.6
	fieldConcurrent    = "WARC-Concurrent-To"        // 5.7
	fieldBlockDigest   = "WARC-Block-Digest"         // 5.8
	fieldPayloadDigest = "WARC-Payload-Digest"       // 5.9
	fieldAddress       = "WARC-IP-Address"           // 5.10
	fieldRefersTo      = "WARC-Refers-To"            // 5.11
	fieldRefersURI     = "WARC-Refers-To-Target-URI" // 5.12
	fieldRefersDate    = "WARC-Refers-To-Date"       // 5.13
	fieldURI           = "WARC-Target-URI"           // 5.14
	fieldInfoID        = "WARC-Warcinfo-ID"          // 5.16
	fieldFilename      = "WARC-Filename"             // 5.17
	fieldProfile       = "WARC-Profile"              // 5.18
)

const (
	versionLine = "WARC/1.1"
	// identicalPayload is the profile of a revisit whose payload was captured before (6.7.2).
	identicalPayload = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

	typeHTTPResponse = "application/http;msgtype=response" // 6.3
	typeFields       = "application/warc-fields"           // annex of named fields, 6.2 and 6.6
)

// Field is one header line.
type Field struct{ Name, Value string }

// Header is the header of a record, in order.
type Header []Field

// Get is the value of the first field of a name, whatever its letters' case; "" when there
// is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

func (h *Header) add(name, value string) {
	if value != "" {
		*h = append(*h, Field{name, value})
	}
}

// text writes the header with its version line and the empty line behind it (clause 4).
func (h Header) text() string {
	var b strings.Builder
	b.WriteString(versionLine + "\r\n")
	for _, f := range h {
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String()
}

// Record is one record as read.
type Record struct {
	Version string // of the format, e.g. WARC/1.1
	Header  Header
	Offset  int64 // of its first byte in the file
}

// Type is the kind of the record.
func (r Record) Type() Type { return Type(r.Header.Get(fieldType)) }

// URI is what the record is of; 1.0 files wrote it between angle brackets.
func (r Record) URI() string { return strings.Trim(r.Header.Get(fieldURI), "<>") }

// Date is when it was captured.
func (r Record) Date() (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, r.Header.Get(fieldDate))
	if err != nil {
		return at, truce.Errorf(truce.CodeInvalid, "warc: WARC-Date %.60q: %w", r.Header.Get(fieldDate), err)
	}
	return at.UTC(), nil
}

// dateText writes a time as precisely as it is known (5.4): with microseconds when there
// are any.
func dateText(at truce.Instant) string {
	if at%1_000_000 == 0 {
		return at.Time().Format("2006-01-02T15:04:05Z")
	}
	return at.Time().Format("2006-01-02T15:04:05.000000Z")
}

// recordID makes the name of a record of what it holds, so that the same export has the
// same bytes: a UUID of version 8 (RFC 9562, 5.8) from a SHA-256.
func recordID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return fmt.Sprintf("<urn:uuid:%s-%s-%s-%s-%s>", text[:8], text[8:12], text[12:16], text[16:20], text[20:])
}

// digest writes a SHA-256 as a labelled digest (5.8).
func digest(h truce.Hash) string { return "sha256:" + h.String() }

func lengthText(n int64) string { return strconv.FormatInt(n, 10) }
