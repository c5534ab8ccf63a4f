package mavlink

import "github.com/trucewatch/truce/source"

// HUD is what a pilot sees.
type HUD struct {
	Airspeed source.Value `json:"airspeed_mps,omitzero"`
	Speed    source.Value `json:"speed_mps,omitzero"`
	Alt      source.Value `json:"altitude_msl_m,omitzero"`
	Climb    source.Value `json:"climb_mps,omitzero"`
	Heading  source.Value `json:"heading_deg,omitzero"`
	Throttle int          `json:"throttle_percent"`
}

func (h *HUD) wire(w *wire) {
	for _, x := range []*source.Value{&h.Airspeed, &h.Speed, &h.Alt, &h.Climb} {
		w.real(x, 1)
	}
	w.number(&h.Heading, i16, 1, always)
	w.whole(&h.Throttle, u16)
}

// CameraTrigger says that a camera was told to take a picture.
type CameraTrigger struct {
	TimeUs uint64 `json:"time_us"`
	Number int    `json:"number"`
}

func (c *CameraTrigger) wire(w *wire) {
	w.long(&c.TimeUs)
	w.whole(&c.Number, u32)
}

// CameraFeedback says where a picture was taken, and how the camera looked (ardupilotmega).
type CameraFeedback struct {
	TimeUs   uint64       `json:"time_us"`
	Lat      source.Value `json:"lat_deg,omitzero"`
	Lon      source.Value `json:"lon_deg,omitzero"`
	Alt      source.Value `json:"altitude_msl_m,omitzero"`
	Relative source.Value `json:"altitude_ground_m,omitzero"`
	Roll     source.Value `json:"roll_deg,omitzero"`
	Pitch    source.Value `json:"pitch_deg,omitzero"`
	Yaw      source.Value `json:"yaw_deg,omitzero"`
	Focal    source.Value `json:"focal_length_mm,omitzero"`
	Picture  int          `json:"picture"`
	Target   int          `json:"target_system"`
	Camera   int          `json:"camera"`
	Flags    int          `json:"flags"` // CAMERA_FEEDBACK_FLAGS
	Done     int          `json:"completed,omitempty"`
}

func (c *CameraFeedback) wire(w *wire) {
	w.long(&c.TimeUs)
	w.number(&c.Lat, i32, 1e7, always)
	w.number(&c.Lon, i32, 1e7, always)
	for _, x := range []*source.Value{&c.Alt, &c.Relative, &c.Roll, &c.Pitch, &c.Yaw, &c.Focal} {
		w.real(x, 1)
	}
	w.whole(&c.Picture, u16)
	w.whole(&c.Target, u8)
	w.whole(&c.Camera, u8)
	w.whole(&c.Flags, u8)
	w.whole(&c.Done, u16)
}

// Radio is the state of the link, in the units of the radio's maker.
type Radio struct {
	Errors      int          `json:"receive_errors"`
	Fixed       int          `json:"corrected"`
	Signal      source.Value `json:"signal,omitzero"`
	FarSignal   source.Value `json:"remote_signal,omitzero"`
	BufferFree  int          `json:"buffer_free_percent"`
	Noise       source.Value `json:"noise,omitzero"`
	RemoteNoise source.Value `json:"remote_noise,omitzero"`
}

func (r *Radio) wire(w *wire) {
	w.whole(&r.Errors, u16)
	w.whole(&r.Fixed, u16)
	w.number(&r.Signal, u8, 1, noU8)
	w.number(&r.FarSignal, u8, 1, noU8)
	w.whole(&r.BufferFree, u8)
	w.number(&r.Noise, u8, 1, noU8)
	w.number(&r.RemoteNoise, u8, 1, noU8)
}

// Battery is the state of one battery.
type Battery struct {
	Number      int              `json:"battery"`
	Function    int              `json:"function"`
	Type        int              `json:"type"`
	Consumed    source.Value     `json:"consumed_mah,omitzero"`
	Energy      source.Value     `json:"consumed_j,omitzero"`
	Temperature source.Value     `json:"temperature_c,omitzero"`
	Cells       [10]source.Value `json:"cells_v"`
	Current     source.Value     `json:"current_a,omitzero"`
	Remaining   source.Value     `json:"remaining_percent,omitzero"`
	TimeLeft    source.Value     `json:"time_left_s,omitzero"`
	Charge      int              `json:"charge_state,omitempty"`
	More        [4]source.Value  `json:"more_cells_v"`
	Mode        int              `json:"mode,omitempty"`
	Faults      int              `json:"faults,omitempty"`
}

