package klv

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// VMTI is what a moving target indicator saw in one picture, MISB ST 0903.5.
type VMTI struct {
	System   string   `json:"system,omitempty"`
	Detected int      `json:"targets_detected"` // of which Targets may be only some
	Frame    int      `json:"frame_number,omitempty"`
	Width    int      `json:"frame_width_px,omitempty"`
	Height   int      `json:"frame_height_px,omitempty"`
	Sensor   string   `json:"source_sensor,omitempty"`
	Targets  []Target `json:"targets,omitempty"`
}

// Target is one moving target. A place that the packet does not give is not known: it is
// never worked out from the pixel.
type Target struct {
	ID         int          `json:"id"`
	Pixel      int          `json:"centroid_pixel,omitempty"` // counted row by row from 1; 0: not told
	Confidence source.Value `json:"confidence_percent,omitzero"`
	Lat        source.Value `json:"lat_deg,omitzero"`
	Lon        source.Value `json:"lon_deg,omitzero"`
	Height     source.Value `json:"height_ellipsoid_m,omitzero"`
	SigmaEast  source.Value `json:"sigma_east_m,omitzero"`
	SigmaNorth source.Value `json:"sigma_north_m,omitzero"`
	SigmaUp    source.Value `json:"sigma_up_m,omitzero"`
	RhoEN      source.Value `json:"correlation_east_north,omitzero"`
}

// Point is where the target is; false: not told.
func (t *Target) Point() (geo.Point, bool) {
	p := geo.Point{Lat: geo.Degrees(t.Lat.V), Lon: geo.Degrees(t.Lon.V)}
	return p, t.Lat.Told && t.Lon.Told && p.Valid()
}

// maxOffset is how far a target may lie off the frame centre, degrees (ST 0903, items 10, 11).
const maxOffset = 19.2

// vmtiHeader is what of a set is read first: targets are placed by it.
type vmtiHeader struct {
	centre geo.Point
	told   bool // the centre
}

// readVMTI reads a set into v, whose slice is used again; false: it lies of a length.
func readVMTI(b []byte, h vmtiHeader, v *VMTI) bool {
	*v = VMTI{Targets: v.Targets[:0], System: v.System, Sensor: v.Sensor}
	system, sensor := false, false
	for len(b) > 0 {
		number, value, rest, ok := field(b)
		if !ok {
			return false
		}
		b = rest
		switch number {
		case 3:
			v.System, system = keepText(v.System, value), true
		case 5:
			v.Detected = small(value)
		case 7:
			v.Frame = small(value)
		case 8:
			v.Width = small(value)
		case 9:
			v.Height = small(value)
		case 10:
			v.Sensor, sensor = keepText(v.Sensor, value), true
		case 101:
			if !readTargets(value, h, v) {
				return false
			}
		}
	}
	if !system {
		v.System = ""
	}
	if !sensor {
		v.Sensor = ""
	}
	return true
}

// keepText makes a text, or keeps the old one when it is the same: it does not change from
// picture to picture.
func keepText(old string, b []byte) string {
	if old == string(b) {
		return old
	}
	return textOf(b)
}

func small(b []byte) int {
	if len(b) > 4 {
		return 0
	}
	return int(unsigned(b))
}

// readTargets reads the series: length and pack, one behind the other.
func readTargets(b []byte, h vmtiHeader, v *VMTI) bool {
	for len(b) > 0 {
		n, size := berLength(b)
		if size <= 0 || n > len(b)-size {
			return false
		}
		pack := b[size : size+n]
		b = b[size+n:]
		if len(v.Targets) == MaxTargets {
			return false
		}
		id, size := oid(pack)
		if size == 0 {
			return false
		}
		v.Targets = append(v.Targets, Target{ID: int(id)})
		if !readTarget(pack[size:], h, &v.Targets[len(v.Targets)-1]) {
			return false
		}
	}
	return true
}

