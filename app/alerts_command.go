package app

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

// maxCAPFiles bounds the messages of one command.
const maxCAPFiles = 1000

func (c *cli) ackCommand() *cobra.Command {
	var position, text string
	var asCAP bool
	cmd := &cobra.Command{
		Use:   "ack ALERT KIND | ack --cap FILE...",
		Short: "Acknowledge an alert, signed: delivered, read, received_by_authority or position_taken",
		Long: "An alert without an answer in time is a record too, and goes to the next office. A position (agree, reserve or\nobject) goes with position_taken." +
			"\n\nWith --cap the answers are CAP 1.2 messages (Ack, or Error of an objection) in files, - for standard input: what they\nrefer to is answered, and signed with your token. They must name you as their sender. A message may come in an\nenvelope such as that of EDXL-DE. One that is on record already changes nothing. A plain Ack says that the alert was\ndelivered; docs/guarantees.md shows how it says more.",
		Example: "  truce ack 01J5ZK3Q8RM4T0V7W2X9Y6B1CD received_by_authority\n" +
			"  truce ack 01J5ZK3Q8RM4T0V7W2X9Y6B1CD position_taken --position reserve --text \"parliament meets on Tuesday\"\n" +
			"  truce ack --cap answer.xml",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case asCAP && (len(args) == 0 || len(args) > maxCAPFiles):
				return usageError(cmd, "--cap: name 1 to %d files, - for standard input", maxCAPFiles)
			case asCAP:
				return nil
			}
			return cobra.ExactArgs(2)(cmd, args)
		},
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&position, "position", "", "agree, reserve or object")
	cmd.Flags().StringVar(&text, "text", "", "in words")
	cmd.Flags().BoolVar(&asCAP, "cap", false, "the arguments are files with CAP messages")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if asCAP && (position != "" || text != "") {
			return usageError(cmd, "--position and --text stand in the message itself with --cap")
		}
		if asCAP && *token == "-" && slices.Contains(args, "-") {
			return usageError(cmd, "--token-file - and a message from standard input: put one of them into a file")
		}
		if asCAP {
			return c.ackFiles(cmd, *token, args)
		}
		var id truce.AlertID
		if err := id.UnmarshalText([]byte(args[0])); err != nil {
			return usageError(cmd, "ALERT: %w", err)
		}
		return c.signedBy(cmd.Context(), *token, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			ack, r, err := d.Acknowledge(cmd.Context(), token, id, truce.AcknowledgeKind(args[1]), truce.Position(position), text)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, ack)
			}
			_, err = fmt.Fprintf(c.out, "%s\n%s\n", ackLine(ack), receipt(r))
			return err
		})
	}
	return cmd
}

// ackLine is an answer in words.
func ackLine(ack truce.Acknowledgement) string {
	late := ""
	if ack.Late {
		late = fmt.Sprintf(", late: it was due at %s", moment(ack.Due))
	}
	return fmt.Sprintf("%s by %s at %s%s", ack.Kind, ack.Person, moment(ack.At), late)
}

// ackFiles records the answers of files in their order, and stops at the first that is not
// taken: those before it stay.
func (c *cli) ackFiles(cmd *cobra.Command, tokenFile string, files []string) error {
	return c.signedBy(cmd.Context(), tokenFile, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
		all := []guarantee.CAPAnswer{}
		for _, name := range files {
			document, err := c.readMessage(name)
			if err != nil {
				return err
			}
			done, err := d.AcknowledgeCAP(cmd.Context(), token, document)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			for _, a := range done {
				said := fmt.Sprintf("record %d", a.Seq)
				if a.Known {
					said = fmt.Sprintf("on record already, record %d", a.Seq)
				}
				if !c.asJSON {
					fmt.Fprintf(c.out, "%s: alert %s: %s\n%s\n", name, a.Acknowledgement.Alert, ackLine(a.Acknowledgement), said)
				}
			}
			all = append(all, done...)
		}
		if c.asJSON {
			return printJSON(c.out, all)
		}
		return nil
	})
}

// readMessage reads a file no longer than a CAP document may be.
func (c *cli) readMessage(name string) ([]byte, error) {
	in := c.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	document, err := io.ReadAll(io.LimitReader(in, capxml.MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return document, nil // one that is too long is refused with its bound when it is read
}

func (c *cli) alertsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "alerts", Short: "List alerts: to whom, when released, who has answered", Example: "  truce alerts --case C-2026-19", Args: cobra.NoArgs}
	format := c.formatFlag(cmd)
	var number string
	cmd.Flags().StringVar(&number, "case", "", "only of this case")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		boxes, err := a.guaranteeDesk().Alerts(cmd.Context(), number)
		if err != nil {
			return err
		}
		return alertListing(boxes).print(c.out, *format)
	}
	cmd.AddCommand(c.capCommand(), c.answerCAPCommand(), c.paperCheckCommand())
	return cmd
}

func alertListing(boxes []guarantee.AlertView) listing {
	l := listing{Columns: []string{"alert", "kind", "tier", "release", "to", "reached", "answered", "silent", "waits", "headline"}, Objects: boxes}
	for _, b := range boxes {
		waits := ""
		if b.Waits > 0 {
			waits = truce.DurationText(b.Waits.Duration())
		}
		l.Rows = append(l.Rows, []string{b.Alert.ID.String(), string(b.Alert.Kind), string(b.Alert.Tier), moment(b.Alert.Release), fmt.Sprint(len(b.Alert.To)),
			fmt.Sprint(b.Reached), fmt.Sprint(b.Answered), fmt.Sprint(b.Silent), waits, b.Alert.Read(true).Headline.In("en")})
	}
	return l
}
