package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/cot"
)

// cotOptions say what is sent and how.
type cotOptions struct {
	assets    string // the network of the monitors' own
	incidents bool
	days      int
	fresh     time.Duration
	encoding  string
	out       string
}

// Bounds of what is sent.
const (
	// cotStale is how long an incident stands on a map: until the next release of a day.
	cotStale = 24 * time.Hour
	// maxCoTFresh is the oldest place that an asset is shown at: what is older is history.
	maxCoTFresh = time.Hour
	// maxCoTDays is how far back incidents are sent.
	maxCoTDays = 366
)

func (c *cli) cotCommand() *cobra.Command {
	var opt cotOptions
	cmd := &cobra.Command{
		Use:   "cot (--incidents | --assets NETWORK)",
		Short: "Cursor on Target for maps: released incidents, the monitors' own assets",
		Long: "Writes events of Cursor on Target, which TAK maps show, of two kinds and no other.\n\n" +
			"--incidents: what has been released, and nothing else: each released row that has a public cell is a mark in its middle,\n" +
			"with a circular error that holds the cell, no height, and the release's own times in the remarks. It reads the public\n" +
			"store as truce serve --public does: never a place or a time that is not out, and nothing younger than the gate lets out.\n\n" +
			"--assets NETWORK: where the monitors' own drones are, by their own telemetry (MAVLink, flight logs, metadata of video)\n" +
			"that came in under that network. What others say of themselves (ADS-B, Remote ID, AIS) is never sent. Each stands at its\n" +
			"last place, if that is no older than --fresh, with its own error; 9999999 is an error or height that is not known.\n\n" +
			"No event calls anybody hostile, suspect or another's friend: assets are a-f-, incidents a mark on the map. Ids stay the\n" +
			"same from one run to the next. The places of assets are precise: send them to the mission's own maps only.",
		Example: "  truce cot --incidents --out incidents.xml\n  truce cot --assets own --encoding tak_stream | nc tak.mission.example 8087",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opt.check(cmd); err != nil {
				return err
			}
			return c.runCoT(cmd.Context(), opt)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&opt.incidents, "incidents", false, "released incidents, coarsened and delayed as released")
	flags.StringVar(&opt.assets, "assets", "", "network of the monitors' own telemetry, as in streams: and truce import --network")
	flags.IntVar(&opt.days, "days", 7, "days of incidents, back from now")
	flags.DurationVar(&opt.fresh, "fresh", time.Minute, "how old the place of an asset may be, to 1h; it lapses on the map after as long")
	flags.StringVar(&opt.encoding, "encoding", string(cot.EncodingXML), "xml, tak_stream or tak_mesh")
	flags.StringVar(&opt.out, "out", "-", "file to write; - is standard output")
	return cmd
}

// check refuses what cannot be meant, before anything is opened.
func (o *cotOptions) check(cmd *cobra.Command) error {
	encodings := []cot.Encoding{cot.EncodingXML, cot.EncodingStream, cot.EncodingMesh}
	switch {
	case !o.incidents && o.assets == "":
		return usageError(cmd, "say what to send: --incidents, --assets NETWORK or both")
	case !slices.Contains(encodings, cot.Encoding(o.encoding)):
		return usageError(cmd, "--encoding %.40q: write xml, tak_stream or tak_mesh", o.encoding)
	case o.days < 1 || o.days > maxCoTDays:
		return usageError(cmd, "--days: write 1 to %d", maxCoTDays)
	case o.fresh <= 0 || o.fresh > maxCoTFresh:
		return usageError(cmd, "--fresh: write more than 0, to %s", truce.DurationText(maxCoTFresh))
	}
	return nil
}

// runCoT gathers what may be sent and writes it.
func (c *cli) runCoT(ctx context.Context, opt cotOptions) error {
	if err := c.writable(opt.out); err != nil {
		return err
	}
	a, err := c.openReading(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	s := cotSender{now: truce.InstantOf(a.now()), exercise: a.store.Realm().Exercise(), encoding: cot.Encoding(opt.encoding)}
	if opt.incidents {
		if err := s.addReleased(ctx, a, opt.days); err != nil {
			return err
		}
	}
	incidents := s.sent
	if opt.assets != "" {
		if err := s.addAssets(ctx, a, opt.assets, opt.fresh); err != nil {
			return err
		}
	}
	if err := c.writeWhole([]wholeFile{{opt.out, s.out.Bytes()}}); err != nil {
		return err
	}
	say := c.out
	if opt.out == "-" {
		say = c.err
	}
	_, err = fmt.Fprintf(say, "truce: %d incidents and %d assets written; %d released rows have no public cell or are not counted, %d places are of nobody who can be told apart\n",
		incidents, s.sent-incidents, s.withheld, s.nameless)
	return err
}

// cotSender gathers events.
type cotSender struct {
	now      truce.Instant
	exercise bool
	encoding cot.Encoding
	out      bytes.Buffer

	sent, withheld, nameless int
}

// add writes an event after the encoder has agreed to it.
func (s *cotSender) add(o cot.Outgoing) error {
	if s.exercise {
		o.Detail.Callsign = strings.TrimSpace("EXERCISE " + o.Detail.Callsign)
	}
	event, err := o.Append(nil, s.encoding)
	if err != nil {
		return err
	}
	s.out.Write(event)
	if s.encoding == cot.EncodingXML {
		s.out.WriteByte('\n')
	}
	s.sent++
	return nil
}

// addReleased adds the released rows of so many days. It knows nothing but the public store.
func (s *cotSender) addReleased(ctx context.Context, a *App, days int) error {
	path := a.cfg.Path(a.cfg.Public)
	if _, err := os.Stat(path); err != nil {
		return truce.Errorf(truce.CodeNotFound, "nothing has been released yet; release a Daily with: truce bulletin release --date YYYY-MM-DD")
	}
	db, err := openPublic(path, "ro")
	if err != nil {
		return err
	}
	defer db.Close()
	return s.addRows(ctx, newReleased(db), truce.Day(s.now.Add(-time.Duration(days)*24*time.Hour).Time().Format("2006-01-02")))
}
