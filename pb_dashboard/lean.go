package pb_dashboard

import (
	"bytes"
	"io"
	"io/fs"
	"path"
)

// lean is a file system whose modules leave without comments and without the
// blanks that only people need: a third of their bytes. Lines stay lines, so that
// an error names the right one.
type lean struct{ fs.FS }

func (l lean) Open(name string) (fs.File, error) {
	f, err := l.FS.Open(name)
	if err != nil || path.Ext(name) != ".js" {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	text = slim(text)
	return &module{bytes.NewReader(text), leanInfo{info, int64(len(text))}}, nil
}

// slim leaves out comments, indentation and the blanks beside signs. Lines stay
// lines, so nothing changes for where a statement ends, and what stands between
// quotes stays as it is.
func slim(text []byte) []byte {
	w := slimmer{in: text, out: make([]byte, 0, len(text))}
	w.code(false)
	return w.out
}

// slimmer walks over a module once. It knows as much of JavaScript as it takes to
// tell code from what stands in quotes, comments and patterns.
type slimmer struct {
	in, out []byte
	at      int
}

// code copies up to the end, or within a template literal to the } that ends the
// expression.
func (w *slimmer) code(nested bool) {
	depth := 0
	for w.at < len(w.in) {
		c := w.in[w.at]
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			w.blank()
		case c == '\n':
			w.newline()
		case c == '"' || c == '\'':
			w.quoted(c)
		case c == '`':
			w.template()
		case c == '/' && w.next('/'):
			w.skip("\n")
		case c == '/' && w.next('*'):
			w.remark()
		case c == '/' && w.pattern():
			w.regexp()
		default:
			if c == '{' {
				depth++
			}
			if c == '}' {
				if depth--; nested && depth < 0 {
					return
				}
			}
			w.take()
		}
	}
}

func (w *slimmer) take() {
	w.out = append(w.out, w.in[w.at])
	w.at++
}

func (w *slimmer) next(c byte) bool { return w.at+1 < len(w.in) && w.in[w.at+1] == c }

// blank keeps one blank where two words, or two signs that would become another
// one, would touch.
func (w *slimmer) blank() {
	for w.at < len(w.in) && (w.in[w.at] == ' ' || w.in[w.at] == '\t' || w.in[w.at] == '\r') {
		w.at++
	}
	if w.at == len(w.in) || len(w.out) == 0 {
		return
	}
	a, b := w.out[len(w.out)-1], w.in[w.at]
	if isWord(a) && isWord(b) || (a == '+' || a == '-' || a == '/') && (b == '+' || b == '-' || b == '/') || a == '/' || isDigit(a) && b == '.' {
		w.out = append(w.out, ' ')
	}
}

func (w *slimmer) newline() {
	for len(w.out) > 0 && w.out[len(w.out)-1] == ' ' {
		w.out = w.out[:len(w.out)-1]
	}
	w.take()
	for w.at < len(w.in) && (w.in[w.at] == ' ' || w.in[w.at] == '\t') {
		w.at++
	}
}

func (w *slimmer) quoted(end byte) {
	w.take()
	for w.at < len(w.in) && w.in[w.at] != end && w.in[w.at] != '\n' {
		if w.in[w.at] == '\\' && w.at+1 < len(w.in) {
			w.take()
		}
		w.take()
	}
	if w.at < len(w.in) && w.in[w.at] == end {
		w.take()
	}
}

func (w *slimmer) template() {
	w.take()
	for w.at < len(w.in) && w.in[w.at] != '`' {
		switch {
		case w.in[w.at] == '\\' && w.at+1 < len(w.in):
			w.take()
			w.take()
		case w.in[w.at] == '$' && w.next('{'):
			w.take()
			w.take()
			w.code(true)
		default:
			w.take()
		}
	}
	if w.at < len(w.in) {
		w.take()
	}
}

// skip passes over what stands before the end.
func (w *slimmer) skip(end string) {
	if i := bytes.Index(w.in[w.at:], []byte(end)); i >= 0 {
		w.at += i
	} else {
		w.at = len(w.in)
	}
}

// remark passes over a comment and leaves its lines, so that an error names the
// right one.
func (w *slimmer) remark() {
	from := w.at
	w.at += 2
	w.skip("*/")
	w.at = min(w.at+2, len(w.in))
	if len(w.out) > 0 && w.at < len(w.in) && isWord(w.out[len(w.out)-1]) && isWord(w.in[w.at]) {
		w.out = append(w.out, ' ')
	}
	w.out = append(w.out, bytes.Repeat([]byte("\n"), bytes.Count(w.in[from:w.at], []byte("\n")))...)
}

// pattern tells whether a slash begins a regular expression: it does where no
// value stands before it.
func (w *slimmer) pattern() bool {
	before := bytes.TrimRight(w.out, " \n")
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	if !isWord(last) {
		return !bytes.ContainsRune([]byte(")]}\"'`"), rune(last))
	}
	i := len(before)
	for i > 0 && isWord(before[i-1]) {
		i--
	}
	switch string(before[i:]) {
	case "return", "typeof", "case", "in", "of", "await", "yield", "else", "do":
		return true
	}
	return false
}

func (w *slimmer) regexp() {
	class := false
	w.take()
	for w.at < len(w.in) && w.in[w.at] != '\n' {
		c := w.in[w.at]
		switch {
		case c == '\\' && w.at+1 < len(w.in):
			w.take()
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			w.take()
			return
		}
		w.take()
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWord tells letters, digits and what else a name may hold; every byte of a
// letter beyond ASCII is one.
func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '$' || c == '#' || c >= 0x80
}

// module is an open file; its reader seeks, as http.ServeContent asks.
type module struct {
	*bytes.Reader
	info leanInfo
}

func (m *module) Stat() (fs.FileInfo, error) { return m.info, nil }
func (m *module) Close() error               { return nil }

type leanInfo struct {
	fs.FileInfo
	size int64
}

func (i leanInfo) Size() int64 { return i.size }