func (b *Battery) wire(w *wire) {
	w.number(&b.Consumed, i32, 1, -1)
	w.number(&b.Energy, i32, .01, -1)
	w.number(&b.Temperature, i16, 100, noI16)
	for i := range b.Cells {
		w.number(&b.Cells[i], u16, 1000, noU16)
	}
	w.number(&b.Current, i16, 100, -1)
	w.whole(&b.Number, u8)
	w.whole(&b.Function, u8)
	w.whole(&b.Type, u8)
	w.number(&b.Remaining, i8, 1, -1)
	w.number(&b.TimeLeft, i32, 1, 0)
	w.whole(&b.Charge, u8)
	for i := range b.More {
		w.number(&b.More[i], u16, 1000, 0)
	}
	w.whole(&b.Mode, u8)
	w.whole(&b.Faults, u32)
}

// Filter is how far the vehicle's filter trusts its sensors (ardupilotmega).
type Filter struct {
	Velocity source.Value `json:"velocity_variance,omitzero"`
	Position source.Value `json:"horizontal_variance,omitzero"`
	Height   source.Value `json:"vertical_variance,omitzero"`
	Compass  source.Value `json:"compass_variance,omitzero"`
	Terrain  source.Value `json:"terrain_variance,omitzero"`
	Flags    int          `json:"flags"` // EKF_STATUS_FLAGS
	Airspeed source.Value `json:"airspeed_variance,omitzero"`
}

func (f *Filter) wire(w *wire) {
	for _, x := range []*source.Value{&f.Velocity, &f.Position, &f.Height, &f.Compass, &f.Terrain} {
		w.real(x, 1)
	}
	w.whole(&f.Flags, u16)
	w.real(&f.Airspeed, 1)
}

// Landed says whether a vehicle flies.
type Landed struct {
	VTOL  int `json:"vtol_state"`
	State int `json:"landed_state"` // MAV_LANDED_STATE: 1 on the ground, 2 in the air
}

func (l *Landed) wire(w *wire) {
	w.whole(&l.VTOL, u8)
	w.whole(&l.State, u8)
}

// Flags of ADSB that say which fields hold something, ADSB_FLAGS.
const (
	adsbPlace     = 1
	adsbAltitude  = 2
	adsbHeading   = 4
	adsbVelocity  = 8
	adsbCallsign  = 16
	adsbSquawk    = 32
	adsbSimulated = 64
	adsbVertical  = 128
)

// ADSB is another aircraft, heard by a receiver on board. Which fields hold something stands
// in Flags; the others are not to be used.
type ADSB struct {
	ICAO     int          `json:"icao24"`
	Lat      source.Value `json:"lat_deg,omitzero"`
	Lon      source.Value `json:"lon_deg,omitzero"`
	Alt      source.Value `json:"altitude_m,omitzero"`
	Course   source.Value `json:"course_deg,omitzero"`
	Speed    source.Value `json:"speed_mps,omitzero"`
	Climb    source.Value `json:"climb_mps,omitzero"`
	Flags    int          `json:"flags"`
	Squawk   int          `json:"squawk"`
	AltType  int          `json:"altitude_type"` // 0 pressure, 1 geometric
	Callsign string       `json:"callsign,omitempty"`
	Emitter  int          `json:"emitter_type"`
	Age      int          `json:"age_s"` // since it was heard
}

func (a *ADSB) wire(w *wire) {
	w.whole(&a.ICAO, u32)
	w.number(&a.Lat, i32, 1e7, always)
	w.number(&a.Lon, i32, 1e7, always)
	w.number(&a.Alt, i32, 1000, always)
	w.angle(&a.Course, always)
	w.number(&a.Speed, u16, 100, always)
	w.number(&a.Climb, i16, 100, always)
	w.whole(&a.Flags, u16)
	w.whole(&a.Squawk, u16)
	w.whole(&a.AltType, u8)
	w.text(&a.Callsign, 9)
	w.whole(&a.Emitter, u8)
	w.whole(&a.Age, u8)
}

// Text is a line for the pilot.
type Text struct {
	Severity int    `json:"severity"` // as in syslog: 0 emergency, 7 debug
	Text     string `json:"text"`
	Number   int    `json:"number,omitempty"` // of a text in several parts
	Part     int    `json:"part,omitempty"`
}

func (t *Text) wire(w *wire) {
	w.whole(&t.Severity, u8)
	w.text(&t.Text, 50)
	w.whole(&t.Number, u16)
	w.whole(&t.Part, u8)
}
