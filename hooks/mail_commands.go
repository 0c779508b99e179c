package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/mailfile"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

func (p *plugin) mailCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "mail", Short: "Looks into mails and imports them"}
	cmd.AddCommand(mailInspectCommand(), p.mailImportCommand())
	return cmd
}

// mailInspectCommand needs no data folder.
func mailInspectCommand() *cobra.Command {
	var body string
	cmd := &cobra.Command{
		Use:   "inspect PATH...",
		Short: "Prints what is read of mails, one JSON line a mail",
		Long: "Prints one JSON line a file, or a mail of an mbox with several (file#1, file#2 …), in order: subject, from, to, date, message_id, in_reply_to, references, text, html, reply,\n" +
			"attachments, auto, auto_why, bounce and errors; \"-\" is standard input. With --body a file holds a bare body, text or html,\n" +
			"of which reply is what matters. A file that can't be read has its line too; the exit code is 0 only if all could be.",
		Args: cobra.MinimumNArgs(1), SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{aloneMark: "1"},
		RunE: func(cmd *cobra.Command, files []string) error {
			if body != "" && body != "text" && body != "html" {
				return fmt.Errorf("--body is text or html, not %q", body)
			}
			return mailInspect(cmd, files, body)
		},
	}
	cmd.Flags().StringVar(&body, "body", "", "the files are bare bodies: text or html")
	return cmd
}

func mailInspect(cmd *cobra.Command, files []string, body string) error {
	lines, failed := 0, 0
	tell := func(name string, m *mailin.Mail, err error) error {
		if lines++; err != nil {
			failed++
		}
		return mailin.Inspect(cmd.OutOrStdout(), name, m, err) // its error: nobody reads on
	}
	for _, name := range files {
		if body == "" && name != "-" {
			if several, err := mailfile.Several(name); err == nil && several {
				if err := inspectMbox(cmd, name, tell); err != nil {
					return err
				}
				continue
			}
		}
		m, err := inspectFile(cmd, name, body)
		if err := tell(name, m, err); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d mails could not be read", failed, lines)
	}
	return nil
}

// inspectMbox tells of each mail of a file that holds several. What was passed over
// there has a line of its own at the end.
func inspectMbox(cmd *cobra.Command, name string, tell func(name string, m *mailin.Mail, err error) error) error {
	var gone error
	err := mailfile.Walk(name, func(part string, raw []byte) error {
		m, err := mailin.Parse(contextOf(cmd), raw)
		gone = tell(part, m, err)
		return gone
	})
	if gone != nil || err == nil {
		return gone
	}
	return tell(name, nil, err)
}

func contextOf(cmd *cobra.Command) context.Context {
	if ctx := cmd.Context(); ctx != nil {
		return ctx
	}
	return context.Background()
}

// inspectFile reads no more of a file than a mail may have, and one byte.
func inspectFile(cmd *cobra.Command, name, body string) (*mailin.Mail, error) {
	var r io.Reader = cmd.InOrStdin()
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	raw, err := io.ReadAll(io.LimitReader(r, inbound.MaxSize+1))
	if err != nil {
		return nil, err
	}
	ctx := contextOf(cmd)
	if body != "" {
		return mailin.Body(ctx, raw, body)
	}
	return mailin.Parse(ctx, raw)
}

func (p *plugin) mailImportCommand() *cobra.Command {
	var o mailImport
	cmd := &cobra.Command{
		Use:   "import PATH...",
		Short: "Takes in old mails: mbox files, Maildir folders, .eml files",
		Long: "Takes in mails from mbox files, Maildir folders, folders of .eml files and single ones, in their order. What was taken in\n" +
			"before is known again and left alone. Old mail is not acknowledged. A JSON object with counts is\n" +
			"printed at the end.",
		Args: p.fails(cobra.MinimumNArgs(1)), SilenceUsage: true, SilenceErrors: true,
		RunE: p.fails(func(cmd *cobra.Command, paths []string) error {
			if !p.on() {
				return errors.New("PocketDesk's schema is not in this data folder; run serve or migrate up first")
			}
			return p.importMail(cmd, o, paths)
		}),
	}
	cmd.Flags().StringVar(&o.mailbox, "mailbox", "", "name of the mailbox to which they belong")
	cmd.Flags().BoolVar(&o.quiet, "no-ack", true, "send no acknowledgements; --no-ack=false sends them as if the mails came today")
	return cmd
}

// mailImport is what the command was asked for, and what came of it.
type mailImport struct {
	mailbox string
	quiet   bool

	Read      int            `json:"read"`
	Taken     int            `json:"taken"`
	Known     int            `json:"known"` // taken in before
	Refused   int            `json:"refused"`
	Outcomes  map[string]int `json:"outcomes"` // of those taken, by outcome; failed are those that can't be read
	Remaining int            `json:"remaining"`
}

// importEvery is how many mails are stored before they are read.
const importEvery = 500

func (p *plugin) importMail(cmd *cobra.Command, o mailImport, paths []string) error {
	box := ""
	if o.mailbox != "" {
		b, err := desk.FindMailboxNamed(p.app, o.mailbox)
		if err != nil {
			return fmt.Errorf("there is no mailbox named %q", o.mailbox)
		}
		box = b.Id
	}
	o.Outcomes = map[string]int{}
	var taken []string
	flush := func() error {
		if _, err := p.inbound.Drain(cmd.Context()); err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%d mails read, %d taken in\n", o.Read, o.Taken)
		err := o.count(p, taken)
		taken = taken[:0]
		return err
	}
	for _, path := range paths {
		err := mailfile.Walk(path, func(name string, raw []byte) error {
			o.Read++
			id, again, err := p.inbound.Take(inbound.Raw{Mailbox: box, Source: desk.FromImport, Data: raw, Quiet: o.quiet})
			switch {
			case errors.Is(err, inbound.ErrEmpty), errors.Is(err, inbound.ErrTooLarge):
				o.Refused++
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %v\n", name, err)
				return nil
			case err != nil:
				return err
			case again:
				o.Known++
				return nil
			}
			o.Taken++
			if taken = append(taken, id); len(taken) >= importEvery {
				return flush()
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := flush(); err != nil {
		return err
	}
	p.outbox.Kick()
	if err := json.NewEncoder(cmd.OutOrStdout()).Encode(o); err != nil {
		return err
	}
	if o.Refused+o.Outcomes[desk.MailFailed] > 0 {
		return fmt.Errorf("%d mails could not be read; see the list of mails in the Desk", o.Refused+o.Outcomes[desk.MailFailed])
	}
	return nil
}

// count adds what became of mails.
func (o *mailImport) count(p *plugin, ids []string) error {
	for _, id := range ids {
		m, err := desk.FindInboundMail(p.app, id)
		if err != nil {
			return err
		}
		switch m.Status() {
		case desk.MailReceived: // tried again later, by the server
			o.Remaining++
		case desk.MailFailed:
			o.Outcomes[desk.MailFailed]++
		default:
			o.Outcomes[m.Outcome()]++
		}
	}
	return nil
}
