package mailfile

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// isMaildir tells a folder with the sub-folders of a Maildir.
func isMaildir(entries []fs.DirEntry) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.IsDir() && e.Name() == name })
	}
	return has("cur") && has("new")
}

// maildir reads the mails of one Maildir; tmp holds those that are being written.
func (w *walker) maildir(t *tree, dir string) error {
	var mails []maildirName
	for _, part := range []string{"cur", "new"} {
		entries, err := fs.ReadDir(t.FS(), path.Join(dir, part))
		if err != nil {
			w.skip(t.full(path.Join(dir, part)), err)
			continue
		}
		for _, e := range entries {
			switch {
			case strings.HasPrefix(e.Name(), "."), e.IsDir():
			case !e.Type().IsRegular():
				w.skip(t.full(path.Join(dir, part, e.Name())), errKind)
			default:
				mails = append(mails, parseName(path.Join(dir, part), e.Name()))
			}
		}
	}
	slices.SortFunc(mails, maildirName.compare)
	for _, m := range mails {
		if err := w.open(t, path.Join(m.dir, m.name)); err != nil {
			return err
		}
	}
	return nil
}

// maildirName is a file name such as 1204680122.M20046P2137Q3.host:2,S, which
// begins with the seconds of the delivery; M gives the microseconds and Q or # counts
// within a process where there are such.
type maildirName struct {
	dir, name       string
	seconds, micros uint64
}

func parseName(dir, name string) maildirName {
	m := maildirName{dir: dir, name: name}
	seconds, rest, _ := strings.Cut(name, ".")
	m.seconds = digits(seconds)
	unique, _, _ := strings.Cut(rest, ".")
	if at := strings.IndexByte(unique, 'M'); at >= 0 {
		m.micros = digits(unique[at+1:])
	}
	return m
}

// digits is the number at the start of s, 0 without one.
func digits(s string) uint64 {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.ParseUint(s[:end], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (m maildirName) compare(o maildirName) int {
	return cmp.Or(cmp.Compare(m.seconds, o.seconds), cmp.Compare(m.micros, o.micros), cmp.Compare(m.name, o.name), cmp.Compare(m.dir, o.dir))
}
