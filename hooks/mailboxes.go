package hooks

import (
	"context"
	"net/http"
	"strings"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// checkTime is how long the check of a mailbox may take.
const checkTime = 20 * time.Second

// bindMailboxes lets admins set up the mailboxes that mail is fetched from. What
// they change by the records' API takes effect at once.
func (p *plugin) bindMailboxes() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.mailboxes",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/mailboxes", p.administers(p.listMailboxes))
				e.Router.POST("/api/desk/mailboxes/{id}/password", p.administers(p.setMailboxPassword))
				e.Router.POST("/api/desk/mailboxes/{id}/check", p.administers(p.checkMailbox))
			}
			return e.Next()
		},
	})
	p.app.OnRecordValidate(desk.Mailboxes).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.check." + desk.Mailboxes,
		Func: func(e *core.RecordEvent) error {
			if errs := checkMailboxRecord(e.Record); len(errs) > 0 {
				return errs
			}
			return e.Next()
		},
	})
	p.app.OnRecordUpdate(desk.Mailboxes).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.mailboxes.moved",
		Func: func(e *core.RecordEvent) error {
			before := e.Record.Original()
			for _, field := range []string{"host", "username", "folder"} {
				if before.GetString(field) != e.Record.GetString(field) { // another folder counts anew
					e.Record.Set("uid_validity", 0)
					e.Record.Set("last_uid", 0)
				}
			}
			if err := e.Next(); err != nil {
				return err
			}
			// a password is for the server that it was given for, and goes to no other
			if host := before.GetString("host"); host != "" && !strings.EqualFold(host, e.Record.GetString("host")) {
				return desk.SetSecret(e.App, desk.MailboxSecret(e.Record.Id), "")
			}
			return nil
		},
	})
	changed := func(e *core.RecordEvent) error {
		desk.Forget(e.App, desk.Mailboxes)
		if p.on() {
			p.fetcher.Sync()
		}
		return e.Next()
	}
	p.app.OnRecordAfterCreateSuccess(desk.Mailboxes).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.mailboxes.create", Func: changed})
	p.app.OnRecordAfterUpdateSuccess(desk.Mailboxes).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.mailboxes.update", Func: changed})
	p.app.OnRecordAfterDeleteSuccess(desk.Mailboxes).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.mailboxes.delete",
		Func: func(e *core.RecordEvent) error {
			if err := desk.SetSecret(e.App, desk.MailboxSecret(e.Record.Id), ""); err != nil {
				return err
			}
			return changed(e)
		},
	})
}

func checkMailboxRecord(r *core.Record) validation.Errors {
	errs := validation.Errors{}
	if a := r.GetString("address"); a != "" {
		if _, err := mail.NormalizeAddress(a); err != nil {
			errs["address"] = validation.NewError("email_invalid", "This is no mail address.")
		}
	}
	if h := r.GetString("host"); strings.ContainsAny(h, " /\r\n\t") {
		errs["host"] = validation.NewError("host_invalid", "Give the server's name alone, such as imap.example.com.")
	} else if h != "" && r.GetString("username") == "" {
		errs["username"] = validation.NewError("validation_required", "Give the name to log in with.")
	}
	if n := r.GetInt("port"); n < 0 || n > 65535 {
		errs["port"] = validation.NewError("out_of_range", "A port is 1 to 65535; 0 takes the usual one.")
	}
	if n := r.GetInt("poll_seconds"); n != 0 && (n < 10 || n > 3600) {
		errs["poll_seconds"] = validation.NewError("out_of_range", "Use 10 to 3600 seconds, or 0 for a minute.")
	}
	folder := r.GetString("folder")
	if folder == "" {
		folder = "INBOX"
	}
	if r.GetString("after") == imapbox.Move && (r.GetString("move_to") == "" || r.GetString("move_to") == folder) {
		errs["move_to"] = validation.NewError("validation_required", "Name another folder to which mails go.")
	}
	if r.GetString("auth") == "xoauth2" && (r.GetString("provider") == "" || r.GetString("client_id") == "") {
		errs["provider"] = validation.NewError("validation_required", "Choose the provider and give the client id.")
	}
	return errs
}

