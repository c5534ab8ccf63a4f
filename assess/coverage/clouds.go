package coverage

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// cloud is the cover of an area's sky during [from, to).
type cloud struct {
	from, to truce.Instant
	cover    float64
	id       truce.ID
}

// cloudsOf are the statements about a weather area that can be used, in order of time.
// None is used for an area without a name.
func cloudsOf(name string, observations []truce.Observation) []cloud {
	var out []cloud
	for i := range observations {
		o := &observations[i]
		if name == "" || o.Weather == nil || o.Weather.Area != name || !(o.Weather.CloudCover >= 0 && o.Weather.CloudCover <= 1) {
			continue
		}
		out = append(out, cloud{o.Phenomenon.From, o.Phenomenon.To, o.Weather.CloudCover, o.ID})
	}
	slices.SortFunc(out, func(a, b cloud) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), slices.Compare(a.id[:], b.id[:]))
	})
	return slices.CompactFunc(out, func(a, b cloud) bool { return a.id == b.id })
}

// clearAt is the clear share of the sky at a moment; false when no statement covers it.
// Where several do, the cloudiest counts.
func clearAt(clouds []cloud, at truce.Instant) (share float64, known bool) {
	share = 1
	for _, c := range clouds {
		if c.from > at {
			break
		}
		if at < c.to {
			share, known = min(share, 1-c.cover), true
		}
	}
	if !known {
		return 0, false
	}
	return share, true
}

// meanCloud is the mean cover over the part of the period that statements cover, nil when
// none does.
func meanCloud(clouds []cloud, p truce.Period) *float64 {
	var sum, length float64
	for _, c := range clouds {
		hours := min(c.to, p.To).Sub(max(c.from, p.From)).Hours()
		if hours > 0 {
			sum, length = sum+hours*c.cover, length+hours
		}
	}
	if length == 0 {
		return nil
	}
	mean := round(sum/length, 1e6)
	return &mean
}
