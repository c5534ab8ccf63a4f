package cot

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// published is an event as another encoder of TAK protocol 1 publishes it, without its framing.
const published = "12ff010a0b612d662d472d452d562d432a2461613062303331322d623563642d346332632d626262632d39633463373032313632363130a0a2c7b8822e38a0a2c7b8822e4098" +
	"f5c8b8822e4a03682d6551339854a762fd4540597d2a7ebef38450c061575c1c959bc43a4069000000e0cf12634171000000e0cf1263417a820112240a153139322e3136382e" +
	"312e31303a343234323a746370120b456c696f706f6c692048511a0c0a0659656c6c6f77120248512a02086432460a114c454e4f564f2032305156303030375553120a57696e" +
	"54414b2d4349561a194d6963726f736f66742057696e646f777320313020486f6d65220a312e31302e302e3133373a00"

// TestPublishedEvent: the values that were put into it come out, in the framing of datagrams and
// in that of streams; a frame that lies of its length by any number of bytes gives none.
func TestPublishedEvent(t *testing.T) {
	body, err := hex.DecodeString(published)
	if err != nil {
		t.Fatal(err)
	}
	stream := func(size int) string {
		return string(binary.AppendUvarint([]byte{0xbf}, uint64(size))) + string(body)
	}
	for name, in := range map[string]string{"mesh": "\xbf\x01\xbf" + string(body), "stream": stream(len(body))} {
		var m Message
		r := NewReader(strings.NewReader(in), Options{})
		if err := r.Next(&m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		const at = truce.Instant(1_581_203_444_000_000)
		if m.UID != "aa0b0312-b5cd-4c2c-bbbc-9c4c70216261" || m.Type != "a-f-G-E-V-C" || m.How != "h-e" || m.Time != at || m.Start != at || m.Stale != at+27_000_000 {
			t.Errorf("%s: %+v", name, m)
		}
		if m.LatDeg != source.Told(43.97957317) || m.LonDeg != source.Told(-66.07737696) || m.HeightM != source.Told(26.767999) || m.RadiusM.Told || m.SpreadM.Told {
			t.Errorf("%s: %v %v %v %v %v", name, m.LatDeg, m.LonDeg, m.HeightM, m.RadiusM, m.SpreadM)
		}
		if d := m.Detail; d.Callsign != "Eliopoli HQ" || d.Endpoint != "192.168.1.10:4242:tcp" || d.Team != "Yellow" || d.Role != "HQ" || d.Device != "LENOVO 20QV0007US" {
			t.Errorf("%s: %+v", name, d)
		}
		if err := r.Next(&m); err != io.EOF {
			t.Errorf("%s: then %v", name, err)
		}
	}
	for size := range 2 * len(body) {
		var m Message
		var d *source.Damage
		if err := NewReader(strings.NewReader(stream(size)), Options{}).Next(&m); size > len(body) && (!errors.As(err, &d) || d.Offset != 0 || d.Reason == "") {
			t.Errorf("a length of %d for %d bytes: %v", size, len(body), err)
		}
	}
}
