package imapbox

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// script is a server that says what a test wants, and otherwise plays a folder with
// the mails 1 to mails.
type script struct {
	caps    string
	mails   int
	uidNext int // default mails+1; -1 not told
	body    func(uid int) string
	size    func(uid int) int           // what RFC822.SIZE says; default the truth
	give    func(c *talk, uid int) bool // writes a mail its own way
	// answer deals with a command and says so, or leaves it to the script.
	answer func(c *talk, command string) bool
	greet  string

	mu   sync.Mutex
	said []string // commands that came
	port int
}

type talk struct {
	*script
	conn net.Conn
	r    *bufio.Reader
	tag  string
}

func (c *talk) say(format string, args ...any) { fmt.Fprintf(c.conn, format+"\r\n", args...) }

func (c *talk) ok() bool { c.say("%s OK done", c.tag); return true }

// mail answers a FETCH of one mail, or of figures.
func (c *talk) mail(uid int, command string) {
	body, section := c.body(uid), "BODY[]"
	_, wanted, whole := strings.Cut(command, "BODY.PEEK[")
	switch {
	case !whole:
		size := len(body)
		if c.size != nil {
			size = c.size(uid)
		}
		c.say("* %d FETCH (UID %d RFC822.SIZE %d)", uid, uid, size)
		return
	case c.give != nil && c.give(c, uid):
		return
	case strings.HasPrefix(wanted, "HEADER"):
		section, body = "BODY[HEADER]", string(header([]byte(body)))
	}
	var most int
	if _, part, ok := strings.Cut(wanted, "<0."); ok {
		fmt.Sscanf(part, "%d", &most)
		body = body[:min(most, len(body))]
	}
	c.say("* %d FETCH (UID %d %s<0> {%d}\r\n%s)", uid, uid, section, len(body), body)
}

func (s *script) start(t *testing.T) Config {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.greet == "" {
		s.greet = "* OK ready"
	}
	if s.body == nil {
		s.body = func(uid int) string { return string(note(uid)) }
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	s.port = l.Addr().(*net.TCPAddr).Port
	return Config{Host: "127.0.0.1", Port: s.port, Security: None, Username: "desk", Auth: Password("secret"), Poll: poll, FromStart: true}
}

func (s *script) serve(conn net.Conn) {
	defer conn.Close()
	c := &talk{script: s, conn: conn, r: bufio.NewReader(conn)}
	c.say("%s", s.greet)
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.mu.Lock()
		s.said = append(s.said, command)
		s.mu.Unlock()
		c.tag = tag
		if (s.answer == nil || !s.answer(c, command)) && !c.usual(command) {
			return
		}
	}
}

// usual is what a decent server answers.
func (c *talk) usual(command string) bool {
	switch word, _, _ := strings.Cut(command, " "); {
	case word == "CAPABILITY":
		c.say("* CAPABILITY IMAP4rev1 %s", c.caps)
	case word == "SELECT" || word == "EXAMINE":
		c.say("* %d EXISTS\r\n* OK [UIDVALIDITY 7] valid", c.mails)
		if next := c.uidNext; next >= 0 {
			if next == 0 {
				next = c.mails + 1
			}
			c.say("* OK [UIDNEXT %d] next", next)
		}
	case word == "FETCH":
		c.say("* %d FETCH (UID %d)", c.mails, c.mails)
	case strings.HasPrefix(command, "UID FETCH"):
		var first, last int
		set := strings.Fields(command)[2]
		if n, _ := fmt.Sscanf(set, "%d:%d", &first, &last); n == 1 {
			if last = first; strings.HasSuffix(set, ":*") {
				last = max(first, c.mails)
				first = min(first, c.mails)
			}
		}
		for uid := first; uid <= min(last, c.mails); uid++ {
			c.mail(uid, command)
		}
	case word == "IDLE":
		c.say("+ idling")
		if _, err := c.r.ReadString('\n'); err != nil {
			return false
		}
	}
	return c.ok()
}

// heard tells whether a command came.
func (s *script) heard(prefix string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, command := range s.said {
		if strings.HasPrefix(command, prefix) {
			return true
		}
	}
	return false
}

// flood writes a pattern until the client has had enough.
func flood(w io.Writer, pattern string) {
	block := []byte(strings.Repeat(pattern, 1+(64<<10)/len(pattern)))
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}
