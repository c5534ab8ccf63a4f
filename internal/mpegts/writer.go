package mpegts

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// tablePID is where the writer puts the table of its program.
const tablePID = 0x1000

// WriterConfig says what is written.
type WriterConfig struct {
	Size    int    // of a packet, 188, 192 or 204; 0: 188
	Program uint16 // 0: 1
	Streams []Stream
}

// Writer makes a transport stream of one program: enough to carry metadata and to test what
// reads it. It sends no clock.
type Writer struct {
	w        io.Writer
	cfg      WriterConfig
	counters [allPIDs]uint8
	packet   [204]byte
	unit     []byte
}

// NewWriter begins a stream.
func NewWriter(w io.Writer, cfg WriterConfig) (*Writer, error) {
	if cfg.Size == 0 {
		cfg.Size = packetSize
	}
	if cfg.Program == 0 {
		cfg.Program = 1
	}
	if cfg.Size != packetSize && cfg.Size != 192 && cfg.Size != 204 {
		return nil, fmt.Errorf("mpegts: packets of %d bytes: want 188, 192 or 204", cfg.Size)
	}
	for _, s := range cfg.Streams {
		if s.PID < 16 || s.PID >= nullPID || s.PID == tablePID || len(s.Format) != 0 && len(s.Format) != 4 {
			return nil, fmt.Errorf("mpegts: stream of PID %d, format %q: want a PID of 16 to 8190 that is not %d, and four letters", s.PID, s.Format, tablePID)
		}
	}
	return &Writer{w: w, cfg: cfg}, nil
}

// Tables writes what the stream holds. It belongs before the first unit and again each
// tenth of a second.
func (w *Writer) Tables() error {
	programs := binary.BigEndian.AppendUint16(nil, w.cfg.Program)
	programs = binary.BigEndian.AppendUint16(programs, 0xe000|tablePID)
	if err := w.table(0, 0, 1, programs); err != nil {
		return err
	}
	streams := []byte{0xff, 0xff, 0xf0, 0}
	for _, s := range w.cfg.Streams {
		about := aboutStream(s)
		streams = append(streams, s.Type)
		streams = binary.BigEndian.AppendUint16(streams, 0xe000|s.PID)
		streams = binary.BigEndian.AppendUint16(streams, 0xf000|uint16(len(about)))
		streams = append(streams, about...)
	}
	return w.table(tablePID, 2, w.cfg.Program, streams)
}

func aboutStream(s Stream) []byte {
	switch {
	case s.Format == "":
		return nil
	case s.Type == TypeMetadata:
		return append(append([]byte{0x26, 9, 1, 0, 0xff}, s.Format...), 0, 0x0f)
	}
	return append([]byte{0x05, 4}, s.Format...)
}

func (w *Writer) table(pid uint16, id byte, extension uint16, body []byte) error {
	s := []byte{0, id} // a pointer to the section, which begins at once
	s = binary.BigEndian.AppendUint16(s, 0xb000|uint16(len(body)+9))
	s = binary.BigEndian.AppendUint16(s, extension)
	s = append(append(s, 0xc1, 0, 0), body...)
	s = binary.BigEndian.AppendUint32(s, checksum(s[1:]))
	if len(s)-1 > maxSection {
		return errors.New("mpegts: the table of streams is too long: write fewer streams")
	}
	for len(s) < packetSize-4 {
		s = append(s, 0xff)
	}
	return w.payload(pid, s)
}

// Unit writes one unit of a stream. A unit of KLV or of other data is at most 65,000 bytes long;
// pts may be NoPTS.
func (w *Writer) Unit(pid uint16, pts int64, data []byte) error {
	s, known := w.stream(pid)
	if !known {
		return fmt.Errorf("mpegts: no stream has PID %d", pid)
	}
	id := byte(0xbd)
	if s.Type == TypeMetadata {
		id = 0xfc
	} else if s.Type != TypePrivate {
		id = 0xe0
	}
	if len(data) > 65_000 && id != 0xe0 || len(data) > MaxUnit-300 {
		return fmt.Errorf("mpegts: a unit of %d bytes is too long for the stream of PID %d", len(data), pid)
	}
	b := append(w.unit[:0], 0, 0, 1, id, 0, 0, 0x84, 0, 0)
	if pts != NoPTS {
		b[7], b[8] = 0x80, 5
		b = append(b, 0x21|byte(pts>>29)&0x0e, byte(pts>>22), byte(pts>>14)|1, byte(pts>>7), byte(pts<<1)|1)
	}
	if s.Type == TypeMetadata {
		b = append(b, 0, 0, 0xdf)
		b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	}
	b = append(b, data...)
	if n := len(b) - 6; n <= 0xffff {
		binary.BigEndian.PutUint16(b[4:], uint16(n))
	}
	w.unit = b
	return w.payload(pid, b)
}

func (w *Writer) stream(pid uint16) (Stream, bool) {
	for _, s := range w.cfg.Streams {
		if s.PID == pid {
			return s, true
		}
	}
	return Stream{}, false
}

// payload writes bytes as packets, the last filled up by its adaptation field.
func (w *Writer) payload(pid uint16, b []byte) error {
	for first := true; len(b) > 0; first = false {
		p := w.packet[:0]
		if w.cfg.Size == 192 {
			p = append(p, 0, 0, 0, 0)
		}
		p = append(p, syncByte, byte(pid>>8), byte(pid), 0x10|w.counters[pid])
		if first {
			p[len(p)-3] |= 0x40
		}
		w.counters[pid] = (w.counters[pid] + 1) & 15
		if room := packetSize - 4; len(b) < room {
			p[len(p)-1] |= 0x20
			p = stuff(p, room-len(b)-1)
		}
		n := min(len(b), packetSize-4)
		p, b = append(p, b[:n]...), b[n:]
		if w.cfg.Size == 204 {
			p = append(p, make([]byte, 16)...)
		}
		if _, err := w.w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// stuff appends an adaptation field with n bytes behind its length.
func stuff(p []byte, n int) []byte {
	p = append(p, byte(n))
	for i := range n {
		if i == 0 {
			p = append(p, 0)
		} else {
			p = append(p, 0xff)
		}
	}
	return p
}
