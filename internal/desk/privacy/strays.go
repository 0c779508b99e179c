package privacy

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// strayAge is how old a file must be before it counts as left over: the record of
// a younger one may be about to be committed.
const strayAge = 24 * time.Hour

// sweepStrays removes the folders of records that were never committed. Files are
// stored before their transaction, so that a process that ends between the two
// leaves what somebody wrote where nobody would ever look for it. before is by the
// machine's clock, which dates the files. In storage elsewhere (S3) nothing is
// looked for: a listing of a million objects costs more than they do.
func sweepStrays(app core.App, before time.Time) error {
	if app.Settings().S3.Enabled {
		return nil
	}
	var errs []error
	total := 0
	for _, collection := range []string{desk.InboundMails, desk.Feedbacks, desk.Messages} {
		n, err := straysOf(app, collection, before)
		total += n
		errs = append(errs, err)
	}
	if total > 0 {
		app.Logger().Info("retention: files without a record removed", "folders", total)
	}
	return errors.Join(errs...)
}

// straysOf reads the folder of a collection a part at a time: it may hold a million.
func straysOf(app core.App, collection string, before time.Time) (total int, err error) {
	root := filepath.Join(app.DataDir(), core.LocalStorageDirName, collection)
	dir, err := os.Open(root)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(part)
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		known, err := existing(app, collection, entries)
		if err != nil {
			return total, err
		}
		var dirs []string
		for _, e := range entries {
			if known[e.Name()] || !e.IsDir() {
				continue
			}
			if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
				dirs = append(dirs, collection+"/"+e.Name())
			}
		}
		if err := desk.RemoveFiles(app, dirs); err != nil {
			return total, err
		}
		total += len(dirs)
	}
}

// existing tells which folders are those of records.
func existing(app core.App, collection string, entries []fs.DirEntry) (map[string]bool, error) {
	ids := make([]any, len(entries))
	for i, e := range entries {
		ids[i] = e.Name()
	}
	var found []string
	err := app.DB().Select("id").From(desk.Name(app, collection)).Where(dbx.In("id", ids...)).Column(&found)
	known := make(map[string]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	return known, err
}
