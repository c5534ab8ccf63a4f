package asterix

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source"
)

// Options say what a feed leaves open. The zero value reads any feed.
type Options struct {
	// Day is the UTC day on which a feed without dates begins, as in 2026-04-11; it goes on
	// over midnight. Captures bring their own. "": not known, and then reports have no time.
	Day truce.Day
	// Now tells the time of arrival, for live feeds: it gives the day; nil: there is none.
	Now func() truce.Instant
}

// Reader reads one feed.
type Reader struct {
	in    *bufio.Reader
	opt   Options
	at    int64
	begun bool
	tail  int // bytes behind every block
	ended error

	capture *pcap.Reader
	packet  pcap.Packet

	data    []byte // what is left of a datagram, behind the block being read
	dataAt  int64
	wrapped bool   // the datagram has a head before every block
	rest    []byte // what is left of a block
	restAt  int64
	cat     *category
	values  []Value

	clock clock
}

// NewReader reads a feed, whose form it finds out from its beginning: data blocks one behind
// the other, captures (libpcap, pcapng) of UDP datagrams with data blocks, or recordings in
// the GPS form, which have a header of 2,200 bytes and 10 bytes behind every block.
func NewReader(r io.Reader, opt Options) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 2*MaxBlock), opt: opt, clock: clock{radars: map[uint16]float64{}}}
}

// Next reads the next record into m, without allocating once the reader's memory has grown
// to the largest record. io.EOF is the end. A *source.Damage tells of a stretch that was passed
// over: records follow each other without a mark, so one that cannot be read takes the rest of
// its block with it. Any other error ends the feed, and is given again by every later call.
// Blocks of categories that are not read are passed over.
func (r *Reader) Next(m *Message) error {
	if r.ended != nil {
		return r.ended
	}
	if cap(m.Items) > cap(r.values) {
		r.values = m.Items
	}
	*m = Message{Items: r.values[:0]}
	err := r.next(m)
	r.values = m.Items
	if err != nil && !isDamage(err) {
		r.ended = err
	}
	return err
}

func isDamage(err error) bool {
	var d *source.Damage
	return errors.As(err, &d)
}

func (r *Reader) next(m *Message) error {
	if !r.begun {
		if err := r.begin(); err != nil {
			return err
		}
		r.begun = true
	}
	for len(r.rest) == 0 {
		if err := r.nextBlock(); err != nil {
			return err
		}
	}
	m.Offset, m.Category = r.restAt, r.cat.number
	used, reason := r.record(r.cat, r.rest, m)
	if reason != "" {
		err := source.Damaged(r.restAt, int64(len(r.rest)), r.rest, "category %d: %s", r.cat.number, reason)
		r.rest = nil
		m.Items = m.Items[:0]
		return err
	}
	m.Raw, r.rest = r.rest[:used], r.rest[used:]
	if r.capture == nil {
		r.restAt += int64(used)
	}
	r.time(m)
	return nil
}

// begin finds out the form of the feed.
func (r *Reader) begin() error {
	if errLayout != nil {
		return errLayout
	}
	if err := r.clock.begin(r.opt); err != nil {
		return err
	}
	head, err := r.in.Peek(4)
	if len(head) == 0 {
		return err
	}
	switch {
	case pcap.Known(head):
		r.capture = pcap.NewReader(r.in)
	case bytes.Count(head, head[:1]) == len(head) && r.recording():
		r.at, r.tail = recordingHead, recordingTail
		_, err = r.in.Discard(recordingHead)
		return err
	}
	return nil
}

// recording says whether the feed is a recording in the GPS form: its header is filled with one
// byte, and the first block stands behind it.
func (r *Reader) recording() bool {
	head, _ := r.in.Peek(64)
	if len(head) < 64 || bytes.Count(head, head[:1]) != len(head) {
		return false
	}
	head, _ = r.in.Peek(recordingHead + 3)
	return len(head) == recordingHead+3 && categories[head[recordingHead]] != nil
}

// nextBlock finds the next block of a category that is read.
func (r *Reader) nextBlock() error {
	if r.capture != nil {
		return r.nextOfCapture()
	}
	head, err := r.in.Peek(3)
	switch {
	case len(head) == 0 || err != nil && err != io.EOF:
		return err
	case len(head) < 3:
		return r.pass(len(head), "ends within the head of a block")
	}
	length := blockLength(head)
	if head[0] == 0 || length < 4 {
		return r.resync(fmt.Sprintf("category %d with a length of %d where a block should begin", head[0], length))
	}
	block, err := r.in.Peek(length)
	if err == io.EOF {
		return r.resync(fmt.Sprintf("a block of %d bytes that goes beyond the end", length))
	}
	if err != nil {
		return err
	}
	r.open(block, r.at)
	r.take(length)
	if r.tail > 0 {
		return r.skipTail()
	}
	return nil
}

