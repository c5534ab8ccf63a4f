package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/intake"
)

func (c *cli) notifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notify",
		Short: "Record the parties' notifications: windows given, acknowledged, objected to, ended",
		Long: "A party's notice that it will clear mines, repair a line or move a column is a record, and so is every answer to it.\n" +
			"When it was known is the time of its record, never one that is typed in: a late notice stays late. Each step gives\n" +
			"a receipt with the number and the hash of its record, for both parties and the mechanism. Run truce assess after it:\n" +
			"incidents that a notification touches are evaluated anew, and what was found before is kept.",
		Example: "  truce notify give demining --by A --from 2026-04-11T08:00:00Z --to 2026-04-11T14:00:00Z --lat -47.91 --lon -21.62 --radius 800\n" +
			"  truce notify list",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.notifyGiveCommand())
	for _, s := range answerSteps {
		cmd.AddCommand(c.notifyStepCommand(s))
	}
	cmd.AddCommand(c.notifyImportCommand(), c.notifyListCommand())
	return cmd
}

// notifyFlags are the flags that hold a field of a notification, by field.
var notifyFlags = map[string]struct{ flag, usage string }{
	"number":     {"number", "its name among people, e.g. N-12 (default: the next of this year)"},
	"by":         {"by", "party that takes the step"},
	"authority":  {"authority", "who spoke for the party, as the agreement names it (default: the only one who may)"},
	"words":      {"words", "what was written, or the reason; internal, never published"},
	"bearer":     {"bearer", "party whose activity it is (default: --by)"},
	"what":       {"what", "what is to be done, in words; internal"},
	"object":     {"object", "what --quantity counts: " + strings.Join(notifyObjects, ", ")},
	"quantity":   {"quantity", "how many at most"},
	"zone":       {"zone", "where: a zone of the agreement"},
	"lat":        {"lat", "where: latitude of the middle of a circle, degrees"},
	"lon":        {"lon", "its longitude"},
	"radius_m":   {"radius", "its radius, metres"},
	"route":      {"route", "where: points of a route, \"LAT LON; LAT LON; ...\""},
	"width_m":    {"width", "how far the corridor reaches to either side of the route, metres"},
	"box":        {"box", "where: \"SOUTH WEST NORTH EAST\" in degrees"},
	"from":       {"from", "when it begins, RFC 3339, e.g. 2026-04-11T08:00:00Z"},
	"to":         {"to", "when it ends"},
	"ack_asked":  {"ack", "the sender asks for an acknowledgement"},
	"supersedes": {"supersedes", "number of the notification in whose place it stands"},
	"until":      {"until", "the end, RFC 3339"},
}

// bind makes flags of fields and gives the row that they fill.
func bind(cmd *cobra.Command, fields ...string) notifyFill {
	for _, field := range fields {
		f := notifyFlags[field]
		if field == "ack_asked" {
			cmd.Flags().Bool(f.flag, false, f.usage)
			continue
		}
		cmd.Flags().String(f.flag, "", f.usage)
	}
	return func() notifyRow {
		row := notifyRow{}
		for _, field := range fields {
			if flag := cmd.Flags().Lookup(notifyFlags[field].flag); flag.Changed {
				row[field] = strings.TrimSpace(flag.Value.String())
			}
		}
		return row
	}
}

// notifyFill gives the fields as the flags say.
type notifyFill func() notifyRow

func (c *cli) notifyGiveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "give KIND",
		Short: "Record that a party gives notice of an activity",
		Long: "KIND is one of " + strings.Join(agreement.WindowKinds()[:6], ", ") + ",\n" + strings.Join(agreement.WindowKinds()[6:], ", ") + ".\n" +
			"Its place is a zone, a circle, a corridor along a route, or a box. Answers and changes name its number.",
		Example: "  truce notify give demining --by A --from 2026-04-11T08:00:00Z --to 2026-04-11T14:00:00Z --lat -47.91 --lon -21.62 --radius 800\n" +
			"  truce notify give rotation --by B --from 2026-04-14T04:00:00Z --to 2026-04-14T10:00:00Z --route \"-47.9 -21.5; -47.95 -21.4\" --width 300 --quantity 14 --object vehicles",
		Args: cobra.ExactArgs(1),
	}
	fill := bind(cmd, "number", "by", "authority", "bearer", "what", "object", "quantity", "zone", "lat", "lon", "radius_m", "route", "width_m", "box",
		"from", "to", "ack_asked", "supersedes", "words")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		row := fill()
		row["step"], row["kind"] = string(truce.StepGiven), args[0]
		return c.runNotify(cmd, row)
	}
	cmd.ValidArgsFunction = cobra.FixedCompletions(agreement.WindowKinds(), cobra.ShellCompDirectiveNoFileComp)
	c.finishNotify(cmd, "by", "from", "to")
	return cmd
}

