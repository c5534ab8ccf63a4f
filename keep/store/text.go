package store

import "unsafe"

// A body is bytes to whoever signs or decodes it and text to the database. It is never
// changed once it is there, so both look at the same memory: copying a bulletin of
// 130 MB took half a second.

func textOf(body []byte) string { return unsafe.String(unsafe.SliceData(body), len(body)) }

func bytesOf(text string) []byte {
	if text == "" {
		return []byte{} // nil would mean that the body was erased
	}
	return unsafe.Slice(unsafe.StringData(text), len(text))
}
