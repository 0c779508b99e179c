package imapbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// takeBatch takes mails, then marks or moves them, then moves the position. It returns
// how many of them are dealt with.
func (b *box) takeBatch(ctx context.Context, mails []entry) (int, error) {
	n, err := b.stream(ctx, mails)
	if n == 0 && err == nil {
		return 1, b.takeSingle(ctx, mails[0])
	}
	if n == 0 || err != nil && b.cfg.After != Keep {
		return n, err // what was taken comes again: the folder must be put right first
	}
	if failed := b.finish(ctx, mails[:n]); err == nil {
		err = failed
	}
	return n, err
}

// finish marks or moves mails that were taken and moves the position behind them.
func (b *box) finish(ctx context.Context, mails []entry) error {
	if err := b.after(ctx, mails); err != nil {
		return err
	}
	return b.save(ctx, Position{b.pos.UIDValidity, mails[len(mails)-1].uid})
}

// stream fetches mails with one command and takes each once the answer behind it has
// begun, so that one whose length was told wrongly is not stored in part. It stops early,
// without an error, at a mail that did not come in its turn.
func (b *box) stream(ctx context.Context, mails []entry) (n int, err error) {
	var uids imap.UIDSet
	for _, m := range mails {
		uids.AddNum(imap.UID(m.uid))
	}
	cmd := b.client.Fetch(uids, b.wholeMail())
	msg, err := b.nextAnswer(ctx, cmd)
	for err == nil && msg != nil && n < len(mails) {
		var got fetched
		err = b.ask(ctx, func() (err error) {
			got, err = b.nextMail(msg)
			return err
		})
		switch {
		case err == nil && !got.came(mails[n].uid):
			return n, b.ask(ctx, cmd.Close)
		case err == nil:
			msg, err = b.nextAnswer(ctx, cmd)
		case got.tooLarge && n == 0 && got.uid == mails[0].uid:
			err = errors.Join(b.skip(ctx, got, mails[0]), err)
		}
		if err != nil {
			break
		}
		if err := b.take(ctx, got, mails[n]); err != nil {
			b.close()
			_ = cmd.Close() // lets go of the answer that has begun
			return n, err
		}
		n++
	}
	if err != nil {
		b.close()
		return n, err
	}
	return n, b.ask(ctx, cmd.Close)
}

// nextAnswer waits for the start of the next answer; nil comes after a good end.
func (b *box) nextAnswer(ctx context.Context, cmd *imapclient.FetchCommand) (msg *imapclient.FetchMessageData, err error) {
	err = b.ask(ctx, func() error {
		if msg = cmd.Next(); msg == nil {
			return cmd.Close()
		}
		return nil
	})
	return msg, err
}

// skip moves on behind a mail that was larger than the server had said and than it
// was asked for: it would end every connection, as it just did with this one.
func (b *box) skip(ctx context.Context, got fetched, e entry) error {
	if err := b.take(ctx, got, e); err != nil {
		return err
	}
	return b.save(ctx, Position{b.pos.UIDValidity, e.uid})
}

// take hands a mail to the handler.
func (b *box) take(ctx context.Context, got fetched, e entry) error {
	m := b.mail(e)
	m.Raw = got.raw
	if got.tooLarge {
		m.Size = got.size
		return b.stored(b.h.TooLarge(ctx, m))
	}
	m.Size = int64(len(got.raw))
	return b.stored(b.h.Take(ctx, m))
}

func (b *box) mail(e entry) Mail {
	return Mail{UIDValidity: b.pos.UIDValidity, UID: e.uid, Received: e.received, Size: e.size}
}

// takeSingle takes a mail that a command for several did not bring: it was deleted
// meanwhile, or the server answers in an order that the IMAP client does not know.
func (b *box) takeSingle(ctx context.Context, e entry) error {
	got, err := b.collect(ctx, e.uid)
	if err != nil {
		return err
	}
	if got.came(e.uid) {
		if err := b.take(ctx, got, e); err != nil {
			return err
		}
		return b.finish(ctx, []entry{e})
	}
	found, err := b.exists(ctx, e.uid)
	if err != nil {
		return err
	}
	if found {
		return fmt.Errorf("%w: it lists mail %d but does not give it", ErrServer, e.uid)
	}
	return b.save(ctx, Position{b.pos.UIDValidity, e.uid})
}

// takeLarge tells of a mail that is too large, with its header.
func (b *box) takeLarge(ctx context.Context, e entry) error {
	m := b.mail(e)
	err := b.ask(ctx, func() error {
		cmd := b.client.Fetch(imap.UIDSetNum(imap.UID(e.uid)), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{
			Specifier: imap.PartSpecifierHeader, Peek: true, Partial: &imap.SectionPartial{Size: headerSize},
		}}})
		got, err := b.nextMail(cmd.Next())
		if err != nil {
			b.close()
			return err
		}
		if got.came(e.uid) && !got.tooLarge {
			m.Raw = header(got.raw)
		}
		return cmd.Close()
	})
	if err != nil {
		return err
	}
	if err := b.h.TooLarge(ctx, m); err != nil {
		return b.stored(err)
	}
	return b.save(ctx, Position{b.pos.UIDValidity, e.uid})
}
