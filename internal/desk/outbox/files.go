package outbox

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// addFiles adds a message's files. One that its text shows, ![label](cid:NAME),
// goes inside the mail if it is an image; NAME is the file's name as it was given
// or as it is stored. Any other goes beside it.
func (w post) addFiles(m *mail.Message, source *mail.Source, l *Letter) error {
	shown := mail.ImageNames(source.Text)
	source.Images = map[string]string{}
	for i, stored := range l.Message.Files() {
		a := w.attachment(l.Message, stored)
		for _, name := range []string{a.Name, stored} {
			if !slices.Contains(shown, name) || source.Images[name] != "" {
				continue
			}
			kind, ok, err := w.inlineType(a)
			if err != nil {
				return fmt.Errorf("attachment %d: %w", i, err)
			}
			if !ok {
				break
			}
			if a.CID == "" {
				a.Type, a.CID = kind, fmt.Sprintf("image%d.%s@%s", i+1, strings.ToLower(l.Payload.Nonce), mail.Domain(l.Payload.From))
			}
			source.Images[name] = a.CID
		}
		m.Attachments = append(m.Attachments, a)
	}
	return nil
}

// inlineType looks at a file's first bytes.
func (post) inlineType(a mail.Attachment) (string, bool, error) {
	r, err := a.Open()
	if err != nil {
		return "", false, err
	}
	defer r.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	kind, ok := mail.InlineType(head[:n])
	return kind, ok, nil
}

func (w post) attachment(m *desk.Message, name string) mail.Attachment {
	return mail.Attachment{
		Name: desk.OriginalName(m.Record, name), Type: mime.TypeByExtension(path.Ext(name)),
		Open: func() (io.ReadCloser, error) { return openFile(w.app, m.BaseFilesPath()+"/"+name) },
	}
}

func openFile(app core.App, key string) (io.ReadCloser, error) {
	fsys, err := app.NewFilesystem()
	if err != nil {
		return nil, err
	}
	r, err := fsys.GetReader(key)
	if err != nil {
		fsys.Close()
		return nil, err
	}
	return &stored{r, fsys}, nil
}

type stored struct {
	io.ReadCloser
	fsys *filesystem.System
}

func (s *stored) Close() error {
	err := s.ReadCloser.Close()
	if closeErr := s.fsys.Close(); err == nil {
		err = closeErr
	}
	return err
}
