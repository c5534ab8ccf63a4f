package firms

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// BaseURL is the service of NASA.
const BaseURL = "https://firms.modaps.eosdis.nasa.gov"

// MaxDays is the most days one request may ask for; the service refuses more.
const MaxDays = 5

// Products are the data sets of the area API that Decode reads. SP is the archive.
func Products() []string {
	return []string{
		"VIIRS_SNPP_NRT", "VIIRS_NOAA20_NRT", "VIIRS_NOAA21_NRT", "MODIS_NRT",
		"VIIRS_SNPP_SP", "VIIRS_NOAA20_SP", "MODIS_SP",
	}
}

// Key is the map key a user has from the service. It prints as a word, so that no error
// and no log shows it.
type Key string

// String hides the key.
func (Key) String() string { return "(map key)" }

// GoString hides the key.
func (Key) GoString() string { return "(map key)" }

// MarshalText hides the key.
func (Key) MarshalText() ([]byte, error) { return []byte("(map key)"), nil }

// Request is one question to the area API.
type Request struct {
	Base    string    // scheme and host, default BaseURL
	Key     Key       // 32 letters and digits
	Product string    // one of Products
	Area    string    // "west,south,east,north" in degrees, or "world"
	Days    int       // 1 to MaxDays, counted from Date on
	Date    truce.Day // first day, UTC; empty: the last Days days up to today
}

// URL checks the request and builds its address. The address holds the key: print it
// through Hide only.
func (q Request) URL() (string, error) {
	if err := q.validate(); err != nil {
		return "", err
	}
	base := q.Base
	if base == "" {
		base = BaseURL
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", truce.Errorf(truce.CodeInvalid, "firms: base address %s: want scheme and host, e.g. %s", source.Shown([]byte(base)), BaseURL)
	}
	parts := []string{"api", "area", "csv", string(q.Key), q.Product, q.area(), strconv.Itoa(q.Days)}
	if q.Date != "" {
		parts = append(parts, string(q.Date))
	}
	return u.JoinPath(parts...).String(), nil
}

func (q Request) validate() error {
	switch {
	case q.Key == "":
		return truce.Errorf(truce.CodeInvalid, "firms: no map key; ask for one at %s/api/map_key/", BaseURL)
	case len(q.Key) > 64 || strings.Trim(string(q.Key), "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return truce.Errorf(truce.CodeInvalid, "firms: the map key has other than letters and digits in it (32 are usual)")
	case !slices.Contains(Products(), q.Product):
		return truce.Errorf(truce.CodeInvalid, "firms: product %s: want one of %s", source.Shown([]byte(q.Product)), strings.Join(Products(), ", "))
	case q.Days < 1 || q.Days > MaxDays:
		return truce.Errorf(truce.CodeInvalid, "firms: %d days: want 1 to %d; ask again for the rest", q.Days, MaxDays)
	}
	if q.Date != "" {
		if _, err := source.Date([]byte(q.Date)); err != nil {
			return truce.Errorf(truce.CodeInvalid, "firms: date %w", err)
		}
	}
	if q.Area == "world" {
		return nil
	}
	box, err := source.ParseBox(q.Area)
	if err != nil {
		return fmt.Errorf("firms: area: %w", err)
	}
	if box.West > box.East {
		return truce.Errorf(truce.CodeInvalid, "firms: area %v: the service takes no box across the 180th meridian; ask for each side", box)
	}
	return nil
}

// area is the box written plainly; validate has read it.
func (q Request) area() string {
	if box, err := source.ParseBox(q.Area); err == nil {
		return box.String()
	}
	return q.Area
}

// Hide takes the key out of a text such as an error of the transport.
func (q Request) Hide(text string) string {
	if q.Key == "" {
		return text
	}
	return strings.ReplaceAll(text, string(q.Key), q.Key.String())
}

// replies are the service's refusals, which come as text where a table was asked for.
var replies = []struct{ has, mend string }{
	{"invalid map_key", "the service does not know the map key; check it, or ask for one at " + BaseURL + "/api/map_key/"},
	{"invalid api call", "the service does not understand the request; check product, area, days and date"},
	{"invalid day range", "the service wants fewer days in one request"},
	{"invalid area", "the service wants the area as west,south,east,north in degrees"},
	{"invalid source", "the service does not know the product"},
	{"transaction", "the map key has used up its requests; wait ten minutes"},
}

// refuseReply looks at the beginning for an answer that is no table and names the mend.
func refuseReply(r io.Reader, out *source.Out) (io.Reader, error) {
	head := bufio.NewReaderSize(r, 64<<10)
	start, err := head.Peek(MaxReply)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the beginning of the file: %w", err)
	}
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf"))))
	if bytes.Contains(text, []byte("latitude")) {
		return head, nil
	}
	for _, reply := range replies {
		if bytes.Contains(text, []byte(reply.has)) {
			return nil, out.Unusable("the answer is the text %s: %s", source.Shown(bytes.TrimSpace(start)), reply.mend)
		}
	}
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		return nil, out.Unusable("the file is a web page (%s): the service may be down; save the CSV itself", source.Shown(bytes.TrimSpace(start)))
	case bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")):
		return nil, out.Unusable("the file is UTF-16; save it as UTF-8")
	case bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")):
		return nil, out.Unusable("the file is JSON; FIRMS tables are read as CSV")
	}
	return head, nil
}
