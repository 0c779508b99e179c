package privacy_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// A process ended between a file and its record. The file goes, once no commit can
// be under way any more; files that have a record stay however old they are.
func TestSweepStrays(t *testing.T) {
	app := desktest.New(t)
	kept := app.Take(desktest.Letter("Do you have blue cups?", nil))
	root := filepath.Join(app.DataDir(), core.LocalStorageDirName)
	old := time.Now().Add(-25 * time.Hour)
	put := func(collection, id string, at time.Time) string {
		dir := filepath.Join(root, collection, id)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "mail.eml"), []byte("quist words"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, at, at); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	gone := []string{put(desk.InboundMails, "aaaaaaaaaaaaaaa", old), put(desk.Messages, "bbbbbbbbbbbbbbb", old), put(desk.Feedbacks, "ccccccccccccccc", old)}
	young := put(desk.InboundMails, "ddddddddddddddd", time.Now())
	if err := os.Chtimes(filepath.Join(root, desk.InboundMails, kept.Id), old, old); err != nil {
		t.Fatal(err)
	}
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	for _, dir := range gone {
		if _, err := os.Stat(filepath.Join(dir, "mail.eml")); !os.IsNotExist(err) {
			t.Errorf("%s stays: %v", dir, err)
		}
	}
	if _, err := os.Stat(young); err != nil {
		t.Error(err)
	}
	if n := app.StoredFiles(); n != 2 {
		t.Errorf("%d files, want the young one and the mail's", n)
	}
}
