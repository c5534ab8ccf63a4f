package press

const (
	// maxSlug bounds a slug: longer addresses are cut by mail programs and chats.
	maxSlug = 80
	// maxTags bounds the tags of a post; more say less.
	maxTags = 8
	// MaxEntries is how many stories a feed holds, newest first.
	MaxEntries = 100
	// MaxDayStories is how many stories a day's key events list, those most told first.
	MaxDayStories = 15
	// clusterTags is how many tags a post of the cluster profile has.
	clusterTags = 5
)
