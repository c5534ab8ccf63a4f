package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/drill"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/examples"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/respond/pledge"
)

// drillEnding ends the name of a drill file.
const drillEnding = ".drill"

func (c *cli) drillCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "drill",
		Short: "Play an exercise of cases, clocks and answers, and score it",
		Long: "A drill is played in a store of its own, marked as an exercise, on a clock of its own. It touches no other store and\n" +
			"reaches nobody: messages go over the real protocols to receivers on this machine, and to no contact that is not\n" +
			"marked for drills.",
		Example: "  truce drill list\n  truce drill run guarantor-silent",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.drillRunCommand(), c.drillListCommand(), c.drillShowCommand())
	return cmd
}

// drillOptions are the flags of `truce drill run`.
type drillOptions struct {
	speed    string
	keep     bool
	timeline bool
	dirGiven bool
}

func (c *cli) drillRunCommand() *cobra.Command {
	var opt drillOptions
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Play a drill and score it; exit code 1 when an expectation is not met",
		Long: "FILE is a drill file or the name of an example (truce drill list). With --dir the store is made there and stays, with\n" +
			"the tokens of the posts beside it; without, it is made in a temporary directory and removed, unless --keep is given.",
		Example: "  truce drill run guarantor-silent\n  truce drill run my.drill --speed 60x --dir exercise",
		Args:    cobra.ExactArgs(1), ValidArgsFunction: drillNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			opt.dirGiven = cmd.Flags().Changed("dir")
			return c.runDrill(cmd.Context(), args[0], opt)
		},
	}
	cmd.Flags().StringVar(&opt.speed, "speed", "", "max, real or a factor such as 60x (default: as the file says, else max)")
	cmd.Flags().BoolVar(&opt.keep, "keep", false, "keep the temporary directory and say where it is")
	cmd.Flags().BoolVar(&opt.timeline, "timeline", false, "print everything that is on record afterwards, with its time")
	c.jsonFlag(cmd)
	return cmd
}

func drillNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, name := range exampleDrills() {
		out = append(out, strings.TrimSuffix(name, drillEnding))
	}
	return out, cobra.ShellCompDirectiveDefault
}

// exampleDrills are the files of the drills that come with the program, by name.
func exampleDrills() []string {
	out, err := fs.Glob(examples.Drills(), "*"+drillEnding)
	if err != nil { // the pattern is a constant and valid, so this cannot be reached
		return nil
	}
	return out
}

// readDrill reads a drill file, or an example by its name, and prints what cannot be read.
func (c *cli) readDrill(name string) (drill.Drill, error) {
	data, err := drillText(name)
	if err != nil {
		return drill.Drill{}, err
	}
	find := func(of string) (*agreement.Agreement, error) {
		files, err := drillAgreement(name, of)
		if err != nil {
			return nil, err
		}
		return agreement.Parse(files)
	}
	d, bad := drill.Parse(name, data, find)
	for _, err := range bad {
		fmt.Fprintln(c.err, err)
	}
	if len(bad) > 0 {
		return d, errQuiet
	}
	return d, nil
}

