// Package mavlink reads and writes MAVLink 1 and 2, as drones and ground stations send it over
// a link or keep it in a telemetry log (tlog): frames with their checksums and signatures, and
// the messages that tell position, time, attitude, satellite navigation and health.
//
// It never sends a command, never takes a frame whose checksum cannot be checked, and never
// makes up a value: what a message marks as not known is not known.
//
// Read this file for the types, frame.go for framing and signatures, reader.go for the stream,
// wire.go, messages.go and those beside it for the payloads, checks.go for the checksums of all dialects and
// observe.go for what becomes of it in Truce.
package mavlink

import "github.com/trucewatch/truce"

// Options says how a stream is read. The zero value reads frames of any link and logs.
type Options struct {
	Format Format
	// Keys are the secrets of 32 bytes that signatures are checked with; none: they are not
	// checked. A wrong signature, or a stamp that is not newer than the last of its link, makes
	// a frame damage.
	Keys [][]byte
	// SignedOnly refuses frames without a signature. It needs keys.
	SignedOnly bool
	// Now tells when a frame that brings no time arrived, for live links; nil: such frames have
	// no time until the system says what its clock shows.
	Now func() truce.Instant
}

// Format is how frames lie in a stream.
type Format string

// The formats.
const (
	FormatAuto Format = ""
	FormatRaw  Format = "raw"  // frame behind frame
	FormatTlog Format = "tlog" // before each frame eight bytes of time, the highest first
)

// Signed is what is known of a frame's signature.
type Signed string

// The states of a signature.
const (
	SignedNone      Signed = ""
	SignedValid     Signed = "valid"
	SignedUnchecked Signed = "unchecked" // no key was given
)

// Message is one frame. Exactly one of the payloads is set when its message is one of those
// that are read; it is overwritten by the next.
type Message struct {
	Offset    int64         `json:"offset"`
	Time      truce.Instant `json:"time,omitzero"` // UTC; 0: not told
	Version   int           `json:"mavlink"`
	System    uint8         `json:"system"`
	Component uint8         `json:"component"`
	Sequence  uint8         `json:"sequence"`
	Missing   int           `json:"missing_before,omitempty"` // frames of the component that did not come
	Signature Signed        `json:"signature,omitempty"`
	ID        uint32        `json:"message_id"`
	Name      string        `json:"message"`

	Heartbeat      *Heartbeat      `json:"heartbeat,omitempty"`
	SysStatus      *SysStatus      `json:"sys_status,omitempty"`
	SystemTime     *SystemTime     `json:"system_time,omitempty"`
	GPSRaw         *GPSRaw         `json:"gps_raw,omitempty"` // GPS_RAW_INT and GPS2_RAW
	GPSStatus      *GPSStatus      `json:"gps_status,omitempty"`
	GPSRTK         *GPSRTK         `json:"gps_rtk,omitempty"` // GPS_RTK and GPS2_RTK
	Attitude       *Attitude       `json:"attitude,omitempty"`
	GlobalPosition *GlobalPosition `json:"global_position,omitempty"`
	LocalPosition  *LocalPosition  `json:"local_position,omitempty"`
	HUD            *HUD            `json:"vfr_hud,omitempty"`
	CameraTrigger  *CameraTrigger  `json:"camera_trigger,omitempty"`
	CameraFeedback *CameraFeedback `json:"camera_feedback,omitempty"`
	Radio          *Radio          `json:"radio_status,omitempty"` // RADIO_STATUS and RADIO
	Battery        *Battery        `json:"battery_status,omitempty"`
	Filter         *Filter         `json:"ekf_status,omitempty"`
	Landed         *Landed         `json:"extended_sys_state,omitempty"`
	ADSB           *ADSB           `json:"adsb_vehicle,omitempty"`
	Text           *Text           `json:"statustext,omitempty"`
	Quaternion     *Quaternion     `json:"attitude_quaternion,omitempty"`
	Picture        *Picture        `json:"camera_image_captured,omitempty"`
	HighLatency    *HighLatency    `json:"high_latency2,omitempty"`
	Integrity      *Integrity      `json:"gnss_integrity,omitempty"`
	RemoteBasic    *RemoteBasic    `json:"open_drone_id_basic_id,omitempty"`
	RemoteLocation *RemoteLocation `json:"open_drone_id_location,omitempty"`
	RemoteSystem   *RemoteSystem   `json:"open_drone_id_system,omitempty"`
	RemoteOperator *RemoteOperator `json:"open_drone_id_operator_id,omitempty"`

	raw, frame []byte // with and without the time of a log
}

