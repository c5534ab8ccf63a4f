package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

// alertAsCAP writes an alert as a CAP 1.2 document: restricted to those it was addressed
// to, with area names and no places. It is one document for all of them, and where parties
// are among them it names no alert that did not go to parties.
func (a *App) alertAsCAP(ctx context.Context, id truce.AlertID) ([]byte, error) {
	row, err := a.store.Alert(ctx, id)
	if err != nil {
		return nil, err
	}
	terms, err := a.guaranteeDesk().Terms(ctx)
	if err != nil {
		return nil, err
	}
	areas := map[truce.AreaID]capxml.AreaShape{}
	for id, names := range terms.Areas {
		areas[id] = capxml.AreaShape{Names: names}
	}
	sender, inception, err := a.guaranteeDesk().CAPSender(ctx)
	if err != nil {
		return nil, err
	}
	referred, err := a.guaranteeDesk().Referred(ctx, row.Alert)
	if err != nil {
		return nil, err
	}
	document, err := capxml.From(alert.Shared(row.Alert, referred), capxml.Config{
		Sender: sender, SenderName: truce.Names{"en": inception.Mission}, Base: a.cfg.Alerts.Base, Areas: areas,
		Sent: func(earlier truce.AlertID) (truce.Instant, bool) {
			i := slices.IndexFunc(referred, func(of truce.Alert) bool { return of.ID == earlier })
			if i < 0 {
				return 0, false
			}
			return referred[i].Release, true
		},
	})
	if err != nil {
		return nil, err
	}
	return capxml.Encode(document)
}

func (c *cli) capCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "cap ALERT", Short: "Print an alert as a CAP 1.2 document", Example: "  truce alerts cap 01J5ZK3Q8RM4T0V7W2X9Y6B1CD > alert.cap",
		Long: "The Common Alerting Protocol is what civil-protection systems read. With alerts.webhook: cap in truce.yaml receivers\nof signed messages get this document instead of JSON. An exercise has the status Exercise.",
		Args: cobra.ExactArgs(1),
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var id truce.AlertID
		if err := id.UnmarshalText([]byte(args[0])); err != nil {
			return usageError(cmd, "ALERT: %w", err)
		}
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		document, err := a.alertAsCAP(cmd.Context(), id)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s", document)
		return err
	}
	return cmd
}

func (c *cli) answerCAPCommand() *cobra.Command {
	return &cobra.Command{
		Use: "ack-cap ALERT PERSON", Short: "Print the last answer of a person to an alert as a CAP 1.2 document", Example: "  truce alerts ack-cap 01J5ZK3Q8RM4T0V7W2X9Y6B1CD far-duty > ack.cap",
		Long: "An Ack, or an Error where the answer is an objection, that refers to the alert as truce alerts cap prints it. Its code\nelements say which answer it is, its note holds the words. truce ack --cap reads it.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var id truce.AlertID
			if err := id.UnmarshalText([]byte(args[0])); err != nil {
				return usageError(cmd, "ALERT: %w", err)
			}
			a, err := c.openReading(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			document, err := a.guaranteeDesk().AnswerAsCAP(cmd.Context(), id, truce.PersonID(args[1]), func(truce.Acknowledgement) bool { return true })
			if err != nil {
				return err
			}
			_, err = c.out.Write(document)
			return err
		},
	}
}
