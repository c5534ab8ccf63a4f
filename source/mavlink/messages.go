package mavlink

import (
	"math"

	"github.com/trucewatch/truce/source"
)

// perDegree turns degrees into the radians that are sent.
const perDegree = math.Pi / 180

// What says "not known" in the fields of each kind.
const (
	noU8  = math.MaxUint8
	noU16 = math.MaxUint16
	noI16 = math.MaxInt16
)

// Heartbeat says that a component is there, and what it is.
type Heartbeat struct {
	Mode      int `json:"custom_mode"`
	Type      int `json:"type"`      // MAV_TYPE
	Autopilot int `json:"autopilot"` // MAV_AUTOPILOT
	BaseMode  int `json:"base_mode"`
	Status    int `json:"system_status"` // MAV_STATE
	Protocol  int `json:"mavlink_version"`
}

func (h *Heartbeat) wire(w *wire) {
	w.whole(&h.Mode, u32)
	w.whole(&h.Type, u8)
	w.whole(&h.Autopilot, u8)
	w.whole(&h.BaseMode, u8)
	w.whole(&h.Status, u8)
	w.whole(&h.Protocol, u8)
}

// SysStatus is the health of the parts of a system, as sets of MAV_SYS_STATUS_SENSOR.
type SysStatus struct {
	Present    int          `json:"sensors_present"`
	Enabled    int          `json:"sensors_enabled"`
	Healthy    int          `json:"sensors_healthy"`
	Load       source.Value `json:"load_percent,omitzero"`
	Voltage    source.Value `json:"battery_v,omitzero"`
	Current    source.Value `json:"battery_a,omitzero"`
	DropRate   source.Value `json:"link_drop_percent,omitzero"`
	LinkErrors int          `json:"link_errors"`
	Errors     [4]int       `json:"errors"`
	Remaining  source.Value `json:"battery_remaining_percent,omitzero"`
	Extended   [3]int       `json:"sensors_extended"` // present, enabled, healthy
}

func (s *SysStatus) wire(w *wire) {
	w.whole(&s.Present, u32)
	w.whole(&s.Enabled, u32)
	w.whole(&s.Healthy, u32)
	w.number(&s.Load, u16, 10, always)
	w.number(&s.Voltage, u16, 1000, noU16)
	w.number(&s.Current, i16, 100, -1)
	w.number(&s.DropRate, u16, 100, always)
	w.whole(&s.LinkErrors, u16)
	for i := range s.Errors {
		w.whole(&s.Errors[i], u16)
	}
	w.number(&s.Remaining, i8, 1, -1)
	for i := range s.Extended {
		w.whole(&s.Extended[i], u32)
	}
}

// SystemTime ties the time since boot to UTC.
type SystemTime struct {
	UnixUs uint64 `json:"time_unix_us"` // 0: not known
	BootMs int    `json:"time_boot_ms"`
}

func (s *SystemTime) wire(w *wire) {
	w.long(&s.UnixUs)
	w.whole(&s.BootMs, u32)
}

// GPSRaw is what a satellite receiver gives, before any filter.
type GPSRaw struct {
	Receiver   int          `json:"receiver"` // 1 or 2
	TimeUs     uint64       `json:"time_us"`  // UTC, or since boot
	Fix        int          `json:"fix_type"` // GPS_FIX_TYPE
	Satellites source.Value `json:"satellites,omitzero"`
	Lat        source.Value `json:"lat_deg,omitzero"`
	Lon        source.Value `json:"lon_deg,omitzero"`
	Alt        source.Value `json:"altitude_msl_m,omitzero"`
	HDOP       source.Value `json:"hdop,omitzero"`
	VDOP       source.Value `json:"vdop,omitzero"`
	Speed      source.Value `json:"speed_mps,omitzero"`
	Course     source.Value `json:"course_deg,omitzero"`
	Height     source.Value `json:"height_ellipsoid_m,omitzero"`
	HorizSigma source.Value `json:"horizontal_sigma_m,omitzero"`
	VertSigma  source.Value `json:"vertical_sigma_m,omitzero"`
	SpeedSigma source.Value `json:"speed_sigma_mps,omitzero"`
	YawSigma   source.Value `json:"heading_sigma_deg,omitzero"`
	Yaw        source.Value `json:"yaw_deg,omitzero"`
	DGPSAge    source.Value `json:"differential_age_ms,omitzero"`
	DGPSCount  int          `json:"differential_satellites,omitempty"`
}

func (g *GPSRaw) wire(w *wire) {
	second := g.Receiver == 2
	w.long(&g.TimeUs)
	w.number(&g.Lat, i32, 1e7, always)
	w.number(&g.Lon, i32, 1e7, always)
	w.number(&g.Alt, i32, 1000, always)
	if second {
		w.number(&g.DGPSAge, u32, 1, always)
	} else if !w.writing {
		g.DGPSAge, g.DGPSCount = source.Value{}, 0
	}
	w.number(&g.HDOP, u16, 100, noU16)
	w.number(&g.VDOP, u16, 100, noU16)
	w.number(&g.Speed, u16, 100, noU16)
	w.angle(&g.Course, noU16)
	w.whole(&g.Fix, u8)
	w.number(&g.Satellites, u8, 1, noU8)
	if second {
		w.whole(&g.DGPSCount, u8)
		w.angle(&g.Yaw, 0)
	}
	w.number(&g.Height, i32, 1000, 0) // extensions: 0 when they were not sent
	w.number(&g.HorizSigma, u32, 1000, 0)
	w.number(&g.VertSigma, u32, 1000, 0)
	w.number(&g.SpeedSigma, u32, 1000, 0)
	w.number(&g.YawSigma, u32, 1e5, 0)
	if !second {
		w.angle(&g.Yaw, 0)
	}
}

