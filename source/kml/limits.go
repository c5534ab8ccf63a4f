package kml

const (
	// maxDepth bounds the nesting of elements: folders in folders reach ten.
	maxDepth = 64
	// maxToken is the longest tag or text; the coordinates of one line are one text.
	maxToken = 16 << 20
	// maxPoints is how many points one placemark may have: a week of one a second. It takes
	// 60 MB while the placemark is read.
	maxPoints = 600_000
	// maxName is how much of a placemark's name is kept, in bytes.
	maxName = 200
	// maxPacked is the largest KMZ file that is read, since an archive is read whole.
	maxPacked = 64 << 20
	// maxUnpacked is the most its document may unpack to, and maxRatio how many times its
	// own size: text of coordinates reaches 15.
	maxUnpacked = 1 << 30
	maxRatio    = 200
	// maxEntries is how many files a KMZ may hold; pictures of one map are a few hundred.
	maxEntries = 10_000
)
