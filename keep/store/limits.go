package store

import (
	"time"

	"github.com/trucewatch/truce"
)

// Bounds of the store. Each is checked before the work it bounds.
const (
	// maxGroup is how many appends share one transaction and one fsync. With typical
	// records (1 KB) a full group holds the write lock for some 50 ms.
	maxGroup = 256
	// maxGroupRows is how many observation rows a group may hold before it is
	// committed: about 40 MB of payload in the database's cache.
	maxGroupRows = 20_000
	// maxBatchDrafts is how many records one append may carry.
	maxBatchDrafts = 10_000
	// maxBatchRows is how many observations one record may stand for; its Merkle
	// leaves (some 600 bytes each) are held in memory until the commit.
	maxBatchRows = 50_000
	// maxBatchDays is how many day tables one batch may touch: twelve years of daily
	// weather in one file.
	maxBatchDays = 4_400
	// maxName bounds keys, subjects, lease, consumer and holder names, in bytes.
	maxName = 512
	// maxClockStep is how far the clock may stand behind the last record before that
	// is a fault: clock steering and two hosts in step stay well below. Within it the
	// last record's time is used again, so RecordedTime never decreases.
	maxClockStep = time.Second
	// maxStatements is how many prepared statements the writer keeps; some 20 KB each.
	maxStatements = 256
	// maxReaders is how many connections read at once; a SQLite one holds 2 MB of cache.
	maxReaders = 8
	// maxIDsPerQuery is how many ids one look-up names. SQLite allows 32,766, but its
	// driver finds each placeholder by walking the list of them.
	maxIDsPerQuery = 200
	// maxPage is how many rows one call may return where the caller names no limit.
	maxPage = 10_000
	// observationPage is how many observations are read at once; some 3 MB decoded.
	observationPage = 2_000
	// decodeChunk is how many bodies one core decodes at a time; some 300 KB of text.
	decodeChunk = 64
	// tailRecords is how many records are held against their hashes when a store is opened
	// for writing, and tailBytes how long their bodies may be together: a few milliseconds,
	// and at worst some tenths of a second.
	tailRecords = 1_000
	tailBytes   = 64 << 20
	// maxIndexed is how many bytes of a text are looked through, some 15,000 words: longer
	// ones are lists and transcripts, and one of them would take the place of fifty articles.
	maxIndexed = 100_000
	// maxWord is how many letters of a word count, and minPrefix how many must stand before
	// a *: with fewer half of all texts would be found, slowly.
	maxWord, minPrefix = 40, 3
	// minStem is how many letters of a word stay when its ending is taken off.
	minStem = 4
	// newestTold is how many articles, the newest first, stories are looked for by: words of
	// more are words of half of all stories, and those have them in their titles and tags too.
	newestTold = 1_000
	// newestOwn is how many stories, those begun last first, are looked at that have the words
	// themselves: five times what is counted, since one begun before may be told of last.
	newestOwn = 5 * truce.MaxCounted
	// maxQuery and maxQueryWords bound what is looked for.
	maxQuery, maxQueryWords = 1_000, 20
	// maxLexeme is the highest place of a word that PostgreSQL knows.
	maxLexeme = 16_383
	// maxFound is how many articles or stories one page has.
	maxFound = 200
	// maxFeeds is how many states of feeds one call saves.
	maxFeeds = 10_000
	// busyTimeout is how long a SQLite writer waits for another process.
	busyTimeout = 10 * time.Second
	// commitTimeout is how long a PostgreSQL transaction may take, a full group included.
	commitTimeout = 60 * time.Second
	// firstDay and lastDay bound the UTC days observations may have, in days since
	// 1970: the ids cannot say earlier times, and a clock says later ones only by fault.
	firstDay, lastDay = 0, 84_005 // 1970-01-01 to 2199-12-31
)
