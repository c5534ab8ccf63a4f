package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/fence"
	"github.com/trucewatch/truce/internal/bounded"
)

func (c *cli) fencesCommand() *cobra.Command {
	var opt fencesOptions
	cmd := &cobra.Command{
		Use:   "fences (--zones F | --line L) --points P --out O",
		Short: "Which zones hold each point, or how far and on which side of a line it is",
		Long: "Reads points as CSV with the columns id, lat, lon and, where they are uncertain, sigma_m (one sigma per axis, metres;\n" +
			"empty or 0 is exact); others, such as time, are passed over. With --zones it writes point,zone,probability: a row for\n" +
			"each zone in which the point lies with a probability above 0.001. With --line it writes point,distance_m,side, seen\n" +
			"along the line's direction. Zones and lines are GeoJSON, their edges straight in longitude and latitude; a zone is named\n" +
			"by its feature's id; a point exactly on an edge is inside, or on the line. Rows that cannot be read are left out and\n" +
			"named with line and reason. Exit code 1 when none can be read. - is standard input or output; points may be gzipped.",
		Example: "  truce fences --zones buffer.geojson --points shots.csv --out hits.csv\n" +
			"  truce fences --line contact.geojson --points shots.csv --out - | head",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (opt.zones == "") == (opt.line == "") {
				return usageError(cmd, "give one of --zones and --line")
			}
			if opt.points == "-" && opt.shapes() == "-" {
				return usageError(cmd, "only one file can be standard input")
			}
			return c.runFences(cmd.Context(), opt)
		},
	}
	cmd.Flags().StringVar(&opt.zones, "zones", "", "GeoJSON of polygons, each with an id")
	cmd.Flags().StringVar(&opt.line, "line", "", "GeoJSON of a line, of one or several parts")
	cmd.Flags().StringVar(&opt.points, "points", "", "CSV of points: id,time,lat,lon,sigma_m")
	cmd.Flags().StringVar(&opt.out, "out", "", "CSV to write")
	must(cmd.MarkFlagRequired("points"))
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

// fencesOptions are the command's files.
type fencesOptions struct{ zones, line, points, out string }

func (o fencesOptions) shapes() string { return o.zones + o.line }

// asking answers for one point: it appends rows to out. Each worker has its own.
type asking interface {
	answer(out []byte, p *fencePoint) ([]byte, int)
}

func (c *cli) runFences(ctx context.Context, opt fencesOptions) error {
	shapes, _, err := c.fencesInput(opt.shapes())
	if err != nil {
		return err
	}
	header, newAsking, err := fencesQuestion(opt, shapes)
	if err := errors.Join(err, shapes.Close()); err != nil {
		return truce.Errorf(truce.CodeInvalid, "%s: %w", opt.shapes(), err)
	}
	in, size, err := c.fencesInput(opt.points)
	if err != nil {
		return err
	}
	defer in.Close()
	bar := c.progress(size)
	data, err := bounded.Unpack(bar.reader(in), bounded.UnpackLimits{})
	if err != nil {
		return fmt.Errorf("%s: %w", opt.points, err)
	}
	var done fencesDone
	err = c.writeFences(opt.out, func(w io.Writer) error {
		if _, err := io.WriteString(w, header); err != nil {
			return err
		}
		done, err = answerPoints(ctx, data, w, newAsking)
		return err
	})
	bar.finish()
	if err != nil {
		return fmt.Errorf("%s: %w", opt.points, err)
	}
	return c.reportFences(opt, done)
}

// fencesQuestion reads zones or line, and says what is asked of each point.
func fencesQuestion(opt fencesOptions, in io.Reader) (header string, newAsking func() asking, err error) {
	data, err := io.ReadAll(io.LimitReader(in, geo.MaxGeoJSONBytes+1))
	if err != nil {
		return "", nil, err
	}
	if opt.line != "" {
		line, err := fence.ParseLine(data)
		return "point,distance_m,side\n", func() asking { return lineAsking{line} }, err
	}
	zones, err := fence.ParseZones(data)
	if err != nil {
		return "", nil, err
	}
	index, err := fence.Compile(zones)
	if err != nil {
		return "", nil, err
	}
	names := make([][]byte, index.Len())
	for i := range names {
		names[i] = appendCell(nil, []byte(index.ID(int32(i))))
	}
	return "point,zone,probability\n", func() asking { return &zonesAsking{index: index, names: names} }, nil
}

