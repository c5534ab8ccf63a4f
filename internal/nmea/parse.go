package nmea

import (
	"bytes"
	"fmt"
)

// parse takes a line apart; it returns the reason when it is no sentence.
func (s *Sentence) parse() (reason string) {
	rest, reason := s.prefix(s.Raw)
	if reason != "" {
		return reason
	}
	body := rest[1:]
	star := bytes.LastIndexByte(body, '*')
	if star < 0 {
		return "the sentence has no checksum: it ends in no *hh"
	}
	stated, ok := hexByte(body[star+1:])
	if !ok {
		return "behind the * stand no two hexadecimal digits"
	}
	if sum := Checksum(body[:star]); sum != stated {
		return fmt.Sprintf("the checksum is %02X, and the sentence says %02X", sum, stated)
	}
	s.Start = rest[0]
	s.Tag.suffix(body[star+3:])
	return s.split(body[:star])
}

// prefix reads what stands before the sentence, which begins with $ or !.
func (s *Sentence) prefix(line []byte) (rest []byte, reason string) {
	for {
		at := bytes.IndexAny(line, "$!\\")
		if at < 0 {
			return nil, "no sentence: there is neither $ nor !"
		}
		if at > 0 {
			s.Tag.stamp(bytes.TrimRight(line[:at], " \t,;:"))
		}
		line = line[at:]
		if line[0] != '\\' {
			return line, ""
		}
		end := bytes.IndexByte(line[1:], '\\')
		if end < 0 {
			return nil, "the tag block is not closed by a second \\"
		}
		if reason := s.Tag.block(line[1 : 1+end]); reason != "" {
			return nil, reason
		}
		line = line[end+2:]
	}
}

// split takes address and fields out of the body.
func (s *Sentence) split(body []byte) (reason string) {
	address, rest, more := bytes.Cut(body, comma)
	switch {
	case len(address) > 1 && address[0] == 'P':
		s.Talker, s.Type = address[:1], address[1:]
	case len(address) == 5:
		s.Talker, s.Type = address[:2], address[2:]
	default:
		return fmt.Sprintf("the address %.12q is none of two letters of a talker and three of a sentence", address)
	}
	for _, b := range address {
		if (b < 'A' || b > 'Z') && (b < '0' || b > '9') {
			return fmt.Sprintf("the address %.12q holds more than capital letters and digits", address)
		}
	}
	for more {
		if len(s.Fields) == MaxFields {
			return fmt.Sprintf("the sentence has more than %d fields", MaxFields)
		}
		var field []byte
		field, rest, more = bytes.Cut(rest, comma)
		s.Fields = append(s.Fields, field)
	}
	return ""
}

var comma = []byte{','}

// Checksum is the exclusive or of all bytes between the start and the *.
func Checksum(body []byte) (sum byte) {
	for _, b := range body {
		sum ^= b
	}
	return sum
}

func hexByte(text []byte) (byte, bool) {
	if len(text) < 2 {
		return 0, false
	}
	high, ok1 := hexDigit(text[0])
	low, ok2 := hexDigit(text[1])
	return high<<4 | low, ok1 && ok2
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9':
		return b - '0', true
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10, true
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10, true
	}
	return 0, false
}

// Number reads decimal digits alone, at most 15 of them.
func Number(text []byte) (int64, bool) {
	if len(text) == 0 || len(text) > 15 {
		return 0, false
	}
	var n int64
	for _, b := range text {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = n*10 + int64(b-'0')
	}
	return n, true
}
