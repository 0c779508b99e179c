package mailfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
)

const bufferSize = 64 << 10

// mbox reads the mails of an mbox file (RFC 4155 and its older relatives). Only lines
// that look like the start of a mail part it: programs that forget to write ">" before
// a line of text such as "From now on" are common.
func (w *walker) mbox(name string, r *bufio.Reader) error {
	n := 0
	err := eachMail(r, func(raw []byte, over bool) error {
		n++
		if over {
			w.skip(fmt.Sprintf("%s#%d", name, n), ErrTooLarge)
			return nil
		}
		return w.give(fmt.Sprintf("%s#%d", name, n), raw)
	})
	var stopped *stop
	if err != nil && !errors.As(err, &stopped) {
		w.skip(name, err)
		return nil
	}
	return err
}

// eachMail calls f with each mail of an mbox, or with over for one that is too large.
func eachMail(r *bufio.Reader, f func(raw []byte, over bool) error) error {
	m := mboxReader{r: r, blank: true}
	if bom, _ := r.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = r.Discard(3)
	}
	for {
		raw, over, err := m.next()
		if over || len(bytes.TrimSpace(raw)) > 0 && !internal(raw) {
			if err := f(raw, over); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// internal is the first mail of some servers' mbox files, which holds notes for the server.
func internal(raw []byte) bool {
	header, _, _ := bytes.Cut(raw, []byte("\n\n"))
	return len(raw) < 4096 && bytes.Contains(header, []byte("FOLDER INTERNAL DATA")) && bytes.Contains(header, []byte("X-IMAP"))
}

type mboxReader struct {
	r     *bufio.Reader
	begun bool // the first line was read
	blank bool // the line before is empty, a separator, or there is none
}

// next reads up to the start of the next mail; over tells that the mail was too large
// and is not kept. The last one comes with io.EOF.
func (m *mboxReader) next() (raw []byte, over bool, err error) {
	inside := false // of a line, of which a part came before
	for {
		chunk, err := m.r.ReadSlice('\n')
		whole := err == nil
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil
		}
		if !inside && bytes.HasPrefix(chunk, []byte("From ")) {
			chunk = bytes.Clone(chunk) // a look ahead moves what is in the buffer
			if m.separates(chunk) {
				m.begun, m.blank = true, true
				m.skipLine(whole)
				raw = trim(raw)
				return raw, over || len(raw) > MaxMail, err
			}
		}
		m.begun = m.begun || len(chunk) > 0
		if !inside {
			m.blank = len(bytes.TrimRight(chunk, "\r\n")) == 0
			chunk = unquote(chunk)
		}
		inside = !whole
		if over = over || len(raw)+len(chunk) > MaxMail+2; over {
			raw = nil
		} else {
			raw = append(raw, chunk...)
		}
		if err != nil {
			raw = trim(raw)
			return raw, over || len(raw) > MaxMail, err
		}
	}
}

// skipLine reads the rest of a line that was longer than the buffer.
func (m *mboxReader) skipLine(whole bool) {
	for !whole {
		_, err := m.r.ReadSlice('\n')
		whole = !errors.Is(err, bufio.ErrBufferFull)
	}
}

// trim takes the empty line away that the format puts behind a mail.
func trim(raw []byte) []byte {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if bytes.HasSuffix(raw, []byte(end)) {
			return raw[:len(raw)-len(end)/2]
		}
	}
	return raw
}

// unquote takes one ">" from a line that would else look like a separator.
func unquote(line []byte) []byte {
	if rest := bytes.TrimLeft(line, ">"); len(rest) < len(line) && bytes.HasPrefix(rest, []byte("From ")) {
		return line[1:]
	}
	return line
}

var (
	// dated finds a date as asctime writes it, or as a mail's header does.
	dated = regexp.MustCompile(`(?i)\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+((Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{1,2}|\d{1,2}\s+(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{2,4})\s+\d{1,2}:\d{2}`)
	// bare is a separator that lost its date.
	bare = regexp.MustCompile(`^From (-|MAILER-DAEMON|[^\s@]+@[^\s@]+)\s*$`)
	// field is the start of a mail's header.
	field = regexp.MustCompile(`^>?[!-9;-~]{1,76}[ \t]*:`)
)

// separates tells whether a line starts a mail: the first line of the file, one with a date
// behind an empty line or before a header, or one with an address alone between both.
func (m *mboxReader) separates(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("From ")) {
		return false
	}
	if !m.begun {
		return true
	}
	line = line[:min(len(line), 1000)]
	isDated, isBare := dated.Match(line), bare.Match(line)
	if isDated && m.blank {
		return true
	}
	if !isDated && !(isBare && m.blank) {
		return false
	}
	following, _ := m.r.Peek(100)
	return field.Match(following)
}
