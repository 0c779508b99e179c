package membership

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Template is the key of the mail that invites.
const Template = "member_invite"

// pause is how long nobody is invited twice.
const pause = 30 * 24 * time.Hour

// Why nobody is invited: words for the Desk.
const (
	StopMember        = "member"        // he is one
	StopBlocked       = "blocked"       // staff want nothing more from him
	StopNoAddress     = "no_address"    // no mail would reach him
	StopUndeliverable = "undeliverable" // mail to him comes back
	StopNoURL         = "no_url"        // the settings name no page to sign up at
	StopNoTemplate    = "no_template"   // the template was disabled or removed
)

// Invitation asks for a mail that invites the person of a case.
type Invitation struct {
	Case   *desk.Case
	Agent  *desk.Agent
	Coupon *string // nil takes the one of the settings
	// Asked: the visitor asked for it himself, as the agent says. It stands in for
	// a consent to marketing.
	Asked bool
	Again bool   // although he was invited within the last 30 days
	To    string // where an answer on the case goes
}

// Offer is what an invitation would say, and what speaks against it.
type Offer struct {
	Stop      string   `json:"stop"` // why it can't be sent; "" where it can
	To        string   `json:"to"`
	Subject   string   `json:"subject"`
	Body      string   `json:"body"`
	Locale    string   `json:"locale"`
	Coupon    string   `json:"coupon"`
	Empty     []string `json:"empty"`
	Consent   bool     `json:"consent"`    // he allowed marketing in a form that named this address
	ConsentAt string   `json:"consent_at"` // when
	Last      string   `json:"last"`       // when he was invited within the last 30 days
}

// Offer renders an invitation and sends nothing.
func (s *Station) Offer(i Invitation) (*Offer, error) {
	o := &Offer{To: i.To, Empty: []string{}}
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	o.Coupon = settings.Membership.Coupon
	if i.Coupon != nil {
		o.Coupon = *i.Coupon
	}
	if o.Coupon, err = coupon(o.Coupon); err != nil {
		return nil, err
	}
	if o.Stop, err = s.stops(i, settings); err != nil {
		return nil, err
	}
	if err := s.permission(i, o); err != nil {
		return nil, err
	}
	if o.Stop == StopNoURL {
		return o, nil
	}
	text, err := s.text(i, settings.Membership.SignupURL, o.Coupon, "preview")
	if errors.Is(err, desk.ErrNoTemplate) {
		o.Stop = StopNoTemplate
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	o.Subject, o.Body, o.Locale, o.Empty = text.Subject, text.Body, text.Locale, append(o.Empty, text.Empty...)
	return o, nil
}

func (s *Station) text(i Invitation, signup, coupon, ref string) (Text, error) {
	return s.c.Render(s.app, Letter{Case: i.Case, Agent: i.Agent, SignupURL: withRef(signup, ref), Coupon: coupon})
}

// stops tells what makes an invitation impossible.
func (s *Station) stops(i Invitation, settings *desk.Settings) (string, error) {
	r, err := s.app.FindRecordById(desk.Contacts, i.Case.Contact())
	if err != nil {
		return StopNoAddress, nil // erased
	}
	if r.GetBool("blocked") {
		return StopBlocked, nil
	}
	numbers, err := s.app.CountRecords(desk.Identities, dbx.HashExp{"contact": r.Id, "kind": desk.KindMember, "state": desk.StateVerified})
	if err != nil {
		return "", err
	}
	switch {
	case !r.GetDateTime("member_since").IsZero() || numbers > 0:
		return StopMember, nil
	case settings.Membership.SignupURL == "":
		return StopNoURL, nil
	case i.To == "":
		return StopNoAddress, nil
	}
	address, err := desk.MailIdentity(s.app, r.Id, i.To)
	if err != nil {
		return "", err
	}
	if address != nil && address.State() == desk.StateUndeliverable {
		return StopUndeliverable, nil
	}
	return "", nil
}

// permission finds out what the visitor allowed, and when he was invited last.
// A consent counts for the address that was typed with it.
func (s *Station) permission(i Invitation, o *Offer) error {
	var at []string
	err := s.app.DB().Select("f.created").From(desk.Name(s.app, desk.Feedbacks)+" f").
		InnerJoin(desk.Name(s.app, desk.Cases)+" c", dbx.NewExp("[[c.feedback]] = [[f.id]]")).
		Where(dbx.HashExp{"c.contact": i.Case.Contact(), "f.marketing_consent": true}).
		AndWhere(dbx.NewExp("LOWER(TRIM([[f.email]])) = {:to}", dbx.Params{"to": strings.ToLower(i.To)})).
		OrderBy("f.created DESC").Limit(1).Column(&at)
	if err != nil {
		return err
	}
	if len(at) > 0 {
		o.Consent, o.ConsentAt = true, at[0]
	}
	var last []string
	err = s.app.DB().Select("created").From(desk.Name(s.app, desk.Invitations)).
		Where(dbx.HashExp{"contact": i.Case.Contact()}).
		AndWhere(dbx.NewExp("[[created]] > {:since}", dbx.Params{"since": desk.Date(desk.Now(s.app).Add(-pause)).String()})).
		OrderBy("created DESC").Limit(1).Column(&last)
	if len(last) > 0 {
		o.Last = last[0]
	}
	return err
}

// Sent is an invitation that is on its way.
type Sent struct {
	Invitation string `json:"invitation"`
	Message    string `json:"message"`
}

// Invite sends an invitation as an ordinary answer. Its errors are validation
// errors: "stop" with the code of [Offer]'s Stop, "asked" (consent) and "again".
func (s *Station) Invite(i Invitation) (*Sent, error) {
	o, err := s.Offer(i)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Stop != "":
		return nil, fault("stop", o.Stop, "This visitor can't be invited: "+strings.ReplaceAll(o.Stop, "_", " ")+".")
	case !o.Consent && !i.Asked:
		return nil, fault("asked", "consent", "An invitation is marketing. This visitor has not allowed it: confirm that he asked for it.")
	case o.Last != "" && !i.Again:
		return nil, fault("again", "again", "This visitor was invited within the last 30 days.")
	}
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	id := core.GenerateDefaultRandomId()
	text, err := s.text(i, settings.Membership.SignupURL, o.Coupon, s.Ref(id))
	if err != nil {
		return nil, err
	}
	m, err := desk.NewMessage(s.app, i.Case.Id)
	if err != nil {
		return nil, err
	}
	m.Id = core.GenerateDefaultRandomId()
	m.Set("direction", desk.Out)
	m.Set("channel", desk.ChannelEmail)
	m.Set("subject", text.Subject)
	m.Set("body", text.Body)
	m.Set("template", Template)
	answer, err := s.c.Write(s.app, Entry{Case: i.Case, Agent: i.Agent, Message: m})
	if err != nil {
		return nil, err
	}
	err = s.c.Commit.Do(func(tx core.App) error {
		if err := answer.Save(tx); err != nil {
			return err
		}
		return note(tx, i, noted{id: id, message: m.Id, offer: o})
	})
	return &Sent{Invitation: id, Message: m.Id}, err
}

