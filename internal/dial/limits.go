package dial

import "time"

// Bounds and defaults. Each says why it has its value.
const (
	// DefaultConnect is how long one address may take to accept a connection.
	DefaultConnect = 10 * time.Second
	// DefaultTimeout is how long a whole HTTP exchange may take, its body included.
	DefaultTimeout = 30 * time.Second
	// DefaultBody is how much of an answer is read: those who are told something have
	// little to say.
	DefaultBody = 1 << 20
	// MaxRedirects bounds the hops that may be asked for.
	MaxRedirects = 10
	// maxAddresses is how many addresses of one name are tried: a name that has hundreds
	// must not keep a caller for as many timeouts.
	maxAddresses = 8
	// headerTimeout is how long an HTTP server may think before it answers.
	headerTimeout = 20 * time.Second
	// maxHeader bounds the header of an answer, bytes.
	maxHeader = 64 << 10
)
