package app

import (
	"context"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/desk"
)

// decidedShown is how many arrivals of each side of a decision are named where decisions are
// listed: one shot's, heard by a dozen.
const decidedShown = 12

// decidedNames are the arrivals that decisions name, as people know them: by sensor and time.
type decidedNames map[truce.ID]truce.Observation

// decidedNames reads the arrivals that are named where these decisions are listed.
func (a *App) decidedNames(ctx context.Context, list []truce.ArrivalDecision) (decidedNames, error) {
	var ids []truce.ID
	for _, d := range list {
		ids = append(append(ids, firstOf(d.Arrivals)...), firstOf(d.Others)...)
	}
	observations, err := a.store.ObservationsByID(ctx, ids)
	out := make(decidedNames, len(observations))
	for _, o := range observations {
		out[o.ID] = o
	}
	return out, err
}

func firstOf(ids []truce.ID) []truce.ID { return ids[:min(len(ids), decidedShown)] }

// of names the first of the arrivals.
func (n decidedNames) of(ids []truce.ID) []desk.DecidedArrival {
	out := make([]desk.DecidedArrival, 0, min(len(ids), decidedShown))
	for _, id := range firstOf(ids) {
		o := n[id] // of one that is kept no longer only the id is left
		out = append(out, desk.DecidedArrival{ID: id, Sensor: o.Sensor, At: o.Phenomenon.From})
	}
	return out
}

// text names them in one cell of a table.
func (n decidedNames) text(ids []truce.ID) string {
	var parts []string
	for _, a := range n.of(ids) {
		if a.Sensor == "" {
			parts = append(parts, a.ID.String()+" (kept no longer)")
		} else {
			parts = append(parts, string(a.Sensor)+" "+a.At.Time().Format("2006-01-02T15:04:05.000Z"))
		}
	}
	if more := len(ids) - len(parts); more > 0 {
		parts = append(parts, "and "+plural(more, "arrival")+" more")
	}
	return strings.Join(parts, "; ")
}
