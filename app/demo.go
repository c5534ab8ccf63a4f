package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sim"
)

// demoOptions are the flags of `truce demo`.
type demoOptions struct {
	exit   bool
	seed   uint64
	listen string
	public bool
}

func (c *cli) demoCommand() *cobra.Command {
	var opt demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "An exercise day on an invented island, from raw files to the Daily",
		Long: "Makes an exercise on an island that does not exist: files in the real formats, imported, assessed and\n" +
			"published like real ones, in a store of their own realm. Every page and report is marked EXERCISE.",
		Example: "  truce demo\n  truce demo --exit --dir exercise --seed 7",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runDemo(cmd.Context(), opt) },
	}
	cmd.Flags().BoolVar(&opt.exit, "exit", false, "stop when the exercise is ready instead of serving it")
	cmd.Flags().Uint64Var(&opt.seed, "seed", 1, "which exercise: the same seed gives the same bytes")
	cmd.Flags().StringVar(&opt.listen, "listen", "127.0.0.1:8080", "address of the desk, loopback only")
	cmd.Flags().BoolVar(&opt.public, "public", false, "serve what the public would see instead of the desk")
	return cmd
}

func (c *cli) runDemo(ctx context.Context, opt demoOptions) error {
	dir, err := c.demoDir()
	if err != nil {
		return err
	}
	world, err := sim.New(sim.Config{Seed: opt.seed})
	if err != nil {
		return err
	}
	a, err := c.makeExercise(ctx, dir, world)
	if err != nil {
		return err
	}
	defer a.Close()
	fmt.Fprintf(c.out, "EXERCISE ready: data in %s\n", dir)
	if opt.exit {
		return nil
	}
	log := slog.New(slog.NewTextHandler(c.err, nil))
	if opt.public {
		site, err := openPublicSite(ctx, a.cfg, log)
		if err != nil {
			return err
		}
		defer site.Close()
		return c.serve(ctx, opt.listen, "public pages", site.handler)
	}
	if err := requireLoopback(opt.listen); err != nil {
		return err
	}
	handler, err := a.deskHandler(log)
	if err != nil {
		return err
	}
	return c.serve(ctx, opt.listen, "desk", handler)
}

// demoDir is --dir where it was given, else a fresh temporary directory.
func (c *cli) demoDir() (string, error) {
	if c.dir != "." {
		return c.dir, nil
	}
	return os.MkdirTemp("", "truce-demo-")
}

// exerciseClock runs at the speed of time from two days after the exercise's end, when
// all of it is old enough to be published.
func exerciseClock(truth sim.Truth) (func() time.Time, error) {
	begun := time.Now()
	end, err := truth.Start.AddDays(truth.Days + 2).Start(time.UTC)
	start := end.Time().Add((publicationHour + 1) * time.Hour)
	return func() time.Time { return start.Add(time.Since(begun)) }, err
}

// makeExercise writes the world's files, then does with them what a mission does.
func (c *cli) makeExercise(ctx context.Context, dir string, world *sim.World) (*App, error) {
	terms, err := agreementFiles("")
	if err != nil {
		return nil, err
	}
	truth := world.Truth()
	now, err := exerciseClock(truth)
	if err != nil {
		return nil, err
	}
	a, err := Create(ctx, NewDir{
		Dir: dir, Mission: "Exercise Mission", Realm: truce.ExerciseRealm("demo"), Agreement: terms,
		Now: now, Random: strings.NewReader("exercise"),
	})
	if err != nil {
		return nil, err
	}
	if err := a.runExercise(ctx, dir, world, truth); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) runExercise(ctx context.Context, dir string, world *sim.World, truth sim.Truth) error {
	for _, file := range world.Files() {
		if err := a.importExercise(ctx, dir, file); err != nil {
			return fmt.Errorf("exercise file %s: %w", file.Name, err)
		}
	}
	answers, err := truth.JSON()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "files", "truth.json"), answers, 0o640); err != nil {
		return err
	}
	if _, err := a.Assess(ctx); err != nil {
		return err
	}
	return a.publishExercise(ctx, truth)
}

func (a *App) importExercise(ctx context.Context, dir string, file sim.File) error {
	path := filepath.Join(dir, "files", filepath.FromSlash(file.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	if err := os.WriteFile(path, file.Data, 0o640); err != nil {
		return err
	}
	name, opt, read := exerciseFormat(file)
	if !read {
		return nil
	}
	f, err := formatNamed(name)
	if err != nil {
		return err
	}
	_, err = a.Import(ctx, f, opt, strings.NewReader(string(file.Data)), filepath.Base(path))
	return err
}

// exerciseFormat is the import format of a file of the world; the agreement's own
// geometry is not imported.
func exerciseFormat(file sim.File) (string, importOptions, bool) {
	switch file.Format {
	case sim.FormatGeoJSON:
		return "", importOptions{}, false
	case sim.FormatControl:
		return "control-map", importOptions{Series: "exercise"}, true
	default:
		return string(file.Format), importOptions{}, true
	}
}

// publishExercise freezes and releases the Daily of every day of the exercise.
func (a *App) publishExercise(ctx context.Context, truth sim.Truth) error {
	s, err := a.study(ctx)
	if err != nil {
		return err
	}
	for n := range truth.Days {
		day := truth.Start.AddDays(n)
		b, err := a.freeze(ctx, s, day, 0)
		if err != nil {
			return fmt.Errorf("daily of %s: %w", day, err)
		}
		if err := a.release(ctx, b); err != nil {
			return fmt.Errorf("release of %s: %w", b.Number, err)
		}
	}
	return nil
}
