package mavlink

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestRemoteAndPictures: fields lie where the definitions of common.xml put them (offsets and
// values for not known by its headers for C), and what is not known is not told.
func TestRemoteAndPictures(t *testing.T) {
	tail := func(at int, n int, b ...byte) []byte {
		return append(make([]byte, at), append(b, make([]byte, n-at-len(b))...)...)
	}
	unknown := append(tail(0, 8), 0, 0, 0x7a, 0xc4, 0, 0, 0x7a, 0xc4, 0, 0, 0x7a, 0xc4, 0, 0xff, 0x7f, 0x47, 0x04, 0x8d, 0x9c, 0x63, 0x9c, 0x18)
	known := append([]byte{0, 0x38, 0x9c, 0x1c, 0x80, 0xc0, 0x0d, 0x16}, 0, 0, 0xc8, 0x42, 0, 0, 0xca, 0x42, 0, 0, 0xa0, 0x41, 0, 0x50, 0xe1, 0x44, 0x28, 0x23, 0xe8, 0x03, 0x38, 0xff)
	for _, test := range []struct {
		id   uint32
		raw  []byte
		want string
	}{
		{12900, tail(2, 44, append(append([]byte{0xa, 0xb}, make([]byte, 18)...), 1, 2, 'S', 'N', '1')...), `{"to":{"target_system":0,"target_component":0,"transmitter":"0a0b"},"id_type":1,"ua_type":2,"id":"SN1"}`},
		{12900, tail(22, 44, 4, 2, 1, 0, 9), `{"to":{"target_system":0,"target_component":0},"id_type":4,"ua_type":2,"id":"010009"}`},
		{12901, append(unknown, make([]byte, 29)...), `{"to":{"target_system":0,"target_component":0},"status":0,"height_reference":0,"accuracy":[0,0,0,0,0]}`},
		{12901, append(known, tail(22, 29, 2, 1, 10, 4, 3, 2, 1)...), `{"to":{"target_system":0,"target_component":0},"lat_deg":48,"lon_deg":37,"altitude_pressure_m":100,"height_ellipsoid_m":101,"height_m":20,"timestamp_s":1802.5,"course_deg":90,"speed_mps":10,"climb_mps":-2,"status":2,"height_reference":1,"accuracy":[10,4,3,2,1]}`},
		{12904, append(append(append([]byte{}, known[:20]...), 60, 0, 0, 0, 1, 0, 5, 0), tail(22, 26, 1, 1, 2, 3)...), `{"to":{"target_system":0,"target_component":0},"operator_lat_deg":48,"operator_lon_deg":37,"area_ceiling_m":100,"area_floor_m":101,"operator_height_ellipsoid_m":20,"timestamp_s_since_2019":60,"area_count":1,"area_radius_m":5,"operator_location_type":1,"classification":[1,2,3]}`},
		{12905, tail(23, 43, 'O', 'P'), `{"to":{"target_system":0,"target_component":0},"operator_id_type":0,"operator_id":"OP"}`},
		{263, append(append(tail(0, 12, 7), known[:8]...), tail(8+16, 235, 3, 0, 0, 0, 1, 1, 'a')...), `{"time_utc_us":7,"time_boot_ms":0,"lat_deg":48,"lon_deg":37,"altitude_msl_m":0,"altitude_ground_m":0,"quaternion_wxyz":[0,0,0,0],"picture":3,"camera":1,"result":1,"file":"a"}`},
		{31, tail(4, 48, 0, 0, 0x80, 0x3f), `{"time_boot_ms":0,"quaternion_wxyz":[1,0,0,0],"roll_rate_dps":0,"pitch_rate_dps":0,"yaw_rate_dps":0,"offset_wxyz":[0,0,0,0]}`},
	} {
		var room bodies
		m := Message{ID: test.id}
		p := m.body(&room)
		if k, _ := knownOf(test.id); len(test.raw) != int(k.max) {
			t.Fatalf("%s: %d bytes, want %d", k.name, len(test.raw), k.max)
		}
		p.wire(&wire{b: test.raw})
		if got, err := json.Marshal(p); err != nil || string(got) != test.want {
			t.Errorf("message %d: %s, want %s, %v", test.id, got, test.want, err)
		}
		w := wire{writing: true}
		if p.wire(&w); !bytes.Equal(w.b, test.raw) {
			t.Errorf("message %d is written %x, want %x", test.id, w.b, test.raw)
		}
	}
}
