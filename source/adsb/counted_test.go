package adsb_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/adsb"
	"github.com/trucewatch/truce/source/sourcetest"
)

// TestBeastAsItComes: receivers send a counter of 12 MHz and no time. Read as they come, messages
// have the time at which they came; those that the link held back have that of the counter; a
// counter that begins anew is one of now.
func TestBeastAsItComes(t *testing.T) {
	noon := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	const mhz = 12_000_000
	var in []byte
	var came, want []truce.Instant
	at := func(ticks uint64, now, is truce.Instant, odd bool) {
		frame, err := adsb.Position{Address: 0x4840d6, Odd: odd, TypeCode: 11, At: geo.Point{Lat: 48.5, Lon: 37.9}, AltitudeFt: 3000}.Frame()
		if err != nil {
			t.Fatal(err)
		}
		in = adsb.AppendBeast(in, frame, ticks, 90)
		came, want = append(came, now), append(want, is)
	}
	at(7*mhz, noon, noon, false)
	at(8*mhz, noon+1_000_000, noon+1_000_000, true)
	at(10*mhz, noon+30_000_000, noon+3_000_000, false)   // held back for 27 s
	at(36*mhz, noon+30_000_000, noon+29_000_000, true)   // with those before
	at(1*mhz, noon+40_000_000, noon+40_000_000, false)   // begun anew
	at(2*mhz, noon+41_500_000, noon+41_000_000, true)    //
	at(900*mhz, noon+43_000_000, noon+43_000_000, false) // a leap ahead
	n := 0
	now := func() truce.Instant { n++; return came[min(n, len(came))-1] }
	reader := adsb.NewReader(bytes.NewReader(in), adsb.Options{Now: now})
	for i := range want {
		var m adsb.Message
		if err := reader.Next(&m); err != nil || m.Time != want[i] {
			t.Errorf("message %d: %s, %v; want %s", i, m.Time, err, want[i])
		}
	}
	n = 0
	sink := &sourcetest.Sink{}
	if err := decoder(adsb.Config{Options: adsb.Options{Now: now}})(in, sink); err != nil || len(sink.Observations) == 0 {
		t.Errorf("%d observations, %v", len(sink.Observations), err)
	}
}
