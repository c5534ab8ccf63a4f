package app

import (
	"context"
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/publish"
)

// withheld is how long one version of the agreement holds back what shows where forces are.
type withheld struct {
	Forces  time.Duration
	Clause  string // "" where the agreement says nothing and the program's own delay holds
	Version string
	since   truce.RecordedTime // 0 for the agreement as it lies in the directory
}

// withholding is that delay by the versions of the agreement: an amendment shortens nothing
// for what happened before it.
type withholding struct {
	recorded []withheld // oldest first
	now      withheld   // of the version in the directory or the one recorded last, the longer
}

// withholding reads the delays of all versions on record, and of the directory's where it is
// given.
func (a *App) withholding(ctx context.Context, directory *agreement.Agreement) (withholding, error) {
	out := withholding{now: withheld{Forces: truce.LeastForcesDelay}}
	if directory != nil {
		out.now = withheldBy(directory, 0)
	}
	entries, err := a.store.Agreements(ctx)
	if err != nil {
		return out, err
	}
	for _, entry := range entries {
		text, err := a.store.AgreementVersion(ctx, entry.Version)
		if err != nil {
			return out, err
		}
		version, err := agreement.Parse(text.Files)
		if err != nil {
			return out, fmt.Errorf("version %.12s of the agreement, recorded at %s: %w", entry.Version, truce.Instant(entry.Recorded), err)
		}
		out.recorded = append(out.recorded, withheldBy(version, entry.Recorded))
	}
	if n := len(out.recorded); n > 0 {
		out.now = longer(out.now, out.recorded[n-1])
	}
	return out, nil
}

func withheldBy(a *agreement.Agreement, since truce.RecordedTime) withheld {
	return withheld{Forces: a.ForcesDelay(), Clause: a.Withhold.Clause, Version: a.Version, since: since}
}

// longer is the longer of two delays; of equal ones that which a clause asks for, else the
// first.
func longer(a, b withheld) withheld {
	if b.Forces > a.Forces || b.Forces == a.Forces && a.Clause == "" && b.Clause != "" {
		return b
	}
	return a
}

// at is what holds for something that happened at a time: the delay of now or that of the
// version in force then, whichever is longer.
func (w withholding) at(at truce.Instant) withheld {
	out := w.now
	for i := len(w.recorded) - 1; i >= 0; i-- {
		if truce.Instant(w.recorded[i].since) <= at {
			return longer(out, w.recorded[i])
		}
	}
	return out
}

// during is the longest delay that holds for anything of a period.
func (w withholding) during(from, to truce.Instant) withheld {
	out := longer(w.at(from), w.at(to))
	for _, v := range w.recorded {
		if since := truce.Instant(v.since); from < since && since < to {
			out = longer(out, v)
		}
	}
	return out
}

// shown says whether something that happened then may be shown now.
func (w withholding) shown(at, now truce.Instant) bool {
	return now.Sub(at) >= w.at(at).Forces
}

// String is the rule as people are told it.
func (w withheld) String() string {
	text := "no sooner than " + truce.DurationText(w.Forces)
	if w.Clause == "" {
		return text + ": the program's own rule, where the agreement asks for no longer"
	}
	return fmt.Sprintf("%s: clause %s of the agreement (version %.12s)", text, w.Clause, w.Version)
}

// placeAges are the ages that the gate asks of places in a bulletin: what shows where forces
// are waits as long as the agreement says.
func (a *App) placeAges(ctx context.Context, b truce.Bulletin) (map[truce.ActGroup]time.Duration, error) {
	held, err := a.withholding(ctx, nil) // an edit of the directory is no amendment yet
	if err != nil {
		return nil, err
	}
	out := map[truce.ActGroup]time.Duration{}
	for _, group := range publish.ForcesGroups() {
		out[group] = held.during(b.Period.From, b.Period.To).Forces
	}
	return out, nil
}
