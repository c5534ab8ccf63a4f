package agreement

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// The fingerprints are added where they are missing, in braces and in lines, and the terms
// say otherwise what they said.
func TestFingerprintsAreAdded(t *testing.T) {
	files := plainFiles(t)
	for i := range files {
		if files[i].Name == MainFile {
			text := strings.Replace(string(files[i].Data), "  - id: R07\n    clause: \"1.1\"\n", "  - {id: R08, clause: '1.1' , claim: [return_fire], conditions: {names_incident: true}}\n  - {id: R09, claim: [return_fire], conditions: {names_incident: true}, clause: 1.1}\n  - clause: 1.1  # the number\n    id: R07\n", 1)
			files[i].Data = []byte(text)
		}
	}
	before := mustParse(t, files)
	text, added, err := WithHashes(files)
	if err != nil || added != len(before.Rules) {
		t.Fatalf("%d added (%v), want one for each of %d rules", added, err, len(before.Rules))
	}
	i := slices.IndexFunc(files, func(f truce.AgreementFile) bool { return f.Name == MainFile })
	old := files[i].Data
	files[i].Data = text
	after := mustParse(t, files)
	for k, r := range after.Rules {
		if r.ClauseHash.IsZero() || r.ID != before.Rules[k].ID || r.Clause != before.Rules[k].Clause {
			t.Errorf("%s cites %s", r.ID, r.ClauseHash)
		}
	}
	for _, p := range before.Warnings {
		if cites := strings.HasPrefix(p.Text, citesNothing); cites != before.Binding(p) {
			t.Errorf("%s: binding %t in terms that are in force", p, before.Binding(p))
		}
	}
	if again, n, err := WithHashes(files); n != 0 || err != nil || !bytes.Equal(again, text) {
		t.Errorf("a second time %d are added (%v)", n, err)
	}
	var rest []string
	for _, line := range strings.Split(string(text), "\n") {
		if trimmed := strings.TrimSpace(line); !strings.HasPrefix(trimmed, "clause_sha256: ") {
			if at := strings.Index(line, ", clause_sha256: "); at >= 0 {
				line = line[:at] + line[at+len(", clause_sha256: ")+64:]
			}
			rest = append(rest, line)
		}
	}
	if strings.Join(rest, "\n") != string(old) {
		t.Error("more of the text was changed than fingerprints")
	}
}

// The same text has the same fingerprint however its lines end; another text has another,
// and a file of plain lines keeps that of its bytes.
func TestTheFingerprintOfAClauseIsThatOfItsText(t *testing.T) {
	const plain = "# 1.1 Fire\n\nNobody fires.\n"
	if ClauseHash([]byte(plain)) != truce.HashOf([]byte(plain)) {
		t.Error("the fingerprint of plain lines is not that of their bytes")
	}
	for _, same := range []string{strings.ReplaceAll(plain, "\n", "\r\n"), strings.ReplaceAll(plain, "\n", "\r"), strings.TrimSpace(plain), plain + "\n\n", "\ufeff" + plain} {
		if ClauseHash([]byte(same)) != ClauseHash([]byte(plain)) {
			t.Errorf("%q has another fingerprint", same)
		}
	}
	for _, other := range []string{strings.Replace(plain, "\n\n", "\n", 1), strings.Replace(plain, "fires", "Fires", 1), " " + plain} {
		if ClauseHash([]byte(other)) == ClauseHash([]byte(plain)) {
			t.Errorf("%q has the same fingerprint", other)
		}
	}
}

// An agreement whose clauses were checked out with the line ends of Windows is the one it
// was.
func TestClausesWithOtherLineEnds(t *testing.T) {
	files := plainFiles(t)
	cited, _, err := WithHashes(files)
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		switch {
		case files[i].Name == MainFile:
			files[i].Data = cited
		case strings.HasPrefix(files[i].Name, "clauses/"):
			files[i].Data = []byte(strings.ReplaceAll(string(files[i].Data), "\n", "\r\n"))
		}
	}
	mustParse(t, files)
}
