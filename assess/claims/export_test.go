package claims

// AtMost is the tail, for the test that compares it with exact fractions.
var AtMost = atMost
