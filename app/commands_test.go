package app

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// commandsPage is docs/commands.md as the command tree says it.
func commandsPage() string {
	var b strings.Builder
	b.WriteString("# Commands\n\nMade from the program itself: `go test ./app -run CommandsPage -update`. The [guide](guide.md) walks through them.\n\n" +
		"| variable | meaning |\n|---|---|\n" +
		"| `" + dirVariable + "` | the data directory, where `--dir` is not given |\n" +
		"| `" + mavlinkKeys + "` | secrets that MAVLink signatures are checked with: 64 hexadecimal digits each, spaces between |\n" +
		"| `" + keyVariable + "` | the FIRMS map key, where `--map-key` is not given |\n" +
		"| `" + tokenVariable + "` | your token, where `--token-file` is not given |\n" +
		"| `" + relayPasswordVariable + "` | the password at the mail relay of `alerts:` |\n" +
		"| `" + webhookSecretVariable + "` and a person in capitals | the secret shared with that person's receiver, e.g. `" + webhookSecretVariable + "FAR_DUTY` of `far-duty`, `FAR_dot_DUTY` of `far.duty`, `FAR_line_DUTY` of `far_duty` |\n" +
		"| `NO_COLOR` | no colours in the progress bar |\n" +
		"| `TMPDIR` | where the demo and crash reports are put |\n\n" +
		"Every command takes `--dir DIR` and `--help`. `truce completion SHELL` prints completions for bash, zsh, fish and powershell.\n\n" +
		"| exit code | meaning |\n|---|---|\n" +
		"| 0 | done. `truce import`: something was read, what was not stands beside it. A list may be empty |\n" +
		"| 1 | refused or failed: one line on standard error says what to do. `truce import`: nothing could be read. `truce fetch firms`: a data set " +
		"did not come whole. `truce verify-store`: something is damaged. `truce bulletin lint`: the sentence is refused |\n\n" +
		"There is no other exit code; a wrong flag is refused with 1 as well and points to the help. An interrupted command ends with 1, and what it " +
		"acknowledged is recorded.\n")
	eachCommand(func(cmd *cobra.Command) {
		if cmd.HasParent() {
			writeCommand(&b, cmd)
		}
	})
	return b.String()
}

func writeCommand(b *strings.Builder, cmd *cobra.Command) {
	fmt.Fprintf(b, "\n## %s\n\n%s.\n", cmd.CommandPath(), cmd.Short)
	if cmd.Long != "" {
		fmt.Fprintf(b, "\n```text\n%s\n```\n", strings.TrimSpace(cmd.Long))
	}
	fmt.Fprintf(b, "\nUsage: `%s`. For example:\n\n```text\n%s\n```\n", strings.TrimSuffix(cmd.UseLine(), " [flags]"), strings.ReplaceAll("\n"+cmd.Example, "\n  ", "\n")[1:])
	var rows []string
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "dir" {
			rows = append(rows, flagRow(f))
		}
	})
	if len(rows) > 0 {
		fmt.Fprintf(b, "\n| flag | default | meaning |\n|---|---|---|\n%s\n", strings.Join(rows, "\n"))
	}
}

func flagRow(f *pflag.Flag) string {
	value := ""
	if f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "false" {
		value = "`" + strings.Trim(f.DefValue, "[]") + "`"
	}
	return fmt.Sprintf("| `--%s` | %s | %s |", f.Name, value, strings.ReplaceAll(f.Usage, "|", "\\|"))
}

// TestCommandsPageIsCurrent holds docs/commands.md to the program.
func TestCommandsPageIsCurrent(t *testing.T) {
	path := filepath.Join("..", "docs", "commands.md")
	want := commandsPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, []byte(want)) {
		t.Errorf("docs/commands.md says other than the program; write it anew with: go test ./app -run CommandsPage -update")
	}
}

// TestListsArePrintedForPrograms: every command that lists or counts prints JSON.
func TestListsArePrintedForPrograms(t *testing.T) {
	lists := map[string]bool{
		"truce import": true, "truce fetch firms": true, "truce assess": true, "truce incidents": true, "truce findings": true,
		"truce lines diff": true, "truce bulletin lint": true, "truce verify-store": true, "truce version": true,
	}
	found := 0
	eachCommand(func(cmd *cobra.Command) {
		if cmd.Flags().Lookup("json") != nil {
			found++
		}
		if lists[cmd.CommandPath()] && cmd.Flags().Lookup("json") == nil {
			t.Errorf("%s has no --json", cmd.CommandPath())
		}
	})
	if found < len(lists) {
		t.Errorf("%d commands print JSON, want at least %d", found, len(lists))
	}
}

// TestEnvironmentIsDocumented finds every variable the program reads in the page.
func TestEnvironmentIsDocumented(t *testing.T) {
	page := commandsPage()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, part := range strings.Split(string(text), "os.Getenv(")[1:] {
			name, _, _ := strings.Cut(part, ")")
			name = strings.Trim(name, `"`)
			known := map[string]string{"dirVariable": dirVariable, "keyVariable": keyVariable, "tokenVariable": tokenVariable, "mavlinkKeys": mavlinkKeys, "name": relayPasswordVariable}
			if value := known[name]; value != "" {
				name = value
			}
			if !strings.Contains(page, "`"+name+"`") {
				t.Errorf("%s reads %s, which docs/commands.md does not name", file, name)
			}
		}
	}
}