func blockLength(head []byte) int { return int(head[1])<<8 | int(head[2]) }

// open sets the reader on the records of a block.
func (r *Reader) open(block []byte, at int64) {
	if r.cat = categories[block[0]]; r.cat != nil {
		r.rest, r.restAt = block[3:], at+3
	}
}

// skipTail passes over what a recording puts behind a block. The block is copied, since the
// buffer may move.
func (r *Reader) skipTail() error {
	r.data = append(r.data[:0], r.rest...)
	r.rest = r.data
	n, err := r.in.Discard(r.tail)
	r.at += int64(n)
	if err == io.EOF {
		err = nil // the last one may lack it
	}
	return err
}

// nextOfCapture finds the next block of a datagram, and the next datagram where there is none.
func (r *Reader) nextOfCapture() error {
	for len(r.data) == 0 {
		if err := r.capture.Next(&r.packet); err != nil {
			return r.captureEnds(err)
		}
		var d pcap.Datagram
		err := pcap.UDP(&r.packet, &d)
		switch {
		case errors.Is(err, pcap.ErrOther):
			continue
		case err != nil:
			return source.Damaged(r.packet.Offset, int64(len(r.packet.Data)), r.packet.Data, "%v", err)
		}
		r.data, r.dataAt, r.wrapped = d.Payload, r.packet.Offset, wrapped(d.Payload)
	}
	if r.wrapped {
		r.data = r.data[wrapper:]
	}
	b := r.data
	if len(b) < 3 || b[0] == 0 || blockLength(b) < 4 || blockLength(b) > len(b) {
		r.data = nil
		return source.Damaged(r.dataAt, int64(len(b)), b, "a datagram that is no data block, or holds only part of one")
	}
	length := blockLength(b)
	r.data = b[length:]
	r.open(b[:length], r.dataAt)
	if r.cat != nil {
		r.restAt = r.dataAt
	}
	return nil
}

// wrapper is the head that some networks (ORADIS) put before every block of a datagram: the
// length with the head, two bytes, and the time of sending in milliseconds, four bytes.
const wrapper = 6

// wrapped says whether a datagram is made of such blocks from its beginning to its end.
func wrapped(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	for len(b) > 0 {
		if len(b) < wrapper+4 {
			return false
		}
		length := int(b[0])<<8 | int(b[1])
		if length > len(b) || length-wrapper != blockLength(b[wrapper:]) {
			return false
		}
		b = b[length:]
	}
	return true
}

// captureEnds turns a capture that breaks off into damage, and then its end.
func (r *Reader) captureEnds(err error) error {
	var format *pcap.FormatError
	if !errors.As(err, &format) {
		return err
	}
	r.capture = pcap.NewReader(bytes.NewReader(nil))
	r.ended = io.EOF
	return source.Damaged(format.Offset, 0, nil, "%s", format.Reason)
}

// pass gives up n bytes as damaged.
func (r *Reader) pass(n int, reason string) error {
	stretch, _ := r.in.Peek(n)
	err := source.Damaged(r.at, int64(n), stretch, "%s", reason)
	r.take(n)
	return err
}

// resync passes over what is no block, up to the next that is followed by another or by the end.
func (r *Reader) resync(reason string) error {
	head, _ := r.in.Peek(64)
	at, first := r.at, bytes.Clone(head)
	for {
		r.take(1)
		if r.plausible() {
			break
		}
		if _, err := r.in.Peek(1); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	return source.Damaged(at, r.at-at, first[:min(int64(len(first)), r.at-at)], "%s", reason)
}

// plausible says whether a block of a category that is read stands next, with another behind it.
func (r *Reader) plausible() bool {
	head, _ := r.in.Peek(3)
	if len(head) < 3 || categories[head[0]] == nil {
		return false
	}
	length := blockLength(head)
	if length < 4 {
		return false
	}
	more, err := r.in.Peek(length + r.tail + 1)
	if err != nil {
		return len(more) == length || len(more) == length+r.tail
	}
	return categories[more[length+r.tail]] != nil
}

// take moves on by n bytes, which are in the buffer.
func (r *Reader) take(n int) {
	n, _ = r.in.Discard(n)
	r.at += int64(n)
}
