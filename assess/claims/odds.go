package claims

import "math"

// Level is the chance below which a count is taken to speak against a total: one in twenty.
const Level = 0.05

// atMost is the chance that at most seen of n happenings are recorded when each is recorded
// with the chance p, the others' fate told apart: the lower tail of the binomial
// distribution. Coverage is a mean over area and time, so happenings that keep to blind
// places are missed more often than this says; the rule's minimum is there for that.
func atMost(seen, n int, p float64) float64 {
	switch {
	case seen >= n:
		return 1
	case p >= 1:
		return 0
	case p <= 0:
		return 1
	}
	sum := 0.0
	logFree, logSeen := math.Log1p(-p), math.Log(p)
	whole, _ := math.Lgamma(float64(n) + 1)
	for k := max(0, seen-maxTerms); k <= seen; k++ {
		taken, _ := math.Lgamma(float64(k) + 1)
		left, _ := math.Lgamma(float64(n-k) + 1)
		sum += math.Exp(whole - taken - left + float64(k)*logSeen + float64(n-k)*logFree)
	}
	return min(1, sum)
}
