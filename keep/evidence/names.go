package evidence

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// The names. Each kind of file has a folder; below it two levels of two hex digits keep a
// folder of a million originals at 16 names.
const (
	objectFolder   = "objects/"   // ab/cd/HASH: the bytes
	captureFolder  = "captures/"  // ab/cd/HASH/HASH-OF-CAPTURE.json
	custodyFolder  = "custody/"   // ab/cd/HASH/NUMBER.json
	takedownFolder = "takedowns/" // ab/cd/HASH/NUMBER.json
	jsonEnd        = ".json"
)

func shard(h truce.Hash) string {
	text := h.String()
	return text[:2] + "/" + text[2:4] + "/" + text
}

func objectName(h truce.Hash) string { return objectFolder + shard(h) }

func objectHash(name string) (truce.Hash, bool) {
	var h truce.Hash
	rest, ok := strings.CutPrefix(name, objectFolder)
	if !ok || len(rest) < 6 || h.UnmarshalText([]byte(rest[6:])) != nil {
		return h, false
	}
	return h, rest == shard(h)
}

func captureName(content, capture truce.Hash) string {
	return captureFolder + shard(content) + "/" + capture.String() + jsonEnd
}

// below splits a name into the hash of its folder and what stands behind it.
func below(folder, name string) (content truce.Hash, rest string, ok bool) {
	at, ok := strings.CutPrefix(name, folder)
	if !ok || len(at) < 6+64+1 || content.UnmarshalText([]byte(at[6:70])) != nil || !strings.HasPrefix(at, shard(content)+"/") {
		return content, "", false
	}
	rest, ok = strings.CutSuffix(at[71:], jsonEnd)
	return content, rest, ok
}

func captureHashes(name string) (content, capture truce.Hash, ok bool) {
	content, rest, ok := below(captureFolder, name)
	if !ok || capture.UnmarshalText([]byte(rest)) != nil {
		return content, capture, false
	}
	return content, capture, true
}

func stepName(folder string, content truce.Hash, number int) string {
	return fmt.Sprintf("%s%s/%08d%s", folder, shard(content), number, jsonEnd)
}

func stepNumber(folder, name string) (content truce.Hash, number int, ok bool) {
	content, rest, ok := below(folder, name)
	if !ok {
		return content, 0, false
	}
	number, err := strconv.Atoi(rest)
	return content, number, err == nil && number > 0 && stepName(folder, content, number) == name
}

func sortCaptures(captures []Capture) {
	slices.SortFunc(captures, func(a, b Capture) int {
		return cmp.Or(cmp.Compare(a.Fetched, b.Fetched), bytes.Compare(a.Content[:], b.Content[:]), strings.Compare(a.URL, b.URL), strings.Compare(a.By, b.By))
	})
}
