package ladder

import (
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
)

// widening is how many standard errors the time of what happened is widened by to either
// side: with three, 997 in 1,000 of the times that a normal error gives lie within.
const widening = 3

// RecordTimes are the times that the record gives on which people move a zero point; 0 is
// a time it does not give.
type RecordTimes struct {
	Event    truce.PhenomenonTime // when what it speaks of happened
	Detected truce.Instant        // it was received or recorded
	Verified truce.Instant        // the second signature
	Made     truce.Instant        // the complaint
}

// Gives is the value a record has for a zero point; 0: none.
func (t RecordTimes) Gives(basis truce.T0Basis) truce.Instant {
	switch basis {
	case truce.T0Event:
		return t.Event.From
	case truce.T0Detected:
		return t.Detected
	case truce.T0Verified:
		return t.Verified
	case truce.T0Complaint:
		return t.Made
	}
	return 0
}

// Refuses says why a value does not follow from the record, and the mend; "": it does.
// Times that are given to the second are taken for the record's own.
func (t RecordTimes) Refuses(z truce.T0Change) string {
	own := t.Gives(z.Basis)
	if own == 0 {
		return z.Evidence.String() + " gives no time for the zero point " + string(z.Basis) + ": name the record that does"
	}
	from, to := later(own, -OnTime+1), later(own, OnTime-1)
	if z.Basis == truce.T0Event {
		margin := max(widening*t.Event.Sigma, OnTime-1)
		from, to = later(own, -margin), later(max(own, t.Event.To), margin)
	}
	if z.New >= from && z.New <= to {
		return ""
	}
	lies := "is at " + instant(own)
	if to-from > 2*OnTime {
		lies = "lies between " + instant(from) + " and " + instant(to)
	}
	return "by " + z.Evidence.String() + " the zero point " + string(z.Basis) + " " + lies + ", and not at " + instant(z.New) +
		": write such a time, or none and the record gives it, or name the record that shows another"
}

// timesOf are the times of a record that the case itself holds.
func timesOf(c *truce.Case, e truce.T0Evidence) (RecordTimes, bool) {
	switch e.Kind {
	case truce.EvidenceIncident:
		for _, i := range c.Incidents {
			if i.ID.String() == e.Record || i.Number == e.Record {
				return incidentTimes(i), true
			}
		}
	case truce.EvidenceComplaint:
		for _, k := range c.Complaints {
			if strconv.Itoa(k.Step) == e.Record {
				return RecordTimes{Made: k.At}, true
			}
		}
	}
	return RecordTimes{}, false
}

func incidentTimes(i truce.CaseIncident) RecordTimes {
	t := RecordTimes{Event: i.Time, Detected: i.Detected}
	if i.Occurrence == truce.OccurrenceVerified {
		t.Verified = i.Verified
	}
	return t
}

// valueRefuses says why a zero point is not moved to a time: it must follow from the record
// that is named, lie in the time of the agreement, and be no later than what the verified
// incidents give that stand.
func (m Machine) valueRefuses(c *truce.Case, z truce.T0Change) string {
	if z.Basis == truce.T0Determined {
		return "the zero point determined is the time of the first determination, which is a step of the case: it is not moved by hand"
	}
	if times, has := timesOf(c, *z.Evidence); has {
		if why := times.Refuses(z); why != "" {
			return why
		}
	}
	if z.New < m.Effective {
		return "the agreement takes effect at " + instant(m.Effective) + ", and nothing before it starts its clocks: name a record of a later time"
	}
	if at := verifiedZero(c, z.Basis); at != 0 && z.New > at {
		return "verified incidents of the case that stand put the zero point " + string(z.Basis) + " at " + instant(at) +
			": it is moved later only when they are refuted"
	}
	return ""
}

// verifiedZero is where the verified incidents that stand put a zero point; 0: there is none.
func verifiedZero(c *truce.Case, basis truce.T0Basis) truce.Instant {
	only := truce.Case{Opening: c.Opening, Moved: c.Moved}
	only.Incidents = slices.DeleteFunc(slices.Clone(c.Incidents), func(i truce.CaseIncident) bool { return i.Occurrence != truce.OccurrenceVerified })
	return zero(&only, basis)
}
