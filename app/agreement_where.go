package app

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

func (c *cli) agreementWhereCommand() *cobra.Command {
	var opt whereOptions
	cmd := &cobra.Command{
		Use: "where DIR --at LAT,LON", Short: "Say in which zones a place lies, on which side of the lines and how far", Args: cobra.ExactArgs(1),
		Long: "Holds a place against the terms as an evaluation does: the zones, sites and reporting areas it lies in, each with its\n" +
			"probability and how far their edge is; the side of every line, the distance to it with one sigma of that, and who is\n" +
			"in control. A place without an error is a point: then only the accuracy of zones and lines leaves anything open, and\n" +
			"an edge is inside. Control maps, and lines derived from them, are taken from the data directory that --dir names.",
		Example: "  truce agreement where mission/agreement --at -47.91,-21.62\n" +
			"  truce agreement where mission/agreement --at -47.91,-21.62 --r90 300 --time 2026-04-11T16:20:00Z --json",
		RunE: func(cmd *cobra.Command, args []string) error { return c.runAgreementWhere(cmd, args[0], opt) },
	}
	cmd.Flags().StringVar(&opt.at, "at", "", "the place: latitude,longitude in degrees (needed)")
	cmd.Flags().StringVar(&opt.sigma, "sigma", "", "its error: one sigma in each direction, metres")
	cmd.Flags().StringVar(&opt.r90, "r90", "", "its error: radius that holds it with 90 %, metres")
	cmd.Flags().StringVar(&opt.ellipse, "ellipse", "", "its error: longer and shorter axis at one sigma, metres, and the azimuth of the longer: 410,180,40")
	cmd.Flags().StringVar(&opt.time, "time", "", "lines and maps as they hold then (RFC 3339; default: when the agreement takes effect)")
	cmd.Flags().StringVar(&opt.known, "known-at", "", "only lines and maps known by this time (RFC 3339)")
	c.jsonFlag(cmd)
	must(cmd.MarkFlagRequired("at"))
	cmd.MarkFlagsMutuallyExclusive("sigma", "r90", "ellipse")
	return cmd
}

type whereOptions struct{ at, sigma, r90, ellipse, time, known string }

// position reads the place with its error.
func (o *whereOptions) position() (geo.Position, error) {
	at, err := figuresOf("at", o.at, "latitude,longitude", 2)
	if err != nil {
		return geo.Position{}, err
	}
	pos := geo.Position{Point: geo.Point{Lat: geo.Degrees(at[0]), Lon: geo.Degrees(at[1])}}
	if !pos.Valid() {
		return pos, fmt.Errorf("--at %s: latitude comes first, within 90 degrees, longitude within 180", o.at)
	}
	for _, e := range []struct {
		flag, text, want string
		read             func(m []float64) geo.Covariance
	}{
		{"sigma", o.sigma, "metres", func(m []float64) geo.Covariance { return geo.Isotropic(geo.Metres(m[0])) }},
		{"r90", o.r90, "metres", func(m []float64) geo.Covariance { return geo.Isotropic(geo.SigmaOfR90(geo.Metres(m[0]))) }},
		{"ellipse", o.ellipse, "longer axis,shorter axis,azimuth", func(m []float64) geo.Covariance {
			return geo.FromEllipse(geo.Ellipse{Major: geo.Metres(m[0]), Minor: geo.Metres(m[1]), Strike: geo.Degrees(m[2])})
		}},
	} {
		if e.text == "" {
			continue
		}
		m, err := figuresOf(e.flag, e.text, e.want, strings.Count(e.want, ",")+1)
		if err != nil {
			return pos, err
		}
		if err := checkError(e.flag, m); err != nil {
			return pos, err
		}
		pos.Error = e.read(m)
	}
	return pos, nil
}

// maxWhereError bounds the error of a place, metres: beyond it nothing is said about zones.
const maxWhereError = 1_000_000

func checkError(flag string, m []float64) error {
	for i, v := range m {
		switch {
		case i < 2 && !(v >= 0 && v <= maxWhereError):
			return fmt.Errorf("--%s: %v m; write a length from 0 to %d", flag, v, maxWhereError)
		case i == 1 && v > m[0]:
			return fmt.Errorf("--%s: the longer axis comes first", flag)
		case i == 2 && !(v >= 0 && v <= 360):
			return fmt.Errorf("--%s: %v; write an azimuth from 0 to 360, clockwise from north", flag, v)
		}
	}
	return nil
}

// figuresOf reads so many numbers with commas between.
func figuresOf(flag, text, want string, n int) ([]float64, error) {
	parts := strings.Split(text, ",")
	out := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || len(parts) != n {
			return nil, fmt.Errorf("--%s %q: write %s", flag, cutText(text), want)
		}
		out[i] = v
	}
	return out, nil
}

// cutText shortens what a person typed for a message.
func cutText(text string) string {
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return text
}

// where is the answer as JSON has it.
type where struct {
	Agreement string         `json:"agreement"`
	Terms     string         `json:"version"`
	Lat       geo.Degrees    `json:"lat"`
	Lon       geo.Degrees    `json:"lon"`
	Error     geo.Ellipse    `json:"error"` // one sigma
	Time      truce.Instant  `json:"time"`
	KnownAt   *truce.Instant `json:"known_at,omitempty"`
	agreement.Whereabouts
}

