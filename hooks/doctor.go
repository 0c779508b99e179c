package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/checkup"
	"github.com/pocketdesk/pocketdesk/internal/doctor"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
)

// bindDoctor lets an admin look at all that the desk depends on.
func (p *plugin) bindDoctor() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.doctor",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/doctor", p.administers(p.examine))
			}
			return e.Next()
		},
	})
}

// finding is one line of a checkup, in words.
type finding struct {
	Name  string `json:"name"`  // what was looked at
	State string `json:"state"` // ok, warn, fail or off
	ID    string `json:"id"`    // which sentence
	Text  string `json:"text"`
	Cure  string `json:"cure"`
}

func inWords(all []doctor.Finding, locale string) []finding {
	out := make([]finding, len(all))
	for i, f := range all {
		text, cure := doctor.Words(f, locale)
		out[i] = finding{f.Check, f.State, f.ID, text, cure}
	}
	return out
}

// examine runs a checkup. It sends a mail and asks other servers, so that one
// runs at a time.
func (p *plugin) examine(e *core.RequestEvent, _ *desk.Agent) error {
	in := struct{ Locale string }{}
	if err := e.BindBody(&in); err != nil {
		return e.BadRequestError("", err)
	}
	if !p.examining.TryLock() {
		return conflict("A checkup is running. Wait a minute.")
	}
	defer p.examining.Unlock()
	all, err := p.checkup().Run(e.Request.Context())
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"checks": inWords(all, in.Locale)})
}

// checkup is wired to the stations.
func (p *plugin) checkup() *checkup.Checkup {
	c := checkup.New(p.app)
	c.DKIM = p.outbox.DKIM
	c.LLM = p.classifier.State
	c.Disk = func() uint64 { return diskFree(p.app.DataDir()) }
	c.Captcha = func() string {
		s, err := desk.LoadSettings(p.app)
		if err != nil {
			return ""
		}
		return p.door.CaptchaState(p.app, s)
	}
	c.Mailbox = func(ctx context.Context, box *desk.Mailbox) error {
		_, err := imapbox.Check(ctx, p.fetcher.Settings(box))
		return err
	}
	return c
}

// doctorCommand is the checkup for a terminal and for monitoring.
func (p *plugin) doctorCommand() *cobra.Command {
	var asJSON bool
	var locale string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Looks at mail, DNS, clock, disk and services; the exit code is 0 if nothing fails",
		Long: "Looks at mail both ways, DNS, clock, disk, public address and services, and says how to mend what is wrong.\n" +
			"It sends one mail to the shop's own address; that it comes back is seen only while serve is running.\n" +
			"The exit code is 0 unless something fails. Warnings don't count.",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: p.fails(func(cmd *cobra.Command, _ []string) error {
			if !p.on() {
				return errors.New("PocketDesk's schema is not in this data folder; run serve or migrate up first")
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Minute)
			defer cancel()
			all, err := p.checkup().Run(ctx)
			if err != nil {
				return err
			}
			if err := tellFindings(inWords(all, locale), asJSON); err != nil {
				return err
			}
			if checkup.Failed(all) {
				return errors.New("something doesn't work; see above")
			}
			return nil
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().StringVar(&locale, "locale", "en", "language of the sentences: en, zh-TW or ja")
	return cmd
}

// tellFindings writes one line each, with the cure behind it.
func tellFindings(all []finding, asJSON bool) error {
	lines := json.NewEncoder(os.Stdout)
	lines.SetEscapeHTML(false)
	for _, f := range all {
		if asJSON {
			if err := lines.Encode(f); err != nil {
				return err
			}
			continue
		}
		line := fmt.Sprintf("%-4s  %-9s  %s", f.State, f.Name, f.Text)
		if f.Cure != "" {
			line += " " + f.Cure
		}
		if _, err := fmt.Fprintln(os.Stdout, line); err != nil {
			return err
		}
	}
	return nil
}
