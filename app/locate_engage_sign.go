package app

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/review"
	"github.com/trucewatch/truce/geo"
)

const (
	// endNear and endClose bound how far, beyond three sigma of both, an end of a shot may be
	// from the incident that it is taken for: a minute, to which people and tables round, and
	// half a kilometre, of a village that a report names.
	endNear  = time.Minute
	endClose = 500.0 // metres
)

func (c *cli) engagementsSignCommand() *cobra.Command {
	var opt engagementOptions
	var note string
	cmd := &cobra.Command{
		Use:   "sign INCIDENT ENGAGEMENT",
		Short: "Sign that a verified incident is an end of an engagement, and so whose side it was fired from",
		Long: "Ties the shots anew from the same files or day, looks whether muzzle blast or impact of ENGAGEMENT fits the\n" +
			"incident in time and place, and records your signature under the probability of each side: never a launch area.\n" +
			"When two different analysts have signed the same, findings rest on it, as on an origin that a source states; rules\n" +
			"that ask for origin_side follow at once. It holds while both stand by it and the incident is verified. An\n" +
			"engagement that the agreement's delay does not show yet cannot be signed.",
		Example: "  truce engagements sign 2026-143 01KNYB1F3G6T0W9XC2M7R4D5QZ --sensors ears.csv --arrivals day.csv --note \"the only shot of that minute\"",
		Args:    cobra.ExactArgs(2),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	opt.flags(cmd)
	cmd.Flags().StringVar(&note, "note", "", "in words")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := opt.check(cmd); err != nil {
			return err
		}
		id, err := truce.ParseID(args[1])
		if err != nil {
			return usageError(cmd, "%.80q is no id of an engagement; truce engagements lists them", args[1])
		}
		return c.signedBy(cmd.Context(), *token, func(a *App, d *guarantee.Desk, token guarantee.Token) error {
			row, err := a.store.Incident(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			list, err := c.tiedShots(cmd.Context(), a, opt)
			if err != nil {
				return err
			}
			view, err := list.viewOf(row.Incident, id)
			if err != nil {
				return err
			}
			view.Note = strings.TrimSpace(truce.CleanText(note))
			return c.signOrigin(cmd.Context(), a, d, token, view)
		})
	}
	return cmd
}

func (c *cli) engagementsWithdrawCommand() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use:     "withdraw INCIDENT",
		Short:   "Take your own signature under the origin of an incident back",
		Long:    "Findings follow at once: without two signatures alike nothing is known of the origin but what sources state.",
		Example: "  truce engagements withdraw 2026-143 --note \"the muzzle blast was another gun's\"",
		Args:    cobra.ExactArgs(1),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&note, "note", "", "in words")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.signedBy(cmd.Context(), *token, func(a *App, d *guarantee.Desk, token guarantee.Token) error {
			row, err := a.store.Incident(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			view := truce.OriginView{Incident: row.Incident.ID, Revision: row.Incident.Revision, Note: strings.TrimSpace(truce.CleanText(note)), Withdraws: true}
			return c.signOrigin(cmd.Context(), a, d, token, view)
		})
	}
	return cmd
}

func (c *cli) engagementsSignedCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "signed INCIDENT",
		Short:   "Every step on the origin of an incident, withdrawn ones too",
		Example: "  truce engagements signed 2026-143 --format json",
		Args:    cobra.ExactArgs(1),
	}
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		row, err := a.store.Incident(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		steps, err := a.store.OriginViews(cmd.Context(), row.Incident.ID)
		if err != nil {
			return err
		}
		return originSteps(steps).print(c.out, *format)
	}
	return cmd
}

// originSteps lists the steps on the origin of an incident.
func originSteps(steps []truce.OriginView) listing {
	l := listing{Columns: []string{"at", "person", "step", "engagement", "end", "sides", "note"}, Objects: append([]truce.OriginView{}, steps...)}
	for _, v := range steps {
		engagement, step := v.Engagement.String(), "signed"
		if v.Withdraws {
			engagement, step = "", "withdrew"
		}
		l.Rows = append(l.Rows, []string{stamp(v.At), string(v.Person), step, engagement, string(v.End), sideText(v.Sides), v.Note})
	}
	if len(steps) == 0 {
		l.Note = "Nobody signed anything of the origin of this incident."
	}
	return l
}

