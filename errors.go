package truce

import (
	"errors"
	"fmt"
)

// Code is one of a closed set: what kind of refusal an error is.
type Code string

// The codes. An error without one is CodeInternal.
const (
	CodeInvalid         Code = "invalid"
	CodeUnauthenticated Code = "unauthenticated"
	CodeForbidden       Code = "forbidden"
	CodeNotFound        Code = "not_found"
	CodeConflict        Code = "conflict"
	CodeTooLarge        Code = "too_large"
	CodeRateLimited     Code = "rate_limited"
	CodeUnavailable     Code = "unavailable"
	CodeInternal        Code = "internal"
)

// Error is a refusal: a code and a sentence a person can act on.
type Error struct {
	Code Code
	err  error
}

// Errorf makes a coded error; %w wraps a cause as in fmt.Errorf.
func Errorf(code Code, format string, args ...any) error {
	return &Error{Code: code, err: fmt.Errorf(format, args...)}
}

// Error is the sentence.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap leads to the causes the sentence wrapped.
func (e *Error) Unwrap() error { return e.err }

// CodeOf finds the code of an error, CodeInternal when it has none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
