package source

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/trucewatch/truce/geo"
)

// Number reads a decimal number: digits, one point, a sign, an exponent. Words such as
// NaN, hexadecimal and a decimal comma are refused, and minus zero is zero, since a
// record admits neither.
func Number(text []byte) (float64, error) {
	for _, b := range text {
		if (b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E' {
			return 0, notANumber(text)
		}
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, notANumber(text)
	}
	return v + 0, nil // -0 + 0 is 0
}

func notANumber(text []byte) error {
	if len(text) == 0 {
		return fmt.Errorf("is empty")
	}
	return fmt.Errorf("is %s, want a decimal number such as 48.5", Shown(text))
}

// Shown is a bad value as errors repeat it: quoted, cut, never a terminal escape.
func Shown(text []byte) string {
	if len(text) > shown {
		return strconv.QuoteToASCII(string(text[:shown])) + "..."
	}
	return strconv.Quote(string(text))
}

// NumberIn reads a number of a named field that must lie in [low, high].
func NumberIn(name string, text []byte, low, high float64) (float64, error) {
	v, err := Number(text)
	if err != nil {
		return 0, fmt.Errorf("%s %w", name, err)
	}
	if v < low || v > high {
		return 0, fmt.Errorf("%s is %s, want %v to %v", name, Shown(text), low, high)
	}
	return v, nil
}

// Place reads latitude and longitude. The point 0,0 is refused: it is what a missing
// position becomes, and it lies in the open sea.
func Place(lat, lon []byte) (geo.Point, error) {
	la, err := NumberIn("latitude", lat, -90, 90)
	if err != nil {
		return geo.Point{}, err
	}
	lo, err := NumberIn("longitude", lon, -180, 180)
	if err != nil {
		return geo.Point{}, err
	}
	return Point(la, lo)
}

// Point checks numbers that are already read, as Place does.
func Point(lat, lon float64) (geo.Point, error) {
	p := geo.Point{Lat: geo.Degrees(lat + 0), Lon: geo.Degrees(lon + 0)}
	if !p.Valid() {
		return geo.Point{}, fmt.Errorf("latitude %v, longitude %v is out of range; GeoJSON has longitude first", lat, lon)
	}
	if p.Lat == 0 && p.Lon == 0 {
		return geo.Point{}, fmt.Errorf("latitude and longitude are both 0, which is a missing position")
	}
	return p, nil
}

// Cut shortens a text to at most n bytes without cutting a character.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
