// Package app builds the graph from a data directory's configuration, runs it and
// holds the command tree. It is the one package that knows all others.
//
// It never decides anything itself: what a rule means, what happened and what may be
// published is decided in the packages it wires.
//
// Read wire.go for the graph on one screen, then pipeline.go for the way of the data.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/trucewatch/truce"
)

// Set by the linker; see scripts/release.
var (
	version    = "development"
	commit     = ""
	commitDate = ""
)

// cli is what every command shares.
type cli struct {
	in     io.Reader
	out    io.Writer
	err    io.Writer
	dir    string
	asJSON bool
	now    func() time.Time
}

// Main runs one command line and gives the exit code: 0 done, 1 refused or failed.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	c := &cli{in: in, out: out, err: errOut, now: time.Now}
	return c.runIn(context.Background(), args)
}

func (c *cli) runIn(ctx context.Context, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			code = c.reportCrash(r)
		}
	}()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	if c.in != nil {
		c.in = &interruptible{ctx: ctx, in: c.in}
	}
	root := c.root()
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		c.reportError(err)
		return 1
	}
	return 0
}

// errQuiet ends a command with exit code 1 after it has said itself what is wrong.
var errQuiet = errors.New("")

func (c *cli) reportError(err error) {
	switch {
	case errors.Is(err, errQuiet):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(c.err, "truce: interrupted; what was acknowledged is recorded")
	default:
		fmt.Fprintf(c.err, "truce: %v\n", err)
	}
}

// reportCrash keeps the stack out of the user's sight and in a file for us.
func (c *cli) reportCrash(r any) int {
	where := "the command line you gave (no file could be written)"
	if name, err := writeCrash(fmt.Sprintf("truce %s\n%v\n\n%s", version, r, debug.Stack())); err == nil {
		where = name
	}
	fmt.Fprintf(c.err, "truce: internal error; nothing recorded was lost. Please report it with %s\n", where)
	return 1
}

// writeCrash makes a file of its own, which only its owner may read: a fixed name in a
// folder open to all could be laid out as a trap.
func writeCrash(text string) (string, error) {
	file, err := os.CreateTemp("", "truce-crash-*.txt")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text)
	return file.Name(), errors.Join(err, file.Close())
}

const groupData, groupRespond, groupRead, groupKeep = "data", "respond", "read", "keep"

// root is the command tree.
func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "truce",
		Short: "Open ceasefire monitoring and verification",
		Long: "Truce turns observations into located events, holds the incidents against an agreement's terms\n" +
			"and prints a daily report that both sides could read. It verifies; it never declares guilt.",
		Example:       "  truce demo             # an exercise day on an invented island\n  truce init mission     # a data directory of your own",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError(cmd, "%w", flagError(err)) })
	root.PersistentFlags().StringVar(&c.dir, "dir", defaultDir(), "data directory (or set "+dirVariable+")")
	root.AddGroup(
		&cobra.Group{ID: groupData, Title: "From observations to findings:"},
		&cobra.Group{ID: groupRespond, Title: "From findings to answers:"},
		&cobra.Group{ID: groupRead, Title: "To read and publish:"},
		&cobra.Group{ID: groupKeep, Title: "To keep and check:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, cmd := range commands {
			cmd.GroupID = group
			root.AddCommand(cmd)
		}
	}
	add(groupData, c.initCommand(), c.importCommand(), c.fetchCommand(), c.feedCommand(), c.noteCommand(), c.notifyCommand(), c.assessCommand())
	add(groupRespond, c.respondCommands()...)
	add(groupRead, c.demoCommand(), c.incidentsCommand(), c.findingsCommand(), c.storiesCommand(), c.claimsCommand(), c.sourcesCommand(), c.bulletinCommand(), c.linesCommand(), c.agreementCommand(), c.fencesCommand(), c.decodeCommand(), c.locateCommand(), c.trackCommand(), c.launchesCommand(), c.engagementsCommand(), c.cotCommand(), c.serveCommand())
	add(groupKeep, c.rebuildCommand(), c.verifyStoreCommand(), c.evidenceCommand(), c.versionCommand())
	sayUsage(root)
	return root
}

// dirVariable is the environment variable that names the data directory.
const dirVariable = "TRUCE_DIR"

func defaultDir() string {
	if dir := os.Getenv(dirVariable); dir != "" {
		return dir
	}
	return "."
}

func (c *cli) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Short: "Print version, commit and platform", Example: "  truce version --json", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return c.printVersion() },
	}
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.asJSON, "json", false, "print JSON")
}

// usageError is a refusal that points to the command's help.
func usageError(cmd *cobra.Command, format string, args ...any) error {
	return truce.Errorf(truce.CodeInvalid, "%w\nsee: %s --help", fmt.Errorf(format, args...), cmd.CommandPath())
}

// flagError says what a flag wants, without the words of the parser of numbers.
func flagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	want := map[string]string{
		"int": "a whole number", "float64": "a number", "bool": "true or false", "duration": "a length of time, e.g. 90s or 2m",
	}[invalid.GetFlag().Value.Type()]
	if want == "" {
		return err
	}
	return fmt.Errorf("--%s %q: want %s", invalid.GetFlag().Name, invalid.GetValue(), want)
}
