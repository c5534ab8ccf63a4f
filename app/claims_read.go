package app

import (
	"cmp"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// readTexts gives every report that is a text and states no claims those that its text makes.
// Reports with claims stay as they are; so do texts whose publisher opted out of being read
// by machines.
func readTexts(reports []truce.Observation, families map[truce.SourceID]truce.Family, cfg claim.Config) []truce.Observation {
	out := slices.Clone(reports)
	// Reading one text does not depend on another, and none of it fails.
	_ = onAllCores(len(out), func(i int) error {
		if o := &out[i]; isText(o, families) {
			report := *o.Report
			report.Claims = readClaims(o, families, cfg)
			o.Report = &report
		}
		return nil
	})
	return out
}

// isText says whether a report is words alone, of somebody who tells.
func isText(o *truce.Observation, families map[truce.SourceID]truce.Family) bool {
	r := o.Report
	if r == nil || len(r.Claims) > 0 || r.Headline == "" && r.Text == "" || r.Rights.NoMining {
		return false
	}
	switch cmp.Or(families[o.Source], truce.FamilyMedia) {
	case truce.FamilyMedia, truce.FamilyCivilian, truce.FamilyParty:
		return true
	}
	return false
}

// untold is how long before a text of the media appeared what it tells of may have happened
// where it does not say when, with the sigma of either end.
const untold, untoldSigma = 24 * time.Hour, 3 * time.Hour

// readClaims reads what happened out of one report.
func readClaims(o *truce.Observation, families map[truce.SourceID]truce.Family, cfg claim.Config) []truce.Claim {
	var out []truce.Claim
	for _, c := range claim.Read(articleOf(o), cfg) {
		if c.Kind != truce.ClaimEvent {
			continue
		}
		if c.When == nil && cmp.Or(families[o.Source], truce.FamilyMedia) == truce.FamilyMedia {
			p := o.Phenomenon
			c.When = &truce.PhenomenonTime{From: p.From.Add(-untold), To: p.To, Sigma: max(p.Sigma, truce.Micros(untoldSigma.Microseconds()))}
		}
		out = append(out, c)
	}
	return out
}

// articleOf is a report as the article it carries.
func articleOf(o *truce.Observation) truce.Article {
	r := o.Report
	return truce.Article{
		ID: o.ID, Headline: r.Headline, Publisher: r.Publisher, Author: r.Author, Language: r.Language, Text: r.Text, Published: o.Phenomenon,
	}
}
