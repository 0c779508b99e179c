package imapbox

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// wait returns when the folder is worth another look: pushed when the server said so;
// not when it is only time to open the folder anew, which also shows whether it was renumbered.
func (b *box) wait(ctx context.Context) (pushed bool, err error) {
	if b.noIdle || !b.client.Caps().Has(imap.CapIdle) {
		return b.sleep(ctx, b.cfg.Poll)
	}
	var cmd *imapclient.IdleCommand
	err = b.ask(ctx, func() (err error) {
		cmd, err = b.client.Idle()
		return err
	})
	var refusal *imap.Error
	if errors.As(err, &refusal) {
		b.noIdle = true
		return b.sleep(ctx, b.cfg.Poll)
	}
	if err != nil {
		return false, err
	}
	if pushed, err = b.sleep(ctx, idleFor); err != nil {
		b.close()
		_ = cmd.Close()
		return false, err
	}
	err = b.ask(ctx, func() error {
		if err := cmd.Close(); err != nil {
			return err
		}
		return cmd.Wait()
	})
	if errors.As(err, &refusal) {
		b.noIdle, err = true, nil // some refuse only now
	}
	return pushed, err
}

// sleep lasts until something is heard of the folder, or for a time.
func (b *box) sleep(ctx context.Context, d time.Duration) (pushed bool, err error) {
	select {
	case <-b.news:
		return true, nil
	case <-b.cfg.Timer(d):
		return false, nil
	case <-b.client.Closed():
		if reason := b.conn.reason(); reason != nil {
			return false, reason
		}
		return false, ErrClosed
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
