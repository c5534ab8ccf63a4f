package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
	"github.com/trucewatch/truce/web"
	webpress "github.com/trucewatch/truce/web/press"
)

// Checks are the stated totals that were checked, newest first.
func (p deskPress) Checks(ctx context.Context, lang string) ([]webpress.Check, error) {
	list, err := p.store().ClaimChecks(ctx)
	slices.SortStableFunc(list, func(a, b truce.ClaimCheck) int { return cmp.Compare(b.Total.Said, a.Total.Said) })
	if err != nil {
		return nil, err
	}
	called := p.claimants(lang)
	out := make([]webpress.Check, len(list))
	for i, c := range list {
		out[i] = webpress.Check{ClaimCheck: called.in(c), Name: c.ID.String(), Words: checkWords(c, lang), Internal: true}
	}
	return out, nil
}

// claimants is who states totals, as they are called in a language.
type claimants struct {
	lang    string
	parties []truce.BulletinParty // of the agreement
}

// claimants of the desk have the names of the agreement; without one, those of the dictionary.
func (p deskPress) claimants(lang string) claimants {
	out := claimants{lang: lang}
	if terms, err := p.store().readTerms(); err == nil {
		for _, party := range terms.Parties {
			out.parties = append(out.parties, truce.BulletinParty{ID: party.ID, Names: party.Name})
		}
	}
	return out
}

// in is a check whose claimant is called as in the language: a party by its name there, others
// as the dictionary of actors has them. The record keeps the name that was printed first.
func (n claimants) in(k truce.ClaimCheck) truce.ClaimCheck {
	for _, party := range n.parties {
		if name := party.Names[n.lang]; party.ID == k.Total.Party && k.Total.Party != "" && name != "" {
			k.Total.Claimant = name
			return k
		}
	}
	k.Total.Claimant = claim.Called(k.Total.Claimant, n.lang)
	return k
}

// Check is one check with its rivals and what it said before; version 0 is the newest.
func (p deskPress) Check(ctx context.Context, name string, version int, lang string) (webpress.Check, error) {
	var id truce.ID
	if err := id.UnmarshalText([]byte(name)); err != nil {
		return webpress.Check{}, noCheck(name)
	}
	now, revisions, err := p.store().ClaimCheck(ctx, id)
	if err != nil {
		return webpress.Check{}, err
	}
	out := webpress.Check{ClaimCheck: now, Name: name, Newest: now.Revision, Internal: true, Site: p.store().cfg.site()}
	if version != 0 {
		i := slices.IndexFunc(revisions, func(c truce.ClaimCheck) bool { return c.Revision == version })
		if i < 0 {
			return out, noCheck(name)
		}
		out.ClaimCheck = revisions[i]
	}
	called := p.claimants(lang)
	out.Version, out.Words, out.ClaimCheck = out.Revision, checkWords(out.ClaimCheck, lang), called.in(out.ClaimCheck)
	if out.Version == out.Newest {
		if out.Digit, err = p.store().totalDigit(ctx, now); err != nil {
			return out, err
		}
	}
	for _, c := range slices.Backward(revisions) {
		out.Versions = append(out.Versions, webpress.CheckVersion{Version: c.Revision, At: c.Known, Verdict: c.Verdict})
	}
	all, err := p.store().ClaimChecks(ctx)
	if err != nil {
		return out, err
	}
	for _, c := range all {
		if slices.Contains(now.Rivals, c.ID) {
			out.Beside = append(out.Beside, webpress.Beside{ClaimCheck: called.in(c), Name: c.ID.String()})
		}
	}
	out.Public, err = p.released(ctx, id)
	return out, err
}

// released is the newest version of a check that is out; nil when none is.
func (p deskPress) released(ctx context.Context, id truce.ID) (*webpress.Released, error) {
	gate, err := p.store().gate()
	if err != nil {
		return nil, err
	}
	o, err := p.store().outsideOf(ctx, gate, id)
	if err != nil || len(o.standing) == 0 {
		return nil, err
	}
	v := o.standing[len(o.standing)-1]
	return &webpress.Released{Address: v.check.Address(), At: v.check.Released, SHA256: truce.HashOf(v.record.Body), Seq: v.record.Seq}, nil
}

