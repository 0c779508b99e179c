package hooks

import (
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/limit"
)

const (
	// maxInbound is how large a request of the webhook may be: a mail, and the
	// other fields of a provider's form.
	maxInbound = inbound.MaxSize + 1<<20
	// inboundMinute is how many mails one address may bring in a minute, and
	// wrongMinute how often it may guess the secret.
	inboundMinute = 3_000
	wrongMinute   = 20
	// inboundOpen is how many mails are read at a time: one may take three times
	// its size in memory.
	inboundOpen = 6
)

// startInbound builds the station for mail in out of the verbs of the others.
func (p *plugin) startInbound(now func() time.Time) {
	p.inbound = inbound.New(p.app, inbound.Config{
		Commit: p.commit, Raise: casework.Raise, Unwelcome: p.door.Unwelcome,
		Receive: func(app core.App, f *desk.Feedback, l *desk.Letter) error {
			_, err := p.door.Receive(app, intake.Submission{Feedback: f, Letter: l})
			var fields intake.FieldErrors
			if errors.As(err, &fields) {
				return fmt.Errorf("%w: %w", inbound.ErrUnusable, err)
			}
			return err
		},
		Hear: func(tx core.App, c *desk.Case, m *desk.Message, auto bool) error {
			return p.work.Hear(tx, casework.Heard{Case: c, Message: m, Auto: auto})
		},
		Asked: func(app core.App, token, addr string) (inbound.Asked, error) {
			asked, err := p.escalations.Asked(app, token, addr)
			return inbound.Asked(asked), err
		},
		Answered: func(tx core.App, run string, m *desk.Message) error { return p.escalations.Answered(tx, run, m) },
		Bounced:  func(tx core.App, b inbound.Bounced) error { return p.work.Bounced(tx, casework.Bounced(b)) },
		Room:     p.room,
	})
	p.door.Letter = p.inbound.Letter
	p.door.Join = func(app core.App, j intake.Joining) error { return p.inbound.Join(app, inbound.Joining(j)) }
	p.fetcher = inbound.NewFetcher(p.app, p.inbound)
	p.brings = limit.New(limit.Config{Window: time.Minute, Now: now})
	p.open = make(chan struct{}, inboundOpen)
}

// room is how many bytes the disk has left; where the system doesn't tell, enough.
func (p *plugin) room() uint64 {
	if free := diskFree(p.app.DataDir()); free > 0 {
		return free
	}
	return math.MaxUint64
}

func (p *plugin) bindInbound() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.inbound",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.POST("/api/desk/inbound/email", p.takeMail).Bind(apis.SkipSuccessActivityLog(), apis.BodyLimit(0))
			e.Router.POST("/api/desk/inbound/secret", p.administers(p.newInboundSecret))
			e.Router.GET("/api/desk/inbound", p.administers(p.listInbound))
			e.Router.POST("/api/desk/inbound/{id}/retry", p.administers(p.retryInbound))
			e.Router.GET("/api/desk/inbound/{id}/raw", p.reads(p.rawMail))
			if err := e.Next(); err != nil {
				return err
			}
			p.inbound.Start()
			p.fetcher.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.inbound.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.fetcher.Stop()
				p.inbound.Stop()
			}
			return e.Next()
		},
	})
}

// takeMail is the webhook: a mail as it came, stored before it is answered.
func (p *plugin) takeMail(e *core.RequestEvent) error {
	secret, err := desk.Secret(p.app, desk.SecretInbound)
	if err != nil {
		return e.InternalServerError("", err)
	}
	if secret == "" {
		return e.NotFoundError("", nil)
	}
	ip := p.keyOf(e)
	if !bears(e.Request, secret) {
		if p.brings.Add("wrong "+ip) > wrongMinute {
			return e.TooManyRequestsError("", nil)
		}
		return e.UnauthorizedError("The secret of the webhook is missing or wrong.", nil)
	}
	if p.brings.Add("mail "+ip) > inboundMinute {
		e.Response.Header().Set("Retry-After", "60")
		return e.TooManyRequestsError("", nil)
	}
	raw := inbound.Raw{Source: desk.FromWebhook}
	if name := e.Request.URL.Query().Get("mailbox"); name != "" {
		box, err := desk.FindMailboxNamed(p.app, name)
		if errors.Is(err, sql.ErrNoRows) {
			return e.BadRequestError("There is no mailbox of this name.", nil)
		}
		if err != nil {
			return e.InternalServerError("", err)
		}
		raw.Mailbox = box.Id
	}
	select {
	case p.open <- struct{}{}:
		defer func() { <-p.open }()
	case <-e.Request.Context().Done():
		return e.InternalServerError("", e.Request.Context().Err())
	}
	if raw.Data, err = mailIn(e.Response, e.Request); err != nil {
		return webhookFault(e, err)
	}
	id, again, err := p.inbound.Take(raw)
	if err != nil {
		return webhookFault(e, err)
	}
	status := http.StatusAccepted
	if again {
		status = http.StatusOK
	}
	return e.JSON(status, map[string]string{"id": id})
}

