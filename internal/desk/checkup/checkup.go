// Package checkup looks at all that the shop's desk depends on: mail both ways,
// the DNS of its sender, clock, disk, public address and the optional services.
//
//	c := checkup.New(app)
//	for _, f := range c.Run(ctx) {
//		text, cure := doctor.Words(f, "zh-TW")
//	}
package checkup

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/doctor"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Checkup knows how to look. What is nil is told as not set up.
type Checkup struct {
	App core.App

	DKIM    func() (*mail.DKIM, error)                             // what signs mail
	Mailbox func(ctx context.Context, box *desk.Mailbox) error     // logs in to one
	LLM     func() string                                          // off, on or open
	Captcha func() string                                          // off, on, no_secret, faulty or down
	Disk    func() uint64                                          // bytes left for the data folder; 0 unknown
	SMTP    func(ctx context.Context, s mail.Server) (bool, error) // tries a login; tells whether TLS was used

	Resolver   doctor.Resolver
	TimeServer string        // host:port
	Client     *http.Client  // asks for the public address
	Return     time.Duration // how long a mail to ourselves may take
	Look       time.Duration // how often it is looked for
}

// New is a checkup with the machine's own DNS, a public time server and a
// minute for a mail's round trip.
func New(app core.App) *Checkup {
	return &Checkup{
		App: app, Resolver: net.DefaultResolver, TimeServer: "pool.ntp.org:123",
		Client: &http.Client{Timeout: 10 * time.Second}, Return: time.Minute, Look: time.Second,
		SMTP: func(ctx context.Context, s mail.Server) (bool, error) {
			p, err := mail.Probe(ctx, s)
			return p.TLS, err
		},
	}
}

// limit is how long any look but that at the round trip may take.
const limit = 25 * time.Second

// look is one part of a checkup; it may find several things, or nothing.
type look func(ctx context.Context, s *desk.Settings) []doctor.Finding

// Run looks at everything at the same time, within some 90 seconds, and gives
// the findings in the order in which a person would mend them.
func (c *Checkup) Run(ctx context.Context) ([]doctor.Finding, error) {
	s, err := desk.LoadSettings(c.App)
	if err != nil {
		return nil, err
	}
	looks := []look{
		c.disk, c.clock, c.zone, c.holidays, c.publicURL, c.smtp, c.sender, c.dns, c.mailboxes, c.believed, c.roundTrip, c.texts, c.watch, c.llm, c.captcha,
	}
	parts := make([][]doctor.Finding, len(looks))
	var wg sync.WaitGroup
	for i, l := range looks {
		wg.Go(func() { parts[i] = l(ctx, s) })
	}
	wg.Wait()
	return slices.Concat(parts...), nil
}

// Failed tells whether one of the findings doesn't work.
func Failed(all []doctor.Finding) bool {
	return slices.ContainsFunc(all, func(f doctor.Finding) bool { return f.State == doctor.Fail })
}

// one is a look's only finding.
func one(check, state, id string, with ...string) []doctor.Finding {
	return []doctor.Finding{doctor.New(check, state, id, with...)}
}