// CheckJSON: the desk has no other form of a check than its page; the command line has.
func (p deskPress) CheckJSON(_ context.Context, id string, _ int) (web.Document, error) {
	return web.Document{}, truce.Errorf(truce.CodeNotFound, "The desk prints no check as JSON; use: truce claims show %.80s --json", id)
}

// Checks are the released checks that stand, the newest total first.
func (p publicPress) Checks(ctx context.Context, lang string) ([]webpress.Check, error) {
	list, err := p.Reader.Checks(ctx)
	if err != nil {
		return nil, err
	}
	called, err := p.claimants(ctx, lang)
	out := make([]webpress.Check, len(list))
	for i, c := range list {
		out[i] = publicCheckPage(c, called)
	}
	return out, err
}

// claimants of the public pages have the names of the newest bulletin; before one is out, those
// of the dictionary.
func (p publicPress) claimants(ctx context.Context, lang string) (claimants, error) {
	out := claimants{lang: lang}
	days, err := p.Days(ctx)
	if err != nil || len(days) == 0 {
		return out, err
	}
	b, err := p.Header(ctx, days[0].Day)
	out.parties = b.Parties
	return out, err
}

// publicCheckPage is a released version as the pages show it.
func publicCheckPage(c truce.PublicCheck, called claimants) webpress.Check {
	out := webpress.Check{Name: c.ID, Version: c.Version, Newest: c.Version, Words: c.Words.In(called.lang), ClaimCheck: called.in(shownCheck(c.Total, c.Verdict, c.Reasons))}
	out.Known, out.Method = c.Known, c.Method
	for _, o := range c.Own {
		out.Own = append(out.Own, truce.OwnCount{Rule: o.Rule, Unit: o.Unit, Open: o.Count, Undecided: o.Undecided, Coverage: o.Coverage, Least: o.Least, Matches: o.Matches})
	}
	for _, r := range c.Beside {
		out.Beside = append(out.Beside, webpress.Beside{ClaimCheck: called.in(shownCheck(r.Total, r.Verdict, r.Reasons)), Name: r.ID})
	}
	return out
}

// shownCheck is what a page shows of a released total.
func shownCheck(t truce.PublicTotal, v truce.CheckVerdict, reasons []truce.CheckReason) truce.ClaimCheck {
	return truce.ClaimCheck{Verdict: v, Reasons: reasons, Total: truce.ClaimTotal{Claimant: t.Claimant, Party: t.Party, Accused: t.Accused, Act: t.Act, Unit: t.Unit,
		Count: t.Count, AtLeast: t.AtLeast, Area: t.Area, AreaNamed: t.AreaNamed, Period: t.Period, Said: t.Said, Quote: t.Quote, Link: t.Link}}
}

// Check is one version of a released check; version 0 is the newest.
func (p publicPress) Check(ctx context.Context, id string, version int, lang string) (webpress.Check, error) {
	versions, err := p.CheckVersions(ctx, id)
	if err != nil {
		return webpress.Check{}, err
	}
	newest := versions[0].Version
	c, body, err := p.CheckVersion(ctx, id, cmp.Or(version, newest))
	if err != nil {
		return webpress.Check{}, err
	}
	out := webpress.Check{Name: id, Version: cmp.Or(version, newest)}
	if body != nil {
		called, err := p.claimants(ctx, lang)
		if err != nil {
			return out, err
		}
		out = publicCheckPage(c, called)
	}
	out.Newest, out.Site = newest, p.site
	for _, v := range versions {
		out.Versions = append(out.Versions, webpress.CheckVersion{Version: v.Version, At: v.Released, Verdict: v.Verdict, Withdrawn: v.Withdrawn})
		if v.Version == out.Version {
			out.Withdrawn = v.Withdrawn
			out.Public = &webpress.Released{Address: out.Permanent(), At: v.Released, SHA256: v.SHA256, Seq: v.Seq}
		}
	}
	return out, nil
}

// CheckJSON is the very bytes of a version.
func (p publicPress) CheckJSON(ctx context.Context, id string, version int) (web.Document, error) {
	_, body, err := p.CheckVersion(ctx, id, version)
	if err == nil && body == nil {
		err = truce.Errorf(truce.CodeNotFound, "The text that version %d of check %.80s cites was taken down, and with it what cited it.", version, id)
	}
	return web.Document{ContentType: "application/json", Body: body}, err
}
