package press

// maxWords bounds what is looked for: no headline is longer.
const maxWords = 400
