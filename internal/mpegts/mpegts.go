// Package mpegts takes MPEG transport streams apart: packets of 188, 192 or 204 bytes, the
// tables that name the streams, and the units of the streams that are asked for.
//
// It never decodes pictures or sound, follows no clock, and knows nothing of what a unit
// holds. What is damaged is told with its place, and reading goes on behind it.
//
// Read this file for the types, reader.go for the packets, tables.go for PAT and PMT (ISO/IEC
// 13818-1, 2.4.4), unit.go for the units (2.4.3.6, 2.12.4) and writer.go for the way back.
package mpegts

import "fmt"

const (
	packetSize = 188
	syncByte   = 0x47
	nullPID    = 0x1fff
	allPIDs    = 1 << 13
)

// Kinds of elementary streams that carry metadata.
const (
	TypePrivate  = 0x06 // private data in PES packets: metadata that is not tied to a picture
	TypeMetadata = 0x15 // metadata in PES packets: tied to pictures by its time
)

// Stream is one elementary stream, as the program's table names it.
type Stream struct {
	Program uint16
	PID     uint16
	Type    uint8
	Format  string // registered format identifier of four letters, "" when there is none
}

// KLV says whether the stream carries KLV metadata, by MISB ST 1402.
func (s Stream) KLV() bool {
	switch s.Type {
	case TypePrivate:
		return s.Format == "KLVA"
	case TypeMetadata:
		return s.Format == "KLVA" || s.Format == ""
	}
	return false
}

// Options says what is read. The zero value reads the KLV metadata.
type Options struct {
	Want func(Stream) bool // which streams are put together; nil: those of KLV
}

// NoPTS is the time of a unit that has none.
const NoPTS = -1

// Unit is one unit of a stream: what one PES packet holds.
type Unit struct {
	Stream Stream
	Offset int64  // of the packet in which it begins
	PTS    int64  // presentation time in 1/90,000 s, NoPTS: none
	Data   []byte // valid until the next call
}

// Damage is a stretch that was passed over. It does not end the stream.
type Damage struct {
	Offset int64 // of its first byte
	Length int64 // bytes that were passed over
	Reason string
}

// Error says where it is and what is wrong.
func (d *Damage) Error() string {
	return fmt.Sprintf("byte %d: %s (%d bytes passed over)", d.Offset, d.Reason, d.Length)
}

func damaged(at, length int64, format string, args ...any) *Damage {
	return &Damage{Offset: at, Length: length, Reason: fmt.Sprintf(format, args...)}
}

// Detect says whether the beginning of a file is that of a transport stream. It wants some
// 1,100 bytes, and is content with fewer when the file is shorter.
func Detect(head []byte) bool {
	start, _ := findSync(head, 0)
	return start == 0 || start == 4
}

// findSync finds the first place where sync bytes stand in a row, and the size of the
// packets; size 0 tries all. The place is -1 when there is none.
func findSync(b []byte, size int) (int, int) {
	sizes := []int{packetSize, 192, 204}
	if size != 0 {
		sizes = []int{size}
	}
	for at := range b {
		if b[at] != syncByte {
			continue
		}
		for _, size := range sizes {
			if syncedAt(b, at, size) {
				return at, size
			}
		}
	}
	return -1, 0
}

// syncedAt asks for inRow sync bytes, or as many as the bytes have room for: one packet at
// the very beginning is enough when nothing else is there.
func syncedAt(b []byte, at, size int) bool {
	seen := 0
	for i := at; i < len(b) && seen < inRow; i += size {
		if b[i] != syncByte {
			return false
		}
		seen++
	}
	return seen > 1 || seen == 1 && len(b)-at >= packetSize
}
