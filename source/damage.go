package source

import (
	"errors"
	"fmt"
	"io"

	"github.com/trucewatch/truce"
)

// Damage is a stretch of a stream that no message could be read from. It is an error that
// does not end the stream: a reader gives it once and goes on behind the stretch.
type Damage struct {
	Offset int64  `json:"offset"` // of its first byte, from the start of the stream
	Length int64  `json:"length"` // bytes that were passed over
	Reason string `json:"reason"` // what is wrong with them
	Raw    []byte `json:"-"`      // its beginning, for the quarantine
}

// Error says where the stretch is and what is wrong with it.
func (d *Damage) Error() string {
	return fmt.Sprintf("byte %d: %s (%d bytes passed over)", d.Offset, d.Reason, d.Length)
}

// Damaged makes the error of a stretch; raw is copied and cut.
func Damaged(offset, length int64, raw []byte, format string, args ...any) *Damage {
	kept := append([]byte(nil), raw[:min(len(raw), truce.MaxRejectedRow)]...)
	return &Damage{Offset: offset, Length: length, Reason: fmt.Sprintf(format, args...), Raw: kept}
}

// Quarantine rejects the stretch when err is Damage, and gives back any other error.
func (o *Out) Quarantine(err error) error {
	var d *Damage
	if !errors.As(err, &d) {
		return err
	}
	return o.Reject(0, d.Raw, d.Error())
}

// Each reads messages until the end: observe gets each, what is damaged goes to quarantine,
// and the error of a stream that is not of its format names the file.
func Each[M any](out *Out, next, observe func(*M) error) error {
	var m M
	for {
		err := next(&m)
		var damage *Damage
		switch {
		case err == nil:
			err = observe(&m)
		case err == io.EOF:
			return nil
		case errors.As(err, &damage):
			err = out.Quarantine(damage)
		case truce.CodeOf(err) == truce.CodeInvalid:
			err = out.Unusable("%w", err)
		}
		if err != nil {
			return err
		}
	}
}
