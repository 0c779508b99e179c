package hooks

import (
	"errors"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// dkimState is how outgoing mail is signed. Name and Record are what the domain's
// DNS needs; Problem says why mail leaves unsigned although it should be signed.
type dkimState struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Name     string `json:"name"`
	Record   string `json:"record"`
	Problem  string `json:"problem"`
	Env      bool   `json:"env"` // the key comes from the environment
}

// showDKIM tells an admin the DNS record once more.
func (p *plugin) showDKIM(e *core.RequestEvent, _ *desk.Agent) error {
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	out := dkimState{
		Domain: s.Mail.DKIM.Domain, Selector: s.Mail.DKIM.Selector,
		Env: desk.FromEnv(p.app, desk.SecretDKIM) != "",
	}
	key, err := p.outbox.DKIM()
	if err != nil {
		out.Problem = err.Error()
	}
	if key != nil {
		out.Domain, out.Name, out.Record = key.Domain(), key.Name(), key.Record()
	}
	return e.JSON(http.StatusOK, out)
}

// makeDKIM makes a new key, keeps it and has mail signed with it from now on.
// The selector must be a new one: the record of the old key stays valid for the
// mail that is on its way. Until the new record stands in the DNS, receivers
// take the mail as unsigned.
func (p *plugin) makeDKIM(e *core.RequestEvent, _ *desk.Agent) error {
	in := struct{ Domain, Selector string }{}
	if err := e.BindBody(&in); err != nil {
		return e.BadRequestError("", err)
	}
	if desk.FromEnv(p.app, desk.SecretDKIM) != "" {
		return conflict("The key comes from POCKETDESK_DKIM_KEY; change it there.")
	}
	in.Selector = strings.ToLower(strings.TrimSpace(in.Selector))
	domain := mail.Domain("x@" + strings.TrimSpace(in.Domain))
	switch {
	case domain == "" || !strings.Contains(domain, "."):
		return refuse("domain", "validation_domain", "Give the domain of the sender's address, such as shop.example.")
	case !mail.ValidSelector(in.Selector):
		return refuse("selector", "validation_selector", "A selector is made of letters, digits, dots and hyphens.")
	}
	text, err := mail.NewDKIMKey()
	if err != nil {
		return err
	}
	key, err := mail.NewDKIM(domain, in.Selector, text)
	if err != nil {
		return err
	}
	err = p.commit.Do(func(tx core.App) error { return keepDKIM(tx, desk.DKIM{Domain: domain, Selector: in.Selector}, text) })
	if errors.Is(err, errSelectorUsed) {
		return refuse("selector", "validation_selector_used", "This selector has a key already. Choose another one, and leave the old record in the DNS for a week.")
	}
	if err != nil {
		return err
	}
	desk.Forget(p.app, desk.SettingsID)
	return e.JSON(http.StatusOK, dkimState{Domain: domain, Selector: in.Selector, Name: key.Name(), Record: key.Record()})
}

var errSelectorUsed = errors.New("this selector has a key")

// keepDKIM keeps a key and sets the settings to it.
func keepDKIM(tx core.App, d desk.DKIM, key string) error {
	r, err := tx.FindRecordById(desk.SettingsID, desk.SettingsRecord)
	if err != nil {
		return err
	}
	mailSettings := map[string]any{}
	var now desk.Mail
	_ = r.UnmarshalJSONField("mail", &mailSettings) // what isn't an object is replaced by one
	_ = r.UnmarshalJSONField("mail", &now)
	if mailSettings == nil {
		mailSettings = map[string]any{}
	}
	kept, err := desk.Secret(tx, desk.SecretDKIM)
	if err != nil && !errors.Is(err, desk.ErrSecret) {
		return err
	}
	if kept != "" && strings.EqualFold(now.DKIM.Domain, d.Domain) && strings.EqualFold(now.DKIM.Selector, d.Selector) {
		return errSelectorUsed
	}
	mailSettings["dkim"] = d
	r.Set("mail", mailSettings)
	return errors.Join(desk.SetSecret(tx, desk.SecretDKIM, key), desk.Save(tx, r))
}
