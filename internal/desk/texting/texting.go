// Package texting sends text messages through the shop's SMS gateway, whatever
// gateway that is: what it is asked and how it answers stand in the settings, as
// Liquid and regular expressions. What it reports later finds its message again.
//
//	g := texting.New(app, texting.Config{Commit: commit, TrackingURL: outbox.TrackingURL})
//	id, err := g.Test(ctx, "+886912345678")
//	var fault *texting.Fault
//	if errors.As(err, &fault) && fault.Unknown() { … } // it may have been sent
package texting

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
	"github.com/pocketdesk/pocketdesk/internal/sms"
)

// callTime is how long one call of the gateway may take.
const callTime = 30 * time.Second

// ReportPath leads to the route that takes reports; the token follows.
const ReportPath = "/api/desk/sms/report/"

// Config is what the station is made of.
type Config struct {
	Commit *desk.Committer
	// TrackingURL is the secret page of a case, "" where there is none.
	TrackingURL func(core.App, *desk.Case) string
	// Client asks the gateway. Default: one that reaches nothing inside the
	// machine and its network.
	Client *http.Client
}

// Gateway is the shop's SMS gateway.
type Gateway struct {
	app     core.App
	c       Config
	liquid  *liquid.Plain
	answers *liquid.Plain
	early   early
}

// New makes the station.
func New(app core.App, c Config) *Gateway {
	if c.Client == nil {
		c.Client = safehttp.New(safehttp.Config{Timeout: callTime})
	}
	return &Gateway{app: app, c: c, liquid: vocabulary(), answers: answers()}
}

// Fault is an error of a call that says what it means.
type Fault struct{ cause *sms.Error }

// Error implements error.
func (f *Fault) Error() string { return f.cause.Reason }

// Temporary tells whether the same may pass later, and can't be sent twice by it.
func (f *Fault) Temporary() bool { return f.cause.Temporary && !f.cause.Unknown }

// Permanent tells whether sending it again is pointless.
func (f *Fault) Permanent() bool { return !f.cause.Temporary && !f.cause.Unknown }

// Unknown tells whether the gateway may have taken it.
func (f *Fault) Unknown() bool { return f.cause.Unknown }

// Fix settles inside the transaction what this and every later try sends. A text
// whose call breaks off is never sent again by itself: most gateways can't tell
// the second one from another.
func (g *Gateway) Fix(tx core.App, d *desk.Delivery, m *desk.Message, p *desk.Payload) error {
	if m == nil {
		return errors.New("a text is part of a case")
	}
	if p.Text == "" {
		c, err := desk.FindCase(tx, m.Case())
		if err != nil {
			return err
		}
		if c, err = desk.CaseOfToken(tx, p.Token, c); err != nil {
			return err
		}
		p.Text = strings.TrimSpace(strings.ReplaceAll(m.Body(), desk.TrackingLink, g.c.TrackingURL(tx, c)))
	}
	if d.Attempts() == 0 { // the first try, or the first since staff asked for another
		p.Nonce = security.RandomStringWithAlphabet(nonceLength, "abcdefghijkmnpqrstuvwxyz")
		d.Set("gateway_id", "")
		d.Set("reported", "")
	}
	p.Doubt = true
	return nil
}

// Send makes one try of a delivery and notes the gateway's id on it. Its errors
// are [Fault]s, or for good.
func (g *Gateway) Send(ctx context.Context, d *desk.Delivery, p desk.Payload) error {
	id, err := g.send(ctx, d.Recipient(), p.Text, d.Id+p.Nonce)
	d.Set("gateway_id", id)
	return err
}

// Test sends a text of its own to a number in E.164 and gives the gateway's id of it.
func (g *Gateway) Test(ctx context.Context, to string) (id string, err error) {
	s, err := desk.LoadSettings(g.app)
	if err != nil {
		return "", err
	}
	return g.send(ctx, to, testText(s.Locale), "test"+core.GenerateDefaultRandomId())
}

