package app

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sim"
)

// exerciseFlights states the exercise's radar and the mission's own aircraft as truce.yaml
// writes them.
func exerciseFlights(world *sim.World) string {
	at, height := world.RadarPlace()
	return fmt.Sprintf("\n# The radar on the invented land, and the mission's own drone by the identities it gives itself.\nradars:\n  - {sac: %d, sic: %d, lat: %v, lon: %v, height: %v}\n"+
		"aircraft:\n  - {sensor: %s, identities: [\"sysid:%d\", \"serial:%s\"]}\n",
		sim.RadarSAC, sim.RadarSIC, float64(at.Lat), float64(at.Lon), float64(height), sim.MonitorSensor, sim.MonitorSystem, sim.MonitorSerial)
}

// withOwnFlights adds the windows that the exercise's mission notified for its flights to the
// agreement of the exercise.
func withOwnFlights(files []truce.AgreementFile, world *sim.World) []truce.AgreementFile {
	var b strings.Builder
	b.WriteString("\nwindows:\n")
	for i, w := range world.OwnFlights() {
		fmt.Fprintf(&b, "  - id: W-F%d\n    kind: %s\n    bearer: %s\n    notified_by: %s\n    notified_at: %q\n    notice: 2h\n    from: %q\n    to: %q\n    circle: {lat: %v, lon: %v, radius_m: %v}\n",
			i+1, w.Kind, w.Bearer, w.Bearer, w.From-24*truce.Instant(microsPerHour), w.From, w.To, float64(w.Point.Lat), float64(w.Point.Lon), float64(w.RadiusM))
	}
	out := slices.Clone(files)
	for i := range out {
		if out[i].Name == "agreement.yaml" {
			out[i].Data = bytes.Replace(slices.Clone(out[i].Data), []byte("\nwindows:\n"), []byte(b.String()), 1)
		}
	}
	return out
}
