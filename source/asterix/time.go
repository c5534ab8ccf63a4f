package asterix

import (
	"math"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

const (
	second    = int64(1_000_000)
	dayMicros = 86_400 * second
	daySecs   = 86_400.0
	// shortSpan is after how many seconds the times of category 001 begin again: they have 16
	// bits of 1/128 s.
	shortSpan = 512.0
)

// clock finds the full times of reports, which bring seconds since midnight.
type clock struct {
	last   truce.Instant      // of the report before, 0: none
	first  truce.Instant      // midnight of the day that the options name, 0: none
	radars map[uint16]float64 // seconds of the day, as each radar told last (category 002)
}

func (c *clock) begin(opt Options) error {
	if opt.Day == "" {
		return nil
	}
	start, err := opt.Day.Start(time.UTC)
	if err != nil {
		return err
	}
	if start < earliest || start >= latest {
		return truce.Errorf(truce.CodeInvalid, "day %s: want one from 1990 to 2099", opt.Day)
	}
	c.first = start
	return nil
}

// time completes a report's time.
func (r *Reader) time(m *Message) {
	if !m.TimeOfDay.Told {
		return
	}
	near := r.near()
	radar := uint16(m.SAC)<<8 | uint16(m.SIC)
	switch m.Category {
	case 2:
		if len(r.clock.radars) < MaxRadars || r.clock.radars[radar] != 0 {
			r.clock.radars[radar] = m.TimeOfDay.V
		}
	case 1:
		if !r.clock.long(m, radar, near) {
			return
		}
	}
	if m.TimeOfDay.V >= daySecs+1 {
		return // no day has so many seconds
	}
	m.Time = r.clock.of(int64(math.Round(m.TimeOfDay.V*1e6)), near)
}

// near is a time close to that of the report: of its capture or arrival, else of the report
// before. 0 where nothing is known.
func (r *Reader) near() truce.Instant {
	switch {
	case r.capture != nil && r.packet.Nanos != 0:
		return truce.Instant(r.packet.Micros())
	case r.opt.Now != nil:
		return r.opt.Now()
	}
	return r.clock.last
}

// long finds the seconds of the day of a time that begins again every 512 s: the one next to
// what the radar's own sector messages said, else next to the time of capture.
func (c *clock) long(m *Message, radar uint16, near truce.Instant) bool {
	base, known := c.radars[radar]
	if !known {
		if near == 0 {
			m.TimeOfDay = source.Value{}
			return false
		}
		base = float64(modMicros(int64(near))) / 1e6
	}
	m.TimeOfDay.V = longTime(m.TimeOfDay.V, base)
	return true
}

// longTime is the second of the day next to another, of those that a short time may mean. The
// count begins anew at midnight, which is no whole number of spans, so the days before and after
// are tried as well.
func longTime(short, base float64) (best float64) {
	nearest := math.Inf(1)
	for _, near := range [3]float64{base, base - daySecs, base + daySecs} {
		t := short + math.Round((near-short)/shortSpan)*shortSpan
		if t < 0 {
			t += shortSpan
		}
		if t >= daySecs {
			t -= shortSpan
		}
		if d := math.Abs(t - near); d < nearest {
			best, nearest = t, d
		}
	}
	return best
}

// of is the time of day on the day that brings it next to another time, or on the first day.
func (c *clock) of(micros int64, near truce.Instant) truce.Instant {
	if near == 0 {
		if c.first == 0 {
			return 0
		}
		c.last = c.first + truce.Instant(micros)
		return c.last
	}
	t := int64(near) - modMicros(int64(near)) + micros
	switch {
	case t-int64(near) > dayMicros/2:
		t -= dayMicros
	case int64(near)-t > dayMicros/2:
		t += dayMicros
	}
	c.last = truce.Instant(t)
	return c.last
}

// modMicros is how far into its day a time lies.
func modMicros(t int64) int64 { return (t%dayMicros + dayMicros) % dayMicros }
