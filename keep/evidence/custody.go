package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/trucewatch/truce"
)

// Step is one time that somebody had an original in hand. The captures are such steps too
// and are not written twice.
type Step struct {
	Content truce.Hash    `json:"content"`
	Number  int           `json:"number"` // from 1, without a gap
	Kind    StepKind      `json:"kind"`
	By      string        `json:"by"`
	At      truce.Instant `json:"at"`
	Reason  string        `json:"reason,omitempty"` // of a takedown or what is kept again: why; else what for
	Prev    truce.Hash    `json:"prev,omitzero"`    // SHA-256 of the step before: none can be changed or left out unseen
}

// StepKind is what was done.
type StepKind string

// The kinds of steps.
const (
	StepCaptured  StepKind = "captured"   // it came; made of a capture
	StepRead      StepKind = "read"       // somebody looked at it
	StepExported  StepKind = "exported"   // a copy left the collection
	StepTakenDown StepKind = "taken_down" // the bytes were removed
	StepRestored  StepKind = "restored"   // they are kept again, by force
)

// Note records that somebody had an original in hand: read or exported, by whom and what
// for. When it returns without error the step is on the disk.
func (s *Store) Note(ctx context.Context, content truce.Hash, kind StepKind, by, reason string) (Step, error) {
	if kind != StepRead && kind != StepExported {
		return Step{}, truce.Errorf(truce.CodeInvalid, "evidence: a step of kind %q is not noted by hand; want read or exported", kind)
	}
	known, err := s.known(ctx, content)
	if err == nil && !known {
		err = truce.Errorf(truce.CodeNotFound, "there is no original %s", content)
	}
	var step Step
	if err == nil {
		step, err = s.addStep(ctx, custodyFolder, Step{Content: content, Kind: kind, By: by, Reason: reason})
	}
	if err != nil {
		return Step{}, fmt.Errorf("evidence: note: %w", err)
	}
	return step, nil
}

// known says whether anything ever came under a hash.
func (s *Store) known(ctx context.Context, content truce.Hash) (bool, error) {
	found := errors.New("found")
	err := s.backend.List(ctx, captureFolder+shard(content), func(string, int64) error { return found })
	return err == found, ignore(err, found)
}

func ignore(err, expected error) error {
	if err == expected {
		return nil
	}
	return err
}

// addStep writes the next step. Of two writers of the same number one finds the name taken
// and takes the next.
func (s *Store) addStep(ctx context.Context, folder string, step Step) (Step, error) {
	if step.By == "" || len(step.By) > maxNote || len(step.Reason) > maxNote || !plain(step.By) || !plain(step.Reason) {
		return step, truce.Errorf(truce.CodeInvalid, "a custody step says who, and has texts of at most %d bytes of UTF-8 in normal form C", maxNote)
	}
	for {
		last, prev, err := s.lastStep(ctx, folder, step.Content)
		if err != nil {
			return step, err
		}
		if last.Number >= maxSteps {
			return step, truce.Errorf(truce.CodeTooLarge, "%s has %d steps, the bound", step.Content, maxSteps)
		}
		step.Number, step.Prev = last.Number+1, prev
		step.At = max(truce.InstantOf(s.opt.Clock()), last.At)
		body, err := truce.Canonical(step)
		if err != nil {
			return step, err
		}
		err = s.putSidecar(ctx, stepName(folder, step.Content, step.Number), body)
		if !errors.Is(err, fs.ErrExist) {
			return step, err
		}
	}
}

func (s *Store) lastStep(ctx context.Context, folder string, content truce.Hash) (last Step, hash truce.Hash, err error) {
	name := ""
	err = s.backend.List(ctx, folder+shard(content), func(n string, _ int64) error {
		name = n
		return nil
	})
	if err != nil || name == "" {
		return last, hash, err
	}
	return s.readStep(ctx, folder, name)
}

func (s *Store) readStep(ctx context.Context, folder, name string) (step Step, hash truce.Hash, err error) {
	content, number, ok := stepNumber(folder, name)
	if !ok {
		return step, hash, truce.Errorf(truce.CodeInternal, "%s is no name of a step", name)
	}
	body, err := s.sidecar(ctx, name)
	if err != nil {
		return step, hash, err
	}
	if err := truce.DecodeCanonical(body, &step); err != nil {
		return step, hash, truce.Errorf(truce.CodeInternal, "%s cannot be read: %w", name, err)
	}
	if step.Content != content || step.Number != number {
		return step, hash, truce.Errorf(truce.CodeInternal, "%s speaks of step %d of %s", name, step.Number, step.Content)
	}
	return step, truce.HashOf(body), nil
}

// chain reads the steps of one original in one folder and checks that each names the one
// before.
func (s *Store) chain(ctx context.Context, folder string, content truce.Hash) ([]Step, error) {
	var out []Step
	var prev truce.Hash
	err := s.backend.List(ctx, folder+shard(content), func(name string, _ int64) error {
		step, hash, err := s.readStep(ctx, folder, name)
		if err == nil && (step.Number != len(out)+1 || step.Prev != prev) {
			err = truce.Errorf(truce.CodeInternal, "%s does not follow on the step before: one was changed or removed", name)
		}
		prev = hash
		out = append(out, step)
		return err
	})
	return out, err
}

// Custody lists everybody who had an original in hand, captures included, the earliest
// first.
func (s *Store) Custody(ctx context.Context, content truce.Hash) ([]Step, error) {
	captures, err := s.Captures(ctx, content)
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, c := range captures {
		out = append(out, Step{Content: content, Kind: StepCaptured, By: c.By, At: c.Fetched, Reason: c.URL})
	}
	for _, folder := range []string{takedownFolder, custodyFolder} {
		steps, err := s.chain(ctx, folder, content)
		if err != nil {
			return nil, fmt.Errorf("evidence: custody of %s: %w", content, err)
		}
		out = append(out, steps...)
	}
	if len(out) == 0 {
		return nil, truce.Errorf(truce.CodeNotFound, "evidence: there is no original %s", content)
	}
	slices.SortStableFunc(out, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	return out, nil
}
