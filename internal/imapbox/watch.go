package imapbox

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"
)

// Watch fetches mails until ctx ends and returns the context's error. Before, it
// returns only an error that wraps ErrSettings, for a configuration that can't work.
func Watch(ctx context.Context, cfg Config, h Handler) error {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	pause := backoff{random: cfg.Random}
	b := box{h: h, size: batchSize}
	for {
		err := b.visit(ctx, cfg)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if b.reached {
			pause.reset()
		}
		h.Status(pause.state(), err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-cfg.Timer(pause.next(errors.Is(err, ErrLogin))):
		}
	}
}

// box is the mailbox of one Watch.
type box struct {
	*session // the present connection
	h        Handler
	pos      Position
	size     int   // mails a batch: small after a failure, so that each try gets further
	reached  bool  // this connection brought a mail or came as far as waiting for one
	warned   error // of Config.After, on this connection
}

// visit is one connection.
func (b *box) visit(ctx context.Context, cfg Config) error {
	b.reached, b.warned = false, nil
	s, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer s.close()
	b.session = s
	err = b.follow(ctx)
	b.size = 1
	var refusal *imap.Error
	if errors.As(err, &refusal) {
		return s.secrets.problem(ErrServer, err)
	}
	return err
}

// follow fetches what is there and what comes.
func (b *box) follow(ctx context.Context) (err error) {
	if b.pos, err = b.h.Position(ctx); err != nil {
		return b.stored(err)
	}
	for {
		data, err := b.selectFolder(ctx)
		if err != nil {
			return err
		}
		if err := b.place(ctx, data); err != nil {
			return err
		}
		for pushed := true; pushed; {
			if err := b.catchUp(ctx); err != nil {
				return err
			}
			b.reached = true
			b.tell()
			if pushed, err = b.wait(ctx); err != nil {
				return err
			}
		}
	}
}

func (b *box) tell() {
	if b.warned != nil {
		b.h.Status(Warning, b.warned)
		return
	}
	b.h.Status(OK, nil)
}

// stored names an error of the handler.
func (b *box) stored(err error) error { return b.secrets.problem(ErrHandler, err) }

// save moves the position.
func (b *box) save(ctx context.Context, p Position) error {
	if err := b.h.Save(ctx, p); err != nil {
		return b.stored(err)
	}
	b.pos, b.reached = p, true
	return nil
}

// place finds where to go on in the folder that was just opened (RFC 9051, 2.3.1.1).
func (b *box) place(ctx context.Context, data *imap.SelectData) error {
	p := Position{UIDValidity: data.UIDValidity}
	switch {
	case b.pos.UIDValidity == 0:
		if !b.cfg.FromStart && b.cfg.Since.IsZero() {
			last, err := b.lastUID(ctx, data)
			if err != nil {
				return err
			}
			p.LastUID = last
		}
	case b.pos.UIDValidity != data.UIDValidity,
		// A server put back from a backup may forget to change the number.
		data.UIDNext != 0 && uint32(data.UIDNext) <= b.pos.LastUID:
		b.h.Status(Renewed, nil)
	default:
		return nil
	}
	return b.save(ctx, p)
}
