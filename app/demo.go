package app

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
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
	dirGiven bool // by --dir or the environment

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
		RunE: func(cmd *cobra.Command, _ []string) error {
			opt.dirGiven = cmd.Flags().Changed("dir") || os.Getenv(dirVariable) != ""
			return c.runDemo(cmd.Context(), opt)
		},
	}
	cmd.Flags().BoolVar(&opt.exit, "exit", false, "stop when the exercise is ready instead of serving it")
	cmd.Flags().Uint64Var(&opt.seed, "seed", 1, "which exercise: the same seed gives the same records")
	cmd.Flags().StringVar(&opt.listen, "listen", "127.0.0.1:8080", "address to answer on; loopback only without --public")
	cmd.Flags().BoolVar(&opt.public, "public", false, "serve what the public would see instead of the desk")
	return cmd
}

func (c *cli) runDemo(ctx context.Context, opt demoOptions) error {
	if err := opt.validate(); err != nil {
		return err
	}
	if err := c.makeDemo(ctx, opt); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.out, "EXERCISE ready: data in %s\n", c.dir); err != nil || opt.exit {
		return err
	}
	return c.runServe(ctx, serveOptions{listen: opt.listen, public: opt.public})
}

// validate refuses an address before the exercise is made for it.
func (opt demoOptions) validate() error {
	if opt.exit {
		return nil
	}
	if !opt.public {
		if err := requireLoopback(opt.listen); err != nil {
			return err
		}
	}
	return requireFree(opt.listen)
}

// makeDemo makes the exercise in --dir where it was given, else in a fresh temporary
// directory, which becomes the directory of the rest of the command.
func (c *cli) makeDemo(ctx context.Context, opt demoOptions) error {
	if !opt.dirGiven {
		dir, err := os.MkdirTemp("", "truce-demo-")
		if err != nil {
			return err
		}
		c.dir = dir
	}
	world, err := sim.New(sim.Config{Seed: opt.seed})
	if err != nil {
		return err
	}
	a, err := makeExercise(ctx, c.dir, world, opt.seed)
	if err != nil {
		return err
	}
	return a.Close()
}

// exerciseTime is two days after the exercise's end, when all of it is old enough to be
// published. The clock stands while the exercise is made, so that the same seed gives
// the same records; whoever opens the directory then goes on from there (clock.go).
func exerciseTime(truth sim.Truth) (time.Time, error) {
	end, err := truth.Start.AddDays(truth.Days + 2).Start(time.UTC)
	return end.Time().Add((publicationHour + 1) * time.Hour), err
}

// exerciseRandom gives salts, names and keys of an exercise. They hide nothing: the land
// is invented and every position on it is in the files beside.
func exerciseRandom(seed uint64) io.Reader {
	var key [32]byte
	copy(key[:], "truce exercise")
	binary.BigEndian.PutUint64(key[24:], seed)
	return rand.NewChaCha8(key)
}

// exerciseSettings let the exercise's land out on its public maps: it is invented and
// comes with the program.
const exerciseSettings = `
# The agreement and the control maps of this exercise draw invented land; they may stand
# on public maps.
sources:
  - {id: agreement, licence: Apache-2.0, attribution: "Truce, invented land", redistribute: true}
  - {id: map-exercise-control, licence: Apache-2.0, attribution: "Truce, invented land", redistribute: true}
`

// makeExercise writes the world's files, then does with them what a mission does.
func makeExercise(ctx context.Context, dir string, world *sim.World, seed uint64) (*App, error) {
	terms, err := agreementFiles("")
	if err != nil {
		return nil, err
	}
	terms = withOwnFlights(terms, world)
	tests, err := agreementTests("")
	if err != nil {
		return nil, err
	}
	truth := world.Truth()
	at, err := exerciseTime(truth)
	if err != nil {
		return nil, err
	}
	random := exerciseRandom(seed)
	a, err := Create(ctx, NewDir{
		Dir: dir, Mission: "Exercise Mission", Realm: truce.ExerciseRealm("demo"), Agreement: append(terms, tests...),
		Now: func() time.Time { return at }, Random: random, Settings: exerciseSettings + exerciseWatch(world) + exerciseFlights(world),
	})
	if err != nil {
		return nil, err
	}
	if err := writeGateKey(a.cfg.Path(gateKeyFile), random); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.runExercise(ctx, dir, world, truth); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// writeGateKey gives the exercise public ids that come out alike.
func writeGateKey(path string, random io.Reader) error {
	key := make([]byte, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(hex.EncodeToString(key)+"\n"), 0o600)
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
	if _, err := a.UpdateStories(ctx); err != nil {
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
		return "control-map", importOptions{Series: "exercise-control"}, true
	case sim.FormatHealth:
		return "csv", importOptions{Zone: "UTC"}, true
	default:
		return string(file.Format), importOptions{start: file.Start}, true
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
