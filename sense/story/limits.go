package story

import "time"

// Bounds of what is read of a report.
const (
	// maxLinks bounds the links of one report that are compared; a long list of links
	// is a digest, and its first hundred say enough.
	maxLinks = 100
	// maxLinkBytes bounds a link; longer ones carry data, not an address.
	maxLinkBytes = 2048
	// maxHeadlineBytes bounds a headline; what follows is body text.
	maxHeadlineBytes = 1024
	// minHeadlineWords and minHeadlineRunes are what a headline needs to be told from a
	// standing phrase.
	minHeadlineWords = 4
	minHeadlineRunes = 20
	// minVerbStem is what must stay of a Cyrillic word's key when an ending is taken off.
	minVerbStem = 4
	// maxRemembered bounds the word forms a reader remembers, twice over.
	maxRemembered = 1 << 17
	// maxTitleWords, maxTextWords and maxTextBytes bound what is read of one article: what
	// stands further down is background.
	maxTitleWords = 60
	maxTextWords  = 600
	maxTextBytes  = 1 << 16
	// openingWords is how far the opening goes: the first two or three sentences.
	openingWords = 50
	// phraseWords is how far down tags are looked for.
	phraseWords = 200
	// maxTerms bounds the terms of one article that count.
	maxTerms = 64
	// maxNameWords bounds the words of one name.
	maxNameWords = 4
	// maxDaysBack is how far back a named day is of the news and not of its history.
	maxDaysBack = 9
	// creditWords is how far down a credit to an agency is looked for; dateLineWords how
	// far down it needs no word of telling.
	creditWords   = 120
	dateLineWords = 4
	// maxAgencyWords bounds the words of an agency's name.
	maxAgencyWords = 3
	// minSigned is how many words stand before an agency that signs a text at its end.
	minSigned = 20
	// maxUnwraps bounds redirects that carry redirects.
	maxUnwraps = 4
	// shingleWords is the length of a run of words that is compared; texts under
	// minShingleWords words say too little to be told apart by runs.
	shingleWords    = 4
	minShingleWords = 12
	// maxShingles bounds the runs kept of one text.
	maxShingles = 400
	// headEvery and openingEvery say which runs find copies: one in so many.
	headEvery    = 16
	openingEvery = 4
	// maxGroupsOfShingle: a run that stands in more groups of texts is a standing phrase.
	maxGroupsOfShingle = 6
	// maxCopyCandidates bounds the texts one is compared with word for word.
	maxCopyCandidates = 12
	// maxCreditNames bounds the names by which texts of an agency are looked up.
	maxCreditNames = 6
	// maxTagWords bounds the words of a tag.
	maxTagWords = 4
	// ringSize bounds the stories looked up by one term: the newest.
	ringSize = 24
	// maxLookups bounds the terms by which stories are looked up, maxStoryCandidates the
	// stories one article is held against.
	maxLookups         = 16
	maxStoryCandidates = 24
	// maxStoryTerms, maxStoryTitleTerms, maxStoryNames, maxPhrases, maxPhrasesOnce and maxRecent
	// bound what a story remembers.
	maxStoryTerms      = 160
	maxStoryTitleTerms = 60
	maxStoryNames      = 48
	maxPhrases         = 64
	maxPhrasesOnce     = 256
	maxRecent          = 64
	// sweep is how many stories due are looked at for closing with every article: fewer are
	// opened by one, so all are looked at in time, and no article waits for many.
	sweep = 4
	// readAhead batches of readBatch articles are read before they are grouped.
	readAhead = 4
	readBatch = 32
	// maxCore bounds what is kept of what a closed story was about, maxRelated the related
	// stories that are named.
	maxCore    = 16
	maxRelated = 5
	// maxSeenTerms bounds the terms whose articles are counted; one beyond is taken for rare.
	maxSeenTerms = 4 << 20
	// maxTags and maxEntities bound what is shown of a story.
	maxTags = 8
	// rareTag: what stands in fewer than one in so many articles of a story is no tag of it.
	rareTag = 8
	// maxNameTags of the tags may be names: entities are shown beside the tags.
	maxNameTags = 4
	maxEntities = 16
	// maxPlainWords is the longest plain headline.
	maxPlainWords = 18
)

// What makes a text depend on another. Measured on the workload of sim/news and on the
// shared duplicates; docs/methods/stories.md has the figures.
const (
	// copyContained: this share of the shorter text's runs of four words stands in the other.
	copyContained = .6
	// sameContained is a copy even if it names another day, as "today" does a day later.
	sameContained = .9
	// creditContained is enough when both rest on one agency: an excerpt, a new opening.
	creditContained = .3
	// sameText: two texts under one address are one article when this share of the shorter
	// stands in the other.
	sameText = .5
	// minNamesAlone is how many common names, the headlines' among them, make a text that
	// credits the same agency in another language its translation without common numbers.
	minNamesAlone = 3
	// restContained is enough when the headline is the same.
	restContained = .25
	// minSharedShingles is the least that must be shared at all, in runs of words.
	minSharedShingles = 8
	// retoldShare of the words of headline and opening, or of the headline alone, and at
	// least minRetold of them, stand in the text that credits the same agency.
	retoldShare = .6
	minRetold   = 5
	// retoldWindow is how long after an agency's report it is retold.
	retoldWindow = 72 * time.Hour
)

// How stories grow.
const (
	// DefaultJoinOdds is the log odds from which an article joins a story.
	DefaultJoinOdds = 0.
	// mergeMargin is by how much two stories must be surer to be one than an article of its
	// story: a wrong merge joins many.
	mergeMargin = 1.
	// minDayShare of a story's articles must name a day for it to be a day of the story.
	minDayShare = .2
	// unnamedDay is how far an article that names no day counts as one of the day it was
	// published, unnamedDayOfAct when it tells of an act: acts are news on their day, a course
	// of things goes on.
	unnamedDay      = .3
	unnamedDayOfAct = .8
	// courseDay is how far another day speaks against an article that says it goes on with the
	// story, weightGoesOn what that says for it; courseNames and courseConcepts are how much of names and subject it must share,
	// and courseGap how long after the story's last article it may come.
	courseDay      = .1
	weightGoesOn   = 2.5
	courseNames    = .25
	courseConcepts = .3
	courseGap      = 96 * time.Hour
	// minSplit is the least story that is looked at for splitting, minPart the least part.
	minSplit = 8
	minPart  = 3
	// nearCosine joins two articles when a story is looked at for splitting.
	nearCosine = .12
	// relatedCosine makes two stories related.
	relatedCosine = .4
	// idfPrior is how many unseen articles are taken to have been read at the start, and
	// idfPriorKnown in how many of them a name or concept of the dictionary stood; idfRare is
	// the idf of a rare term.
	idfPrior      = 2000
	idfPriorKnown = 30
	idfRare       = 7.
)
