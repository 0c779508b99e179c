package mailfile

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func readMbox(t testing.TB, text string) (mails []string) {
	t.Helper()
	w := &walker{f: func(name string, raw []byte) error {
		if mails = append(mails, string(raw)); name != fmt.Sprintf("x#%d", len(mails)) {
			t.Errorf("mail %d is called %s", len(mails), name)
		}
		return nil
	}}
	if err := w.mbox("x", bufio.NewReaderSize(strings.NewReader(text), bufferSize)); err != nil {
		t.Error(err)
	}
	if err := w.result(); err != nil && err != ErrNone {
		t.Error(err)
	}
	return mails
}

func TestMbox(t *testing.T) {
	const line = "From visitor@shop.test Thu Jan  1 00:00:00 2026\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"two":                   {line + "A: 1\n\nx\n\n" + line + "A: 2\n\ny\n\n", []string{"A: 1\n\nx\n", "A: 2\n\ny\n"}},
		"CRLF":                  {strings.ReplaceAll(line+"A: 1\n\nx\n\n"+line+"A: 2\n\ny\n\n", "\n", "\r\n"), []string{"A: 1\r\n\r\nx\r\n", "A: 2\r\n\r\ny\r\n"}},
		"BOM":                   {"\xef\xbb\xbf" + line + "A: 1\n\nx\n", []string{"A: 1\n\nx\n"}},
		"quoted":                {line + "A: 1\n\n>From me\n>>From you\n> From\n>Fromage\n", []string{"A: 1\n\nFrom me\n>From you\n> From\n>Fromage\n"}},
		"no end":                {line + "A: 1\n\nx", []string{"A: 1\n\nx"}},
		"Mozilla":               {"From - Mon Jan  5 10:00:00 2026\nA: 1\n\nx\n\nFrom - Mon Jan  5 10:00:01 2026\nA: 2\n\n", []string{"A: 1\n\nx\n", "A: 2\n"}},
		"no empty line between": {line + "A: 1\n\nx\n" + line + "A: 2\n\ny\n", []string{"A: 1\n\nx\n", "A: 2\n\ny\n"}},
		"no date": {
			"From MAILER-DAEMON\nA: 1\n\nx\n\nFrom visitor@shop.test\nA: 2\n\ny\n", []string{"A: 1\n\nx\n", "A: 2\n\ny\n"},
		},
		"text that looks like it": {
			line + "A: 1\n\nx\n\nFrom now on we are open.\n\nFrom 10:00 on Thu Jan 1\nFrom here: look\n\nFrom me@shop.test\n\nand more\nFrom a@b.test Thu Jan  1 00:00:00 2026\nno header\n",
			[]string{"A: 1\n\nx\n\nFrom now on we are open.\n\nFrom 10:00 on Thu Jan 1\nFrom here: look\n\nFrom me@shop.test\n\nand more\nFrom a@b.test Thu Jan  1 00:00:00 2026\nno header\n"},
		},
		"a line before":  {"A: 1\n\nx\n\n" + line + "A: 2\n\ny\n", []string{"A: 1\n\nx\n", "A: 2\n\ny\n"}},
		"empty mails":    {line + line + "\n" + line + "A: 1\n\nx\n\n\n" + line, []string{"A: 1\n\nx\n\n"}},
		"header's date":  {"From x@y.test Thu, 1 Jan 2026 00:00:00 +0000\nA: 1\n\nx\n\nFrom x@y.test Thu, 1 Jan 2026 00:00:00 +0000\nA: 2\n\n", []string{"A: 1\n\nx\n", "A: 2\n"}},
		"server's notes": {line + "From: Mail System Internal Data <MAILER-DAEMON@host>\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nnotes\n\n" + line + "A: 1\n\nx\n", []string{"A: 1\n\nx\n"}},
		"nothing":        {"", nil},
		"only lines":     {"\n\n\n", nil},
		"one word":       {"From ", nil},
	} {
		if got := readMbox(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestMboxWithLongLines(t *testing.T) {
	const line = "From visitor@shop.test Thu Jan  1 00:00:00 2026\n"
	long := strings.Repeat("x", 3*bufferSize) + "From a@b.test Thu Jan  1 00:00:00 2026"
	first := "A: 1\n\n" + long + "\n"
	// A separator at each place around the end of the buffer.
	for shift := range 80 {
		pad := strings.Repeat("y", bufferSize-40-len(line)-len("A: 1\n\n")+shift) + "\n"
		text := line + "A: 1\n\n" + pad + "\n" + line + "A: 2\n\n>From me\n"
		if got := readMbox(t, text); !slices.Equal(got, []string{"A: 1\n\n" + pad, "A: 2\n\nFrom me\n"}) {
			t.Fatalf("shifted by %d: %d mails", shift, len(got))
		}
	}
	endless := strings.TrimSpace(line) + strings.Repeat(" z", bufferSize) + "\n"
	if got := readMbox(t, line+first+"\n"+endless+"A: 2\n\n"); !slices.Equal(got, []string{first, "A: 2\n"}) {
		t.Errorf("%d mails", len(got))
	}
}

// FuzzMbox: whatever is in the file, no line is lost but separators and empty ones, and mails
// that are written properly come back as they were.
func FuzzMbox(f *testing.F) {
	f.Add([]byte("From a@b.test Thu Jan  1 00:00:00 2026\nA: 1\n\n>From x\n\nFrom b\n"))
	f.Add([]byte("From a\r\n\r\nFrom b@c.test\r\nA: 1\r\n"))
	f.Add([]byte("\xef\xbb\xbfFrom \n>>From "))
	f.Fuzz(func(t *testing.T, text []byte) {
		text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		var held int
		for _, m := range readMbox(t, string(text)) {
			held += len(m)
		}
		var dropped int
		for line := range bytes.Lines(text) {
			if trimmed := bytes.TrimLeft(line, ">"); bytes.HasPrefix(trimmed, []byte("From ")) || len(bytes.TrimSpace(line)) == 0 {
				dropped += len(line)
			}
		}
		internal := bytes.Contains(text, []byte("FOLDER INTERNAL DATA"))
		if held > len(text) || held < len(text)-dropped-3 && !internal {
			t.Errorf("%d of %d bytes, %d may be dropped", held, len(text), dropped)
		}
		// The same bytes as the text of a mail, written as mboxrd asks for.
		body := "A: b\n\n" + strings.TrimRight(string(text), "\r\n") + "\n"
		var quoted strings.Builder
		for line := range strings.Lines(body) {
			if strings.HasPrefix(strings.TrimLeft(line, ">"), "From ") {
				quoted.WriteByte('>')
			}
			quoted.WriteString(line)
		}
		separator := "From a@b.test Thu Jan  1 00:00:00 2026\n"
		got := readMbox(t, separator+quoted.String()+"\n"+separator+quoted.String()+"\n")
		if !slices.Equal(got, []string{body, body}) && !internal {
			t.Errorf("got %q, want twice %q", got, body)
		}
	})
}
