package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/intake"
)

// noteOptions are the flags of `truce note`.
type noteOptions struct {
	text   string
	placed bool // --lat and --lon were given
	at     string
	until  string
	lat    float64
	lon    float64
	radius float64
	place  string
	act    string
	count  int
	unit   string
	family string
	from   string
}

func (c *cli) noteCommand() *cobra.Command {
	var opt noteOptions
	cmd := &cobra.Command{
		Use:   "note TEXT",
		Short: "Enter a report that came by phone",
		Long: "Enters one report as the watch officer heard it. Give the place as precisely as the caller did and no\n" +
			"more: --radius is the distance within which the place lies two times out of three. With --place alone the note\n" +
			"lies at the agreement's place of that name, as wide as the place; a name it does not know is kept without.",
		Example: `  truce note "three explosions near the mill" --at 2026-04-11T14:05:00Z --lat -47.91 --lon -21.62 \
      --radius 800 --act explosion_undetermined --count 3 --from "patrol 3" --family patrol
  truce note "smoke over the town" --at 2026-04-11T15:00:00Z --place Kelvost --act damage --family civilian`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			opt.text, opt.placed = args[0], cmd.Flags().Changed("lat")
			if opt.placed != cmd.Flags().Changed("lon") {
				return usageError(cmd, "give --lat and --lon together, or neither")
			}
			if !opt.placed && cmd.Flags().Changed("radius") {
				return usageError(cmd, "--radius goes with --lat and --lon; a place named with --place is as wide as the agreement says")
			}
			return c.runNote(cmd, opt)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.at, "at", "", "when it happened, RFC 3339, e.g. 2026-04-11T14:05:00Z")
	flags.StringVar(&opt.until, "until", "", "end of the interval when the time is not exact")
	flags.Float64Var(&opt.lat, "lat", 0, "latitude in degrees")
	flags.Float64Var(&opt.lon, "lon", 0, "longitude in degrees")
	flags.Float64Var(&opt.radius, "radius", 1000, "1-sigma of the place in metres, 1 to 500,000")
	flags.StringVar(&opt.place, "place", "", "name of the place as told; without --lat and --lon one of the agreement's places")
	flags.StringVar(&opt.act, "act", string(truce.ActExplosion), "what was observed")
	flags.IntVar(&opt.count, "count", 0, "how many, when told")
	flags.StringVar(&opt.unit, "unit", string(truce.UnitSignature), "of what")
	flags.StringVar(&opt.family, "family", string(truce.FamilyPatrol), "who told: patrol, civilian, party, camera, ...")
	flags.StringVar(&opt.from, "from", "", "name of the patrol or post (never of a private person)")
	must(cmd.MarkFlagRequired("at"))
	must(cmd.RegisterFlagCompletionFunc("act", cobra.FixedCompletions(actNames(), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("family", cobra.FixedCompletions(texts(noteFamilies), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("unit", cobra.FixedCompletions(texts(truce.Units()), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// groupNames are the roots of the tree of acts.
func groupNames() []string { return texts(truce.ActGroups()) }

func actNames() []string {
	var names []string
	for _, group := range truce.ActGroups() {
		for _, act := range group.Acts() {
			names = append(names, string(act))
		}
	}
	return names
}

func (c *cli) runNote(cmd *cobra.Command, opt noteOptions) error {
	o, err := opt.observation()
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	if now := truce.InstantOf(a.now()); intake.TooFarAhead(o.Phenomenon, now) {
		return usageError(cmd, "--at %s lies in the future, more than %.0f h after now (%s): a report speaks of what has happened; check the date, the offset and this machine's clock",
			opt.at, intake.MaxAhead.Hours(), now)
	}
	where := ""
	if o.Place == nil && o.PlaceName != "" {
		where = a.locate(&o)
	}
	session, err := a.door.Open(cmd.Context(), a.declared(noteSource(truce.Family(opt.family))), "note")
	if err != nil {
		return err
	}
	if err := session.Observe(o); err != nil {
		return err
	}
	counts, err := session.Close()
	if err != nil {
		return err
	}
	state := "recorded"
	if counts.Duplicate > 0 {
		state = "known already, nothing changed"
	}
	if where != "" {
		fmt.Fprintln(c.err, where)
	}
	_, err = fmt.Fprintf(c.out, "%s %s\n", o.ID, state)
	return err
}

// noteSource is one source per family, since a source belongs to one family. Notes are
// the mission's own and leave it only through the gate.
func noteSource(family truce.Family) truce.SourceInfo {
	return truce.SourceInfo{
		ID: truce.SourceID("note-" + string(family)), Title: "Notes of the watch (" + string(family) + ")",
		Family: family, Licence: "the mission's own", Attribution: "The Mission",
	}
}

var noteFamilies = []truce.Family{truce.FamilyPatrol, truce.FamilyCivilian, truce.FamilyParty, truce.FamilyCamera,
	truce.FamilyDrone, truce.FamilyMedia, truce.FamilyAcoustic}

// Bounds of a note: a place known better than a metre was measured and not told; one
// worse than half a thousand kilometres is no place. A text is what a caller says.
const (
	minNoteRadius = 1
	maxNoteRadius = 500_000
	maxNoteText   = 16 << 10
	maxNoteCount  = 1_000_000
)

// actsOfGroup tells whoever gave a group, or nothing near any act, what may be given.
func actsOfGroup(name string) string {
	if acts := truce.ActGroup(name).Acts(); len(acts) > 0 {
		return ", it is a group of acts: " + joined(acts)
	}
	if len(nearNames(name, actNames())) == 0 {
		return "; truce incidents --help names its groups, and --act with one of them lists its acts"
	}
	return ""
}

// validate names the flag that is wrong.
func (opt noteOptions) validate() error {
	switch {
	case strings.TrimSpace(truce.CleanText(opt.text)) == "":
		return errors.New("TEXT is empty; write what was said")
	case len(opt.text) > maxNoteText:
		return fmt.Errorf("TEXT has %d bytes, the bound is %d", len(opt.text), maxNoteText)
	case !truce.Act(opt.act).Known():
		return fmt.Errorf("--act %q is not in the tree of acts%s%s", opt.act, actsOfGroup(opt.act), didYouMean(opt.act, actNames()))
	case !slices.Contains(noteFamilies, truce.Family(opt.family)):
		return fmt.Errorf("--family %q; choose one of %v", opt.family, noteFamilies)
	case !slices.Contains(truce.Units(), truce.Unit(opt.unit)):
		return fmt.Errorf("--unit %q; choose one of %v", opt.unit, truce.Units())
	case opt.count < 0 || opt.count > maxNoteCount:
		return fmt.Errorf("--count %d: want 0 (not told) to %d", opt.count, maxNoteCount)
	case opt.placed && !(opt.radius >= minNoteRadius && opt.radius <= maxNoteRadius):
		return fmt.Errorf("--radius %v: want %d to %d metres", opt.radius, minNoteRadius, maxNoteRadius)
	case opt.placed && !opt.point().Valid():
		return fmt.Errorf("--lat %v --lon %v: latitude goes from -90 to 90, longitude from -180 to 180", opt.lat, opt.lon)
	}
	return nil
}

func (opt noteOptions) point() geo.Point {
	return geo.Point{Lat: geo.Degrees(opt.lat), Lon: geo.Degrees(opt.lon)}
}

func (opt noteOptions) observation() (truce.Observation, error) {
	when, err := opt.phenomenon()
	if err == nil {
		err = opt.validate()
	}
	if err != nil {
		return truce.Observation{}, err
	}
	o := truce.Observation{
		Kind: truce.KindReport, Source: noteSource(truce.Family(opt.family)).ID,
		Sensor: truce.SensorID(truce.CleanText(opt.from)), Phenomenon: when, PlaceName: truce.CleanText(opt.place),
		Report: &truce.Report{Text: truce.CleanText(strings.TrimSpace(opt.text)),
			Claims: []truce.Claim{{Act: truce.Act(opt.act), Count: opt.count, Unit: truce.Unit(opt.unit)}}},
		Signature: truce.SignatureNone, Origin: truce.Origin{File: "note"}, Hash: truce.HashOf([]byte(opt.text)),
	}
	if opt.placed {
		variance := opt.radius * opt.radius
		o.Place = &geo.Position{Point: opt.point(), Error: geo.Covariance{EE: variance, NN: variance}}
	}
	key, err := json.Marshal(o)
	if err != nil {
		return o, err
	}
	o.ID = truce.NewID(when.From, string(o.Kind), string(o.Source), key)
	return o, o.Validate()
}

func (opt noteOptions) phenomenon() (truce.PhenomenonTime, error) {
	var from truce.Instant
	if err := from.UnmarshalText([]byte(opt.at)); err != nil {
		return truce.PhenomenonTime{}, fmt.Errorf("--at: %w", err)
	}
	to := from
	if opt.until != "" {
		if err := to.UnmarshalText([]byte(opt.until)); err != nil {
			return truce.PhenomenonTime{}, fmt.Errorf("--until: %w", err)
		}
	}
	p := truce.PhenomenonTime{From: from, To: to, Sigma: truce.MicrosOf(time.Minute)}
	return p, p.Validate()
}
