// Package nmea takes apart the lines of NMEA 0183: start, talker, fields and checksum, the tag
// block before a sentence, and the time that a receiver writes around it.
//
// It never opens a port, reads no clock, and knows the meaning of no sentence.
//
// Read Reader for the way of a line, parse.go for its parts, tag.go for what stands around a
// sentence, write.go for the way back.
package nmea

import (
	"bytes"
	"fmt"
	"io"
)

// Sentence is one line taken apart. Its slices are parts of the reader's memory and good until
// the next call of Next.
type Sentence struct {
	Offset int64    // of the line's first byte, from the start of the stream
	Line   int      // of the stream, from 1
	Raw    []byte   // the line without its end
	Start  byte     // '$', or '!' for encapsulated data
	Talker []byte   // who speaks: "AI", "GP"; "P" of a maker's own sentence
	Type   []byte   // which sentence: "VDM", "RMC"; of a maker's own all behind the P
	Fields [][]byte // behind the address, without the checksum
	Tag    Tag
}

// Error is a line that is no sentence. Reading goes on behind it.
type Error struct {
	Offset int64
	Length int64
	Reason string
	Raw    []byte // its beginning; good until the next call of Next
}

// Error says where the line is and what is wrong with it.
func (e *Error) Error() string {
	return fmt.Sprintf("byte %d: %s", e.Offset, e.Reason)
}

// Reader reads sentences line by line, in the memory of one buffer. Empty lines, and lines
// that begin with "#", are passed over.
type Reader struct {
	src        io.Reader
	buf        [bufferSize]byte
	start, end int   // buf[start:end] is read and not yet used
	offset     int64 // of buf[start]
	lines      int
	ended      error
	fields     [MaxFields][]byte
}

// NewReader reads from src.
func NewReader(src io.Reader) *Reader { return &Reader{src: src} }

// Next reads the next sentence: io.EOF at the end, *Error for a line that is none, and any
// other error of the source.
func (r *Reader) Next(s *Sentence) error {
	for {
		line, offset, length, err := r.line()
		if err != nil {
			return err
		}
		r.lines++
		if length > int64(MaxLine) {
			return &Error{offset, length, fmt.Sprintf("the line is over the bound of %d bytes", MaxLine), line}
		}
		line = bytes.Trim(line, "\r\n \t\x00")
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		*s = Sentence{Offset: offset, Line: r.lines, Raw: line, Fields: r.fields[:0]}
		if reason := s.parse(); reason != "" {
			return &Error{offset, length, reason, line}
		}
		return nil
	}
}

// line gives the next line with its end. Of one over the bound it gives the beginning, and the
// whole length.
func (r *Reader) line() (line []byte, offset, length int64, err error) {
	for seen := 0; ; {
		window := r.buf[r.start:r.end]
		if i := bytes.IndexByte(window[seen:], '\n'); i >= 0 {
			offset = r.offset
			r.use(seen + i + 1)
			return window[:seen+i+1], offset, int64(seen + i + 1), nil
		}
		if len(window) > MaxLine {
			return r.skipLine()
		}
		if r.ended != nil {
			if len(window) == 0 || r.ended != io.EOF { // a line cut by a failure is none
				return nil, r.offset, 0, r.ended
			}
			offset = r.offset
			r.use(len(window))
			return window, offset, int64(len(window)), nil
		}
		seen = len(window)
		r.fill()
	}
}

func (r *Reader) use(n int) {
	r.start += n
	r.offset += int64(n)
}

// fill reads once, making room first.
func (r *Reader) fill() {
	if r.start > 0 {
		r.end = copy(r.buf[:], r.buf[r.start:r.end])
		r.start = 0
	}
	for range 100 { // a reader may give nothing and no error, but not for ever
		n, err := r.src.Read(r.buf[r.end:])
		r.end, r.ended = r.end+n, err
		if n > 0 || err != nil {
			return
		}
	}
	r.ended = io.ErrNoProgress
}

// skipLine passes over a line that is over the bound.
func (r *Reader) skipLine() (line []byte, offset, length int64, err error) {
	kept := append([]byte(nil), r.buf[r.start:r.start+MaxLine]...)
	offset = r.offset
	for {
		if i := bytes.IndexByte(r.buf[r.start:r.end], '\n'); i >= 0 {
			r.use(i + 1)
			return kept, offset, r.offset - offset, nil
		}
		r.use(r.end - r.start)
		if r.ended != nil {
			return kept, offset, r.offset - offset, nil
		}
		r.fill()
	}
}
