package pb_migrations

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		if err := errors.Join(mailboxes(app), secrets(app)); err != nil {
			return err
		}
		return errors.Join(inboundMails(app), heldForCase(app), mailSettings(app))
	})
}

// mailboxes are those that mail is fetched from. Their passwords stand elsewhere.
func mailboxes(app core.App) error {
	c := table(app, desk.Mailboxes,
		presentable(required(text("name", 60, "Short and unique; a webhook is bound to a mailbox by it."))),
		text("address", 254, "The address that visitors write to."),
		text("host", 253, "IMAP server; empty for a mailbox that a webhook feeds."),
		whole("port", "993 for TLS, 143 for STARTTLS."),
		choice("security", "", "tls", "starttls", "none"),
		text("username", 254, ""),
		choice("auth", "", "password", "xoauth2"),
		choice("provider", "Of xoauth2.", "google", "microsoft"),
		text("client_id", 300, "Of xoauth2."),
		text("folder", 200, "Empty: INBOX."),
		choice("after", "What happens on the server to a mail that was taken in.", "keep", "seen", "move"),
		text("move_to", 200, "Folder for after = move."),
		relation("form", desk.Forms, "Form to which new messages belong; empty: the default form."),
		relation("team", desk.Teams, "Team of new cases, unless a keyword gives another."),
		flag("enabled", ""),
		whole("poll_seconds", "How often to look where the server doesn't tell of new mail; 0: every minute."),
		whole("uid_validity", "Kept by the system."),
		whole("last_uid", "Kept by the system."),
		date("last_at", "When the server was last reached. Kept by the system."),
		choice("state", "Kept by the system.", "off", "ok", "failing"),
		text("last_error", 1_000, "Kept by the system."),
	)
	c.ListRule, c.ViewRule = rule(adminOnly), rule(adminOnly)
	c.CreateRule, c.UpdateRule, c.DeleteRule = rule(adminOnly), rule(adminOnly), rule(adminOnly)
	unique(c, "name", "name", "")
	return app.Save(c)
}

// secrets are kept encrypted, and no rule opens them.
func secrets(app core.App) error {
	c := table(app, desk.Secrets,
		presentable(required(text("name", 100, ""))),
		hidden(text("value", 40_000, "Encrypted with a key from the environment or the data folder.")),
	)
	unique(c, "name", "name", "")
	return app.Save(c)
}

func inboundMails(app core.App) error {
	raw := &core.FileField{Name: "raw", MaxSelect: 1, MaxSize: 40 << 20, Protected: true, Help: "The mail as it came. Removed after the retention time."}
	c := table(app, desk.InboundMails,
		relation("mailbox", desk.Mailboxes, "Empty where none was named."),
		choice("source", "", desk.FromIMAP, desk.FromWebhook, desk.FromImport),
		whole("uid", "The server's number of the mail."), whole("uid_validity", ""),
		text("message_id", 300, "A digest where the mail has none."),
		text("taken", 40, "A digest of mailbox and Message-ID, by which no mail is taken twice."),
		whole("size", "Bytes."),
		raw,
		presentable(text("from_addr", 254, "")),
		text("subject", 300, ""),
		date("received_at", "When it came in here."),
		choice("status", "", desk.MailReceived, desk.MailDone, desk.MailFailed, desk.MailDuplicate),
		choice("outcome", "", desk.MailCase, desk.MailJoined, desk.MailQuarantined, desk.MailBlocked,
			desk.MailBounce, desk.MailAuto, desk.MailReceipt, desk.MailIgnored),
		text("reason", 60, "Why it got this outcome: one word."),
		relation("case", desk.Cases, ""),
		relation("message", desk.Messages, ""),
		relation("feedback", desk.Feedbacks, ""),
		text("error", 1_000, ""),
		whole("attempts", ""),
		date("next_attempt", ""),
		flag("quiet", "Old mail: nobody gets an acknowledgement."),
	)
	c.ListRule, c.ViewRule = rule(adminOnly), rule(adminOnly)
	unique(c, "message_id", "mailbox, message_id", "mailbox != ''")
	// without a mailbox too; one that is deleted leaves its mails there, whose digests stay
	unique(c, "taken", "taken", "taken != ''")
	index(c, "known", "message_id", "")
	index(c, "due", "created", "status = 'received'") // the order in which they are read
	index(c, "status", "status, created", "")
	index(c, "outcome", "outcome, created", "")
	index(c, "created", "created, id", "")
	index(c, "kept", "created", "raw != ''")
	index(c, "from", "from_addr", "from_addr != ''")
	index(c, "case", "case", "") // PocketBase looks here when it deletes one of them
	index(c, "message", "message", "")
	index(c, "feedback", "feedback", "")
	return app.Save(c)
}

// heldForCase lets a mail wait in quarantine that belongs to a case but comes
// from somebody else. Who may not see the case may not see that either.
func heldForCase(app core.App) error {
	err := change(app, desk.Verdicts, func(c *core.Collection) {
		c.Fields.Add(relation("for_case", desk.Cases, "The case that it answers, where somebody else wrote. Kept by the system."))
		index(c, "for_case", "for_case", "") // PocketBase looks here when it deletes a case
	})
	if err != nil {
		return err
	}
	for id, path := range map[string]string{desk.Verdicts: "", desk.Feedbacks: named(app, desk.Verdicts) + "_via_feedback."} {
		err := change(app, id, func(c *core.Collection) {
			team := path + "for_case.team"
			also := ` && (@request.auth.role != "agent" || ` + team + ` ?= "" || ` + team + ` ?= @request.auth.team)`
			for _, r := range []**string{&c.ListRule, &c.ViewRule} {
				if *r != nil && !strings.Contains(**r, team) {
					*r = rule(**r + also)
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func mailSettings(app core.App) error {
	return change(app, desk.SettingsID, func(c *core.Collection) {
		c.Fields.Add(object("mail", 8_000, "{authserv_id, own_domains, dkim: {domain, selector}, plus, keep_raw_days}."))
	})
}
