// Package bounded reads CSV, JSON, XML, YAML and gzip from strangers with a limit on
// everything that grows: size, depth, columns, names, expansion.
//
// It never opens a file or a connection, and knows nothing of what is read.
//
// Read limits.go for the limits and their reasons, then csv.go (rows), json.go (a
// stream of values), xml.go (a stream of tags), yaml.go (small documents) and gzip.go
// (compressed input).
package bounded

import "fmt"

// A LimitError says which bound was reached. What was read before it is good.
type LimitError struct {
	What  string // what grew, e.g. "the nesting of arrays and objects"
	Limit int64
}

// Error names the bound and its value.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s is over the bound of %d", e.What, e.Limit)
}

func over(what string, limit int) error { return &LimitError{What: what, Limit: int64(limit)} }

// fallback is the limit to use when the caller set none.
func fallback(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
