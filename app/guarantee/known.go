package guarantee

import (
	"context"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/pledge"
)

// known refuses a person of a party that the agreement does not have, of a state whose name
// is none or a party's, with a language in which nothing is written, or with an address that
// nothing can be sent to: all of it would show only when an alert is due.
func (d *Desk) known(ctx context.Context, p truce.Person) error {
	if langs := alert.Languages(); !slices.Contains(langs, p.Language) {
		return truce.Errorf(truce.CodeInvalid, "person %s: there are no texts in the language %.40q; write one of %s", p.ID, p.Language, strings.Join(langs, ", "))
	}
	for _, c := range p.Contacts {
		if err := reachable(c); err != nil {
			return truce.Errorf(truce.CodeInvalid, "person %s: %w", p.ID, err)
		}
	}
	if p.State != "" && !pledge.StateWritten(p.State) {
		return truce.Errorf(truce.CodeInvalid, "person %s: the state %.40q: write 2 to 12 capital letters, digits and hyphens, as in FR or FAR-2", p.ID, string(p.State))
	}
	if p.Party == "" && p.State == "" {
		return nil
	}
	parties, err := d.parties(ctx)
	if err == nil && p.State != "" && slices.Contains(parties, truce.PartyID(p.State)) {
		return truce.Errorf(truce.CodeInvalid, "person %s: %.40q is a party of the agreement and can be no guarantor or contributor of it", p.ID, string(p.State))
	}
	if err == nil && p.Party != "" && len(parties) > 0 && !slices.Contains(parties, p.Party) {
		names := make([]string, len(parties))
		for i, id := range parties {
			names[i] = string(id)
		}
		err = truce.Errorf(truce.CodeInvalid, "person %s: %.40q is no party of the agreement; write one of %s", p.ID, string(p.Party), strings.Join(names, ", "))
	}
	return err
}

// reachable refuses an address that its channel could never use.
func reachable(c truce.Contact) error {
	switch c.Channel {
	case truce.ChannelEmail:
		if a, err := mail.ParseAddress(c.Address); err != nil || a.Address != c.Address {
			return truce.Errorf(truce.CodeInvalid, "%.80q is no mail address; write it as in duty@far.example", c.Address)
		}
	case truce.ChannelWebhook:
		u, err := url.Parse(c.Address)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil { // as the channel asks
			return truce.Errorf(truce.CodeInvalid, "%.80q is no address of a webhook; write an https address without a password, as in https://hooks.far.example/truce", c.Address)
		}
	}
	return nil
}

// parties are those of the newest agreement on record, or of the one that is planned; none
// where that cannot be read yet.
func (d *Desk) parties(ctx context.Context) ([]truce.PartyID, error) {
	entries, err := d.Store.Agreements(ctx)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		if d.Planned == nil {
			return nil, nil
		}
		if a, err := d.Planned(); err == nil {
			return Parties(a), nil
		}
		return nil, nil // people may be enrolled before the agreement is sound
	}
	text, err := d.Store.AgreementVersion(ctx, entries[len(entries)-1].Version)
	if err != nil {
		return nil, err
	}
	a, err := agreement.Parse(text.Files)
	if err != nil {
		return nil, err
	}
	return Parties(a), nil
}
