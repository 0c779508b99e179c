package imapbox

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// entry is a mail of which only the server's figures are known.
type entry struct {
	uid      uint32
	size     int64
	received time.Time
}

// catchUp takes everything behind the position.
func (b *box) catchUp(ctx context.Context) error {
	for more := true; more; {
		var mails []entry
		var err error
		if mails, more, err = b.list(ctx); err != nil {
			return err
		}
		for len(mails) > 0 {
			n, err := b.step(ctx, mails)
			if err != nil {
				return err
			}
			mails = mails[n:]
		}
	}
	return nil
}

// step takes the first of the mails, all that can be dealt with together, and returns
// how many they were.
func (b *box) step(ctx context.Context, mails []entry) (int, error) {
	n := 0
	for n < len(mails) && b.old(mails[n]) {
		n++
	}
	if n > 0 {
		return n, b.save(ctx, Position{b.pos.UIDValidity, mails[n-1].uid})
	}
	for n < min(len(mails), b.size) && !b.old(mails[n]) && mails[n].size <= b.cfg.MaxMail {
		n++
	}
	if n == 0 {
		return 1, b.takeLarge(ctx, mails[0])
	}
	n, err := b.takeBatch(ctx, mails[:n])
	if err == nil {
		b.size = min(b.size*2, batchSize)
	}
	return n, err
}

func (b *box) old(e entry) bool {
	return !b.cfg.Since.IsZero() && !e.received.IsZero() && e.received.Before(b.cfg.Since.Truncate(time.Second))
}

// list asks for the mails behind the position, in the order of their UIDs; more
// tells that there are others behind them.
func (b *box) list(ctx context.Context) (mails []entry, more bool, err error) {
	if b.pos.LastUID == math.MaxUint32 {
		return nil, false, nil
	}
	if m := b.client.Mailbox(); m != nil && m.NumMessages == 0 {
		return nil, false, nil // some servers call a range in an empty folder a mistake
	}
	err = b.ask(ctx, func() error {
		// "*" is the last mail even if it lies before the start of the range.
		all := imap.UIDSet{{Start: imap.UID(b.pos.LastUID + 1), Stop: 0}}
		options := &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: !b.cfg.Since.IsZero()}
		cmd := b.client.Fetch(all, options)
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			e := figures(msg)
			if e.uid > b.pos.LastUID {
				mails = append(mails, e)
			}
			if len(mails) == 2*listSize {
				mails, more = sorted(mails)[:listSize], true
			}
		}
		return cmd.Close()
	})
	if mails = sorted(mails); len(mails) > listSize {
		mails, more = mails[:listSize], true
	}
	return mails, more, err
}

func sorted(mails []entry) []entry {
	slices.SortFunc(mails, func(a, b entry) int { return int(int64(a.uid) - int64(b.uid)) })
	return mails
}

// figures reads an answer that holds no mail.
func figures(msg *imapclient.FetchMessageData) entry {
	var e entry
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			e.uid = uint32(item.UID)
		case imapclient.FetchItemDataRFC822Size:
			e.size = item.Size
		case imapclient.FetchItemDataInternalDate:
			e.received = item.Time
		}
	}
	return e
}

// lastUID is the number of the newest mail of the folder, 0 where it is empty.
func (b *box) lastUID(ctx context.Context, data *imap.SelectData) (last uint32, err error) {
	if data.UIDNext > 0 {
		return uint32(data.UIDNext) - 1, nil
	}
	if data.NumMessages == 0 {
		return 0, nil
	}
	err = b.ask(ctx, func() error {
		cmd := b.client.Fetch(imap.SeqSetNum(data.NumMessages), &imap.FetchOptions{UID: true})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			last = max(last, figures(msg).uid)
		}
		return cmd.Close()
	})
	if err == nil && last == 0 {
		return 0, fmt.Errorf("%w: it does not number its mails (no UIDNEXT)", ErrServer)
	}
	return last, err
}

// exists asks whether a mail is still in the folder.
func (b *box) exists(ctx context.Context, uid uint32) (found bool, err error) {
	err = b.ask(ctx, func() error {
		cmd := b.client.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{UID: true, RFC822Size: true})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			found = found || figures(msg).uid == uid
		}
		return cmd.Close()
	})
	return found, err
}
