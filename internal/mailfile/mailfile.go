// Package mailfile reads mails that lie in files: single mails (.eml), mbox files,
// Maildirs, and folders of these.
//
//	err := mailfile.Walk("export/All mail.mbox", func(name string, raw []byte) error {
//		return store(raw)
//	})
//
// One mail at a time is held in memory. What is in the files is not trusted, nor are
// the names in a folder: links are not followed, and nothing outside of it is read.
package mailfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// MaxMail is how large a mail may be, in bytes.
const MaxMail = 25 << 20

var (
	// ErrTooLarge is told of a mail over MaxMail.
	ErrTooLarge = errors.New("the mail is larger than 25 MB")
	// ErrNone is returned where no mail was found.
	ErrNone = errors.New("there is no mail in it")
)

var errKind = errors.New("it is neither a file nor a folder")

const (
	maxDepth   = 32  // folders in folders
	maxSkipped = 100 // errors told one by one
)

// Walk calls f with each mail under path, in order: those of an mbox as they stand in it,
// those of a Maildir by the time in their file names with its sub-folders behind,
// those of a folder by name, into its sub-folders. path may itself be a link.
//
// name tells mails apart for people: the file's path, with "#3" behind it for the third
// mail of an mbox. raw is the mail as it lies there, without the lines that belong to the
// mbox; f may keep it.
//
// An error of f ends the walk and is returned as it is; fs.SkipAll ends it without
// one. A mail that is too large or a file that can't be read is passed over and told of
// in the error at the end, all joined.
func Walk(name string, f func(name string, raw []byte) error) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	w := &walker{f: f}
	switch {
	case info.IsDir():
		err = w.tree(name)
	case info.Mode().IsRegular():
		err = w.single(name)
	default:
		err = fmt.Errorf("%q: %w", name, errKind)
	}
	var stopped *stop
	if errors.As(err, &stopped) {
		if errors.Is(stopped.error, fs.SkipAll) {
			return nil
		}
		return stopped.error
	}
	if err != nil {
		return err
	}
	return w.result()
}

// stop is an error of f.
type stop struct{ error }

// Unwrap gives it back.
func (s *stop) Unwrap() error { return s.error }

type walker struct {
	f       func(name string, raw []byte) error
	mails   int
	skipped []error
	more    int // skipped beyond those
}

func (w *walker) result() error {
	if w.more > 0 {
		w.skipped = append(w.skipped, fmt.Errorf("and %d more were passed over", w.more))
	}
	if w.mails == 0 && w.skipped == nil {
		return ErrNone
	}
	return errors.Join(w.skipped...)
}

// give hands a mail on.
func (w *walker) give(name string, raw []byte) error {
	w.mails++
	if err := w.f(name, raw); err != nil {
		return &stop{err}
	}
	return nil
}

// skip notes what is passed over.
func (w *walker) skip(name string, err error) {
	if len(w.skipped) == maxSkipped {
		w.more++
		return
	}
	w.skipped = append(w.skipped, fmt.Errorf("%q: %w", name, err))
}

// single reads a file that was named by itself.
func (w *walker) single(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return w.file(name, file)
}

// file reads a file of either kind, which its name or its first line tells.
func (w *walker) file(name string, file *os.File) error {
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		w.skip(name, errors.Join(err, errKind))
		return nil
	}
	r := bufio.NewReaderSize(file, bufferSize)
	if isMbox(name, r) {
		return w.mbox(name, r)
	}
	raw, err := io.ReadAll(io.LimitReader(r, MaxMail+1))
	switch {
	case err != nil:
		w.skip(name, err)
	case len(raw) > MaxMail:
		w.skip(name, ErrTooLarge)
	case len(bytes.TrimSpace(raw)) > 0:
		return w.give(name, raw)
	}
	return nil
}

// isMbox goes by a file's name and its first line. An .eml file is one mail.
func isMbox(name string, r *bufio.Reader) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".mbox":
		return true
	case ".eml":
		return false
	}
	start, _ := r.Peek(len("\xef\xbb\xbfFrom "))
	return bytes.HasPrefix(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), []byte("From "))
}

// Several tells whether a file is an mbox that [Walk] finds more than one mail in, those
// among them that are too large.
func Several(name string) (bool, error) {
	// looked at before it is opened: what a pipe says can be read only once
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, bufferSize)
	if !isMbox(name, r) {
		return false, nil
	}
	mails := 0
	err = eachMail(r, func([]byte, bool) error {
		if mails++; mails > 1 {
			return fs.SkipAll
		}
		return nil
	})
	if errors.Is(err, fs.SkipAll) {
		err = nil
	}
	return mails > 1, err
}

// tree reads a folder.
func (w *walker) tree(name string) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	return w.folder(&tree{root, name}, ".", 0)
}

// tree is a folder that can't be left.
type tree struct {
	*os.Root
	name string // for people
}

func (t *tree) full(dir string) string { return filepath.Join(t.name, filepath.FromSlash(dir)) }

// folder reads what lies in a folder, and then the folders in it.
func (w *walker) folder(t *tree, dir string, depth int) error {
	if depth > maxDepth {
		w.skip(t.full(dir), errors.New("too many folders in one another"))
		return nil
	}
	entries, err := fs.ReadDir(t.FS(), dir) // sorted by name
	if err != nil {
		w.skip(t.full(dir), err)
		return nil
	}
	maildir := isMaildir(entries)
	if maildir {
		if err := w.maildir(t, dir); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := w.entry(t, dir, e, maildir, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) entry(t *tree, dir string, e fs.DirEntry, maildir bool, depth int) error {
	inside := path.Join(dir, e.Name())
	switch ext := strings.ToLower(path.Ext(e.Name())); {
	case e.IsDir() && maildir && (e.Name() == "cur" || e.Name() == "new" || e.Name() == "tmp"):
		return nil
	case e.IsDir():
		return w.folder(t, inside, depth+1)
	case !maildir && e.Type().IsRegular() && (ext == ".eml" || ext == ".mbox"):
		return w.open(t, inside)
	}
	return nil
}

// open reads a file of a folder.
func (w *walker) open(t *tree, inside string) error {
	file, err := t.Open(inside)
	if err != nil {
		w.skip(t.full(inside), err)
		return nil
	}
	defer file.Close()
	return w.file(t.full(inside), file)
}