// administers lets admins through.
func (p *plugin) administers(h staffHandler) func(*core.RequestEvent) error {
	return p.works(func(e *core.RequestEvent, agent *desk.Agent) error {
		if !agent.Admin() {
			return e.ForbiddenError("This is for admins.", nil)
		}
		return h(e, agent)
	})
}

// mailboxView is a mailbox with what is known of its password.
func (p *plugin) mailboxView(box *desk.Mailbox) map[string]any {
	out := box.PublicExport()
	name := desk.MailboxSecret(box.Id)
	out["password"] = ""
	if desk.FromEnv(p.app, name) != "" {
		out["password"] = "env"
	} else if kept, err := desk.Secret(p.app, name); err != nil {
		out["password"] = "lost" // kept under another key
	} else if kept != "" {
		out["password"] = "kept"
	}
	return out
}

func (p *plugin) listMailboxes(e *core.RequestEvent, _ *desk.Agent) error {
	rows, err := p.app.FindRecordsByFilter(desk.Mailboxes, "", "name", 0, 0)
	if err != nil {
		return err
	}
	items := make([]map[string]any, 0, len(rows))
	for _, r := range rows {
		items = append(items, p.mailboxView(desk.AsMailbox(r)))
	}
	return e.JSON(http.StatusOK, map[string]any{"items": items})
}

// setMailboxPassword keeps what opens a mailbox; all empty forgets it.
func (p *plugin) setMailboxPassword(e *core.RequestEvent, _ *desk.Agent) error {
	box, err := desk.FindMailbox(p.app, e.Request.PathValue("id"))
	if err != nil {
		return e.NotFoundError("There is no such mailbox.", nil)
	}
	var c inbound.Credentials
	if err := e.BindBody(&c); err != nil {
		return e.BadRequestError("", nil)
	}
	for _, s := range []string{c.Password, c.ClientSecret, c.RefreshToken} {
		if len(s) > 8_000 || strings.ContainsAny(s, "\r\n\x00") {
			return refuse("password", "characters", "A password is one line.")
		}
	}
	if c == (inbound.Credentials{}) {
		err = desk.SetSecret(p.app, desk.MailboxSecret(box.Id), "")
	} else {
		err = c.Keep(p.fetcher, box.Id)
	}
	if err != nil {
		return err
	}
	p.fetcher.Sync()
	return e.JSON(http.StatusOK, p.mailboxView(box))
}

// checkMailbox tries to open a mailbox as it is set up now. Kinds of errors are
// those of imapbox.Kind, so that the Desk can say the cure in its language.
func (p *plugin) checkMailbox(e *core.RequestEvent, _ *desk.Agent) error {
	box, err := desk.FindMailbox(p.app, e.Request.PathValue("id"))
	if err != nil {
		return e.NotFoundError("There is no such mailbox.", nil)
	}
	ctx, cancel := context.WithTimeout(e.Request.Context(), checkTime)
	defer cancel()
	folders, err := imapbox.Check(ctx, p.fetcher.Settings(box))
	answer := map[string]any{"ok": err == nil, "error": "", "kind": "", "cure": "", "folders": folders}
	if folders == nil {
		answer["folders"] = []string{}
	}
	if err != nil {
		answer["error"], answer["kind"] = desk.Clip(desk.OneLine(err.Error()), 500), imapbox.Kind(err)
		answer["cure"] = mailboxCure(imapbox.Kind(err))
	}
	return e.JSON(http.StatusOK, answer)
}

// mailboxCure says in a sentence what to do.
func mailboxCure(kind string) string {
	switch kind {
	case "settings":
		return "Complete the settings of this mailbox, and give its password."
	case "host":
		return "Look for a slip in the server's name."
	case "unreachable", "timeout":
		return "Look whether port and security fit (993 with TLS, 143 with STARTTLS), and whether a firewall is between."
	case "no_tls":
		return "Choose the security that the server offers: TLS at 993, STARTTLS at 143."
	case "certificate":
		return "Use the name that stands in the server's certificate, or have the certificate renewed."
	case "login":
		return "Give user name and password again. Many providers want a password made for programs."
	case "token":
		return "Give the permission again at the provider, and the new refresh token here."
	case "folder":
		return "Choose one of the folders that exist."
	}
	return "Try again in some minutes; if it stays, ask whoever runs the mail server."
}
