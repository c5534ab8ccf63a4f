// Package source holds what the decoders below it share: rows and where they stood,
// numbers, times and places as people write them, and the quarantine.
//
// It never opens a file, calls a service or reads a clock, and decides nothing about
// what is read: each decoder turns bytes into observations and stops there.
//
// Read this file for the quarantine, then text.go (numbers), when.go (times), box.go
// (where a mission works), table.go (CSV tables by column name) and statement.go (a
// report given as named fields, which the csv and geojson decoders share).
package source

import (
	"fmt"

	"github.com/trucewatch/truce"
)

// Out is where the rows of one file go.
type Out struct {
	file string
	sink truce.Sink
}

// NewOut makes the way out for the rows of a file.
func NewOut(file string, sink truce.Sink) *Out {
	return &Out{file: truce.CleanText(file), sink: sink}
}

// At is the origin of the row on a line, 0 where the format has no lines.
func (o *Out) At(line int) truce.Origin { return truce.Origin{File: o.file, Line: line} }

// Observe passes an observation on.
func (o *Out) Observe(obs truce.Observation) error { return o.sink.Observe(obs) }

// Reject quarantines a row with the reason; raw is copied and cut.
func (o *Out) Reject(line int, raw []byte, reason string) error {
	kept := append([]byte(nil), raw[:min(len(raw), truce.MaxRejectedRow)]...)
	return o.sink.Reject(truce.Rejection{File: o.file, Line: line, Reason: truce.CleanText(reason), Raw: kept})
}

// Unusable is the error for a file that cannot be read as a whole; the text says what
// is wrong and how to mend it.
func (o *Out) Unusable(format string, args ...any) error {
	return truce.Errorf(truce.CodeInvalid, "%s: %w", o.file, fmt.Errorf(format, args...))
}