// answerStep is a command for a step of a notification that was given.
type answerStep struct {
	name, short, example string
	step                 truce.NotificationStep
	needs                []string // flags
}

var answerSteps = []answerStep{
	{"ack", "Record that a party acknowledges a notification", "--by B", truce.StepAcked, []string{"by"}},
	{"object", "Record that a party objects to a notification", "--by B --words \"the place lies on our side\"", truce.StepObjected, []string{"by"}},
	{"extend", "Record that its sender wants a window to last longer", "--by A --until 2026-04-11T16:00:00Z", truce.StepExtended, []string{"by", "until"}},
	{"cancel", "Record that its sender cancels a notification", "--by A", truce.StepCancelled, []string{"by"}},
	{"end", "Record when an activity was over, as its sender reports", "--by A --until 2026-04-11T13:20:00Z", truce.StepEnded, []string{"by", "until"}},
}

func (c *cli) notifyStepCommand(s answerStep) *cobra.Command {
	cmd := &cobra.Command{
		Use: s.name + " NUMBER", Short: s.short, Args: cobra.ExactArgs(1),
		Example: "  truce notify " + s.name + " N-2026-1 " + s.example,
	}
	fields := []string{"by", "authority", "words"}
	if slices.Contains(s.needs, "until") {
		fields = append(fields, "until")
	}
	fill := bind(cmd, fields...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		row := fill()
		row["step"], row["number"] = string(s.step), args[0]
		return c.runNotify(cmd, row)
	}
	c.finishNotify(cmd, s.needs...)
	return cmd
}

func (c *cli) finishNotify(cmd *cobra.Command, needs ...string) {
	for _, flag := range needs {
		must(cmd.MarkFlagRequired(flag))
	}
	c.jsonFlag(cmd)
}

// asFlag names the flag or the argument instead of the field that an error is of.
func asFlag(cmd *cobra.Command, err error) error {
	field := fieldOf(err)
	if field == "" {
		return err
	}
	name := strings.ToUpper(field)
	if f, some := notifyFlags[field]; some && cmd.Flags().Lookup(f.flag) != nil {
		name = "--" + f.flag
	}
	return fmt.Errorf("%s%s", name, strings.TrimPrefix(err.Error(), field))
}

func (c *cli) runNotify(cmd *cobra.Command, row notifyRow) error {
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.newNotifier(cmd.Context())
	if err != nil {
		return err
	}
	n.alone = true
	if err := n.take(row); err != nil {
		return usageError(cmd, "%w", asFlag(cmd, err))
	}
	receipts, err := n.commit(cmd.Context())
	if err != nil {
		return err
	}
	if c.asJSON {
		return printJSON(c.out, receipts[0])
	}
	c.printReceipt(receipts[0])
	notices, err := a.notices(cmd.Context(), n.terms, 0)
	if err != nil {
		return err
	}
	for _, notice := range notices {
		if notice.Given.Number == receipts[0].Number {
			fmt.Fprintln(c.out, "  "+noticeText(notice))
		}
	}
	return nil
}

// printReceipt is one line a step: what both parties are given.
func (c *cli) printReceipt(r notifyReceipt) {
	known := ""
	if r.Known {
		known = ", known already, nothing changed"
	}
	fmt.Fprintf(c.out, "%s %s by %s: record %d, %s, hash %s, receipt for %s%s\n", r.Number, r.Step, r.By, r.Record, truce.Instant(r.Recorded), r.Hash, joined(r.For), known)
	if r.NoEffect != "" {
		fmt.Fprintf(c.err, "note: recorded, and without effect: %s\n", r.NoEffect)
	}
}

// noticeText says in a sentence how a notification stands.
func noticeText(n agreement.Notice) string {
	text := fmt.Sprintf("%s, notified %s ahead", stateText(n), truce.DurationText(n.Window.From.Sub(n.Window.NotifiedAt)))
	switch {
	case n.Late():
		text += fmt.Sprintf(": late, %s asked for", truce.DurationText(n.Asked))
	case n.Asked > 0:
		text += fmt.Sprintf(", %s asked for", truce.DurationText(n.Asked))
	}
	for _, r := range n.Window.Replies {
		if r.MetAt == 0 {
			text += fmt.Sprintf("; %s asks %s for an answer by %s", r.Rule, r.By, r.Due)
		}
	}
	if n.State == agreement.NoticeProposed {
		switch {
		case n.Silence != 0 && n.Silence <= n.Window.From:
			text += fmt.Sprintf("; silence counts from %s", n.Silence)
		case n.Ack != agreement.AckNone:
			text += fmt.Sprintf("; lapses at %s unless acknowledged", n.Window.From)
		}
	}
	return text
}

