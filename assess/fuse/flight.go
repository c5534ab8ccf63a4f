package fuse

import (
	"slices"

	"github.com/trucewatch/truce"
)

// flight joins what is known of the flights of one happening. How their identities stand to the
// mission's is told by the one that is least like the mission's own: what exempts must hold
// for all.
func flight(list []statement) *truce.Flight {
	order := truce.FlightIdentities()
	var out *truce.Flight
	for _, s := range list {
		f := s.Flight
		if f == nil || s.tells {
			continue
		}
		if out == nil {
			out = &truce.Flight{Identity: order[0]}
		}
		if slices.Index(order, f.Identity) > slices.Index(order, out.Identity) {
			out.Identity = f.Identity
		}
		out.Crossings = append(out.Crossings, f.Crossings...)
		out.Stays = append(out.Stays, f.Stays...)
		out.Together = append(out.Together, f.Together...)
		out.Remarks = append(out.Remarks, f.Remarks...)
	}
	return out
}
