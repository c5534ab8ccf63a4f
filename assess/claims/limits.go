package claims

// maxTerms bounds the terms of the tail that are added: those further below the count are
// smaller than any level asks for, whatever a total of billions says.
const maxTerms = 20_000
