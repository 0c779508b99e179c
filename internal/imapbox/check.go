package imapbox

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// Check connects, logs in and opens the folder, once, and changes nothing. It returns
// the folders that mails can be in, sorted, up to 1,000, also together with an
// ErrFolder; see Kind for the errors.
func Check(ctx context.Context, cfg Config) (folders []string, err error) {
	if cfg, err = cfg.withDefaults(); err != nil {
		return nil, err
	}
	s, err := open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if folders, err = s.folders(ctx); err != nil {
		return nil, s.secrets.problem(ErrServer, err)
	}
	_, err = s.selectFolder(ctx)
	return folders, err
}

func (s *session) folders(ctx context.Context) (names []string, err error) {
	err = s.ask(ctx, func() error {
		cmd := s.client.List("", "*", nil)
		for folder := cmd.Next(); folder != nil; folder = cmd.Next() {
			usable := !slices.Contains(folder.Attrs, imap.MailboxAttrNoSelect) && !slices.Contains(folder.Attrs, imap.MailboxAttrNonExistent)
			if usable && len(names) < maxFolders {
				names = append(names, folder.Mailbox)
			}
		}
		return cmd.Close()
	})
	slices.Sort(names)
	return names, err
}
