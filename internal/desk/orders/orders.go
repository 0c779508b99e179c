// Package orders is the station that asks the shop's own system about orders and
// members, and says whether what it tells belongs to the person of a case.
//
//	station := orders.New(app, orders.Config{})
//	view, err := station.Look(ctx, orders.Request{Contact: c.Contact(), Case: c.Id, Agent: agent})
//
// That a message names an order says nothing of whose it is: see [View].
package orders

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/orderlookup"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// MaxSeconds is for how long an answer may be waited for.
const MaxSeconds = 10

// Config is what the station is made of.
type Config struct {
	// Private lets the address lie inside the machine or its network.
	Private bool
	// Client asks. Default: one that reaches nothing inside, unless Private.
	Client *http.Client
}

// Station asks the shop's system.
type Station struct {
	app  core.App
	http *http.Client

	mu     sync.Mutex
	client *orderlookup.Client
	of     made // what client was made of
}

// made is all that decides how a client asks.
type made struct {
	url, secret  string
	ttl, timeout time.Duration
}

// New makes the station.
func New(app core.App, c Config) *Station {
	if c.Client == nil {
		config := safehttp.Config{Timeout: (MaxSeconds + 1) * time.Second}
		if c.Private {
			config.Allow = func(netip.AddrPort) bool { return true }
		}
		c.Client = safehttp.New(config)
	}
	return &Station{app: app, http: c.Client}
}

// Request is what somebody wants to know. Order and Member are typed by hand; if
// both are empty, what is known of the contact is asked.
type Request struct {
	Contact       string
	Case          string // whose numbers come first; may be ""
	Agent         *desk.Agent
	Order, Member string
	Fresh         bool // not what was answered lately
}

// States of a [View].
const (
	StateOK     = "ok"     // there is an answer, perhaps an empty one
	StateOff    = "off"    // not set up, see Why
	StateNone   = "none"   // no number is known; nobody was asked
	StateFailed = "failed" // see Error
	StateOpen   = "open"   // it failed too often; see Until
)

// View is what the Desk shows.
type View struct {
	Configured bool       `json:"configured"`
	Why        string     `json:"why"` // off, no_url or no_secret where it isn't
	State      string     `json:"state"`
	At         *time.Time `json:"at"` // when the shop was asked
	Cached     bool       `json:"cached"`
	Error      string     `json:"error"`  // an [orderlookup.Kind]
	Status     int        `json:"status"` // of the shop's answer, where Error is status
	Until      *time.Time `json:"until"`  // when it is asked again, where State is open
	Asked      Asked      `json:"asked"`
	Known      Known      `json:"known"`
	Data       *Data      `json:"data"`
}

// Asked is what was sent. Contact: the mail address or phone number was.
type Asked struct {
	Order   string `json:"order"`
	Member  string `json:"member"`
	Contact bool   `json:"contact"`
}

// Data is the shop's answer, each part with whose it is.
type Data struct {
	Member *member             `json:"member"`
	Orders []order             `json:"orders"`
	Fields []orderlookup.Field `json:"fields"`
	More   bool                `json:"more"`
}

type member struct {
	orderlookup.Member
	Owner orderlookup.Match `json:"owner"`
}

type order struct {
	orderlookup.Order
	Owner orderlookup.Match `json:"owner"`
}

// Look asks about a contact. Its error is a fault of our own; what the shop's
// system does wrong stands in the view.
func (s *Station) Look(ctx context.Context, r Request) (*View, error) {
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	v := &View{State: StateOff, Why: desk.LookupOff}
	if settings.Lookup.Enabled {
		v.Why = settings.Lookup.Missing(s.app)
	}
	if v.Configured = v.Why == ""; !v.Configured {
		v.Known = Known{Orders: []string{}}
		return v, nil
	}
	if v.Known, err = s.known(r, settings.Lookup.Form()); err != nil {
		return nil, err
	}
	person, err := s.person(r.Contact, settings)
	if err != nil {
		return nil, err
	}
	q := v.choose(r, person, settings.Lookup.SendContact)
	if q == (orderlookup.Question{}) {
		v.State = StateNone
		return v, nil
	}
	client, err := s.clientOf(settings.Lookup)
	if err != nil {
		return nil, err
	}
	ask := client.Ask
	if r.Fresh {
		ask = client.AskAnew
	}
	answer, err := ask(ctx, q)
	v.tell(answer, err, person)
	return v, nil
}

// Try asks for an admin who sets it up: at once, whether it is switched on or
// not, and without what was kept. A success ends the rest after failures.
func (s *Station) Try(ctx context.Context, orderNo, memberNo string) (*View, error) {
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	v := &View{State: StateOff, Why: settings.Lookup.Missing(s.app), Asked: Asked{Order: orderNo, Member: memberNo}, Known: Known{Orders: []string{}}}
	if v.Configured = v.Why == ""; !v.Configured {
		return v, nil
	}
	of, err := s.madeOf(settings.Lookup)
	if err != nil {
		return nil, err
	}
	answer, err := s.make(of).Ask(ctx, orderlookup.Question{Order: orderNo, Member: memberNo})
	v.tell(answer, err, nil)
	if err == nil {
		s.mu.Lock()
		s.client = nil
		s.mu.Unlock()
	}
	return v, nil
}

// tell writes the shop's answer into the view.
func (v *View) tell(a orderlookup.Answer, err error, person []orderlookup.Known) {
	var fault *orderlookup.Error
	if errors.As(err, &fault) {
		v.State, v.Error, v.Status = StateFailed, string(fault.Kind), fault.Status
		if fault.Kind == orderlookup.Open {
			v.State, v.Until = StateOpen, &fault.Until
		}
		return
	}
	v.State, v.At, v.Cached = StateOK, &a.At, a.Cached
	v.Data = &Data{Orders: []order{}, Fields: a.Fields, More: a.More}
	if a.Member != nil {
		v.Data.Member = &member{*a.Member, a.Member.Owner.Compare(person)}
	}
	for _, o := range a.Orders {
		v.Data.Orders = append(v.Data.Orders, order{o, o.Owner.Compare(person)})
	}
}

// clientOf is the client for these settings; it lives as long as they stay.
func (s *Station) clientOf(l desk.Lookup) (*orderlookup.Client, error) {
	of, err := s.madeOf(l)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client == nil || s.of != of {
		s.client, s.of = s.make(of), of
	}
	return s.client, nil
}

func (s *Station) madeOf(l desk.Lookup) (made, error) {
	secret, err := desk.Secret(s.app, desk.SecretLookup)
	return made{
		url: l.URL, secret: secret,
		ttl: time.Duration(l.CacheMinutes) * time.Minute, timeout: time.Duration(min(l.TimeoutSeconds, MaxSeconds)) * time.Second,
	}, err
}

func (s *Station) make(of made) *orderlookup.Client {
	return orderlookup.New(orderlookup.Config{
		URL: of.url, Secret: of.secret, HTTP: s.http, Forbidden: safehttp.ErrForbidden,
		Timeout: of.timeout, TTL: of.ttl, Now: func() time.Time { return desk.Now(s.app) },
	})
}
