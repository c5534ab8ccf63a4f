package geo

import (
	"fmt"
	"strconv"
)

// coordinates reads the arrays of a geometry of any type.
func (s *scanner) coordinates(in place) (*coordinates, error) {
	if in == asDocument {
		s.inFeature = true
	}
	c := &coordinates{}
	if s.peek() != '[' {
		return nil, s.invalid(`"coordinates" must be an array`)
	}
	s.coordinatesAt = s.at
	if err := s.nested(c, 1); err != nil {
		return nil, err
	}
	return c, nil
}

// nested reads one array: a position if numbers stand in it, else arrays again.
func (s *scanner) nested(c *coordinates, level int) error {
	if level > 4 {
		return s.place(c, "nested deeper than a MultiPolygon: take the surplus brackets away")
	}
	s.at++ // the caller has seen the bracket
	switch s.peek() {
	case '[':
	case ']':
		return s.place(c, "empty geometry: leave it out or give it positions")
	default:
		return s.position(c, level)
	}
	for {
		if s.peek() != '[' {
			return s.place(c, "expected an array of positions, found "+s.found())
		}
		if err := s.nested(c, level+1); err != nil {
			return err
		}
		if s.peek() == ']' {
			s.at++
			c.close(level)
			return nil
		}
		if err := s.take(','); err != nil {
			return err
		}
	}
}

// close notes the end of a chain or a polygon.
func (c *coordinates) close(level int) {
	switch level {
	case c.depth - 1:
		c.ends = append(c.ends, len(c.points))
	case c.depth - 2:
		c.groups = append(c.groups, len(c.ends))
	}
}

// position reads the numbers of one vertex, after the bracket.
func (s *scanner) position(c *coordinates, level int) error {
	if c.depth == 0 {
		c.depth = level
	}
	if c.depth != level {
		return s.place(c, "wrong nesting: positions at different depths, make the brackets alike")
	}
	if len(c.points) >= MaxFeatureVertices {
		return s.place(c, fmt.Sprintf("more than %d vertices in one feature: simplify or split it", MaxFeatureVertices))
	}
	if s.vertices++; s.vertices > MaxVertices {
		return s.place(c, fmt.Sprintf("more than %d vertices in the document: simplify or split it", MaxVertices))
	}
	var numbers [3]float64
	for n := 0; ; n++ {
		x, err := s.coordinate(c)
		if err != nil {
			return err
		}
		if n == len(numbers) {
			return s.place(c, "a position of more than 3 numbers: give longitude, latitude and at most a height")
		}
		numbers[n] = x
		if s.peek() == ']' {
			s.at++
			if n == 0 {
				return s.place(c, "a position of one number: give longitude and latitude")
			}
			c.points = append(c.points, Point{Degrees(numbers[1]), Degrees(numbers[0])})
			return nil
		}
		if err := s.take(','); err != nil {
			return err
		}
	}
}

func (s *scanner) coordinate(c *coordinates) (float64, error) {
	if x := s.peek(); x != '-' && (x < '0' || x > '9') {
		return 0, s.place(c, s.found()+" is not a number: give decimal degrees, or leave the vertex out")
	}
	text, err := s.numeral()
	if err != nil {
		return 0, err
	}
	x, _ := strconv.ParseFloat(string(text), 64) // beyond the range it is infinite, which no check accepts
	return x, nil
}

// numeral reads a number by the grammar of JSON and gives its text.
func (s *scanner) numeral() ([]byte, error) {
	start := s.at
	if s.data[s.at] == '-' {
		s.at++
	}
	zero := s.at < len(s.data) && s.data[s.at] == '0'
	whole := s.digits()
	ok := whole > 0 && !(zero && whole > 1)
	if s.at < len(s.data) && s.data[s.at] == '.' {
		s.at++
		ok = s.digits() > 0 && ok
	}
	if s.at < len(s.data) && (s.data[s.at] == 'e' || s.data[s.at] == 'E') {
		if s.at++; s.at < len(s.data) && (s.data[s.at] == '+' || s.data[s.at] == '-') {
			s.at++
		}
		ok = s.digits() > 0 && ok
	}
	if s.at-start > MaxNumberBytes {
		return nil, s.syntax(fmt.Sprintf("a number of more than %d characters: round it", MaxNumberBytes))
	}
	if !ok {
		return nil, s.syntax("not a number: " + strconv.QuoteToASCII(string(s.data[start:s.at])))
	}
	return s.data[start:s.at], nil
}

func (s *scanner) digits() (n int) {
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
		n++
	}
	return n
}

// place is a refusal that names the vertex reached.
func (s *scanner) place(c *coordinates, reason string) error {
	from := 0
	if n := len(c.ends); n > 0 {
		from = c.ends[n-1]
	}
	return s.invalidAt(len(c.ends), len(c.points)-from, reason)
}

// chains are the coordinates of a line or several.
func (c *coordinates) chains() [][]Point {
	out := make([][]Point, 0, len(c.ends))
	from := 0
	for _, to := range c.ends {
		out = append(out, c.points[from:to:to])
		from = to
	}
	return out
}

// polygons are the coordinates of a polygon or several.
func (c *coordinates) polygons() []Polygon {
	chains := c.chains()
	out := make([]Polygon, 0, len(c.groups))
	from := 0
	for _, to := range c.groups {
		var p Polygon
		for _, chain := range chains[from:to] {
			p = append(p, chain)
		}
		out = append(out, p)
		from = to
	}
	return out
}
