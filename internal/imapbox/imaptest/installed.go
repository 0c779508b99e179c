package imaptest

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// required is the variable that makes a missing Dovecot or Postfix a failure.
const required = "POCKETDESK_REQUIRE_MAIL_SERVERS"

// missing skips the test for want of a program, or fails it where the programs are required.
func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv(required) == "1" {
		t.Fatalf("%s, and %s=1 asks for it", why, required)
	}
	t.Skip(why)
}

// find looks for a program, also where the path of an ordinary user has none.
func find(t testing.TB, program string) string {
	t.Helper()
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	path := filepath.Join("/usr/sbin", program)
	if _, err := os.Stat(path); err != nil {
		missing(t, program+" is not installed")
	}
	return path
}

// folder makes a folder that other users can enter, with a short name: sockets are made in
// it, whose paths may have 107 bytes.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// freePort is a port that the kernel has just chosen. Somebody else may take it before the
// server does; then the server is started again with another.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// daemon is a server process whose log is read.
type daemon struct {
	cmd     *exec.Cmd
	pidFile string // of the process to stop, where that is not cmd itself
	ended   chan struct{}

	mu  sync.Mutex
	log strings.Builder
}

// start runs the server until it says that it is ready, and tells whether it is: not if
// it ended before. The test's end stops it.
func (d *daemon) start(t testing.TB, ready string) bool {
	t.Helper()
	d.ended = make(chan struct{})
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	d.cmd.Stdout, d.cmd.Stderr = w, w
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	said := make(chan struct{})
	go d.read(r, ready, said)
	go func() {
		_ = d.cmd.Wait()
		close(d.ended)
	}()
	t.Cleanup(func() { d.stop(t) })
	select {
	case <-said:
		return true
	case <-d.ended:
	case <-time.After(time.Minute):
		t.Fatalf("the server does not start:\n%s", d.said())
	}
	return false
}

func (d *daemon) read(r io.ReadCloser, ready string, said chan struct{}) {
	defer r.Close()
	once := sync.OnceFunc(func() { close(said) })
	for lines := bufio.NewScanner(r); lines.Scan(); {
		d.mu.Lock()
		d.log.WriteString(lines.Text() + "\n")
		d.mu.Unlock()
		if strings.Contains(lines.Text(), ready) {
			once()
		}
	}
}

func (d *daemon) said() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

// stop ends the server and what it started.
func (d *daemon) stop(t testing.TB) {
	process := d.cmd.Process
	if text, err := os.ReadFile(d.pidFile); d.pidFile != "" && err == nil {
		if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && pid > 1 {
			process, _ = os.FindProcess(pid)
		}
	}
	_ = process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-d.ended:
	case <-time.After(time.Minute):
		t.Errorf("the server does not stop:\n%s", d.said())
	}
	if t.Failed() {
		t.Logf("what the server said:\n%s", d.said())
	}
}
