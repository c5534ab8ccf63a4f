package paper

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/trucewatch/truce"
)

// digits are those of ULIDs, without letters that are taken for digits.
var digits = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// codeBytes is how much of the keyed hash a code carries: 60 bits fill twelve digits, which
// can be read out over a telephone and not be guessed.
const codeBytes = 8

// Code is what the form of an alert lets its person answer with. Only who holds the key, or
// the form, knows it.
func Code(key []byte, a truce.AlertID, p truce.PersonID) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("truce/paper/1\n" + a.String() + "\n" + string(p)))
	text := digits.EncodeToString(h.Sum(nil)[:codeBytes])[:12]
	return text[:4] + "-" + text[4:8] + "-" + text[8:]
}

// Check says whether a code is that of a form, however it was typed: small letters, spaces,
// O for 0, I or L for 1.
func Check(key []byte, a truce.AlertID, p truce.PersonID, typed string) bool {
	typed = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	want := strings.ReplaceAll(Code(key, a, p), "-", "")
	return hmac.Equal([]byte(typed), []byte(want))
}

// Scan is what the code square of a form holds.
type Scan struct {
	Alert truce.AlertID
	Code  string
	Short string // the headline, so that who scans it sees what it is about
}

const scanTag = "TRUCE1"

// maxShort is the longest headline in a code square, characters: the square stays coarse
// enough to be read from a photocopy.
const maxShort = 90

// Text is the content of the square.
func (s Scan) Text() string {
	short := []rune(s.Short)
	if len(short) > maxShort {
		short = append(short[:maxShort-1:maxShort-1], '…')
	}
	return scanTag + "\n" + s.Alert.String() + "\n" + s.Code + "\n" + string(short)
}

// ReadScan reads what a scanner gives.
func ReadScan(text string) (Scan, error) {
	parts := strings.SplitN(strings.ReplaceAll(text, "\r\n", "\n"), "\n", 4)
	if len(parts) != 4 || parts[0] != scanTag {
		return Scan{}, truce.Errorf(truce.CodeInvalid, "scan: not the code of a Truce form: scan the square on the form itself")
	}
	id, err := truce.ParseID(parts[1])
	if err != nil {
		return Scan{}, truce.Errorf(truce.CodeInvalid, "scan: %w", err)
	}
	return Scan{Alert: id, Code: parts[2], Short: parts[3]}, nil
}
