package app

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/sense/locate"
)

// checkSource asks for both files, or for a day of the store.
func (o *engagementOptions) checkSource(cmd *cobra.Command) error {
	files := o.sensors != "" || o.arrivals != ""
	switch {
	case o.day == "" && (o.sensors == "" || o.arrivals == ""):
		return usageError(cmd, "give --sensors and --arrivals, or --day for what was imported")
	case o.day != "" && files:
		return usageError(cmd, "--day takes what was imported: leave --sensors and --arrivals out")
	case o.day == "" && o.network != "":
		return usageError(cmd, "--network goes with --day")
	case o.day == "":
		return nil
	}
	day, err := time.Parse(time.DateOnly, o.day)
	if err != nil {
		return usageError(cmd, "--day %.40q: write it as 2026-04-11", o.day)
	}
	o.from = truce.InstantOf(day)
	return nil
}

// heardOn is what a network heard in a UTC day and the hour behind it, as the pipeline locates
// it: with the places that hold for each arrival and what people decided.
func (a *App) heardOn(ctx context.Context, network string, day truce.Instant) (*locating.Field, locate.Config, error) {
	listening := newEars(a.cfg, nil)
	listening.decisions = func(network string) ([]truce.ArrivalDecision, error) { return a.decidedInForce(ctx, network) }
	n := listening.network(network)
	end := day + windowLength
	err := a.store.Observations(ctx, truce.ObservationQuery{Kind: truce.KindStation, From: always.From, To: always.To}, func(o truce.Observation) error {
		listening.stand(o)
		return nil
	})
	if err != nil {
		return nil, locate.Config{}, err
	}
	err = a.store.Observations(ctx, truce.ObservationQuery{Kind: truce.KindArrival, From: day, To: end + windowTail}, func(o truce.Observation) error {
		if o.Arrival.Network != network {
			return nil
		}
		return listening.hear(o)
	})
	if err != nil {
		return nil, locate.Config{}, err
	}
	if len(n.pending) == 0 {
		return nil, locate.Config{}, truce.Errorf(truce.CodeNotFound, "the store holds nothing that network %q heard on %s", network, day.Time().Format(time.DateOnly))
	}
	w := &window{end: end, heard: n.pending}
	n.place(w)
	cfg := n.cfg.locating()
	if cfg.Decisions, err = n.bound(w.heard); err != nil {
		return nil, cfg, err
	}
	return &locating.Field{Sensors: w.sensors(), Arrivals: w.arrivals}, cfg, nil
}

// sensors is the window's stations as the sense reads them.
func (w *window) sensors() []locate.Sensor {
	out := make([]locate.Sensor, len(w.stations))
	for i, o := range w.stations {
		out[i] = locate.Sensor{ID: string(o.Sensor), At: o.Place.Point, Elev: o.Station.Elevation}
	}
	return out
}

// fieldOf is the files or the day of the store that were asked for.
func (c *cli) fieldOf(ctx context.Context, a *App, opt engagementOptions) (*locating.Field, locate.Config, error) {
	if opt.day == "" {
		return c.readEars(opt)
	}
	field, cfg, err := a.heardOn(ctx, opt.network, opt.from)
	if err != nil {
		return nil, cfg, err
	}
	cfg.SpeedAcoustic, cfg.MinArrivals = cmp.Or(opt.speedAcoustic, cfg.SpeedAcoustic), cmp.Or(opt.minArrivals, cfg.MinArrivals)
	cfg.Meteo, err = c.readWeather(opt.meteo)
	return field, cfg, err
}
