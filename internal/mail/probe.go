package mail

import (
	"context"
	"time"

	"github.com/emersion/go-smtp"
)

// Probed is what a server offered to someone who came without mail.
type Probed struct {
	TLS  bool // the session ran inside TLS
	Auth bool // it was logged in
}

// Probe connects, says EHLO, logs in where a user name is set, and leaves. Its
// error is a *SendError whose Stage says how far it came.
func Probe(ctx context.Context, s Server) (Probed, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout())
	defer cancel()
	x := &session{server: s, stage: StageConnect}
	if err := x.probe(ctx); err != nil {
		return Probed{TLS: x.tls}, x.fault(ctx, err)
	}
	return Probed{TLS: x.tls, Auth: s.Username != ""}, nil
}

func (x *session) probe(ctx context.Context) (err error) {
	if x.wire, err = dial(ctx, x.server); err != nil {
		return err
	}
	defer x.wire.Close()
	stop := context.AfterFunc(ctx, func() { x.wire.Close() })
	defer stop()
	if err := x.secure(ctx); err != nil {
		return err
	}
	x.stage = StageConnect
	x.client = smtp.NewClient(x.conn)
	x.client.CommandTimeout = x.server.timeout() + time.Minute
	if err := x.client.Hello(x.server.localName(x.wire)); err != nil {
		return err
	}
	if err := x.login(); err != nil {
		return err
	}
	x.quit()
	return nil
}
