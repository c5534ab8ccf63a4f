package story

import (
	"iter"

	"github.com/trucewatch/truce"
)

// Reader reads articles ahead of an index, which is half of the work of grouping them. A
// Reader is for one goroutine; several may work for one index, and what they prepare does
// not depend on what they read before.
type Reader struct {
	read     *reader
	agencies map[string]string
}

// NewReader makes a reader for an index of the same configuration.
func NewReader(cfg Config) *Reader {
	return &Reader{read: newReader(), agencies: agencyNames(cfg.Agencies)}
}

// Prepared is an article that has been read. It is added once.
type Prepared struct{ doc *doc }

// Prepare reads an article: its terms, names, days, addresses and runs of words.
func (r *Reader) Prepare(a truce.Article) *Prepared {
	d := r.read.read(&a, r.agencies)
	d.posts = clusterPosts(a.Posts)
	return &Prepared{d}
}

// AddAll groups articles one after the other, as Add does, and yields each with what it
// changed. A second goroutine reads ahead, so that two cores are busy; it asks for the next
// articles before the last were yielded.
func (x *Index) AddAll(articles iter.Seq[truce.Article]) iter.Seq2[truce.Article, []truce.StoryChange] {
	type ahead struct {
		article  truce.Article
		prepared *Prepared
	}
	return func(yield func(truce.Article, []truce.StoryChange) bool) {
		batches, stop := make(chan []ahead, readAhead), make(chan struct{})
		defer close(stop)
		go func() {
			defer close(batches)
			reader := NewReader(x.cfg)
			batch := make([]ahead, 0, readBatch)
			send := func() bool {
				select {
				case batches <- batch:
					batch = make([]ahead, 0, readBatch)
					return true
				case <-stop:
					return false
				}
			}
			for a := range articles {
				batch = append(batch, ahead{a, reader.Prepare(a)})
				if len(batch) == readBatch && !send() {
					return
				}
			}
			send()
		}()
		for batch := range batches {
			for _, one := range batch {
				if !yield(one.article, x.AddPrepared(one.prepared)) {
					return
				}
			}
		}
	}
}
