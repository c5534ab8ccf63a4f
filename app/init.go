package app

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/examples"
)

func (c *cli) initCommand() *cobra.Command {
	var from, mission, store string
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Make a data directory with a configuration and an agreement to edit",
		Long: "Makes DIR with truce.yaml, an agreement to edit and an empty store. The agreement is the illustrative one\n" +
			"(invented land, invented terms) unless --agreement names a directory to copy.",
		Example: "  truce init mission\n  truce init mission --agreement my-terms --mission \"Monitoring Mission\"",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runInit(cmd, args[0], from, mission, store)
		},
	}
	cmd.Flags().StringVar(&from, "agreement", "", "directory of an agreement to copy")
	cmd.Flags().StringVar(&mission, "mission", "Monitoring and Verification Mission", "name of the mission in the first record; bulletins print the one of the agreement")
	cmd.Flags().StringVar(&store, "store", "", "store address (default: a file in DIR)")
	return cmd
}

func (c *cli) runInit(cmd *cobra.Command, dir, from, mission, store string) error {
	files, err := agreementFiles(from)
	if err != nil {
		return err
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		return err
	}
	tests, err := agreementTests(from)
	if err != nil {
		return err
	}
	a, err := Create(cmd.Context(), NewDir{Dir: dir, Mission: mission, Realm: truce.RealmReal, Agreement: append(files, tests...), Store: store, Now: c.now})
	if err != nil {
		return err
	}
	defer a.Close()
	for _, p := range terms.Warnings {
		fmt.Fprintf(c.err, "agreement: %s\n", p)
	}
	_, err = fmt.Fprintf(c.out, "made %s\n  %-16s settings\n  %-16s terms to edit\n  %-16s records\n\nnext:\n  cd %s\n"+
		"  truce import --format firms FILE.csv\n  truce assess\n  truce bulletin daily --date YYYY-MM-DD\n",
		dir, ConfigFile, "agreement/", a.cfg.storeShown(), dir)
	return err
}

// agreementFiles reads an agreement directory, or the illustrative one.
func agreementFiles(dir string) ([]truce.AgreementFile, error) {
	if dir != "" {
		return agreement.ReadDir(os.DirFS(dir))
	}
	return agreement.ReadDir(examples.Illustrative())
}

// agreementTests reads the tests of an agreement directory, or of the illustrative one.
// They are laid out to be edited, and are no part of the text that is recorded.
func agreementTests(dir string) ([]truce.AgreementFile, error) {
	if dir != "" {
		return agreement.ReadTests(os.DirFS(dir))
	}
	return agreement.ReadTests(examples.Illustrative())
}

// configText is the sample with the given store in it.
func configText(store string) string {
	if store == "" {
		return sampleConfig
	}
	return strings.Replace(sampleConfig, "store: sqlite:truce.db", "store: "+strconv.Quote(store), 1)
}

// layout lays files out and knows which files and folders it made, in that order.
type layout struct{ made []string }

// writeAgreement lays the terms out to be edited. A file that is there already and says
// something else is somebody's work and stays.
func (l *layout) writeAgreement(n NewDir) error {
	for _, f := range n.Agreement {
		path := filepath.Join(n.Dir, "agreement", filepath.FromSlash(f.Name))
		old, err := os.ReadFile(path)
		switch {
		case err == nil && bytes.Equal(old, f.Data):
			continue
		case err == nil:
			return truce.Errorf(truce.CodeConflict, "%s is there already and differs; choose another directory, or give your terms with --agreement", path)
		}
		if err := l.makeFolder(filepath.Dir(path)); err != nil {
			return err
		}
		l.made = append(l.made, path)
		if err := os.WriteFile(path, f.Data, 0o640); err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) makeFolder(path string) error {
	if _, err := os.Stat(path); err == nil || !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := l.makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	l.made = append(l.made, path)
	return os.Mkdir(path, 0o750)
}

// undo takes back what was made. A folder that somebody put something into stays.
func (l *layout) undo() {
	for _, path := range slices.Backward(l.made) {
		os.Remove(path)
	}
}

// storeName is 16 random hex digits that tell this store's log from any other.
func storeName(random io.Reader) (string, error) {
	if random == nil {
		random = rand.Reader
	}
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("name the store: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}
