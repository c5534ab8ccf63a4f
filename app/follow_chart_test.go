package app

import (
	"strings"
	"testing"
)

// TestAircraftAreChecked: a setting that is wrong is named, with what to write.
func TestAircraftAreChecked(t *testing.T) {
	good := AircraftConfig{Sensor: "UAV-2", Identities: []string{"sysid:2", "serial:A:B"}}
	if err := validateAircraft([]AircraftConfig{good, {Sensor: "UAV-3", Identities: []string{"sysid:3"}}}); err != nil {
		t.Error(err)
	}
	for want, list := range map[string][]AircraftConfig{
		"aircraft[0]: needs a sensor":                   {{Identities: []string{"sysid:2"}}},
		"aircraft[1]: needs a sensor":                   {good, {Sensor: "UAV-3"}},
		"aircraft[0].identities: \"2\"; write":          {{Sensor: "UAV-2", Identities: []string{"2"}}},
		"aircraft[0].identities: \"sysid:\"; write":     {{Sensor: "UAV-2", Identities: []string{"sysid:"}}},
		"aircraft[1].identities: \"sysid:2\" stands th": {good, {Sensor: "UAV-3", Identities: []string{"sysid:2"}}},
	} {
		if err := validateAircraft(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
