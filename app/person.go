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
		Short: "Enrol, confirm and withdraw the people who sign in and sign",
		Long: "A person here is a post with a role, never a private name. A mechanism lead adds a person and hands over the link;\n" +
			"the person opens it, gets a token that nobody else has seen, and tells a second person the code that comes with it;\n" +
			"once that second person has confirmed the code, what the person signs counts. The first two people of a directory\n" +
			"are its founders: a mechanism lead, added without a token, and somebody who may confirm the others.\n" +
			"docs/guarantees.md says what this holds against and what not.",
		Example: "  truce person add lead --office mechanism_lead\n  truce person list",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.personAddCommand(), c.personAcceptCommand(), c.personConfirmCommand(), c.personListCommand(), c.personWithdrawCommand())
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
		Short: "Enrol a person, or one on record anew, and print the link to hand over, once",
		Long: "What is printed ends the address of the link: where the room is, then /sign-in/, then this; truce person accept opens\n" +
			"it too. The first person of a directory gets a token instead, and so does everybody of an exercise. A person who is\n" +
			"on record already is enrolled anew: the old token ceases to work at once, and the new one waits to be confirmed.",
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
	flags.BoolVar(&opt.person.OneTime, "one-time", false, "in an exercise too print a link instead of the token")
	flags.DurationVar(&opt.expires, "expires", 0, "the link ends after this time (default 168h), in an exercise the token")
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
	var lead guarantee.Token
	if len(people) > 0 {
		if lead, err = c.token(tokenFile); err != nil {
			return err
		}
	}
	added, err := d.Add(cmd.Context(), lead, opt.build(truce.InstantOf(d.Now())))
	if err != nil {
		return err
	}
	say := "keep the token safe, it is shown this once"
	if added.Link {
		say = fmt.Sprintf("hand the link to %s and to nobody else, it is shown this once and works once", added.Person.ID)
	}
	fmt.Fprintf(c.err, "%s; %s\n", receipt(added.Receipt), say)
	_, err = fmt.Fprintln(c.out, added.Token)
	return err
}

func (c *cli) personAcceptCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "accept", Short: "Open the link you were handed and print your token, once",
		Long: "What the room does when its button is pressed. The code on standard error is for the one who confirms you: tell it\n" +
			"yourself, over the telephone or face to face. If the link was used up before you came, somebody else has opened it:\n" +
			"say so.",
		Example: "  truce person accept --token-file my.link > my.token", Args: cobra.NoArgs,
	}
	link := cmd.Flags().String("token-file", "", "file with the link or what ends it, - for standard input (default: $"+tokenVariable+")")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.signedBy(cmd.Context(), *link, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			return c.acceptLink(cmd, d, token)
		})
	}
	return cmd
}

func (c *cli) acceptLink(cmd *cobra.Command, d *guarantee.Desk, link guarantee.Token) error {
	link = link[strings.LastIndexByte(string(link), '/')+1:]
	p, token, err := d.SignIn(cmd.Context(), link)
	if err != nil {
		return err
	}
	if token == link {
		return truce.Errorf(truce.CodeConflict, "this is the token of %s and no link: there is nothing to open", p.ID)
	}
	fmt.Fprintf(c.err, "you are %s; keep the token safe, it is shown this once\n", p.ID)
	if !p.Stands() {
		code, err := p.Code()
		if err != nil {
			return err
		}
		fmt.Fprintf(c.err, "your code: %s\ntell it to the one who confirms you; until then nothing you sign counts\n", code)
	}
	_, err = fmt.Fprintln(c.out, token)
	return err
}

func (c *cli) personConfirmCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "confirm ID CODE", Short: "Confirm a person whom somebody else enrolled, with the code the person told you",
		Long: "Take the code from the person, whom you know, and from nobody else: not from the one who enrolled them, and not in\n" +
			"writing. It is a digest of who is to be what with which key, so that it fits only if nobody opened the link in the\n" +
			"person's place. Your signature under it is on record.",
		Example: "  truce person confirm an-1 7H2K-0C9M-XW4T", Args: cobra.ExactArgs(2),
	}
	token := tokenFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.signedBy(cmd.Context(), *token, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			p, r, err := d.Confirm(cmd.Context(), token, truce.PersonID(args[0]), args[1])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%s is confirmed as %s: %s\n", p.ID, strings.ReplaceAll(string(p.Office), "_", " "), receipt(r))
			return err
		})
	}
	return cmd
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
	l := listing{Columns: []string{"id", "name", "role", "office", "of", "language", "reached_by", "state", "enrolled_by", "confirmed_by"}, Objects: rows}
	for _, p := range rows {
		var ways []string
		for _, contact := range p.Contacts {
			ways = append(ways, string(contact.Channel))
		}
		enrolled, confirmed := vouchers(p.Person)
		l.Rows = append(l.Rows, []string{string(p.ID), p.Name, string(p.Role), string(p.Office), string(p.Party) + string(p.State), p.Language, strings.Join(ways, " "),
			personState(p.Person), enrolled, confirmed})
	}
	return l
}

// personState says in a word whether what a person signs counts.
func personState(p truce.Person) string {
	switch {
	case p.Withdrawn:
		return "withdrawn"
	case p.OneTime:
		return "invited"
	case !p.Stands():
		return "unconfirmed"
	}
	return "active"
}

// vouchers are who enrolled a person and who confirmed it.
func vouchers(p truce.Person) (enrolled, confirmed string) {
	enrolled = string(p.InvitedBy())
	switch e := p.Enrolment; {
	case e == nil:
	case e.Kind != truce.EnrolmentInvited:
		confirmed = string(e.Kind)
	case e.Confirmed != nil:
		confirmed = string(e.Confirmed.By)
	}
	return enrolled, confirmed
}

func (c *cli) personWithdrawCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "withdraw ID", Short: "End a person's access; what was signed stays", Example: "  truce person withdraw an-3", Args: cobra.ExactArgs(1)}
	token := tokenFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.signedBy(cmd.Context(), *token, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			r, err := d.Withdraw(cmd.Context(), token, truce.PersonID(args[0]))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%s withdrawn: %s\n", args[0], receipt(r))
			return err
		})
	}
	return cmd
}