// GPSStatus is the satellites in view, twenty at most.
type GPSStatus struct {
	Visible   int       `json:"satellites"`
	Number    [20]uint8 `json:"prn"`
	Used      [20]uint8 `json:"used"`
	Elevation [20]uint8 `json:"elevation_deg"`
	Azimuth   [20]uint8 `json:"azimuth_256ths"` // 255 is 360 degrees
	SNR       [20]uint8 `json:"snr_db"`
}

func (g *GPSStatus) wire(w *wire) {
	w.whole(&g.Visible, u8)
	for _, row := range []*[20]uint8{&g.Number, &g.Used, &g.Elevation, &g.Azimuth, &g.SNR} {
		w.bytes(row[:])
	}
}

// GPSRTK is the state of a receiver that works with a base station.
type GPSRTK struct {
	BaselineMs  int    `json:"baseline_time_ms"`
	WeekMs      int    `json:"time_of_week_ms"`
	Baseline    [3]int `json:"baseline_mm"`
	Accuracy    int    `json:"accuracy"`
	Hypotheses  int    `json:"ambiguity_hypotheses"`
	Week        int    `json:"gps_week"`
	Receiver    int    `json:"receiver"`
	Health      int    `json:"health"`
	Rate        int    `json:"rate_hz"`
	Satellites  int    `json:"satellites"`
	Coordinates int    `json:"coordinates"` // RTK_BASELINE_COORDINATE_SYSTEM
}

func (g *GPSRTK) wire(w *wire) {
	w.whole(&g.BaselineMs, u32)
	w.whole(&g.WeekMs, u32)
	for i := range g.Baseline {
		w.whole(&g.Baseline[i], i32)
	}
	w.whole(&g.Accuracy, u32)
	w.whole(&g.Hypotheses, i32)
	w.whole(&g.Week, u16)
	w.whole(&g.Receiver, u8)
	w.whole(&g.Health, u8)
	w.whole(&g.Rate, u8)
	w.whole(&g.Satellites, u8)
	w.whole(&g.Coordinates, u8)
}

// Attitude is how a vehicle lies.
type Attitude struct {
	BootMs    int          `json:"time_boot_ms"`
	Roll      source.Value `json:"roll_deg,omitzero"`
	Pitch     source.Value `json:"pitch_deg,omitzero"`
	Yaw       source.Value `json:"yaw_deg,omitzero"`
	RollRate  source.Value `json:"roll_rate_dps,omitzero"`
	PitchRate source.Value `json:"pitch_rate_dps,omitzero"`
	YawRate   source.Value `json:"yaw_rate_dps,omitzero"`
}

func (a *Attitude) wire(w *wire) {
	w.whole(&a.BootMs, u32)
	for _, x := range []*source.Value{&a.Roll, &a.Pitch, &a.Yaw, &a.RollRate, &a.PitchRate, &a.YawRate} {
		w.real(x, perDegree)
	}
}

// GlobalPosition is where the vehicle's filter takes it to be.
type GlobalPosition struct {
	BootMs   int          `json:"time_boot_ms"`
	Lat      source.Value `json:"lat_deg,omitzero"`
	Lon      source.Value `json:"lon_deg,omitzero"`
	Alt      source.Value `json:"altitude_msl_m,omitzero"`
	Relative source.Value `json:"altitude_ground_m,omitzero"` // above the place of take-off
	North    source.Value `json:"north_mps,omitzero"`
	East     source.Value `json:"east_mps,omitzero"`
	Down     source.Value `json:"down_mps,omitzero"`
	Heading  source.Value `json:"heading_deg,omitzero"` // of the nose
}

func (g *GlobalPosition) wire(w *wire) {
	w.whole(&g.BootMs, u32)
	w.number(&g.Lat, i32, 1e7, always)
	w.number(&g.Lon, i32, 1e7, always)
	w.number(&g.Alt, i32, 1000, always)
	w.number(&g.Relative, i32, 1000, always)
	w.number(&g.North, i16, 100, always)
	w.number(&g.East, i16, 100, always)
	w.number(&g.Down, i16, 100, always)
	w.angle(&g.Heading, noU16)
}

// LocalPosition is the same in metres from where the filter began.
type LocalPosition struct {
	BootMs    int          `json:"time_boot_ms"`
	North     source.Value `json:"north_m,omitzero"`
	East      source.Value `json:"east_m,omitzero"`
	Down      source.Value `json:"down_m,omitzero"`
	NorthRate source.Value `json:"north_mps,omitzero"`
	EastRate  source.Value `json:"east_mps,omitzero"`
	DownRate  source.Value `json:"down_mps,omitzero"`
}

func (l *LocalPosition) wire(w *wire) {
	w.whole(&l.BootMs, u32)
	for _, x := range []*source.Value{&l.North, &l.East, &l.Down, &l.NorthRate, &l.EastRate, &l.DownRate} {
		w.real(x, 1)
	}
}