func readTarget(b []byte, h vmtiHeader, t *Target) bool {
	var dLat, dLon source.Value
	located := false
	for len(b) > 0 {
		number, value, rest, ok := field(b)
		if !ok {
			return false
		}
		b = rest
		switch number {
		case 1:
			t.Pixel = small(value)
		case 5:
			if len(value) == 1 && value[0] <= 100 {
				t.Confidence = source.Told(float64(value[0]))
			}
		case 10:
			dLat = mapped(value, -maxOffset, maxOffset)
		case 11:
			dLon = mapped(value, -maxOffset, maxOffset)
		case 12:
			t.Height = mapped(value, -900, 19_000)
		case 17:
			located = readLocation(value, t)
		}
	}
	if !located && h.told && dLat.Told && dLon.Told {
		p := around(h.centre, dLat.V, dLon.V)
		t.Lat, t.Lon = source.Finite(float64(p.Lat)), source.Finite(float64(p.Lon))
	}
	return true
}

func mapped(b []byte, low, high float64) source.Value {
	if len(b) == 0 || len(b) > 8 {
		return source.Value{}
	}
	x, told := imapb(unsigned(b), len(b), low, high)
	if !told {
		return source.Value{}
	}
	return source.Finite(x)
}

// readLocation reads the location pack: place and height, then their errors, then how those
// hang together. It may be cut behind each of the three.
func readLocation(b []byte, t *Target) bool {
	if len(b) != 10 && len(b) != 16 && len(b) != 22 {
		return false
	}
	t.Lat, t.Lon = mapped(b[:4], -90, 90), mapped(b[4:8], -180, 180)
	t.Height = mapped(b[8:10], -900, 19_000)
	if len(b) >= 16 {
		t.SigmaEast, t.SigmaNorth, t.SigmaUp = mapped(b[10:12], 0, 650), mapped(b[12:14], 0, 650), mapped(b[14:16], 0, 650)
	}
	if len(b) == 22 {
		t.RhoEN = mapped(b[16:18], -1, 1)
	}
	return true
}

// appendVMTI writes a set with the places of its targets, as a location pack each.
func appendVMTI(dst []byte, v *VMTI) []byte {
	if v.System != "" {
		dst = appendField(dst, 3, []byte(v.System))
	}
	dst = appendField(dst, 4, []byte{5})
	for _, n := range []struct {
		tag   uint32
		value int
	}{{5, v.Detected}, {6, len(v.Targets)}, {7, v.Frame}, {8, v.Width}, {9, v.Height}} {
		if n.value > 0 || n.tag < 7 {
			dst = appendField(dst, n.tag, appendBig(nil, uint64(n.value), 3))
		}
	}
	if v.Sensor != "" {
		dst = appendField(dst, 10, []byte(v.Sensor))
	}
	var series []byte
	for i := range v.Targets {
		pack := appendTarget(nil, &v.Targets[i])
		series = append(appendLength(series, len(pack)), pack...)
	}
	if len(series) > 0 {
		dst = appendField(dst, 101, series)
	}
	return dst
}

func appendTarget(dst []byte, t *Target) []byte {
	dst = appendOID(dst, uint32(t.ID))
	if t.Pixel > 0 {
		dst = appendField(dst, 1, appendBig(nil, uint64(t.Pixel), 4))
	}
	if t.Confidence.Told {
		dst = appendField(dst, 5, []byte{byte(clamp(t.Confidence.V, 0, 100))})
	}
	if !t.Lat.Told || !t.Lon.Told {
		return dst
	}
	b := appendIMAPB(nil, t.Lat.V, 4, -90, 90)
	b = appendIMAPB(b, t.Lon.V, 4, -180, 180)
	b = appendIMAPB(b, t.Height.OrNaN(), 2, -900, 19_000)
	if t.SigmaEast.Told && t.SigmaNorth.Told {
		for _, s := range []source.Value{t.SigmaEast, t.SigmaNorth, t.SigmaUp} {
			b = appendIMAPB(b, s.OrNaN(), 2, 0, 650)
		}
		if t.RhoEN.Told {
			b = appendIMAPB(b, t.RhoEN.V, 2, -1, 1)
			b = appendIMAPB(b, math.NaN(), 2, -1, 1)
			b = appendIMAPB(b, math.NaN(), 2, -1, 1)
		}
	}
	return appendField(dst, 17, b)
}
