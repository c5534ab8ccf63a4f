package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/trucewatch/truce"
)

// Takedown removes the bytes of an original for good. Its hash, its captures, its custody,
// the reason, who asked and when all stay, and the same bytes are refused from then on. The
// reason is written first: when the power goes between the two, the bytes go when the
// collection is opened next. Copies elsewhere, exports among them, are not reached; the
// custody steps say which there are.
func (s *Store) Takedown(ctx context.Context, content truce.Hash, by, reason string) (Step, error) {
	s.gate.Lock()
	defer s.gate.Unlock()
	step, err := s.takeDown(ctx, content, by, reason)
	if err != nil {
		return Step{}, fmt.Errorf("evidence: take down %s: %w", content, err)
	}
	return step, nil
}

func (s *Store) takeDown(ctx context.Context, content truce.Hash, by, reason string) (Step, error) {
	if reason == "" {
		return Step{}, truce.Errorf(truce.CodeInvalid, "give the reason, without repeating what is removed")
	}
	known, err := s.known(ctx, content)
	if err != nil {
		return Step{}, err
	}
	if !known {
		return Step{}, truce.Errorf(truce.CodeNotFound, "there is no such original")
	}
	down, err := s.standing(ctx, content)
	if err != nil {
		return Step{}, err
	}
	if down != nil {
		return Step{}, truce.Errorf(truce.CodeConflict, "it was taken down at %s: %s", down.At, down.Reason)
	}
	step, err := s.addStep(ctx, takedownFolder, Step{Content: content, Kind: StepTakenDown, By: by, Reason: reason})
	if err != nil {
		return step, err
	}
	return step, s.remove(ctx, content)
}

func (s *Store) remove(ctx context.Context, content truce.Hash) error {
	err := s.backend.Remove(ctx, objectName(content))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// TakenDown says why an original is not there: the takedown that stands, nil when none
// does.
func (s *Store) TakenDown(ctx context.Context, content truce.Hash) (*Step, error) {
	step, err := s.standing(ctx, content)
	if err != nil {
		return nil, fmt.Errorf("evidence: %s: %w", content, err)
	}
	return step, nil
}

func (s *Store) standing(ctx context.Context, content truce.Hash) (*Step, error) {
	last, _, err := s.lastStep(ctx, takedownFolder, content)
	if err != nil || last.Kind != StepTakenDown {
		return nil, err
	}
	return &last, nil
}

// restore records that bytes are kept again. They have their name already: were the power
// to go in between, they would be removed once more.
func (s *Store) restore(ctx context.Context, content truce.Hash, item Item) error {
	_, err := s.addStep(ctx, takedownFolder, Step{Content: content, Kind: StepRestored, By: item.By, Reason: item.Force})
	return err
}

// finishTakedowns removes bytes whose takedown was interrupted.
func (s *Store) finishTakedowns(ctx context.Context) error {
	var last truce.Hash
	err := s.backend.List(ctx, takedownFolder, func(name string, _ int64) error {
		content, _, ok := stepNumber(takedownFolder, name)
		if !ok || content == last {
			return nil
		}
		last = content
		down, err := s.standing(ctx, content)
		if err != nil || down == nil {
			return err
		}
		return s.remove(ctx, content)
	})
	if err != nil {
		return fmt.Errorf("evidence: finish takedowns: %w", err)
	}
	return nil
}