// drillText reads a file, or the example of the name where there is no such file.
func drillText(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err == nil {
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, drill.MaxFileBytes+1))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	data, embedded := fs.ReadFile(examples.Drills(), path.Base(strings.TrimSuffix(name, drillEnding)+drillEnding))
	if embedded != nil || strings.ContainsAny(name, `/\`) {
		names, _ := drillNames(nil, nil, "")
		return nil, truce.Errorf(truce.CodeNotFound, "there is no file %q and no example of that name; the examples are %s", name, strings.Join(names, ", "))
	}
	return data, nil
}

// drillAgreement reads the agreement that a drill names: the example, or a directory beside
// the drill file.
func drillAgreement(file, name string) ([]truce.AgreementFile, error) {
	if name == "illustrative" {
		return agreementFiles("")
	}
	return agreementFiles(besideDrill(file, name))
}

func besideDrill(file, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

// drillAccount reads the account that a drill names: the example, or a directory.
func drillAccount(file, name string) (drill.Account, error) {
	var a drill.Account
	if name == "" {
		return a, nil
	}
	dir := examples.Pledges()
	if name != "exercise" {
		dir = os.DirFS(besideDrill(file, name))
	}
	var errs [3]error
	a.Commitments, errs[0] = accountPart(dir, commitmentsFile, pledge.ReadCommitments)
	a.Requirements, errs[1] = accountPart(dir, requirementsFile, pledge.ReadRequirements)
	a.Contributions, errs[2] = accountPart(dir, contributionsFile, pledge.ReadContributions)
	return a, errors.Join(errs[:]...)
}

func accountPart[T any](dir fs.FS, name string, read func(io.Reader) ([]T, []pledge.Rejected, error)) ([]T, error) {
	f, err := dir.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, rejected, err := read(f)
	if err == nil && len(rejected) > 0 {
		err = truce.Errorf(truce.CodeInvalid, "%s:%d: %s", name, rejected[0].Line, rejected[0].Reason)
	}
	return list, err
}

func (c *cli) runDrill(ctx context.Context, name string, opt drillOptions) (err error) {
	d, err := c.readDrill(name)
	if err != nil {
		return err
	}
	if opt.speed != "" {
		if d.Speed, err = drill.SpeedOf(opt.speed); err != nil {
			return truce.Errorf(truce.CodeInvalid, "--speed: %w", err)
		}
	}
	dir := c.dir
	if !opt.dirGiven {
		if dir, err = os.MkdirTemp("", "truce-drill-"); err != nil {
			return err
		}
		if !opt.keep {
			defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		}
	}
	o, err := c.drillPlay(d, name, dir)
	if err != nil {
		return err
	}
	if opt.dirGiven || opt.keep {
		o.Tokens = tokenFile(dir)
		create := o.Stores.Create
		o.Stores.Create = func(ctx context.Context, realm truce.Realm, now func() time.Time) (*store.Store, error) {
			s, err := create(ctx, realm, now)
			if err == nil { // a directory that is taken is refused, and nothing is played in it
				fmt.Fprintf(c.err, "EXERCISE %s is played in %s\n", d.ID, dir)
			}
			return s, err
		}
	}
	r, err := drill.Play(ctx, d, o)
	if err != nil {
		return err
	}
	return c.printDrill(r, opt)
}

// drillPlay puts together what a drill is played with.
func (c *cli) drillPlay(d drill.Drill, file, dir string) (drill.Options, error) {
	var o drill.Options
	files, err := drillAgreement(file, d.Agreement)
	if err != nil {
		return o, err
	}
	account, err := drillAccount(file, d.Pledges)
	if err != nil {
		return o, fmt.Errorf("pledges %s: %w", d.Pledges, err)
	}
	o = drill.Options{Files: files, Pledge: account, Random: rand.Reader, Wall: realClock{time.Now}, Stores: drillStores(dir, d.Title, files)}
	if d.Speed > 0 {
		o.Log = func(text string) { fmt.Fprintln(c.err, text) }
		s := newShower(dir, c.now)
		o.Show, o.Hide = func(at truce.Instant) error { return s.show(at, false) }, s.hide
	}
	return o, nil
}

// drillStores makes the data directory of a drill, one like any other.
func drillStores(dir, mission string, files []truce.AgreementFile) drill.Stores {
	return drill.Stores{
		Create: func(ctx context.Context, realm truce.Realm, now func() time.Time) (*store.Store, error) {
			a, err := Create(ctx, NewDir{Dir: dir, Mission: mission, Realm: realm, Agreement: files, Now: now})
			if err != nil {
				return nil, err
			}
			return a.store, nil
		},
		Open: func(ctx context.Context, now func() time.Time) (*store.Store, error) {
			a, err := openPlayed(ctx, dir, now)
			if err != nil {
				return nil, err
			}
			return a.store, nil
		},
	}
}

// drillTokens is the file with the tokens of a drill's posts, for people who look at its
// pages. The store is an exercise, and they work nowhere else.
const drillTokens = "drill-tokens.txt"

func tokenFile(dir string) func(truce.PersonID, guarantee.Token) error {
	return func(who truce.PersonID, token guarantee.Token) error {
		f, err := os.OpenFile(filepath.Join(dir, drillTokens), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(f, "%s %s\n", who, token)
		return errors.Join(err, f.Close())
	}
}

func (c *cli) printDrill(r drill.Result, opt drillOptions) error {
	var err error
	switch {
	case c.asJSON:
		err = printJSON(c.out, r)
	default:
		if opt.timeline {
			_, err = fmt.Fprintf(c.out, "%s\n", r.Timeline())
		}
		err = errors.Join(err, r.Write(c.out))
	}
	if err == nil && !r.Passed() {
		return errQuiet
	}
	return err
}

func (c *cli) drillListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the drills that come with the program", Example: "  truce drill list", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return c.listDrills() },
	}
	c.jsonFlag(cmd)
	return cmd
}

// drillRow is a drill in a list.
type drillRow struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	About  string `json:"about"`
	Posts  int    `json:"posts"`
	Lines  int    `json:"lines"`
	Expect int    `json:"expectations"`
}

func (c *cli) listDrills() error {
	var rows []drillRow
	for _, file := range exampleDrills() {
		name := strings.TrimSuffix(file, drillEnding)
		d, err := c.readDrill(name)
		if err != nil {
			return err
		}
		rows = append(rows, drillRow{name, d.Title, d.About["en"], len(d.Posts), len(d.Events), len(d.Expect)})
	}
	if c.asJSON {
		return printJSON(c.out, rows)
	}
	width := len(slices.MaxFunc(rows, func(a, b drillRow) int { return len(a.Name) - len(b.Name) }).Name)
	for _, r := range rows {
		if _, err := fmt.Fprintf(c.out, "%-*s  %s (%d posts, %d lines, %d expectations)\n", width, r.Name, r.Title, r.Posts, r.Lines, r.Expect); err != nil {
			return err
		}
	}
	return nil
}

func (c *cli) drillShowCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use: "show FILE", Short: "Tell a drill in plain sentences, without playing it", Example: "  truce drill show guarantor-silent --lang uk",
		Args: cobra.ExactArgs(1), ValidArgsFunction: drillNames,
		RunE: func(_ *cobra.Command, args []string) error {
			if lang != "en" && lang != "uk" {
				return truce.Errorf(truce.CodeInvalid, "--lang %q: write en or uk", lang)
			}
			d, err := c.readDrill(args[0])
			if err == nil {
				_, err = io.WriteString(c.out, d.Show(lang))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "en", "en or uk")
	return cmd
}
