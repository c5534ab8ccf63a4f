package ais

import (
	"bytes"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/nmea"
	"github.com/trucewatch/truce/source"
)

// payload is the armoured text of a message, of one sentence or of all its parts.
type payload struct {
	key
	offset int64 // of the first sentence that came
	line   int
	length int64 // of all sentences that came
	time   truce.Instant
	fill   int
	buf    [maxParts * maxPayload]byte
	n      int
}

// key is what the sentences of one message have in common.
type key struct {
	station  Text
	channel  Text
	sequence int8 // -1: none
	total    int8
	own      bool
}

func (p *payload) text() []byte { return p.buf[:p.n] }

func (p *payload) damage(why error) *source.Damage {
	return source.Damaged(p.offset, p.length, p.text(), "%v", why)
}

// slot is a message whose parts are not all there.
type slot struct {
	payload
	open  bool
	begun int64 // count of sentences at its first part
	group int64 // of its tag blocks; 0: they tell none
	have  uint16
	came  int // parts that are here
	part  [maxParts][maxPayload]byte
	size  [maxParts]int
}

// assembler puts messages together whose parts stand in several sentences. Parts may come in
// any order, and twice.
type assembler struct {
	single  payload
	slots   [maxOpen]slot
	opened  int
	count   int64            // sentences taken
	latest  truce.Instant    // the time told last
	pending []*source.Damage // messages that were given up
}

// take takes a sentence: it returns the message that is whole with it, or why it cannot be.
func (a *assembler) take(s *nmea.Sentence) (p *payload, reason string) {
	if len(s.Fields) < 6 {
		return nil, "the sentence has less than the six fields of AIVDM: number of sentences, sentence, message, channel, payload, fill bits"
	}
	total, ok1 := nmea.Number(s.Fields[0])
	number, ok2 := nmea.Number(s.Fields[1])
	fill, ok3 := nmea.Number(s.Fields[5])
	k := key{channel: NewText(string(s.Fields[3])), station: NewText(string(s.Tag.Source)), sequence: -1, total: int8(min(total, 100)), own: s.Type[2] == 'O'}
	switch {
	case !ok1 || !ok2 || total < 1 || total > maxParts || number < 1 || number > total:
		return nil, "the sentence is none of one to nine of its message"
	case !ok3 || fill > 5:
		return nil, "the number of fill bits is not 0 to 5"
	case len(s.Fields[4]) == 0 || len(s.Fields[4]) > maxPayload:
		return nil, "the payload is empty or longer than a sentence can be"
	}
	a.count++
	if at := truce.Instant(s.Tag.Time); at != 0 {
		a.latest = at
	}
	if total == 1 {
		a.single = payload{key: k, offset: s.Offset, line: s.Line, length: int64(len(s.Raw)), time: truce.Instant(s.Tag.Time), fill: int(fill)}
		a.single.n = copy(a.single.buf[:], s.Fields[4])
		return &a.single, ""
	}
	sequence, ok := nmea.Number(s.Fields[2])
	if !ok || sequence > 9 {
		return nil, "a message of several sentences has no number from 0 to 9"
	}
	k.sequence = int8(sequence)
	return a.add(k, int(number)-1, int(fill), s)
}

// add adds a part to its message.
func (a *assembler) add(k key, i, fill int, s *nmea.Sentence) (*payload, string) {
	t := a.find(k, s.Tag.Group.ID)
	if t != nil && t.have>>i&1 == 1 {
		if bytes.Equal(t.part[i][:t.size[i]], s.Fields[4]) {
			return nil, "" // the same once more, of a second receiver
		}
		a.giveUp(t, "another message of the same number came before it was whole")
		t = nil
	}
	if t == nil {
		t = a.begin(k, s)
	}
	if t.station == (Text{}) {
		t.station = k.station
	}
	t.have |= 1 << i
	t.came++
	t.size[i] = copy(t.part[i][:], s.Fields[4])
	t.length += int64(len(s.Raw))
	if t.time == 0 {
		t.time = truce.Instant(s.Tag.Time)
	}
	if i == int(k.total)-1 {
		t.fill = fill
	} else if fill != 0 {
		a.giveUp(t, "a part before the last one has fill bits")
		return nil, ""
	}
	if t.came < int(k.total) {
		return nil, ""
	}
	for j := range int(k.total) {
		t.n += copy(t.buf[t.n:], t.part[j][:t.size[j]])
	}
	t.open = false
	a.opened--
	return &t.payload, ""
}

// find finds the message a part belongs to. The tag blocks of a group tell the station once, most
// often with the first sentence (NMEA 0183 4.10), so a part of the same group without one belongs
// to the only message that fits it otherwise.
func (a *assembler) find(k key, group int64) *slot {
	var grouped *slot
	fit := 0
	for i := range a.slots {
		t := &a.slots[i]
		if !t.open {
			continue
		}
		if t.key == k {
			return t
		}
		if group == 0 || t.group != group || t.station != (Text{}) && k.station != (Text{}) {
			continue
		}
		other := k
		if other.station = t.station; t.key == other {
			grouped = t
			fit++
		}
	}
	if fit > 1 {
		return nil
	}
	return grouped
}

// begin opens a slot, that of the oldest message where none is free.
func (a *assembler) begin(k key, s *nmea.Sentence) *slot {
	at := 0
	for i := range a.slots {
		if !a.slots[i].open {
			at = i
			break
		}
		if a.slots[i].begun < a.slots[at].begun {
			at = i
		}
	}
	t := &a.slots[at]
	if t.open {
		a.giveUp(t, "more messages than can wait have parts missing")
	}
	t.payload.key, t.offset, t.line, t.length, t.time, t.fill, t.n = k, s.Offset, s.Line, 0, 0, 0, 0
	t.open, t.begun, t.have, t.came, t.group = true, a.count, 0, 0, s.Tag.Group.ID
	a.opened++
	return t
}

func (a *assembler) giveUp(t *slot, why string) {
	var raw []byte
	for i := range t.part {
		if t.have>>i&1 == 1 {
			raw = append(raw, t.part[i][:t.size[i]]...)
		}
	}
	t.open = false
	a.opened--
	a.pending = append(a.pending, source.Damaged(t.offset, t.length, raw, "%d of %d sentences of a message came: %s", t.came, t.total, why))
}

// lost gives a message that was given up, if there is one; at the end of the stream all that
// are not whole.
func (a *assembler) lost(end bool) *source.Damage {
	if a.opened > 0 {
		for i := range a.slots {
			t := &a.slots[i]
			switch {
			case !t.open:
			case end:
				a.giveUp(t, "the stream ended")
			case a.count-t.begun > maxWait, t.time != 0 && a.latest.Sub(t.time) > maxGap:
				a.giveUp(t, "the others did not follow")
			}
		}
	}
	if len(a.pending) == 0 {
		return nil
	}
	first := a.pending[0]
	a.pending = a.pending[1:]
	return first
}