// stateText is the state in words.
func stateText(n agreement.Notice) string {
	switch n.State {
	case agreement.NoticeNoAnswer:
		return "no answer, counted as acknowledged"
	case agreement.NoticeLapsed:
		return "lapsed: it began without the acknowledgement it needs"
	case agreement.NoticeSuperseded:
		return "superseded by " + n.Window.ReplacedBy
	}
	return string(n.State)
}

func (c *cli) notifyImportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE...|-",
		Short: "Record many steps from a table or a JSON list",
		Long: "Reads a CSV table or a JSON list of objects, in the order of the file; what is recorded already changes nothing. A row\n" +
			"that cannot be used is kept in quarantine with file, row, field and reason. Exit code 1 when none could be used.\n" +
			"Columns: " + strings.Join(notifyFields[:11], ",") + ",\n  " + strings.Join(notifyFields[11:], ",") + "\n" +
			"step is one of " + joined(writtenSteps()) + ".\nA route is \"LAT LON; LAT LON\", a box \"SOUTH WEST NORTH EAST\".",
		Example: "  truce notify import notifications.csv", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error { return c.runNotifyImport(cmd, files) },
	}
	c.jsonFlag(cmd)
	return cmd
}

// notifyResult is what became of one file.
type notifyResult struct {
	File     string            `json:"file"`
	Recorded int               `json:"recorded"`
	Known    int               `json:"known_already"`
	Refused  []truce.Rejection `json:"quarantined"`
	Receipts []notifyReceipt   `json:"receipts"`
}

func (c *cli) runNotifyImport(cmd *cobra.Command, files []string) error {
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	results, used := []notifyResult{}, false
	for _, file := range files {
		result, err := a.importNotifications(cmd.Context(), c.input(file))
		if err != nil {
			return err
		}
		used = used || len(result.Receipts) > 0
		results = append(results, result)
	}
	if c.asJSON {
		err = printJSON(c.out, results)
	} else {
		c.printNotifyResults(results)
	}
	if err == nil && !used {
		return errQuiet
	}
	return err
}

func (c *cli) printNotifyResults(results []notifyResult) {
	for _, result := range results {
		for _, r := range result.Receipts {
			c.printReceipt(r)
		}
		for _, bad := range result.Refused {
			fmt.Fprintf(c.err, "%s:%d: %s\n", bad.File, bad.Line, bad.Reason)
		}
		fmt.Fprintf(c.out, "%s: %d recorded, %d known already, %d quarantined\n", result.File, result.Recorded, result.Known, len(result.Refused))
	}
}

// importNotifications records the steps of one file; rows that cannot be used go to
// quarantine.
func (a *App) importNotifications(ctx context.Context, in input) (notifyResult, error) {
	out := notifyResult{File: in.shown, Refused: []truce.Rejection{}, Receipts: []notifyReceipt{}}
	file, err := in.open()
	if err != nil {
		return out, err
	}
	defer file.Close()
	rows, err := readNotifications(in.shown, file)
	if err != nil {
		return out, err
	}
	n, err := a.newNotifier(ctx)
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		bad := row.bad
		if bad == nil {
			bad = n.take(row.fields)
		}
		if bad != nil {
			out.Refused = append(out.Refused, truce.Rejection{File: in.name, Line: row.line, Reason: bad.Error(), Raw: row.raw})
		}
	}
	if out.Receipts, err = n.commit(ctx); err != nil {
		return out, err
	}
	for _, r := range out.Receipts {
		if r.Known {
			out.Known++
		} else {
			out.Recorded++
		}
	}
	return out, a.quarantineNotifications(ctx, in.name, out.Refused)
}

// notificationSource is where rows come from that could not be used.
func notificationSource() truce.SourceInfo {
	return truce.SourceInfo{ID: "notifications", Title: "Notifications of the parties", Family: truce.FamilyParty, Licence: "the mission's own", Attribution: "The Mission"}
}

func (a *App) quarantineNotifications(ctx context.Context, file string, rows []truce.Rejection) error {
	if len(rows) == 0 {
		return nil
	}
	session, err := a.door.Open(ctx, a.declared(notificationSource()), file)
	if err != nil {
		return err
	}
	return rejectAll(session, rows)
}

func rejectAll(session *intake.Session, rows []truce.Rejection) error {
	for _, row := range rows {
		if err := session.Reject(row); err != nil {
			return err
		}
	}
	_, err := session.Close()
	return err
}