// zonesAsking asks in which zones a point lies.
type zonesAsking struct {
	index   *fence.Index
	names   [][]byte
	zones   []int32
	chances []fence.Chance
}

func (z *zonesAsking) answer(out []byte, p *fencePoint) ([]byte, int) {
	if p.sigma > 0 {
		z.chances = z.index.Chances(geo.Position{Point: p.at, Error: geo.Isotropic(p.sigma)}, 0, z.chances[:0])
		for _, chance := range z.chances {
			out = append(append(appendCell(out, p.id), ','), z.names[chance.Zone]...)
			out = append(appendChance(append(out, ','), chance.P), '\n')
		}
		return out, len(z.chances)
	}
	z.zones = z.index.Zones(p.at, z.zones[:0])
	slices.Sort(z.zones)
	for _, zone := range z.zones {
		out = append(append(appendCell(out, p.id), ','), z.names[zone]...)
		out = append(out, ",1\n"...)
	}
	return out, len(z.zones)
}

// appendChance writes a probability with six decimals; what rounds to one is 1.
func appendChance(out []byte, p float64) []byte {
	const decimals = 1_000_000
	n := int(p*decimals + .5)
	if n >= decimals {
		return append(out, '1')
	}
	out = append(out, "0.000000"...)
	for i := len(out) - 1; n > 0; i-- {
		out[i] += byte(n % 10)
		n /= 10
	}
	return out
}

// lineAsking asks how far and on which side of a line a point is.
type lineAsking struct{ line *fence.Line }

func (l lineAsking) answer(out []byte, p *fencePoint) ([]byte, int) {
	d, side := l.line.Nearest(p.at)
	out = append(appendCell(out, p.id), ',')
	out = append(strconv.AppendFloat(out, float64(d), 'f', 3, 64), ',')
	return append(append(out, side.String()...), '\n'), 1
}

// fencesInput opens a file, or standard input for -, and says its size where it is known.
func (c *cli) fencesInput(name string) (io.ReadCloser, int64, error) {
	if name == "-" {
		return io.NopCloser(c.in), -1, nil
	}
	file, err := openFile(name)
	if err != nil {
		return nil, 0, err
	}
	return file, totalSize([]string{name}), nil
}

// writeFences writes a file whole or not at all: under another name, which is put in its
// place at the end. Standard output and what is no regular file are written as they are.
func (c *cli) writeFences(name string, write func(io.Writer) error) error {
	if name == "-" {
		return writeBuffered(c.out, write)
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(writeBuffered(file, write), file.Close())
	}
	part := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".part")
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(writeBuffered(file, write), file.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, name)
}

func writeBuffered(w io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(w, fenceChunk)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// reportFences says what was read, on standard output unless the rows went there.
func (c *cli) reportFences(opt fencesOptions, done fencesDone) error {
	if opt.out != "-" {
		fmt.Fprintf(c.out, "%s: %d points, %d rows, %d quarantined\n", opt.out, done.points, done.rows, done.bad)
	}
	if done.bad > 0 {
		fmt.Fprintf(c.err, "truce: %s: %d of %d rows quarantined\n", opt.points, done.bad, done.bad+done.points)
		for _, row := range done.named {
			fmt.Fprintf(c.err, "  line %d: %s\n", row.line, row.reason)
		}
		if more := done.bad - len(done.named); more > 0 {
			fmt.Fprintf(c.err, "  and %d more\n", more)
		}
	}
	if done.points == 0 && done.bad > 0 {
		fmt.Fprintln(c.err, "truce: nothing could be read")
		return errQuiet
	}
	return nil
}