// signOrigin records a step and lets findings follow.
func (c *cli) signOrigin(ctx context.Context, a *App, d *guarantee.Desk, token guarantee.Token, v truce.OriginView) error {
	got, err := d.SignOrigin(ctx, token, v)
	if err != nil {
		return err
	}
	if got.Changed {
		if _, err := a.Assess(ctx); err != nil {
			return err
		}
	}
	if c.asJSON {
		return printJSON(c.out, struct {
			View    truce.OriginView `json:"view"`
			Stands  bool             `json:"stands"`
			Receipt truce.Receipt    `json:"receipt"`
		}{got.View, got.State.Stands != nil, got.Receipt})
	}
	_, err = fmt.Fprintf(c.out, "%s: %s\n%s\n", got.Incident.Number, originSettled(got.State), receipt(got.Receipt))
	return err
}

// originSettled says in words what the steps on an origin come to.
func originSettled(s review.OriginState) string {
	switch {
	case s.Stands != nil:
		return fmt.Sprintf("fired from the side of %s, by %s", sideText(s.Stands.Sides), engagementCited(s))
	case len(s.Open) == 0:
		return "no step on its origin stands"
	}
	if len(s.Open) > 1 {
		return fmt.Sprintf("%d persons signed its origin, no two of them alike, or the incident is not verified", len(s.Open))
	}
	return "1 of 2 signatures on its origin; a different person signs the same next"
}

// viewOf is the view that an incident is an end of a shot in the list.
func (l *reviewList) viewOf(i truce.Incident, id truce.ID) (truce.OriginView, error) {
	view := truce.OriginView{Incident: i.ID, Revision: i.Revision, Engagement: id}
	for n := range l.Engagements {
		shot := &l.Engagements[n]
		if shot.ID != id.String() {
			continue
		}
		var err error
		if view.End, err = shot.endOf(i); err == nil {
			view.Sides = shot.sidesOf(view.End)
		}
		if err == nil && len(view.Sides) == 0 {
			err = truce.Errorf(truce.CodeConflict, "no map or line of the agreement says on whose side engagement %s was fired", id)
		}
		return view, err
	}
	return view, truce.Errorf(truce.CodeNotFound, "what was read holds no engagement %s that may be shown (%s); truce engagements lists them, and the same options give the same ids", id, l.Held[0])
}

// endOf is the end of the shot that an incident fits by time and place, the nearer of the two
// where both do.
func (r *reviewShot) endOf(i truce.Incident) (truce.ShotEnd, error) {
	if i.Position == nil {
		return "", truce.Errorf(truce.CodeConflict, "incident %s has no place: nothing says that it is an end of engagement %s", i.Number, r.ID)
	}
	impact, muzzle := r.Target.apart(i, r.Time), math.Inf(1)
	if r.Launch != nil && r.Fired != 0 {
		muzzle = r.Launch.apart(i, r.Fired)
	}
	switch {
	case min(impact, muzzle) > 1:
		return "", truce.Errorf(truce.CodeConflict, "neither end of engagement %s fits incident %s in time and place: it came down at %s", r.ID, i.Number, r.Time)
	case muzzle < impact:
		return truce.ShotMuzzle, nil
	}
	return truce.ShotImpact, nil
}

// apart is how far a place and time are from an incident, as a share of what may be: up to 1
// they fit.
func (p *reviewPlace) apart(i truce.Incident, at truce.Instant) float64 {
	slack := 3*time.Duration(i.Time.Sigma)*time.Microsecond + endNear
	off := max(i.Time.From.Sub(at), at.Sub(i.Time.To), 0)
	metres := geo.Distance(i.Position.Point, geo.Point{Lat: geo.Degrees(p.Lat), Lon: geo.Degrees(p.Lon)})
	reach := 3*math.Hypot(float64(i.Position.Error.Ellipse().Major), p.Major) + endClose
	return max(off.Seconds()/slack.Seconds(), float64(metres)/reach)
}

// sidesOf are the sides of origin of an incident that is that end of the shot. The sides of
// the list stand with the muzzle blast, whatever its impact; those of the impact only as far
// as the two are of one shot. Rounded down, so that they never sum to more than 1.
func (r *reviewShot) sidesOf(end truce.ShotEnd) []truce.SideShare {
	share := 1.0
	if end == truce.ShotImpact && r.FiredP > 0 {
		share = min(1, r.Probability/r.FiredP)
	}
	var out []truce.SideShare
	for _, s := range r.Sides {
		if p := math.Floor(float64(s.P)*share*1000) / 1000; p > 0 {
			out = append(out, truce.SideShare{Party: s.Party, P: truce.Probability(p)})
		}
	}
	return out
}
