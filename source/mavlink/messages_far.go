package mavlink

import "github.com/trucewatch/truce/source"

// HighLatency is all that a vehicle says of itself over a link that carries little, as by
// satellite (HIGH_LATENCY2).
type HighLatency struct {
	BootMs       int          `json:"timestamp_ms"` // since boot, or since 1970 cut to 32 bits
	Lat          source.Value `json:"lat_deg,omitzero"`
	Lon          source.Value `json:"lon_deg,omitzero"`
	Mode         int          `json:"custom_mode"`
	Alt          source.Value `json:"altitude_msl_m,omitzero"`
	TargetAlt    source.Value `json:"target_altitude_msl_m,omitzero"`
	TargetAway   source.Value `json:"target_distance_m,omitzero"`
	Waypoint     int          `json:"waypoint"`
	Failures     int          `json:"failures"` // HL_FAILURE_FLAG
	Type         int          `json:"type"`     // MAV_TYPE
	Autopilot    int          `json:"autopilot"`
	Heading      source.Value `json:"heading_deg,omitzero"` // of the nose
	TargetCourse source.Value `json:"target_heading_deg,omitzero"`
	Throttle     source.Value `json:"throttle_percent,omitzero"`
	Airspeed     source.Value `json:"airspeed_mps,omitzero"`
	AirspeedSet  source.Value `json:"airspeed_set_mps,omitzero"`
	Speed        source.Value `json:"speed_mps,omitzero"`
	Wind         source.Value `json:"wind_mps,omitzero"`
	WindFrom     source.Value `json:"wind_heading_deg,omitzero"`
	HorizError   source.Value `json:"horizontal_error_m,omitzero"` // the largest since the message before
	VertError    source.Value `json:"vertical_error_m,omitzero"`
	Temperature  source.Value `json:"temperature_c,omitzero"`
	Climb        source.Value `json:"climb_mps,omitzero"` // the largest since the message before
	Battery      source.Value `json:"battery_percent,omitzero"`
	Custom       [3]int       `json:"custom"`
}

func (h *HighLatency) wire(w *wire) {
	w.whole(&h.BootMs, u32)
	w.place(&h.Lat, &h.Lon)
	w.whole(&h.Mode, u16)
	w.number(&h.Alt, i16, 1, always)
	w.number(&h.TargetAlt, i16, 1, always)
	w.number(&h.TargetAway, u16, .1, always)
	w.whole(&h.Waypoint, u16)
	w.whole(&h.Failures, u16)
	w.whole(&h.Type, u8)
	w.whole(&h.Autopilot, u8)
	w.number(&h.Heading, u8, .5, always)
	w.number(&h.TargetCourse, u8, .5, always)
	w.number(&h.Throttle, u8, 1, always)
	for _, x := range []*source.Value{&h.Airspeed, &h.AirspeedSet, &h.Speed, &h.Wind} {
		w.number(x, u8, 5, always)
	}
	w.number(&h.WindFrom, u8, .5, always)
	w.number(&h.HorizError, u8, 10, 0)
	w.number(&h.VertError, u8, 10, 0)
	w.number(&h.Temperature, i8, 1, always)
	w.number(&h.Climb, i8, 10, always)
	w.number(&h.Battery, i8, 1, -1)
	for i := range h.Custom {
		w.whole(&h.Custom[i], i8)
	}
}

// Integrity says whether a satellite receiver's fix can be trusted (GNSS_INTEGRITY).
type Integrity struct {
	Errors         int          `json:"system_errors"` // GPS_SYSTEM_ERROR_FLAGS
	Horizontal     source.Value `json:"raim_horizontal_m,omitzero"`
	Vertical       source.Value `json:"raim_vertical_m,omitzero"`
	Receiver       int          `json:"receiver"`
	Authentication int          `json:"authentication_state"`
	Jamming        int          `json:"jamming_state"`  // 0 not known, 1 none, 2 mitigated, 3 detected
	Spoofing       int          `json:"spoofing_state"` // the same
	RAIM           int          `json:"raim_state"`
	Corrections    source.Value `json:"corrections_quality,omitzero"` // 0 to 10, as those below
	Status         source.Value `json:"system_quality,omitzero"`
	Signal         source.Value `json:"signal_quality,omitzero"`
	PostProcessing source.Value `json:"post_processing_quality,omitzero"`
}

func (g *Integrity) wire(w *wire) {
	w.whole(&g.Errors, u32)
	w.number(&g.Horizontal, u16, 100, noU16)
	w.number(&g.Vertical, u16, 100, noU16)
	for _, x := range []*int{&g.Receiver, &g.Authentication, &g.Jamming, &g.Spoofing, &g.RAIM} {
		w.whole(x, u8)
	}
	for _, x := range []*source.Value{&g.Corrections, &g.Status, &g.Signal, &g.PostProcessing} {
		w.number(x, u8, 1, noU8)
	}
}

// trouble says what is wrong with the fix; "": nothing that is known. What was mitigated is
// still there.
func (g *Integrity) trouble() string {
	switch {
	case g.Spoofing >= 2 && g.Spoofing <= 3:
		return "satellite navigation is spoofed"
	case g.Jamming >= 2 && g.Jamming <= 3:
		return "satellite navigation is jammed"
	}
	return ""
}