// State is what the Desk shows of the gateway. Link is how long a tracking link
// is, in characters.
type State struct {
	On       bool   `json:"on"`
	Why      string `json:"why"` // off, no_url or no_secret
	MaxParts int    `json:"max_parts"`
	Ack      bool   `json:"ack"`
	Link     int    `json:"tracking_length"`
}

// State tells how the gateway stands.
func (g *Gateway) State() (State, error) {
	s, err := desk.LoadSettings(g.app)
	if err != nil {
		return State{}, err
	}
	blank, err := desk.NewCase(g.app)
	if err != nil {
		return State{}, err
	}
	blank.Set("track_token", mail.NewToken())
	why := desk.SMSWhy(g.app)
	return State{
		On: why == "", Why: why, MaxParts: s.SMS.MaxParts, Ack: s.SMS.Ack,
		Link: utf8.RuneCountInString(g.c.TrackingURL(g.app, blank)),
	}, nil
}

// testText is for whoever sets the gateway up; it holds signs of Liquid's, of
// JSON's and of a URL's, so that a slip in escaping is seen.
func testText(locale string) string {
	switch locale {
	case "zh-TW":
		return `PocketDesk 測試簡訊："A&B" 50% {1+1=2}`
	case "zh-CN":
		return `PocketDesk 测试短信："A&B" 50% {1+1=2}`
	case "ja":
		return `PocketDesk テスト送信："A&B" 50% {1+1=2}`
	}
	return `PocketDesk test message: "A&B" 50% {1+1=2}`
}

func (g *Gateway) send(ctx context.Context, to, text, ref string) (string, error) {
	s, err := desk.LoadSettings(g.app)
	if err != nil {
		return "", err
	}
	if err := Check(s.SMS); err != nil {
		return "", fmt.Errorf("the settings of the SMS gateway: %w", err)
	}
	secret, err := desk.Secret(g.app, desk.SecretSMS)
	if err != nil {
		return "", err
	}
	if err := mayGo(g.app, s.SMS.Host()); err != nil {
		return "", err
	}
	values := g.values(s, to, secret)
	values["text"], values["id"] = text, ref
	if s.SMS.Report.ID != "" {
		values["report_url"] = g.ReportURL() + "/" + ref // no query: some gateways append one with a question mark of their own
	}
	r, err := request(g.liquid, s.SMS, values)
	if err != nil {
		return "", err
	}
	id, err := sms.Send(ctx, g.c.Client, r, sms.Test{Success: s.SMS.Success, ID: s.SMS.ID})
	var fault *sms.Error
	if errors.As(err, &fault) {
		told := *fault
		told.Reason = redact(told.Reason, values)
		return "", &Fault{&told}
	}
	return id, err
}

// mayGo keeps a secret that comes from the environment from being sent wherever
// the settings say, where the environment names the gateway's host too.
func mayGo(app core.App, host string) error {
	only := strings.ToLower(desk.FromEnv(app, desk.SMSHost))
	if only != "" && host != only && desk.FromEnv(app, desk.SecretSMS) != "" {
		return errors.New("the gateway's secret is for another host (POCKETDESK_SMS_HOST)")
	}
	return nil
}

// values are the variables of a request, but for the text and its id.
func (g *Gateway) values(s *desk.Settings, to, secret string) map[string]string {
	national, ok := phone.National(to, s.Region())
	if !ok {
		national = to
	}
	values := map[string]string{"to": to, "to_national": national, "secret": secret}
	if s.SMS.NumberFormat == desk.NumberNational {
		values["to"] = national
	}
	values["user"], values["password"], _ = strings.Cut(secret, ":")
	return values
}

// ReportURL is where the gateway reports to. Its token is no secret that opens
// anything but this: whoever has it may say that a text arrived or not.
func (g *Gateway) ReportURL() string {
	return strings.TrimRight(g.app.Settings().Meta.AppURL, "/") + ReportPath + g.token()
}

func (g *Gateway) token() string { return hex.EncodeToString(desk.Key(g.app, "sms-report")[:16]) }

// knows tells whether a token is that of [Gateway.ReportURL].
func (g *Gateway) knows(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(g.token())) == 1
}
