package paper

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"github.com/trucewatch/truce"
)

// Code is what the form of an alert lets its person answer with, and what shows that the
// form is one of ours. The key is a secret that lies with the record of the alert (its
// salt), so that a form is known for as long as the record is, by every program over the
// store; only who holds the key, or the form, knows the code.
func Code(key []byte, a truce.AlertID, p truce.PersonID) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("truce/paper/1\n" + a.String() + "\n" + string(p)))
	return truce.ShortCode(truce.Hash(h.Sum(nil)))
}

// Check says whether a code is that of a form, however it was typed: small letters, spaces,
// O for 0, I or L for 1.
func Check(key []byte, a truce.AlertID, p truce.PersonID, typed string) bool {
	return len(key) > 0 && truce.SameCode(typed, Code(key, a, p))
}

// Scan is what the code square of a form holds.
type Scan struct {
	Alert truce.AlertID
	Code  string
	Short string // the headline, so that who scans it sees what it is about
	Base  string // where the pages are: the square then opens the page that checks the form
}

const scanTag = "TRUCE1"

// maxShort is the longest headline in a code square, characters: the square stays coarse
// enough to be read from a photocopy.
const maxShort = 90

// scanPath is where the page that checks a form lies, before the alert and the code.
const scanPath = "/paper/"

// Text is the content of the square.
func (s Scan) Text() string {
	if s.Base != "" {
		return strings.TrimSuffix(s.Base, "/") + scanPath + s.Alert.String() + "/" + s.Code
	}
	short := []rune(s.Short)
	if len(short) > maxShort {
		short = append(short[:maxShort-1:maxShort-1], '…')
	}
	return scanTag + "\n" + s.Alert.String() + "\n" + s.Code + "\n" + string(short)
}

// ReadScan reads what a scanner gives.
func ReadScan(text string) (Scan, error) {
	parts := strings.SplitN(strings.ReplaceAll(text, "\r\n", "\n"), "\n", 4)
	base, rest, isPage := strings.Cut(strings.TrimSpace(text), scanPath)
	if id, code, both := strings.Cut(rest, "/"); isPage && both && strings.HasPrefix(base, "http") {
		parts = []string{scanTag, id, code, ""}
	} else {
		base = ""
	}
	if len(parts) != 4 || parts[0] != scanTag {
		return Scan{}, truce.Errorf(truce.CodeInvalid, "scan: not the code of a Truce form: scan the square on the form itself")
	}
	id, err := truce.ParseID(parts[1])
	if err != nil {
		return Scan{}, truce.Errorf(truce.CodeInvalid, "scan: %w", err)
	}
	return Scan{Alert: id, Code: parts[2], Short: parts[3], Base: base}, nil
}
