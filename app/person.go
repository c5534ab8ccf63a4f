package app

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
)

func (c *cli) personCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "person",
		Short: "Give and withdraw the tokens by which people sign in and sign",
		Long: "A person here is a post with a role, never a private name. The token is shown once; the store keeps its hash and\n" +
			"the public key derived from it. The first person of a directory is added without a token, later ones by a\n" +
			"mechanism lead. docs/guarantees.md says which office may do what.",
		Example: "  truce person add lead --office mechanism_lead\n  truce person list",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.personAddCommand(), c.personListCommand(), c.personWithdrawCommand())
	return cmd
}

// personOptions are the flags of `truce person add`.
type personOptions struct {
	person  truce.Person
	email   string
	webhook string
	drill   bool
	expires time.Duration
	role    string
	office  string
	party   string
	state   string
}

func (c *cli) personAddCommand() *cobra.Command {
	var opt personOptions
	cmd := &cobra.Command{
		Use:   "add ID",
		Short: "Enrol a person and print the token, once",
		Example: "  truce person add lead --office mechanism_lead --name \"Mechanism lead\"\n" +
			"  truce person add far-duty --office duty_officer --state FAR --name \"Duty officer, Farland\" --email duty@far.example",
		Args: cobra.ExactArgs(1),
	}
	token := tokenFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&opt.office, "office", "", "post: "+strings.Join(texts(truce.Offices()), ", "))
	flags.StringVar(&opt.role, "role", "", "role of a person without an office: "+strings.Join(texts(truce.Roles()), ", "))
	flags.StringVar(&opt.party, "party", "", "party of a liaison, e.g. A")
	flags.StringVar(&opt.state, "state", "", "state of a guarantor or contributor, e.g. FR")
	flags.StringVar(&opt.person.Name, "name", "", "name of the post (default: the ID)")
	flags.StringVar(&opt.person.Language, "lang", "en", "language of what is sent: en or uk")
	flags.StringVar(&opt.email, "email", "", "address of the post")
	flags.StringVar(&opt.webhook, "webhook", "", "address that signed messages are posted to")
	flags.BoolVar(&opt.drill, "drill", false, "these contacts may be used by exercises")
	flags.BoolVar(&opt.person.OneTime, "one-time", false, "the token is a one-time link: the first sign-in exchanges it")
	flags.DurationVar(&opt.expires, "expires", 0, "the token ends after this time, e.g. 720h")
	must(cmd.RegisterFlagCompletionFunc("office", cobra.FixedCompletions(texts(truce.Offices()), cobra.ShellCompDirectiveNoFileComp)))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		opt.person.ID = truce.PersonID(args[0])
		return c.withDesk(cmd.Context(), func(_ *App, d *guarantee.Desk) error { return c.addPerson(cmd, d, opt, *token) })
	}
	return cmd
}

func (c *cli) addPerson(cmd *cobra.Command, d *guarantee.Desk, opt personOptions, tokenFile string) error {
	people, err := d.Store.People(cmd.Context())
	if err != nil {
		return err
	}
	if len(people) > 0 {
		lead, err := c.token(tokenFile)
		if err == nil {
			err = d.Lead(cmd.Context(), lead)
		}
		if err != nil {
			return err
		}
	}
	token, r, err := d.Enrol(cmd.Context(), opt.build(truce.InstantOf(d.Now())))
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%s; keep the token safe, it is shown this once\n", receipt(r))
	_, err = fmt.Fprintln(c.out, token)
	return err
}

func (o personOptions) build(now truce.Instant) truce.Person {
	p := o.person
	p.Office, p.Role, p.Party, p.State = truce.Office(o.office), truce.Role(o.role), truce.PartyID(o.party), truce.StateID(o.state)
	if p.Role == "" {
		p.Role = p.Office.Role()
	}
	if p.Name == "" {
		p.Name = string(p.ID)
	}
	if o.expires > 0 {
		p.Expires = now.Add(o.expires)
	}
	if o.email != "" {
		p.Contacts = append(p.Contacts, truce.Contact{Channel: truce.ChannelEmail, Address: o.email, Drill: o.drill})
	}
	if o.webhook != "" {
		p.Contacts = append(p.Contacts, truce.Contact{Channel: truce.ChannelWebhook, Address: o.webhook, Drill: o.drill})
	}
	p.Contacts = append(p.Contacts, truce.Contact{Channel: truce.ChannelConsole, Drill: true})
	return p
}

func (c *cli) personListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List people with role, office and how they are reached", Example: "  truce person list --format csv", Args: cobra.NoArgs}
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		rows, err := a.store.People(cmd.Context())
		if err != nil {
			return err
		}
		return peopleListing(rows).print(c.out, *format)
	}
	return cmd
}

func peopleListing(rows []truce.PersonRow) listing {
	l := listing{Columns: []string{"id", "name", "role", "office", "of", "language", "reached_by", "state"}, Objects: rows}
	for _, p := range rows {
		state := "active"
		if p.Withdrawn {
			state = "withdrawn"
		}
		var ways []string
		for _, contact := range p.Contacts {
			ways = append(ways, string(contact.Channel))
		}
		l.Rows = append(l.Rows, []string{string(p.ID), p.Name, string(p.Role), string(p.Office), string(p.Party) + string(p.State), p.Language, strings.Join(ways, " "), state})
	}
	return l
}

func (c *cli) personWithdrawCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "withdraw ID", Short: "End a person's access; what was signed stays", Example: "  truce person withdraw an-3", Args: cobra.ExactArgs(1)}
	token := tokenFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.signedBy(cmd.Context(), *token, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			if err := d.Lead(cmd.Context(), token); err != nil {
				return err
			}
			r, err := d.Withdraw(cmd.Context(), truce.PersonID(args[0]))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%s withdrawn: %s\n", args[0], receipt(r))
			return err
		})
	}
	return cmd
}
