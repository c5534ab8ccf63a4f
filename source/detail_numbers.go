package source

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// numbers reads how many of each sort were seen at once: "600 troops; 40 vehicles".
func (r *detailReader) numbers(text string) []truce.Number {
	var out []truce.Number
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == '|' }) {
		n, sort, some := strings.Cut(strings.TrimSpace(part), " ")
		if !some {
			r.fail("numbers has %s, want a number and what was counted, e.g. 600 troops; 40 vehicles", Shown([]byte(part)))
			return nil
		}
		one := truce.Number{Object: r.token("numbers", strings.TrimSpace(sort)), N: r.whole("numbers", n, 1)}
		if slices.ContainsFunc(out, func(o truce.Number) bool { return o.Object == one.Object }) {
			r.fail("numbers counts %s twice", Shown([]byte(one.Object)))
		}
		out = append(out, one)
	}
	if len(out) > MaxAlternatives {
		r.fail("numbers has %d sorts, the bound is %d", len(out), MaxAlternatives)
	}
	return out
}

// maxPixel is the largest pixel of an image whose difference can show anything, metres.
const maxPixel = 1000

// imagery reads two images of a place, before and after.
func (r *detailReader) imagery(d Details) *truce.ImagePair {
	if d.ImageBefore == "" && d.ImageAfter == "" {
		if d.ImageGSD != "" {
			r.fail("image_gsd_m is given without image_before and image_after")
		}
		return nil
	}
	if d.ImageBefore == "" || d.ImageAfter == "" {
		r.fail("image_before or image_after is empty; a difference needs both")
		return nil
	}
	pair := &truce.ImagePair{Before: r.instant("image_before", d.ImageBefore), After: r.instant("image_after", d.ImageAfter)}
	if pair.After < pair.Before {
		r.fail("image_after is %s, before image_before %s: exchange them", Shown([]byte(d.ImageAfter)), Shown([]byte(d.ImageBefore)))
	}
	if d.ImageGSD != "" {
		gsd, err := NumberIn("image_gsd_m", []byte(d.ImageGSD), 0.01, maxPixel)
		if err != nil {
			r.fail("%w metres of ground", err)
		}
		pair.GSDM = gsd
	}
	return pair
}
