package mavlink

import (
	"bytes"
	"encoding/hex"

	"github.com/trucewatch/truce/source"
)

// Quaternion is how a vehicle lies, without the poles that angles have.
type Quaternion struct {
	BootMs    int             `json:"time_boot_ms"`
	Turn      [4]source.Value `json:"quaternion_wxyz"` // 1, 0, 0, 0: not turned
	RollRate  source.Value    `json:"roll_rate_dps,omitzero"`
	PitchRate source.Value    `json:"pitch_rate_dps,omitzero"`
	YawRate   source.Value    `json:"yaw_rate_dps,omitzero"`
	Offset    [4]source.Value `json:"offset_wxyz"` // of what the pilot is shown; all 0: none
}

func (q *Quaternion) wire(w *wire) {
	w.whole(&q.BootMs, u32)
	for i := range q.Turn {
		w.real(&q.Turn[i], 1)
	}
	for _, x := range []*source.Value{&q.RollRate, &q.PitchRate, &q.YawRate} {
		w.real(x, perDegree)
	}
	for i := range q.Offset {
		w.real(&q.Offset[i], 1)
	}
}

// Picture says that a picture was taken, where and how the camera looked (common).
type Picture struct {
	UnixUs   uint64          `json:"time_utc_us"` // 0: not known
	BootMs   int             `json:"time_boot_ms"`
	Lat      source.Value    `json:"lat_deg,omitzero"`
	Lon      source.Value    `json:"lon_deg,omitzero"`
	Alt      source.Value    `json:"altitude_msl_m,omitzero"`
	Relative source.Value    `json:"altitude_ground_m,omitzero"`
	Turn     [4]source.Value `json:"quaternion_wxyz"`
	Number   int             `json:"picture"` // from 0
	Camera   int             `json:"camera"`
	Result   int             `json:"result"` // 1: it was taken
	File     string          `json:"file,omitempty"`
}

func (p *Picture) wire(w *wire) {
	w.long(&p.UnixUs)
	w.whole(&p.BootMs, u32)
	w.place(&p.Lat, &p.Lon)
	w.number(&p.Alt, i32, 1000, always)
	w.number(&p.Relative, i32, 1000, always)
	for i := range p.Turn {
		w.real(&p.Turn[i], 1)
	}
	w.whole(&p.Number, i32)
	w.whole(&p.Camera, u8)
	w.whole(&p.Result, i8)
	w.text(&p.File, 205)
}

// RemoteTo begins the messages of Open Drone ID: whom they are for and, of drones that were
// heard and are not the sender, whose they are.
type RemoteTo struct {
	System    int    `json:"target_system"`
	Component int    `json:"target_component"`
	From      string `json:"transmitter,omitempty"` // hexadecimal; "": the sender itself
}

func (r *RemoteTo) wire(w *wire) {
	w.whole(&r.System, u8)
	w.whole(&r.Component, u8)
	w.hex(&r.From, 20)
}

// RemoteBasic says who a drone is (ASTM F3411 Basic ID).
type RemoteBasic struct {
	To   RemoteTo `json:"to"`
	Kind int      `json:"id_type"` // MAV_ODID_ID_TYPE: 1 serial, 2 registration, 3 UTM, 4 session
	Type int      `json:"ua_type"` // MAV_ODID_UA_TYPE
	Name string   `json:"id"`      // hexadecimal where it is no text, that is of types 3 and 4
}

func (r *RemoteBasic) wire(w *wire) {
	r.To.wire(w)
	w.whole(&r.Kind, u8)
	w.whole(&r.Type, u8)
	if r.Kind == 3 || r.Kind == 4 {
		w.hex(&r.Name, 20)
		return
	}
	w.text(&r.Name, 20)
}

// RemoteLocation says where it is. The accuracies are the classes of MAV_ODID_HOR_ACC and those
// beside it.
type RemoteLocation struct {
	To        RemoteTo     `json:"to"`
	Lat       source.Value `json:"lat_deg,omitzero"`
	Lon       source.Value `json:"lon_deg,omitzero"`
	Pressure  source.Value `json:"altitude_pressure_m,omitzero"`
	Height    source.Value `json:"height_ellipsoid_m,omitzero"`
	Above     source.Value `json:"height_m,omitzero"`    // above what Reference says
	Second    source.Value `json:"timestamp_s,omitzero"` // since the full hour, UTC
	Course    source.Value `json:"course_deg,omitzero"`
	Speed     source.Value `json:"speed_mps,omitzero"`
	Climb     source.Value `json:"climb_mps,omitzero"`
	Status    int          `json:"status"`           // MAV_ODID_STATUS: 1 on the ground, 2 in the air, 3 emergency
	Reference int          `json:"height_reference"` // 0 above take-off, 1 above ground
	Accuracy  [5]int       `json:"accuracy"`         // horizontal, vertical, of pressure, of speed, of time
}

