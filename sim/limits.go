package sim

// coordinateDecimals is how exactly places are drawn: five decimals are about a
// metre, which is finer than anything the world claims to know.
const coordinateDecimals = 5