// bodies is room for one payload of each kind.
type bodies struct {
	heartbeat  Heartbeat
	sysStatus  SysStatus
	systemTime SystemTime
	gpsRaw     GPSRaw
	gpsStatus  GPSStatus
	gpsRTK     GPSRTK
	attitude   Attitude
	global     GlobalPosition
	local      LocalPosition
	hud        HUD
	trigger    CameraTrigger
	feedback   CameraFeedback
	radio      Radio
	battery    Battery
	filter     Filter
	landed     Landed
	adsb       ADSB
	text       Text
	quaternion Quaternion
	picture    Picture
	far        HighLatency
	integrity  Integrity
	basic      RemoteBasic
	location   RemoteLocation
	area       RemoteSystem
	operator   RemoteOperator
}

// body is the payload of a message, set to the room that there is for it; nil: it is not read.
func (m *Message) body(b *bodies) payload {
	switch m.ID {
	case 0:
		m.Heartbeat = &b.heartbeat
		return m.Heartbeat
	case 1:
		m.SysStatus = &b.sysStatus
		return m.SysStatus
	case 2:
		m.SystemTime = &b.systemTime
		return m.SystemTime
	case 24, 124:
		m.GPSRaw = &b.gpsRaw
		m.GPSRaw.Receiver = 1 + int(m.ID/100)
		return m.GPSRaw
	case 25:
		m.GPSStatus = &b.gpsStatus
		return m.GPSStatus
	case 127, 128:
		m.GPSRTK = &b.gpsRTK
		return m.GPSRTK
	case 30:
		m.Attitude = &b.attitude
		return m.Attitude
	case 32:
		m.LocalPosition = &b.local
		return m.LocalPosition
	case 33:
		m.GlobalPosition = &b.global
		return m.GlobalPosition
	case 74:
		m.HUD = &b.hud
		return m.HUD
	}
	return m.rarer(b)
}

// rarer are the payloads that come less often.
func (m *Message) rarer(b *bodies) payload {
	switch m.ID {
	case 109, 166:
		m.Radio = &b.radio
		return m.Radio
	case 112:
		m.CameraTrigger = &b.trigger
		return m.CameraTrigger
	case 147:
		m.Battery = &b.battery
		return m.Battery
	case 180:
		m.CameraFeedback = &b.feedback
		return m.CameraFeedback
	case 193:
		m.Filter = &b.filter
		return m.Filter
	case 245:
		m.Landed = &b.landed
		return m.Landed
	case 246:
		m.ADSB = &b.adsb
		return m.ADSB
	case 253:
		m.Text = &b.text
		return m.Text
	}
	return m.remote(b)
}

// carried is the payload that is set; nil: none.
func (m *Message) carried() payload {
	for _, p := range []struct {
		p   payload
		set bool
	}{
		{m.Heartbeat, m.Heartbeat != nil}, {m.SysStatus, m.SysStatus != nil}, {m.SystemTime, m.SystemTime != nil}, {m.GPSRaw, m.GPSRaw != nil},
		{m.GPSStatus, m.GPSStatus != nil}, {m.GPSRTK, m.GPSRTK != nil}, {m.Attitude, m.Attitude != nil}, {m.GlobalPosition, m.GlobalPosition != nil},
		{m.LocalPosition, m.LocalPosition != nil}, {m.HUD, m.HUD != nil}, {m.CameraTrigger, m.CameraTrigger != nil},
		{m.CameraFeedback, m.CameraFeedback != nil}, {m.Radio, m.Radio != nil}, {m.Battery, m.Battery != nil}, {m.Filter, m.Filter != nil},
		{m.Landed, m.Landed != nil}, {m.ADSB, m.ADSB != nil}, {m.Text, m.Text != nil},
		{m.Quaternion, m.Quaternion != nil}, {m.Picture, m.Picture != nil}, {m.HighLatency, m.HighLatency != nil}, {m.Integrity, m.Integrity != nil}, {m.RemoteBasic, m.RemoteBasic != nil}, {m.RemoteLocation, m.RemoteLocation != nil},
		{m.RemoteSystem, m.RemoteSystem != nil}, {m.RemoteOperator, m.RemoteOperator != nil},
	} {
		if p.set {
			return p.p
		}
	}
	return nil
}
