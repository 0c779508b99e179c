package hooks

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/orders"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// lookupMinute is how often one person may look orders up in a minute.
const lookupMinute = 60

// startLookup builds the station that asks the shop's own system.
func (p *plugin) startLookup(now func() time.Time) {
	p.orders = orders.New(p.app, orders.Config{Private: p.config.LookupPrivate})
	p.lookups = limit.New(limit.Config{Window: time.Minute, Now: now})
}

func (p *plugin) bindLookup() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.lookup",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/contacts/{id}/orders", p.works(p.showOrders))
				e.Router.GET("/api/desk/lookup", p.administers(p.showLookup))
				e.Router.POST("/api/desk/lookup/secret", p.administers(p.setLookupSecret))
				e.Router.POST("/api/desk/lookup/test", p.administers(p.testLookup))
			}
			return e.Next()
		},
	})
}

// contactFor finds a contact of whom the agent may see a case, or who has none; to
// others there is no such one.
func (p *plugin) contactFor(e *core.RequestEvent, agent *desk.Agent, id string) (*desk.Contact, error) {
	missing := e.NotFoundError("There is no such contact.", nil)
	r, err := p.app.FindRecordById(desk.Contacts, id)
	if err != nil || r.GetString("merged_into") != "" {
		return nil, missing
	}
	knows, err := agent.Knows(p.app, id)
	if err != nil {
		return nil, err
	}
	if !knows {
		return nil, missing
	}
	return desk.AsContact(r), nil
}

// showOrders asks the shop's system about a contact.
func (p *plugin) showOrders(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.contactFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	q := e.Request.URL.Query()
	r := orders.Request{Contact: c.Id, Case: q.Get("case"), Agent: agent, Order: q.Get("order"), Member: q.Get("member"), Fresh: q.Get("fresh") == "1"}
	if err := checkAsked(r.Order, r.Member); err != nil {
		return err
	}
	if p.lookups.Add(agent.Id) > lookupMinute {
		return e.TooManyRequestsError("Wait a minute before you look up more.", nil)
	}
	view, err := p.orders.Look(e.Request.Context(), r)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, view)
}

// checkAsked refuses what no shop's number looks like.
func checkAsked(order, member string) error {
	for name, s := range map[string]string{"order": order, "member": member} {
		if utf8.RuneCountInString(s) > 100 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
			return refuse(name, "number_invalid", "A number has at most 100 characters, on one line.")
		}
	}
	return nil
}

// showLookup tells an admin how the lookup stands.
func (p *plugin) showLookup(e *core.RequestEvent, _ *desk.Agent) error {
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	secret := "none"
	if kept, err := desk.Secret(p.app, desk.SecretLookup); err != nil {
		secret = "lost" // kept under another key
	} else if desk.FromEnv(p.app, desk.SecretLookup) != "" {
		secret = "env"
	} else if kept != "" {
		secret = "kept"
	}
	why := s.Lookup.Missing(p.app)
	if !s.Lookup.Enabled {
		why = desk.LookupOff
	}
	return e.JSON(http.StatusOK, map[string]any{"on": why == "", "why": why, "secret": secret, "private": p.config.LookupPrivate})
}

// setLookupSecret keeps what requests are signed with; empty forgets it.
func (p *plugin) setLookupSecret(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Secret string `json:"secret"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	if desk.FromEnv(p.app, desk.SecretLookup) != "" {
		return conflict("The secret comes from the environment (POCKETDESK_LOOKUP_SECRET). Change it there.")
	}
	if strings.ContainsFunc(body.Secret, func(r rune) bool { return r < ' ' }) || len(body.Secret) > 500 {
		return refuse("secret", "characters", "A secret is one line.")
	}
	if body.Secret != "" && len(body.Secret) < 16 {
		return refuse("secret", "too_short", "A secret needs 16 characters or more.")
	}
	if err := desk.SetSecret(p.app, desk.SecretLookup, body.Secret); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// testLookup asks the shop's system for an admin, whether it is switched on or not.
func (p *plugin) testLookup(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Order  string `json:"order"`
		Member string `json:"member"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	body.Order, body.Member = strings.TrimSpace(body.Order), strings.TrimSpace(body.Member)
	if err := checkAsked(body.Order, body.Member); err != nil {
		return err
	}
	if body.Order == "" && body.Member == "" {
		return refuse("order", "validation_required", "Give an order number or a member number.")
	}
	if p.lookups.Add("test") > lookupMinute {
		return e.TooManyRequestsError("Wait a minute before you try again.", nil)
	}
	view, err := p.orders.Try(e.Request.Context(), body.Order, body.Member)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, view)
}

// checkLookup checks the settings of the lookup and of memberships.
func (p *plugin) checkLookup(r *core.Record, errs validation.Errors) {
	var l desk.Lookup
	if r.UnmarshalJSONField("lookup", &l) == nil {
		if code, said := p.lookupFault(l); code != "" {
			errs["lookup"] = validation.NewError(code, said)
		}
	}
	var m desk.Membership
	if r.UnmarshalJSONField("membership", &m) != nil {
		return
	}
	switch {
	case m.SignupURL != "" && !webAddress(m.SignupURL):
		errs["membership"] = validation.NewError("url_invalid", "signup_url: this is no web address that a visitor can open.")
	case utf8.RuneCountInString(m.Coupon) > 100 || strings.ContainsFunc(m.Coupon, func(r rune) bool { return r < ' ' }):
		errs["membership"] = validation.NewError("coupon_invalid", "coupon: at most 100 characters, on one line.")
	}
}

func (p *plugin) lookupFault(l desk.Lookup) (code, said string) {
	raw := strings.TrimSpace(l.URL)
	switch {
	case raw != "" && !webAddress(raw):
		return "url_invalid", "url: give an address that begins with https:// and holds no user, no password and no #."
	case raw != "" && !p.config.LookupPrivate && !strings.HasPrefix(strings.ToLower(raw), "https://"):
		return "url_plain", "url: it must begin with https://, since it carries order numbers."
	case raw != "" && !p.config.LookupPrivate && safehttp.Check(raw) != nil:
		return "url_private", "url: it lies inside this machine or its network. Whoever runs the server allows that with POCKETDESK_LOOKUP_PRIVATE=1."
	case l.Enabled && raw == "":
		return "url_missing", "url: give the address first."
	case l.CacheMinutes < 0 || l.CacheMinutes > 24*60:
		return "out_of_range", "cache_minutes: use 1 to 1440 minutes; 0 takes the default."
	case l.TimeoutSeconds < 0 || l.TimeoutSeconds > orders.MaxSeconds:
		return "out_of_range", "timeout_seconds: use 1 to 10 seconds; 0 takes the default."
	case len(l.Pattern) > 200:
		return "pattern_invalid", "pattern: at most 200 characters."
	}
	if _, err := regexp.Compile(l.Pattern); err != nil {
		return "pattern_invalid", "pattern: this is no regular expression."
	}
	return "", ""
}

// webAddress tells whether a text is an address that a browser opens.
func webAddress(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && len(raw) <= 1_000 && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.Fragment == ""
}