func (c *cli) runAgreementWhere(cmd *cobra.Command, dir string, opt whereOptions) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	pos, err := opt.position()
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	out := where{Agreement: t.ID, Terms: t.Version, Lat: pos.Lat, Lon: pos.Lon, Error: pos.Error.Ellipse(), Time: t.Effective.At}
	if opt.time != "" {
		if err := out.Time.UnmarshalText([]byte(opt.time)); err != nil {
			return usageError(cmd, "--time: %w", err)
		}
	}
	var known truce.Instant
	if opt.known != "" {
		if err := known.UnmarshalText([]byte(opt.known)); err != nil {
			return usageError(cmd, "--known-at: %w", err)
		}
		out.KnownAt = &known
	}
	g, err := c.drawnTerms(cmd, t)
	if err != nil {
		return err
	}
	out.Whereabouts = g.At(pos, out.Time, known)
	if c.asJSON {
		return printJSON(c.out, out.listed())
	}
	return c.printWhere(out)
}

// drawnTerms compiles the terms, with the control maps of a data directory where one is
// named.
func (c *cli) drawnTerms(cmd *cobra.Command, t terms) (*agreement.Geometry, error) {
	if !cmd.Flags().Changed("dir") {
		return t.Geometry(nil)
	}
	a, err := c.openReading(cmd.Context())
	if err != nil {
		return nil, err
	}
	defer a.Close()
	maps, err := a.controlMaps(cmd.Context())
	if err != nil {
		return nil, err
	}
	return t.Geometry(maps)
}

// listed has empty lists where there is nothing, as programs expect.
func (w where) listed() where {
	for _, list := range []*[]agreement.Inside{&w.Zones, &w.Sites, &w.Areas} {
		if *list == nil {
			*list = []agreement.Inside{}
		}
	}
	if w.Lines == nil {
		w.Lines = []agreement.Beside{}
	}
	if w.Unknown == nil {
		w.Unknown = []truce.LineID{}
	}
	if w.Control == nil {
		w.Control = []truce.SideShare{}
	}
	return w
}

func (c *cli) printWhere(w where) error {
	if _, err := fmt.Fprintf(c.out, "%.6f,%.6f %s, %s\n", w.Lat, w.Lon, errorText(w.Error), w.Time.Time().Format("2006-01-02T15:04:05Z")); err != nil {
		return err
	}
	inside := listing{Columns: []string{"lies in", "id", "p", "edge"}}
	for _, kind := range []struct {
		name string
		list []agreement.Inside
	}{{"zone", w.Zones}, {"site", w.Sites}, {"area", w.Areas}} {
		for _, in := range kind.list {
			inside.Rows = append(inside.Rows, []string{kind.name, in.ID, fourDecimals(in.P), edgeText(in)})
		}
	}
	if err := c.printSection(inside, "in no zone, site or area of the agreement"); err != nil {
		return err
	}
	lines := listing{Columns: []string{"line", "version", "distance", "side", "p"}}
	for _, b := range w.Lines {
		side := b.Side
		if b.Party != "" {
			side += " (" + string(b.Party) + ")"
		}
		lines.Rows = append(lines.Rows, []string{string(b.ID), b.Version, lengthText(b.DistanceM) + " ± " + lengthText(b.SigmaM), side, sharesText(b.Left, b.Right)})
	}
	for _, id := range w.Unknown {
		lines.Rows = append(lines.Rows, []string{string(id), "none holds then", "", "", ""})
	}
	if err := c.printSection(lines, "the agreement draws no line"); err != nil {
		return err
	}
	if w.ControlBy == "" {
		return nil
	}
	_, err := fmt.Fprintf(c.out, "in control, by %s version %s: %s\n", plainCell(w.ControlBy), plainCell(w.Version), plainCell(sharesText(w.Control...)))
	return err
}

// printSection prints a table, or a sentence where it is empty.
func (c *cli) printSection(l listing, none string) error {
	if len(l.Rows) > 0 {
		return l.table(c.out)
	}
	_, err := fmt.Fprintln(c.out, none)
	return err
}

func errorText(e geo.Ellipse) string {
	switch {
	case e.Major == 0:
		return "exactly"
	case e.Major-e.Minor < e.Major/1000:
		return "± " + lengthText(float64(e.Major))
	}
	return fmt.Sprintf("± %s along azimuth %.0f, %s across", lengthText(float64(e.Major)), float64(e.Strike), lengthText(float64(e.Minor)))
}

func edgeText(in agreement.Inside) string {
	text := lengthText(in.EdgeM) + " outside"
	if in.PointInside {
		text = lengthText(in.EdgeM) + " inside"
	}
	if in.AccuracyM > 0 {
		text += " ± " + lengthText(in.AccuracyM)
	}
	return text
}

// lengthText is metres below 10 km, then kilometres.
func lengthText(m float64) string {
	if m < 9_999.5 {
		return fmt.Sprintf("%.0f m", m)
	}
	return fmt.Sprintf("%.1f km", m/1000)
}

func fourDecimals(p truce.Probability) string { return strconv.FormatFloat(float64(p), 'f', 4, 64) }

// sharesText lists shares: A 0.9000, B 0.1000.
func sharesText(shares ...truce.SideShare) string {
	parts := make([]string, len(shares))
	for i, s := range shares {
		parts[i] = string(s.Party) + " " + fourDecimals(s.P)
	}
	return strings.Join(parts, ", ")
}
