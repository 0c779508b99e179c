package hooks

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/security"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	shopdemo "github.com/pocketdesk/pocketdesk/internal/desk/demo"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// demoOptions are what the command line says of a demo.
type demoOptions struct {
	addr string // to listen on
	dir  string // "" is a temporary folder that is removed at the end
}

// demo is a throw-away shop: an app of its own in a folder of its own, with a
// mail server that keeps all mail in memory.
type demo struct {
	url      string // without a slash at its end
	dir      string
	keep     bool
	email    string // of the superuser
	password string

	listener net.Listener
	catcher  *mail.Catcher
	app      core.App
	plugin   *plugin
}

// openDemo takes address and folder, and starts app and mail server. The host's
// app is left alone.
func (p *plugin) openDemo(o demoOptions) (_ *demo, err error) {
	d := &demo{keep: o.dir != "", email: shopdemo.Owner(), password: security.RandomStringWithAlphabet(12, "abcdefghijkmnpqrstuvwxyz23456789")}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	if d.listener, err = net.Listen("tcp", o.addr); err != nil {
		return nil, fmt.Errorf("%s can't be used, perhaps another program listens there; choose another address, such as --http 127.0.0.1:8091 (%w)", o.addr, err)
	}
	d.url = "http://" + reachable(d.listener.Addr())
	if d.dir, err = demoFolder(o.dir); err != nil {
		return nil, err
	}
	if d.catcher, err = mail.NewCatcher(); err != nil {
		return nil, err
	}
	d.app = core.NewBaseApp(core.BaseAppConfig{DataDir: d.dir})
	d.catcher.Now = func() time.Time { return desk.Now(d.app) }
	config := p.config
	config.Secret = "" // what a demo signs must not count anywhere else
	// and nothing leaves this machine
	config.LLM, config.Captcha, config.MemberSecret = LLM{}, Captcha{}, ""
	if d.plugin, err = register(d.app, nil, config); err != nil {
		return nil, err
	}
	d.bindMail()
	if err = d.app.Bootstrap(); err != nil {
		return nil, err
	}
	d.plugin.door.MX = nil
	return d, d.app.RunAllMigrations()
}

// demoFolder makes the folder; one that holds anything is somebody's data.
func demoFolder(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "pocketdesk-demo-")
	}
	held, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return dir, os.MkdirAll(dir, 0o700)
	case err != nil:
		return "", err
	case len(held) > 0:
		return "", fmt.Errorf("%s is not empty; a demo needs a new folder, so that it never mixes with real data", dir)
	}
	return dir, nil
}

// reachable is the address for a browser on this machine.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return a.String()
}

func (d *demo) formURL() string { return d.url + d.plugin.base + "/" }
func (d *demo) deskURL() string { return d.url + "/_/#/desk" }
func (d *demo) mailURL() string { return d.url + mailPath }

// fill lives through the shop's past.
func (d *demo) fill(ctx context.Context) (shopdemo.Report, error) {
	rows, err := content.Submissions()
	if err != nil {
		return shopdemo.Report{}, err
	}
	now := time.Now()
	host, port := d.catcher.Addr()
	staff, err := shopdemo.Furnish(d.app, shopdemo.Setup{
		URL: d.url, SMTPHost: host, SMTPPort: port, Password: d.password, Since: now.AddDate(0, 0, -90),
	})
	if err != nil {
		return shopdemo.Report{}, err
	}
	d.plugin.doorbell.Off = true // the past is no news
	defer func() { d.plugin.doorbell.Off = false }()
	return shopdemo.Fill(ctx, d.app, shopdemo.Shop{Line: newDemoLine(d.plugin), Staff: staff, Rows: rows, Now: now})
}

// serve answers requests until ctx ends; ready is called when it does.
func (d *demo) serve(ctx context.Context, ready func()) error {
	up, served := make(chan struct{}), make(chan error, 1)
	d.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.demo.listen", Priority: -9999, // outermost: all others are done when it is
		Func: func(e *core.ServeEvent) error {
			e.Listener, e.InstallerFunc = d.listener, nil // the superuser is there already
			err := e.Next()
			if err == nil {
				close(up)
			}
			return err
		},
	})
	go func() { served <- apis.Serve(d.app, apis.ServeConfig{HttpAddr: d.listener.Addr().String()}) }()
	select {
	case err := <-served:
		return err
	case <-up:
	}
	ready()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	return errors.Join(d.terminate(), <-served)
}

// terminate ends the app as PocketBase does it. A folder that is kept doesn't
// name a mail server that is gone; that is written when nothing else runs any
// more, since PocketBase's settings have no lock.
func (d *demo) terminate() error {
	e := &core.TerminateEvent{App: d.app}
	return d.app.OnTerminate().Trigger(e, func(e *core.TerminateEvent) error {
		return errors.Join(d.forgetMailServer(), e.App.ResetBootstrapState())
	})
}

func (d *demo) forgetMailServer() error {
	if !d.keep {
		return nil
	}
	d.app.Settings().SMTP.Enabled = false
	return d.app.Save(d.app.Settings())
}

// close gives back all that was taken, whatever came of it.
func (d *demo) close() {
	if d.app != nil {
		_ = d.app.ResetBootstrapState()
	}
	if d.listener != nil {
		_ = d.listener.Close()
	}
	if d.catcher != nil {
		_ = d.catcher.Close()
	}
	if d.dir != "" && !d.keep {
		_ = os.RemoveAll(d.dir)
	}
}
