package app

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestWhatIsMissingIsSaid: in our words, with an example and the way to the help.
func TestWhatIsMissingIsSaid(t *testing.T) {
	for line, want := range map[string]string{
		"init":                           "DIR is missing, e.g. truce init mission\nsee: truce init --help",
		"init a b":                       `"b" is too much after DIR; words that belong together stand in quotes, e.g. truce init mission` + "\nsee: truce init --help",
		"fetch firms":                    "--area is missing, e.g. ",
		"import --format csv":            "FILE is missing, e.g. truce import --format firms",
		"note":                           "TEXT is missing, e.g. truce note ",
		"note x":                         "--at is missing, e.g. truce note ",
		"lines diff 2031-03-10":          "D2 is missing, e.g. truce lines diff",
		"bulletin daily":                 "--date is missing, e.g. truce bulletin daily --date",
		"bulletin series --from 2031-01": "--to is missing, e.g. truce bulletin series",
		"bulletin series":                "--from and --to are missing, e.g. truce bulletin series",
		"bulletin dayly":                 `unknown command "dayly" for "truce bulletin"; did you mean daily?`,
		"improt":                         `unknown command "improt" for "truce"; did you mean import?` + "\nsee: truce --help",
		"version extra":                  `"extra" is too much: truce version takes flags only, e.g. truce version --json`,
		"agreement whatif":               "DIR is missing, e.g. truce agreement whatif",
		"agreement whatif x":             "--amend is missing, e.g. truce agreement whatif",
	} {
		var out bytes.Buffer
		c := &cli{in: strings.NewReader(""), out: &out, err: &out, now: time.Now}
		if code := c.runIn(t.Context(), strings.Fields(line)); code != 1 {
			t.Errorf("truce %s: exit code %d", line, code)
		}
		if !strings.HasPrefix(out.String(), "truce: "+want) || !strings.Contains(out.String(), "\nsee: truce") {
			t.Errorf("truce %s said\n%swant\n%s", line, &out, want)
		}
	}
}

// TestEveryRefusalOfArgumentsIsOurs: no command is left with the words of its library.
func TestEveryRefusalOfArgumentsIsOurs(t *testing.T) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		if cmd.Args == nil {
			t.Errorf("%s takes any argument", cmd.CommandPath())
			return
		}
		for _, args := range [][]string{nil, {"a", "b", "c", "d"}} {
			err := cmd.Args(cmd, args)
			if err != nil && !strings.Contains(err.Error(), "\nsee: truce") {
				t.Errorf("%s %v: %v", cmd.CommandPath(), args, err)
			}
		}
	}
	walk((&cli{}).root())
}