// webhookFault answers so that a provider knows whether to bring the mail again:
// 5xx says yes.
func webhookFault(e *core.RequestEvent, err error) error {
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong), errors.Is(err, inbound.ErrTooLarge):
		return apis.NewApiError(http.StatusRequestEntityTooLarge, "A mail may have 26 MB.", nil)
	case errors.Is(err, errNoMail), errors.Is(err, inbound.ErrEmpty):
		return e.BadRequestError("Send the mail as it came: as the body, or as the field email, body-mime or message of a form.", nil)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, inbound.ErrFull):
		return apis.NewApiError(http.StatusInsufficientStorage, "The disk is full.", nil)
	}
	return e.InternalServerError("", err)
}

// bears tells whether a request bears the secret: as a bearer token, or as the
// password of HTTP's basic authentication, which providers take within a URL. What
// is compared are digests, so that neither time nor length tells anything.
func bears(r *http.Request, secret string) bool {
	given := ""
	if _, password, ok := r.BasicAuth(); ok {
		given = password
	} else if h := r.Header.Get("Authorization"); len(h) > 7 && (h[:7] == "Bearer " || h[:7] == "bearer ") {
		given = h[7:]
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// keyOf is the address of a request, for counting.
func (p *plugin) keyOf(e *core.RequestEvent) string {
	ip, err := netip.ParseAddr(e.RealIP())
	if err != nil {
		return ""
	}
	return limit.IPKey(ip)
}

// newInboundSecret makes a secret for the webhook, told this once.
func (p *plugin) newInboundSecret(e *core.RequestEvent, _ *desk.Agent) error {
	if desk.FromEnv(p.app, desk.SecretInbound) != "" {
		return conflict("The secret comes from the environment (POCKETDESK_INBOUND_SECRET). Change it there.")
	}
	secret := security.RandomString(40)
	if err := desk.SetSecret(p.app, desk.SecretInbound, secret); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]string{"secret": secret})
}

func (p *plugin) listInbound(e *core.RequestEvent, _ *desk.Agent) error {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	page, err := inbox.Mails(p.app, inbox.MailQuery{Status: q.Get("status"), Outcome: q.Get("outcome"), Cursor: q.Get("cursor"), Limit: limit})
	if errors.Is(err, inbox.ErrQuery) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

func (p *plugin) retryInbound(e *core.RequestEvent, _ *desk.Agent) error {
	err := p.inbound.Retry(e.Request.PathValue("id"))
	switch {
	case errors.Is(err, inbound.ErrNotFailed):
		return conflict("This mail was read, or is about to be.")
	case errors.Is(err, inbound.ErrNoRaw):
		return conflict("The mail as it came is not kept any more.")
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such mail.", nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// rawMail hands out a mail as it came, as a download: to those who see its case,
// else to admins.
func (p *plugin) rawMail(e *core.RequestEvent, agent *desk.Agent) error {
	m, err := desk.FindInboundMail(p.app, e.Request.PathValue("id"))
	if err != nil || !p.seesMail(agent, m) || m.Raw() == "" {
		return e.NotFoundError("There is no such mail.", nil)
	}
	fsys, err := p.app.NewFilesystem()
	if err != nil {
		return err
	}
	defer fsys.Close()
	h := e.Response.Header()
	h.Set("Content-Disposition", `attachment; filename="mail.eml"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Type", "message/rfc822")
	return fsys.Serve(e.Response, e.Request, m.BaseFilesPath()+"/"+m.Raw(), "mail.eml")
}

// seesMail: the mail behind a message of a case belongs to who works that; one
// that is only held for a case doesn't stand on it.
func (p *plugin) seesMail(agent *desk.Agent, m *desk.InboundMail) bool {
	if agent.Admin() {
		return true
	}
	if m.Case() == "" || m.Outcome() != desk.MailCase && m.Outcome() != desk.MailJoined {
		return false
	}
	c, err := desk.FindCase(p.app, m.Case())
	return err == nil && agent.Sees(c.Team())
}
