package imapbox

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"
)

// after does in the folder what Config.After asks for. A refusal is told as a warning
// and holds nothing up: mails must go on to arrive.
func (b *box) after(ctx context.Context, mails []entry) error {
	var uids imap.UIDSet
	for _, m := range mails {
		uids.AddNum(imap.UID(m.uid))
	}
	var err error
	switch b.cfg.After {
	case Seen:
		err = b.flag(ctx, uids, imap.FlagSeen)
	case Move:
		err = b.move(ctx, uids)
	}
	var refusal *imap.Error
	if errors.As(err, &refusal) {
		b.warned = b.secrets.problem(ErrAfter, err)
		return nil
	}
	return err
}

func (b *box) flag(ctx context.Context, uids imap.UIDSet, flag imap.Flag) error {
	return b.ask(ctx, func() error {
		return b.client.Store(uids, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{flag}}, nil).Close()
	})
}

// move moves mails (RFC 6851), making the folder where there is none.
func (b *box) move(ctx context.Context, uids imap.UIDSet) error {
	err := b.moveOnce(ctx, uids)
	var refusal *imap.Error
	if !errors.As(err, &refusal) || refusal.Code != imap.ResponseCodeTryCreate && refusal.Code != imap.ResponseCodeNonExistent {
		return err
	}
	if made := b.ask(ctx, func() error { return b.client.Create(b.cfg.MoveTo, nil).Wait() }); made != nil {
		return made
	}
	return b.moveOnce(ctx, uids)
}

// moveOnce goes without MOVE where the server has none. Without UIDPLUS (RFC 4315) as well
// the mails stay flagged as deleted: a plain EXPUNGE would remove those that
// somebody else has marked.
func (b *box) moveOnce(ctx context.Context, uids imap.UIDSet) error {
	caps := b.client.Caps()
	if caps.Has(imap.CapMove) {
		return b.ask(ctx, func() error {
			_, err := b.client.Move(uids, b.cfg.MoveTo).Wait()
			return err
		})
	}
	err := b.ask(ctx, func() error {
		_, err := b.client.Copy(uids, b.cfg.MoveTo).Wait()
		return err
	})
	if err != nil {
		return err
	}
	if err := b.flag(ctx, uids, imap.FlagDeleted); err != nil || !caps.Has(imap.CapUIDPlus) {
		return err
	}
	return b.ask(ctx, func() error { return b.client.UIDExpunge(uids).Close() })
}
