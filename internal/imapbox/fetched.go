package imapbox

import (
	"bytes"
	"context"
	"io"
	"sync/atomic"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// wholeMail asks for a mail without marking it as read, and for no more of it than
// one byte too many, whatever size the server gave before.
func (b *box) wholeMail() *imap.FetchOptions {
	return &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{
		Peek: true, Partial: &imap.SectionPartial{Size: b.cfg.MaxMail + 1},
	}}}
}

// fetched is an answer with a mail in it.
type fetched struct {
	uid      uint32
	whole    bool // a body was in it
	raw      []byte
	tooLarge bool  // then raw is the header
	size     int64 // with tooLarge: at least so large
}

func (f fetched) came(uid uint32) bool { return f.whole && f.uid == uid }

// nextMail reads one answer; nil gives an empty one. After an error neither the answer nor
// its command may be touched again, not even to close them: the library would read
// from the connection in two goroutines at once.
func (s *session) nextMail(msg *imapclient.FetchMessageData) (f fetched, err error) {
	if msg == nil {
		return f, nil
	}
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			f.uid = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			if err := s.body(&f, item.Literal); err != nil {
				return f, err
			}
			f.whole = true
		}
	}
	return f, nil
}

// body reads a literal. One that ends early is no mail: the client library takes
// the end of the connection for the end of the literal.
func (s *session) body(f *fetched, literal imap.LiteralReader) error {
	f.size = literal.Size()
	f.tooLarge = f.size > s.cfg.MaxMail
	length := f.size
	if f.tooLarge {
		length = min(headerSize, length)
	}
	f.raw = make([]byte, length)
	if _, err := io.ReadFull(literal, f.raw); err != nil {
		return io.ErrUnexpectedEOF
	}
	if !f.tooLarge {
		return nil
	}
	f.raw = header(f.raw)
	// A server that sends everything though it was asked for the beginning is
	// cut off by the guard.
	_, err := io.Copy(io.Discard, literal)
	return err
}

// header is what stands before the first empty line.
func header(raw []byte) []byte {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if at := bytes.Index(raw, []byte(end)); at >= 0 {
			return raw[:at+len(end)]
		}
	}
	return raw
}

// collector gathers the answers that the client library could not match with a
// command, because the UID stood behind the mail in them, or because an answer
// with flags of the same mail came first.
type collector struct {
	begun atomic.Int32
	got   chan answer
}

type answer struct {
	fetched
	err error
}

// stray is called for such an answer, in a goroutine of its own while the library waits
// for the end of the mail in it.
func (s *session) stray(msg *imapclient.FetchMessageData) {
	c := s.strays.Load()
	if c == nil {
		figures(msg)
		return
	}
	c.begun.Add(1)
	f, err := s.nextMail(msg)
	select {
	case c.got <- answer{f, err}:
	default:
	}
}

// collect fetches one mail, however the answer is written.
func (b *box) collect(ctx context.Context, uid uint32) (f fetched, err error) {
	c := &collector{got: make(chan answer, 16)}
	b.strays.Store(c)
	defer b.strays.Store(nil)
	err = b.ask(ctx, func() error {
		cmd := b.client.Fetch(imap.UIDSetNum(imap.UID(uid)), b.wholeMail())
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			got, err := b.nextMail(msg)
			if err != nil {
				b.close()
				return err
			}
			if got.came(uid) {
				f = got
			}
		}
		return cmd.Close()
	})
	for begun := c.begun.Load(); begun > 0 && err == nil; begun-- {
		select {
		case a := <-c.got:
			if err = a.err; err == nil && a.came(uid) {
				f = a.fetched
			}
		case <-b.conn.closed:
			err = b.conn.reason()
		}
	}
	return f, b.secrets.lost(err)
}