// noted is what is kept of an invitation.
type noted struct {
	id, message string
	offer       *Offer
}

func note(tx core.App, i Invitation, n noted) error {
	r, err := desk.New(tx, desk.Invitations)
	if err != nil {
		return err
	}
	r.Id = n.id
	r.Set("contact", i.Case.Contact())
	r.Set("case", i.Case.Id)
	r.Set("message", n.message)
	r.Set("agent", i.Agent.Id)
	r.Set("coupon", n.offer.Coupon)
	if err := desk.Save(tx, r); err != nil {
		return err
	}
	after := map[string]any{"invitation": n.id, "message": n.message, "coupon": n.offer.Coupon, "consent": n.offer.Consent, "asked": !n.offer.Consent}
	return desk.Record(tx, desk.Event{Case: i.Case.Id, Actor: i.Agent.Id, Kind: EventInvited, After: after})
}

// Ref names an invitation outside: in the link to sign up, and when the shop
// reports back. Nobody can make one up.
func (s *Station) Ref(id string) string {
	mac := hmac.New(sha256.New, desk.Key(s.app, "invitation"))
	mac.Write([]byte(id))
	return id + "." + hex.EncodeToString(mac.Sum(nil)[:12])
}

// Converted notes that the person of an invitation signed up, as the shop reports
// it with the link's ref. number may be "". It tells nobody whether there is such
// an invitation: false for any ref that isn't one.
func (s *Station) Converted(ref, number string) (bool, error) {
	id, _, _ := strings.Cut(ref, ".")
	if !hmac.Equal([]byte(s.Ref(id)), []byte(ref)) {
		return false, nil
	}
	found := false
	err := s.c.Commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Invitations, id)
		if err != nil {
			return nil // erased with its contact
		}
		found = true
		if number = desk.OneLine(number); number != "" {
			if _, err := desk.Vouch(tx, r.GetString("contact"), number, desk.SourceAPI); err != nil {
				return err
			}
		}
		return become(tx, r.GetString("contact"), bySite, "")
	})
	return found, err
}

// withRef adds the ref to the shop's address.
func withRef(signup, ref string) string {
	u, err := url.Parse(signup)
	if err != nil {
		return signup
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "ref=" + url.QueryEscape(ref)
	return u.String()
}
