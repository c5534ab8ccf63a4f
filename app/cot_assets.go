package app

import (
	"cmp"
	"context"
	"encoding/hex"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/cot"
	"github.com/trucewatch/truce/source/dataflash"
	"github.com/trucewatch/truce/source/klv"
	"github.com/trucewatch/truce/source/mavlink"
	"github.com/trucewatch/truce/source/ulog"
)

// telemetry are the sources of what the mission's own aircraft say of themselves. A
// transponder that anybody can carry is none.
func telemetry() []truce.SourceID {
	return []truce.SourceID{mavlink.ID, klv.ID, ulog.ID, dataflash.ID}
}

// addAssets adds the last place of each of the monitors' own assets, if it is fresh.
func (s *cotSender) addAssets(ctx context.Context, a *App, network string, fresh time.Duration) error {
	last := map[string]truce.Observation{}
	for _, id := range telemetry() {
		q := truce.ObservationQuery{Kind: truce.KindPlot, Source: id, From: s.now.Add(-fresh), To: s.now + 1}
		err := a.store.Observations(ctx, q, func(o truce.Observation) error {
			if !ownPlace(&o, network) || o.Phenomenon.From > s.now || s.now.Sub(o.Phenomenon.From) >= fresh {
				return nil
			}
			if len(o.Plot.Identities) == 0 {
				s.nameless++
				return nil
			}
			uid := assetUID(&o)
			if before, known := last[uid]; !known || cmp.Or(cmp.Compare(o.Phenomenon.From, before.Phenomenon.From), slices.Compare(o.ID[:], before.ID[:])) > 0 {
				last[uid] = o
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, uid := range slices.Sorted(maps.Keys(last)) {
		o := last[uid]
		if err := s.add(asset(uid, &o, fresh)); err != nil {
			return err
		}
	}
	return nil
}

// ownPlace says whether a plot is the word of an asset of that network.
func ownPlace(o *truce.Observation, network string) bool {
	return o.Plot != nil && o.Plot.Network == network && o.Plot.Means == truce.MeansSelf && o.Place != nil && slices.Contains(telemetry(), o.Source)
}

// assetUID is the same for one asset in every run: made of its network and what it is called.
func assetUID(o *truce.Observation) string {
	id := o.Plot.Identities[0]
	hash := truce.HashOf([]byte(strings.Join([]string{"truce/asset/1", o.Plot.Network, string(o.Source), id.Scheme, id.Value}, "\n")))
	return "truce-asset-" + hex.EncodeToString(hash[:10])
}

// assetTypes are how the classes that telemetry tells are written: friendly, since they are
// the monitors' own, and civilian.
var assetTypes = map[string]string{
	"uav": "a-f-A-C-F-q", "helicopter": "a-f-A-C-H", "fixed_wing": "a-f-A-C-F", "ship": "a-f-S-X", "vehicle": "a-f-G-E-V-C",
}

// asset is where an asset said that it was.
func asset(uid string, o *truce.Observation, fresh time.Duration) cot.Outgoing {
	p := o.Plot
	id := p.Identities[0]
	var e cot.Outgoing
	e.UID, e.Type, e.How = uid, cmp.Or(assetTypes[p.Class], "a-f-A-C"), "m-g"
	e.Time, e.Start, e.Stale = o.Phenomenon.From, o.Phenomenon.From, o.Phenomenon.From.Add(fresh)
	e.LatDeg, e.LonDeg = source.Told(float64(o.Place.Lat)), source.Told(float64(o.Place.Lon))
	if c := o.Place.Error; !c.Exact() {
		e.RadiusM = source.Told(math.Ceil(10*math.Sqrt((c.EE+c.NN)/2)) / 10)
	}
	// Only a height above the ellipsoid is one of Cursor on Target; others are left out.
	if h := p.Altitude; h != nil && h.Datum == truce.DatumEllipsoid {
		e.HeightM = source.Told(float64(h.Metres))
		if h.Sigma > 0 {
			e.SpreadM = source.Told(float64(h.Sigma))
		}
	}
	if m := p.Motion; m != nil {
		e.Detail.SpeedMps, e.Detail.CourseDeg = source.Told(m.SpeedMps), source.Told(float64(m.Course))
	}
	name := strings.TrimSpace(truce.CleanText(id.Scheme + " " + id.Value))
	if letters := []rune(name); len(letters) > 60 {
		name = strings.TrimSpace(string(letters[:60]))
	}
	e.Detail.Callsign = name
	return e
}
