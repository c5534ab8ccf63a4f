package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// noticeFormats leaves out GeoJSON: the place of a window is no point.
var noticeFormats = []string{"table", "json", "csv"}

// noticeOptions are the flags of `truce notify list`.
type noticeOptions struct {
	format, known, from, to, state string
}

func (c *cli) notifyListCommand() *cobra.Command {
	var opt noticeOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List notifications as they stand, or as they were known at a time",
		Long: "Lists each notification with its hours, state and answers. With --known-at it is the list as it stood then: only what\n" +
			"was recorded by that time counts. JSON holds every step with its record, and why one has no effect.",
		Example: "  truce notify list --state active\n  truce notify list --known-at 2026-05-03T10:00:00Z", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.asJSON {
				opt.format = "json"
			}
			return c.runNotifyList(cmd, opt)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.format, "format", "table", strings.Join(noticeFormats, ", "))
	flags.StringVar(&opt.known, "known-at", "", "as known at this time (RFC 3339)")
	flags.StringVar(&opt.from, "from", "", "only those whose hours reach beyond this time (RFC 3339)")
	flags.StringVar(&opt.to, "to", "", "only those that begin before this time (RFC 3339)")
	flags.StringVar(&opt.state, "state", "", "only this state: "+strings.Join(texts(agreement.NoticeStates()), ", "))
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(noticeFormats, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("state", cobra.FixedCompletions(texts(agreement.NoticeStates()), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// query checks the flags.
func (opt noticeOptions) query() (truce.NotificationQuery, error) {
	var q truce.NotificationQuery
	switch {
	case !slices.Contains(noticeFormats, opt.format):
		return q, fmt.Errorf("--format %q; choose one of %s", opt.format, strings.Join(noticeFormats, ", "))
	case opt.state != "" && !slices.Contains(agreement.NoticeStates(), agreement.NoticeState(opt.state)):
		return q, fmt.Errorf("--state %q; choose one of %s%s", opt.state, joined(agreement.NoticeStates()), didYouMean(opt.state, texts(agreement.NoticeStates())))
	}
	for _, bound := range []struct {
		flag, text string
		at         *truce.Instant
	}{{"--known-at", opt.known, (*truce.Instant)(&q.AsOf)}, {"--from", opt.from, &q.From}, {"--to", opt.to, &q.To}} {
		if bound.text == "" {
			continue
		}
		if err := bound.at.UnmarshalText([]byte(bound.text)); err != nil {
			return q, fmt.Errorf("%s: %w", bound.flag, err)
		}
	}
	if opt.from != "" && opt.to != "" && q.To <= q.From {
		return q, fmt.Errorf("--to %s is not after --from %s: nothing lies between them", opt.to, opt.from)
	}
	return q, nil
}

func (c *cli) runNotifyList(cmd *cobra.Command, opt noticeOptions) error {
	q, err := opt.query()
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.openReading(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	terms, err := a.readTerms()
	if err != nil {
		return err
	}
	notices, err := a.notices(cmd.Context(), terms, truce.Instant(q.AsOf))
	if err != nil {
		return err
	}
	notices = slices.DeleteFunc(notices, func(n agreement.Notice) bool {
		return opt.state != "" && string(n.State) != opt.state || q.From != 0 && n.End <= q.From || q.To != 0 && n.Window.From >= q.To
	})
	return noticeListing(terms, notices, a.store.Realm()).print(c.out, opt.format)
}

func noticeListing(terms *agreement.Agreement, notices []agreement.Notice, realm truce.Realm) listing {
	l := listing{Columns: []string{"number", "kind", "bearer", "from", "to", "state", "notified", "late", "acknowledged", "objected", "record", "set_aside"}}
	objects := []noticeObject{} // an empty list is [] in JSON
	for _, n := range notices {
		w, late := n.Window, ""
		if n.Late() {
			late = "late"
		}
		o := noticeObjectOf(n, realm)
		if err := terms.Unusable(w); err != nil {
			o.SetAside = err.Error()
		}
		l.Rows = append(l.Rows, []string{
			w.ID, string(w.Kind), string(w.Bearer), w.From.String(), n.End.String(), string(n.State), w.NotifiedAt.String(), late,
			answersText(o.Acknowledged), answersText(o.Objected), fmt.Sprint(n.Given.Seq), o.SetAside,
		})
		objects = append(objects, o)
	}
	l.Objects, l.Note = objects, fmt.Sprintf("%d notifications", len(objects))
	return l
}

// noticeObject is a notification as JSON.
type noticeObject struct {
	Realm        truce.Realm             `json:"realm,omitempty"`
	Number       string                  `json:"number"`
	State        agreement.NoticeState   `json:"state"`
	By           truce.PartyID           `json:"by"`
	Activity     *truce.NotifiedActivity `json:"activity"`
	End          truce.Instant           `json:"end"` // with what extensions count
	Notified     truce.Instant           `json:"notified"`
	AheadS       float64                 `json:"ahead_s"`
	AskedS       float64                 `json:"asked_s"`
	Late         bool                    `json:"late"`
	Acknowledged []noticeAnswer          `json:"acknowledged"`
	Objected     []noticeAnswer          `json:"objected"`
	Replies      []noticeReply           `json:"replies_owed,omitempty"`
	Steps        []noticeStep            `json:"steps"`
	SetAside     string                  `json:"set_aside,omitempty"` // why it has no effect at all
}

// noticeReply is an answer that a rule asks for.
type noticeReply struct {
	Rule  truce.RuleID  `json:"rule"`
	By    truce.PartyID `json:"by"`
	Due   truce.Instant `json:"due"`
	MetAt truce.Instant `json:"met_at,omitempty"`
}

type noticeAnswer struct {
	By truce.PartyID `json:"by"`
	At truce.Instant `json:"at"`
}

type noticeStep struct {
	Record   truce.Seq              `json:"record,string"`
	Recorded truce.RecordedTime     `json:"recorded"`
	Step     truce.NotificationStep `json:"step"`
	By       truce.PartyID          `json:"by"`
	Words    string                 `json:"words,omitempty"`
	Until    truce.Instant          `json:"until,omitempty"`
	NoEffect string                 `json:"no_effect,omitempty"`
}

func noticeObjectOf(n agreement.Notice, realm truce.Realm) noticeObject {
	w := n.Window
	o := noticeObject{
		Realm: realm, Number: w.ID, State: n.State, By: w.NotifiedBy, Activity: n.Given.Activity, End: n.End, Notified: w.NotifiedAt,
		AheadS: w.From.Sub(w.NotifiedAt).Seconds(), AskedS: n.Asked.Seconds(), Late: n.Late(), Acknowledged: []noticeAnswer{}, Objected: []noticeAnswer{},
	}
	for _, a := range w.Acknowledgements() {
		o.Acknowledged = append(o.Acknowledged, noticeAnswer{a.By, a.At})
	}
	for _, a := range w.Objected() {
		o.Objected = append(o.Objected, noticeAnswer{a.By, a.At})
	}
	for _, r := range w.Replies {
		o.Replies = append(o.Replies, noticeReply{Rule: r.Rule, By: r.By, Due: r.Due, MetAt: r.MetAt})
	}
	for _, s := range n.Steps {
		o.Steps = append(o.Steps, noticeStep{Record: s.Seq, Recorded: s.Recorded, Step: s.Step, By: s.By, Words: s.Words, Until: s.Until, NoEffect: s.Fault})
	}
	return o
}

func answersText(list []noticeAnswer) string {
	var parts []string
	for _, a := range list {
		parts = append(parts, fmt.Sprintf("%s %s", a.By, a.At))
	}
	return strings.Join(parts, "; ")
}
