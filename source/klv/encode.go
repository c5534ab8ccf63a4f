package klv

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/trucewatch/truce"
)

// Append writes a packet of ST 0601 with the items in their order, the nested VMTI set when
// there is one, and the checksum. The time stamp is an item like the others, and belongs first.
func (m *Message) Append(dst []byte) []byte {
	var body []byte
	for _, it := range m.Items {
		if it.Tag == TagChecksum || it.Tag == TagVMTI && m.VMTI != nil {
			continue
		}
		body = appendField(body, it.Tag, tagOf(it.Tag).encode(nil, it, 0))
	}
	if m.VMTI != nil {
		body = appendField(body, TagVMTI, appendVMTI(nil, m.VMTI))
	}
	return seal(dst, keyUAS, body)
}

// seal writes key, length, value and checksum.
func seal(dst []byte, key string, body []byte) []byte {
	from := len(dst)
	dst = append(dst, key...)
	dst = appendLength(dst, len(body)+4)
	dst = append(append(dst, body...), TagChecksum, 2)
	return binary.BigEndian.AppendUint16(dst, checksum(dst[from:]))
}

func appendField(dst []byte, number uint32, value []byte) []byte {
	dst = appendLength(appendOID(dst, number), len(value))
	return append(dst, value...)
}

// MarshalJSON writes the packet as one object: each item under the name of its tag, null where
// it is not told, and bytes that are not read in hexadecimal.
func (m *Message) MarshalJSON() ([]byte, error) {
	b := append([]byte(`{"offset":`), strconv.FormatInt(m.Offset, 10)...)
	b = append(b, `,"standard":"`...)
	b = append(append(b, m.Standard...), '"')
	if m.PID != 0 {
		b = append(append(b, `,"pid":`...), strconv.Itoa(int(m.PID))...)
	}
	if m.Time != 0 {
		b = append(append(append(b, `,"time":"`...), m.Time.String()...), '"')
	}
	for _, it := range m.Items {
		if it.Tag == TagSecurity && m.Security != nil || it.Tag == TagVMTI && m.VMTI != nil {
			continue
		}
		b = append(append(b, ',', '"'), nameOf(it.Tag)...)
		b = append(b, '"', ':')
		var err error
		if b, err = it.appendJSON(b); err != nil {
			return nil, err
		}
	}
	for _, set := range []struct {
		name  string
		value any
		there bool
	}{{"security", m.Security, m.Security != nil}, {"vmti", m.VMTI, m.VMTI != nil}} {
		if !set.there {
			continue
		}
		text, err := json.Marshal(set.value)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"`+set.name+`":`...), text...)
	}
	return append(b, '}'), nil
}

func nameOf(number uint32) string {
	if name := TagName(number); name != "" {
		return name
	}
	return "tag_" + strconv.Itoa(int(number))
}

func (it Item) appendJSON(b []byte) ([]byte, error) {
	switch {
	case it.State == NotTold:
		return append(b, "null"...), nil
	case it.State == Unread:
		return append(append(append(b, '"'), hex.EncodeToString(it.Bytes)...), '"'), nil
	case it.Bytes != nil:
		text, err := json.Marshal(truce.CleanText(string(it.Bytes[:min(len(it.Bytes), MaxText)])))
		return append(b, text...), err
	}
	return strconv.AppendFloat(b, it.Number, 'f', -1, 64), nil
}
