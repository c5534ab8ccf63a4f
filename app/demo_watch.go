package app

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sim"
)

// exerciseWatch states the watch of the exercise's mission as truce.yaml writes it.
func exerciseWatch(world *sim.World) string {
	var b strings.Builder
	b.WriteString("\n# Who watches on the invented land, with the chances its mission states.\nwatch:\n  satellites: [N, N20, N21]\n  watchers:\n")
	for _, p := range world.Watch() {
		fmt.Fprintf(&b, "    - family: %s\n      areas: [%s]\n      sensors: [%s]\n", p.Family, p.Area, joinSensors(p.Sensors))
		if p.Hours != "" {
			fmt.Fprintf(&b, "      hours: %s\n", p.Hours)
		}
		var chances []string
		for _, c := range p.Chances {
			chances = append(chances, fmt.Sprintf("%s: %g", c.Of, c.P))
		}
		heartbeat := noHeartbeat
		if p.Heartbeat > 0 {
			heartbeat = fmt.Sprintf("%dm", int(p.Heartbeat.Minutes()))
		}
		fmt.Fprintf(&b, "      heartbeat: %s\n      p_detect: {%s}\n      from: %s\n", heartbeat, strings.Join(chances, ", "), world.Truth().Start)
	}
	return b.String()
}

func joinSensors(ids []truce.SensorID) string {
	var names []string
	for _, id := range ids {
		names = append(names, string(id))
	}
	return strings.Join(names, ", ")
}