func (r *RemoteLocation) wire(w *wire) {
	w.place(&r.Lat, &r.Lon)
	for _, x := range []*source.Value{&r.Pressure, &r.Height, &r.Above} {
		w.realOr(x, noHeight)
	}
	w.realOr(&r.Second, noSecond)
	w.angle(&r.Course, noCourse)
	w.number(&r.Speed, u16, 100, 25_500)
	w.number(&r.Climb, i16, 100, 6300)
	r.To.wire(w)
	w.whole(&r.Status, u8)
	w.whole(&r.Reference, u8)
	for i := range r.Accuracy {
		w.whole(&r.Accuracy[i], u8)
	}
}

// RemoteSystem says where its operator is, and of how many it is one.
type RemoteSystem struct {
	To       RemoteTo     `json:"to"`
	Lat      source.Value `json:"operator_lat_deg,omitzero"`
	Lon      source.Value `json:"operator_lon_deg,omitzero"`
	Ceiling  source.Value `json:"area_ceiling_m,omitzero"`
	Floor    source.Value `json:"area_floor_m,omitzero"`
	Height   source.Value `json:"operator_height_ellipsoid_m,omitzero"`
	Second   int          `json:"timestamp_s_since_2019"`
	Count    int          `json:"area_count"`
	Radius   int          `json:"area_radius_m"`
	Location int          `json:"operator_location_type"` // 0 take-off, 1 live, 2 fixed
	Class    [3]int       `json:"classification"`         // type, category and class of the EU
}

func (r *RemoteSystem) wire(w *wire) {
	w.place(&r.Lat, &r.Lon)
	for _, x := range []*source.Value{&r.Ceiling, &r.Floor, &r.Height} {
		w.realOr(x, noHeight)
	}
	w.whole(&r.Second, u32)
	w.whole(&r.Count, u16)
	w.whole(&r.Radius, u16)
	r.To.wire(w)
	w.whole(&r.Location, u8)
	for i := range r.Class {
		w.whole(&r.Class[i], u8)
	}
}

// RemoteOperator says who the operator is.
type RemoteOperator struct {
	To   RemoteTo `json:"to"`
	Kind int      `json:"operator_id_type"`
	Name string   `json:"operator_id"`
}

func (r *RemoteOperator) wire(w *wire) {
	r.To.wire(w)
	w.whole(&r.Kind, u8)
	w.text(&r.Name, 20)
}

// What says "not known" in Open Drone ID: metres, seconds of the hour, hundredths of a degree.
const (
	noHeight = -1000
	noSecond = 0xffff
	noCourse = 36_100
)

// place is latitude and longitude; both 0 say that there is none.
func (w *wire) place(lat, lon *source.Value) {
	w.number(lat, i32, 1e7, always)
	w.number(lon, i32, 1e7, always)
	if !w.writing && lat.V == 0 && lon.V == 0 {
		*lat, *lon = source.Value{}, source.Value{}
	}
}

// realOr is a float32 of which one value says that it is not known.
func (w *wire) realOr(x *source.Value, none float64) {
	if w.writing && !x.Told {
		said := source.Told(none)
		w.real(&said, 1)
		return
	}
	w.real(x, 1)
	if !w.writing && x.V == none {
		*x = source.Value{}
	}
}

// hex is a name of n bytes that is no text, without the zeros that fill it up.
func (w *wire) hex(x *string, n int) {
	if w.writing {
		b, _ := hex.DecodeString(*x) // what is no number is left out, as nobody could send it
		room := make([]byte, n)
		copy(room, b)
		w.b = append(w.b, room...)
		return
	}
	*x = hex.EncodeToString(bytes.TrimRight(w.b[w.at:w.at+n], "\x00"))
	w.at += n
}

// remote are the payloads of pictures, of thin links, of trust in a fix and of drones that say who they are.
func (m *Message) remote(b *bodies) payload {
	switch m.ID {
	case 31:
		m.Quaternion = &b.quaternion
		return m.Quaternion
	case 235:
		m.HighLatency = &b.far
		return m.HighLatency
	case 441:
		m.Integrity = &b.integrity
		return m.Integrity
	case 263:
		m.Picture = &b.picture
		return m.Picture
	case 12900:
		m.RemoteBasic = &b.basic
		return m.RemoteBasic
	case 12901:
		m.RemoteLocation = &b.location
		return m.RemoteLocation
	case 12904:
		m.RemoteSystem = &b.area
		return m.RemoteSystem
	case 12905:
		m.RemoteOperator = &b.operator
		return m.RemoteOperator
	}
	return nil
}
