package nmea

import "strconv"

const hexDigits = "0123456789ABCDEF"

// Append adds a sentence with its checksum and line end to dst. body is all between the start
// and the *: the address and the fields, joined by commas.
func Append(dst []byte, start byte, body []byte) []byte {
	sum := Checksum(body)
	dst = append(append(dst, start), body...)
	return append(dst, '*', hexDigits[sum>>4], hexDigits[sum&15], '\r', '\n')
}

// AppendTag adds a tag block that says who received the sentence behind it, "" for nobody, and
// when, in seconds since 1970; a time within a second is given in milliseconds, as receivers
// do. It adds nothing when neither is known.
func AppendTag(dst []byte, source string, micros int64) []byte {
	if source == "" && micros == 0 {
		return dst
	}
	dst = append(dst, '\\')
	from := len(dst)
	if source != "" {
		dst = append(append(dst, "s:"...), source...)
	}
	if micros != 0 {
		if len(dst) > from {
			dst = append(dst, ',')
		}
		dst = append(dst, "c:"...)
		if micros%1_000_000 == 0 {
			dst = strconv.AppendInt(dst, micros/1_000_000, 10)
		} else {
			dst = strconv.AppendInt(dst, micros/1000, 10)
		}
	}
	sum := Checksum(dst[from:])
	return append(dst, '*', hexDigits[sum>>4], hexDigits[sum&15], '\\')
}
