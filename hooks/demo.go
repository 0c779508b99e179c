package hooks

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	shopdemo "github.com/pocketdesk/pocketdesk/internal/desk/demo"
)

func (p *plugin) demoCommand() *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Starts a throw-away shop with 60 days of messages; its mail stays on this machine",
		Long: "Starts a shop in a new temporary folder, lives through 60 days of messages and answers, and serves it.\n" +
			"All mail is caught and shown on a page; nothing leaves this machine. The folder is removed at the end.\n" +
			"With --dir the shop is made in that folder, which must be new or empty, and is kept.",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{aloneMark: "1"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f := cmd.Flag("dir"); f != nil && f.Changed {
				o.dir = f.Value.String()
			}
			return p.demo(cmd, o)
		},
	}
	cmd.Flags().StringVar(&o.addr, "http", "127.0.0.1:8090", "TCP address to listen on")
	return cmd
}

// demo runs until somebody ends it.
func (p *plugin) demo(cmd *cobra.Command, o demoOptions) error {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	finished := make(chan struct{})
	defer close(finished)
	p.endWith(stop, finished)

	d, err := p.openDemo(o)
	if err != nil {
		return err
	}
	defer d.close()
	fmt.Fprintln(os.Stderr, "Filling a shop with 60 days of messages …")
	report, err := d.fill(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	return d.serve(ctx, func() { d.tell(os.Stderr, os.Stdout, report) })
}

// endWith ends the demo with the host's app, which waits until the folder is removed.
func (p *plugin) endWith(stop func(), finished <-chan struct{}) {
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.demo.end",
		Func: func(e *core.TerminateEvent) error {
			stop()
			<-finished
			return e.Next()
		},
	})
}

// tell says where everything is: words for people, and JSON for programs that
// read standard output.
func (d *demo) tell(words, data io.Writer, r shopdemo.Report) {
	fmt.Fprintf(words, `
%d messages came in 60 days: %d cases, %d in quarantine, %d blocked; staff sent %d answers.

  Form        %s
  Desk        %s
  Mail        %s
  Sign in as  %s
  Password    %s
  Data        %s

Ctrl-C ends the demo%s.
`, r.Submissions, r.Cases, r.Outcomes["quarantined"], r.Outcomes["blocked"], r.Answers,
		d.formURL(), d.deskURL(), d.mailURL(), d.email, d.password, d.dir,
		map[bool]string{true: "; the data is kept", false: " and removes the data"}[d.keep])
	if f, ok := data.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return // a person has read the words
		}
	}
	_ = json.NewEncoder(data).Encode(map[string]any{
		"form": d.formURL(), "desk": d.deskURL(), "mail": d.mailURL(), "email": d.email, "password": d.password, "dir": d.dir,
	})
}
