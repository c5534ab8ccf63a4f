package app

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/trucewatch/truce/assess/agreement"
)

// writeHashes writes the fingerprints that rules of a directory lack into its text. The new
// text is read before it takes the place of the old one.
func (c *cli) writeHashes(dir string) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	text, added, err := agreement.WithHashes(t.files)
	if err != nil || added == 0 {
		return err
	}
	for i := range t.files {
		if t.files[i].Name == agreement.MainFile {
			t.files[i].Data = text
		}
	}
	if _, err := agreement.Parse(t.files); err != nil {
		return fmt.Errorf("%s: the hashes cannot be written, add them by hand: %w", t.path(agreement.MainFile), err)
	}
	path := t.path(agreement.MainFile)
	if err := replaceFile(path, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.err, "%s: clause_sha256 written for %s\n", plainCell(path), plural(added, "rule"))
	return err
}

// replaceFile puts a text in the place of a file's, whole or not at all.
func replaceFile(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".agreement-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(text)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
