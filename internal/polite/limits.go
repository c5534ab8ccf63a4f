package polite

import "time"

// Defaults and bounds. Each says why it has its value.
const (
	// DefaultEvery is the least time between two requests to one host: a reader of feeds
	// has no hurry that a small newspaper's server should pay for.
	DefaultEvery = 2 * time.Second
	// DefaultPerHost is how many requests one host answers at a time, DefaultTotal how many
	// all together.
	DefaultPerHost = 1
	DefaultTotal   = 16
	// DefaultPacked and DefaultUnpacked bound a body in bytes, as sent and as read. Feeds
	// with whole articles have 2 MiB; sitemaps end at 50 MB by their protocol and are cut
	// off here like others.
	DefaultPacked   = 8 << 20
	DefaultUnpacked = 16 << 20
	// DefaultHeader bounds the header of an answer in bytes.
	DefaultHeader = 32 << 10
	// DefaultRedirects is how many hops are followed, MaxRedirects how many may be asked
	// for.
	DefaultRedirects = 5
	MaxRedirects     = 10
	// DefaultConnect, DefaultAnswer and DefaultBody bound the three stretches of a request:
	// until the connection stands, until the header is there, until the body is.
	DefaultConnect = 10 * time.Second
	DefaultAnswer  = 20 * time.Second
	DefaultBody    = 60 * time.Second
	// DefaultRate is the least bytes a second of a body, measured once grace has passed: a
	// telephone line gives 4,000.
	DefaultRate = 256
	grace       = 10 * time.Second
	// idle is how long a body may give nothing.
	idle = 15 * time.Second

	// MaxCrawlDelay bounds what a robots.txt may ask for; with more a feed would be read
	// less than once an hour.
	MaxCrawlDelay = time.Hour
	// robotsKept is how long a robots.txt is believed (RFC 9309, 2.4: at most a day), and
	// robotsRetry how long one that could not be had forbids all.
	robotsKept  = 24 * time.Hour
	robotsRetry = 15 * time.Minute
	// maxRobots is how much of a robots.txt is read (RFC 9309, 2.5: at least 500 KiB), and
	// maxRules how many rules are kept.
	maxRobots = 500 << 10
	maxRules  = 10_000
	// maxPattern is the longest rule; longer ones are not of a real path.
	maxPattern = 2 << 10
	// maxHosts bounds the hosts whose rate and robots.txt are remembered: some 200 bytes
	// each, and up to 500 KiB where a robots.txt is large.
	maxHosts = 2_000

	// firstPause is the pause after the first failure; each further one doubles it up to
	// lastPause.
	firstPause = time.Minute
	lastPause  = 24 * time.Hour
	// movedTries is how many failures in a row end the belief in a permanent redirect.
	movedTries = 3
	// maxRetryAfter bounds what a server may ask for.
	maxRetryAfter = 7 * 24 * time.Hour
	// maxURL is the longest address asked for.
	maxURL = 8 << 10
)
