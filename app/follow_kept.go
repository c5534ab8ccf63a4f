package app

import (
	"crypto/sha256"
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// followedFolder is where in the data directory lies what days of plots told. It may be
// deleted at any time: then all are followed again.
const followedFolder = "followed"

// tell gives what a day tells: from what is kept, if that was told from the same, or by
// following it.
func (n *skies) tell(c *chart, end truce.Instant, stretches [][]sighted) (told, error) {
	k := n.eyes.kept
	if k == nil {
		return n.follow(c, end, stretches)
	}
	first := stretches[0][0].at
	name := fmt.Sprintf("%s-%d", k.file(n.network, end), first) // a busy day has several parts
	digest := n.digest(c, stretches)
	k.seen[name] = true
	if t, found := k.find(name, digest); found {
		return t, nil
	}
	k.located++
	t, err := n.follow(c, end, stretches)
	if err == nil && k.write {
		if err = k.put(name, digest, t); err != nil {
			err = fmt.Errorf("keep what network %q saw: %w", n.network, err)
		}
	}
	return t, err
}

// digest is of all that what a day tells depends on: a plot's id and hash stand for all that
// it says, since what came in is never changed.
func (n *skies) digest(c *chart, stretches [][]sighted) truce.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%+v\n", n.eyes.kept.program, followMethod, c.version, n.eyes.aircraft)
	families, stands := map[truce.SourceID]bool{}, map[sensorKey]geo.Point{}
	for _, plots := range stretches {
		fmt.Fprintf(h, "%d\n", len(plots))
		for i := range plots {
			p := &plots[i]
			if !families[p.source] {
				families[p.source] = true
				fmt.Fprintf(h, "%q %q\n", p.source, n.eyes.families[p.source])
			}
			if p.stands != nil && *p.stands != stands[p.key()] {
				stands[p.key()] = *p.stands
				fmt.Fprintf(h, "%q %v\n", p.key(), *p.stands)
			}
			_, _ = h.Write(p.id[:]) // a hash takes all
		}
	}
	return truce.Hash(h.Sum(nil))
}
