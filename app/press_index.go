package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
)

// storyIndexFile keeps the index of stories between two runs. It is a cache: what it says
// follows from the records, and a run without it takes longer and gives the same.
const storyIndexFile = "stories.index"

// storyIndexHead is the first line of the file: of which store, up to which record.
type storyIndexHead struct {
	Seq       truce.Seq  `json:"seq,string"`
	Hash      truce.Hash `json:"hash"`      // of that record
	Takedowns int        `json:"takedowns"` // a text taken down since then must not be remembered
}

// loadStoryIndex reads the cache, if it belongs to this store as it stands. Whatever is
// wrong with it, the index is made anew.
func (a *App) loadStoryIndex(ctx context.Context, takedowns int) (*story.Index, truce.Seq) {
	file, err := os.Open(a.cfg.Path(storyIndexFile))
	if err != nil {
		return story.New(story.Config{}), 0
	}
	defer file.Close()
	in := bufio.NewReader(file)
	var head storyIndexHead
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &head)
	}
	if err == nil && head.Takedowns == takedowns {
		record, err := a.store.Record(ctx, head.Seq)
		if err == nil && record.Hash == head.Hash {
			if index, err := story.Restore(in, story.Config{}); err == nil {
				return index, head.Seq
			}
		}
	}
	return story.New(story.Config{}), 0
}

// saveStoryIndex writes the cache whole or not at all.
func (a *App) saveStoryIndex(ctx context.Context, index *story.Index, seq truce.Seq, takedowns int) error {
	record, err := a.store.Record(ctx, seq)
	if err != nil {
		return err
	}
	name := a.cfg.Path(storyIndexFile)
	file, err := os.CreateTemp(filepath.Dir(name), ".stories-*") // for its owner alone: it holds words of texts
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // gone already when all went well
	out := bufio.NewWriter(file)
	err = writeStoryIndex(out, storyIndexHead{seq, record.Hash, takedowns}, index)
	if err = errors.Join(err, out.Flush(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

func writeStoryIndex(w io.Writer, head storyIndexHead, index *story.Index) error {
	if err := json.NewEncoder(w).Encode(head); err != nil {
		return err
	}
	return index.Snapshot(w)
}

// dropStoryIndex forgets the cache, which holds words of texts: after a takedown it is made
// anew without them.
func (a *App) dropStoryIndex() error {
	err := os.Remove(a.cfg.Path(storyIndexFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
