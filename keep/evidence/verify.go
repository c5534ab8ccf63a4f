package evidence

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// Report is what a check of the whole collection found.
type Report struct {
	Objects   int
	Bytes     int64
	Captures  int
	Steps     int // of custody and takedowns
	TakenDown int
	Orphans   int // originals without a capture: their Put was interrupted, they are whole
	Damage    []Damage
	Omitted   int // damages beyond the bound of the list
}

// OK says whether nothing is damaged.
func (r Report) OK() bool { return len(r.Damage) == 0 }

// Damage is one file that is not as it should be.
type Damage struct {
	Name    string
	Problem string
}

// String names the file and what is wrong with it.
func (d Damage) String() string { return d.Name + ": " + d.Problem }

func (r *Report) add(name, problem string) {
	if problem == "" {
		return
	}
	if len(r.Damage) >= maxDamage {
		r.Omitted++
		return
	}
	r.Damage = append(r.Damage, Damage{Name: name, Problem: problem})
}

// Verify reads every byte of the collection and lists each file that is damaged, missing,
// in the wrong place or writable. It changes nothing. An error is of the check itself.
// progress, when set, is told the number of files seen.
func (s *Store) Verify(ctx context.Context, progress func(files int)) (Report, error) {
	v := &verification{store: s, ctx: ctx, progress: progress}
	for _, check := range []struct {
		folder string
		visit  func(string, int64) error
	}{
		{objectFolder, v.object}, {captureFolder, v.capture}, {takedownFolder, v.takedown}, {custodyFolder, v.custody},
	} {
		if err := s.backend.List(ctx, check.folder, check.visit); err != nil {
			return v.report, fmt.Errorf("evidence: verify: %w", err)
		}
	}
	return v.report, v.strays()
}

type verification struct {
	store    *Store
	ctx      context.Context // of this check; the value lives no longer than it
	progress func(int)
	files    int
	report   Report
	seen     truce.Hash // the original whose captures or steps were looked at last
}

func (v *verification) count(name string) {
	v.files++
	v.report.add(name, v.store.backend.Check(name))
	if v.progress != nil {
		v.progress(v.files)
	}
}

func (v *verification) object(name string, size int64) error {
	v.count(name)
	hash, ok := objectHash(name)
	if !ok {
		v.report.add(name, "no name of an original, or in the wrong folder")
		return nil
	}
	v.report.Objects++
	v.report.Bytes += size
	err := v.store.check(v.ctx, hash)
	if ended := v.ctx.Err(); ended != nil {
		return ended
	}
	if err != nil {
		v.report.add(name, err.Error())
	}
	known, err := v.store.known(v.ctx, hash)
	if err == nil && !known {
		v.report.Orphans++
	}
	return err
}

// capture checks one, and once for each original that its bytes are there or taken down.
func (v *verification) capture(name string, _ int64) error {
	v.count(name)
	v.report.Captures++
	c, problem, err := v.store.readCapture(v.ctx, name)
	if err != nil {
		problem = err.Error()
	}
	v.report.add(name, problem)
	content, _, ok := captureHashes(name)
	if !ok || problem != "" {
		return v.ctx.Err()
	}
	r, size, err := v.store.backend.Open(v.ctx, objectName(content))
	if err == nil {
		r.Close()
		if size != c.Size {
			v.report.add(name, fmt.Sprintf("it says %d bytes, the original has %d", c.Size, size))
		}
		return nil
	}
	if content == v.seen {
		return nil
	}
	v.seen = content
	down, err := v.store.standing(v.ctx, content)
	if err != nil || down == nil {
		v.report.add(objectName(content), "missing: it came, and was never taken down")
	}
	return v.ctx.Err()
}

func (v *verification) takedown(name string, size int64) error {
	err := v.chain(takedownFolder, name)
	content, number, ok := stepNumber(takedownFolder, name)
	if err != nil || !ok || number != 1 {
		return err
	}
	down, err := v.store.standing(v.ctx, content)
	if err != nil || down == nil {
		return v.ctx.Err() // the chain has said what is wrong
	}
	v.report.TakenDown++
	if r, _, err := v.store.backend.Open(v.ctx, objectName(content)); err == nil {
		r.Close()
		v.report.add(objectName(content), "it was taken down and is still there; opening the collection for writing removes it")
	}
	return nil
}

func (v *verification) custody(name string, _ int64) error { return v.chain(custodyFolder, name) }

// chain checks the steps of an original when the first of them is met.
func (v *verification) chain(folder, name string) error {
	v.count(name)
	v.report.Steps++
	content, number, ok := stepNumber(folder, name)
	if !ok {
		v.report.add(name, "no name of a step, or in the wrong folder")
		return nil
	}
	if number != 1 && v.seen == content {
		return nil
	}
	v.seen = content
	if _, err := v.store.chain(v.ctx, folder, content); err != nil {
		if ended := v.ctx.Err(); ended != nil {
			return ended
		}
		v.report.add(name, err.Error())
	}
	known, err := v.store.known(v.ctx, content)
	if err == nil && !known {
		v.report.add(name, "a step of an original that never came")
	}
	return err
}

// strays looks for files outside the four folders.
func (v *verification) strays() error {
	err := v.store.backend.List(v.ctx, "", func(name string, _ int64) error {
		for _, folder := range []string{objectFolder, captureFolder, custodyFolder, takedownFolder, workFolder + "/"} {
			if strings.HasPrefix(name, folder) {
				return nil
			}
		}
		v.report.add(name, "does not belong here")
		return nil
	})
	if err != nil {
		return errors.Join(fmt.Errorf("evidence: verify: %w", err))
	}
	return nil
}
