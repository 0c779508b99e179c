package inbound

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

var (
	// errBroken is a mail that can't be read, however often it is tried.
	errBroken = errors.New("this mail can't be read")
	// errSettled is a mail with which somebody else has dealt meanwhile.
	errSettled = errors.New("this mail is settled")
	// errOtherwise is a mail of which something changed since it was decided on.
	errOtherwise = errors.New("this mail is to be decided on anew")
)

// read fetches a mail as it came and parses it; the letter bears the error.
func (s *Station) read(ctx context.Context, row *desk.InboundMail) *letter {
	l := &letter{row: row}
	raw, err := RawOf(s.app, row)
	if err != nil {
		l.err = fmt.Errorf("fetch the mail as it came: %w", err)
		return l
	}
	l.mail, l.err = s.parse(ctx, raw)
	return l
}

// parse is the parser, whose panic costs one mail.
func (s *Station) parse(ctx context.Context, raw []byte) (m *mailin.Mail, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("%w: %v", errBroken, p)
		}
	}()
	m, err = s.config.Parse(ctx, raw)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, err
	case errors.Is(err, mailin.ErrTimeout):
		return nil, err // the machine may have been busy
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	case m == nil:
		return nil, fmt.Errorf("%w: nothing was found in it", errBroken)
	}
	return m, nil
}

// ErrNoRaw says that a mail as it came is not kept any more.
var ErrNoRaw = errors.New("the mail as it came is not kept any more")

// RawOf reads a mail as it came.
func RawOf(app core.App, row *desk.InboundMail) ([]byte, error) {
	if row.Raw() == "" {
		return nil, ErrNoRaw
	}
	fsys, err := app.NewFilesystem()
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	r, err := fsys.GetReader(row.BaseFilesPath() + "/" + row.Raw())
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, MaxSize+1))
}
