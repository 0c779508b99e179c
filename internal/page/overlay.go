package page

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Overlay lays a folder on disk over embedded: a file that exists in the folder wins, all else comes from
// embedded; folders show both. The folder may be missing, and may appear later. Neither ".." nor a symbolic link
// leads out of it, and only regular files and folders are read: a path that tries gives an error.
func Overlay(disk string, embedded fs.FS) fs.FS { return overlay{disk, embedded} }

type overlay struct {
	disk     string
	embedded fs.FS
}

var (
	_ fs.ReadDirFS   = overlay{}
	_ fs.ReadDirFile = (*folder)(nil)
)

// Open opens the file on disk, else the embedded one.
func (o overlay) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := o.openDisk(name)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = o.embedded.Open(name)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.IsDir() {
		return file, err
	}
	entries, err := o.ReadDir(name)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &folder{File: file, rest: entries}, nil
}

// ReadDir lists a folder of both layers, sorted by name.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	upper, err := o.readDisk(name)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return nil, err
	}
	lower, err := fs.ReadDir(o.embedded, name)
	if err != nil && (missing || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	seen := map[string]bool{}
	for _, entry := range upper {
		seen[entry.Name()] = true
	}
	for _, entry := range lower {
		if !seen[entry.Name()] {
			upper = append(upper, entry)
		}
	}
	slices.SortFunc(upper, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return upper, nil
}

// openDisk goes through os.Root, which follows no link out of the folder.
func (o overlay) openDisk(name string) (fs.File, error) {
	root, err := os.OpenRoot(o.disk)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	// Opening a named pipe would wait for a writer for ever.
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fmt.Errorf("not a regular file: %w", fs.ErrInvalid)}
	}
	return root.FS().Open(name)
}

func (o overlay) readDisk(name string) ([]fs.DirEntry, error) {
	root, err := os.OpenRoot(o.disk)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return fs.ReadDir(root.FS(), name)
}

// folder is an open folder of both layers.
type folder struct {
	fs.File
	rest []fs.DirEntry
}

// ReadDir returns the next n entries, as fs.ReadDirFile asks.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.rest)
	} else if len(f.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.rest))
	head := f.rest[:n]
	f.rest = f.rest[n:]
	return head, nil
}
