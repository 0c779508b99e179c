package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
)

// StoreFiles writes a new record's uploads to storage before its transaction,
// so that no file is written while the one writer is held. From then on the
// record bears their names. drop removes them again when the transaction fails.
func StoreFiles(app core.App, r *core.Record, field string) (size int64, drop func(), err error) {
	uploads := r.GetUnsavedFiles(field)
	if len(uploads) == 0 {
		return 0, func() {}, nil
	}
	fsys, err := app.NewFilesystem()
	if err != nil {
		return 0, nil, err
	}
	defer fsys.Close()
	if r.Id == "" {
		r.Id = core.GenerateDefaultRandomId()
	}
	names := make([]string, 0, len(uploads))
	drop = func() { dropFiles(app, r.BaseFilesPath(), names) }
	for _, f := range uploads {
		key := r.BaseFilesPath() + "/" + f.Name
		names = append(names, f.Name)
		if err := fsys.UploadFile(f, key); err != nil {
			drop()
			return 0, nil, err
		}
		if err := syncFile(app, key); err != nil {
			drop()
			return 0, nil, err
		}
		size += f.Size
	}
	r.SetRaw(field, names)
	return size, drop, nil
}

// syncFile makes a stored file survive a power cut, as the record that names it
// does. Storage elsewhere looks after itself.
func syncFile(app core.App, key string) error {
	if app.Settings().S3.Enabled {
		return nil
	}
	file := filepath.Join(app.DataDir(), core.LocalStorageDirName, filepath.FromSlash(key))
	// side by side, so that one write of the journal serves all
	names := []string{file, filepath.Dir(file), filepath.Dir(filepath.Dir(file))}
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { errs[i] = syncOne(name) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func syncOne(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func dropFiles(app core.App, dir string, names []string) {
	fsys, err := app.NewFilesystem()
	if err != nil {
		app.Logger().Warn("files of a rolled back record stay", "dir", dir, "error", err)
		return
	}
	defer fsys.Close()
	fsys.SetContext(context.Background())
	for _, name := range names {
		if err := fsys.Delete(dir + "/" + name); err != nil && !errors.Is(err, filesystem.ErrNotFound) {
			app.Logger().Warn("a file of a rolled back record stays", "name", name, "error", err)
		}
	}
}

// RemoveFiles removes the stored files of deleted records, whose folders dirs
// are, before it returns. PocketBase does so as well, but in the background,
// where the end of a command would break it off.
func RemoveFiles(app core.App, dirs []string) error {
	if len(dirs) == 0 {
		return nil
	}
	fsys, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	defer fsys.Close()
	var errs []error
	for _, dir := range dirs {
		for _, err := range fsys.DeletePrefix(dir + "/") {
			if !errors.Is(err, filesystem.ErrNotFound) && !errors.Is(err, os.ErrNotExist) { // the background was faster
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// FileSize is a stored file's size in bytes; 0 where it can't be told.
func FileSize(app core.App, owner *core.Record, name string) int64 {
	fsys, err := app.NewFilesystem()
	if err != nil {
		return 0
	}
	defer fsys.Close()
	attrs, err := fsys.Attributes(owner.BaseFilesPath() + "/" + name)
	if err != nil {
		return 0
	}
	return attrs.Size
}
