package imaptest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"
)

// Dovecot is a real Dovecot with a configuration and mails of its own. Every user name
// is taken, with the one password.
type Dovecot struct {
	Host               string // 127.0.0.1
	Port               int    // with TLS
	Username, Password string // desk@shop.test
	Client             *tls.Config

	t        testing.TB
	dir      string
	owner    string // of the mails
	group    string
	uid, gid int
}

// StartDovecot starts Dovecot 2.3 on loopback; the test's end stops it. Without Debian's
// dovecot-imapd the test is skipped, with POCKETDESK_REQUIRE_MAIL_SERVERS=1 it fails. Later
// versions read another language of settings, so that the test is skipped with them.
func StartDovecot(t testing.TB) *Dovecot {
	t.Helper()
	program := find(t, "dovecot")
	if out, err := exec.Command(program, "--version").Output(); err != nil || !strings.HasPrefix(string(out), "2.3.") {
		t.Skipf("Dovecot is not 2.3 but %s", out)
	}
	d := &Dovecot{Host: "127.0.0.1", Username: "desk@shop.test", Password: "dovecots-secret", t: t, dir: folder(t)}
	d.chooseOwner()
	for _, name := range []string{"mail", "run", "state"} {
		if err := os.Mkdir(filepath.Join(d.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	d.own(filepath.Join(d.dir, "mail"))
	server, client := Certificate(t, "127.0.0.1")
	d.Client = client
	d.writeKey(server)
	for range 3 {
		d.Port = freePort(t)
		write(t, filepath.Join(d.dir, "dovecot.conf"), d.config())
		process := &daemon{cmd: exec.Command(program, "-F", "-c", filepath.Join(d.dir, "dovecot.conf"))}
		if process.start(t, "starting up") {
			return d
		}
		if !strings.Contains(process.said(), "in use") {
			t.Fatalf("Dovecot does not start:\n%s", process.said())
		}
	}
	t.Fatal("no port stayed free for Dovecot")
	return nil
}

// chooseOwner gives the mails to nobody when the test runs as root, since Dovecot does
// not open root's; else to the user who runs it.
func (d *Dovecot) chooseOwner() {
	name := "nobody"
	if os.Getuid() != 0 {
		name = strconv.Itoa(os.Getuid())
	}
	u, err := user.Lookup(name)
	if os.Getuid() != 0 {
		u, err = user.LookupId(name)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.owner = u.Username
	d.uid, _ = strconv.Atoi(u.Uid)
	d.gid, _ = strconv.Atoi(u.Gid)
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		d.t.Fatal(err)
	}
	d.group = g.Name
}

func (d *Dovecot) own(path string) {
	d.t.Helper()
	if os.Getuid() != 0 {
		return
	}
	if err := os.Chown(path, d.uid, d.gid); err != nil {
		d.t.Fatal(err)
	}
}

func (d *Dovecot) writeKey(server *tls.Config) {
	d.t.Helper()
	pair := server.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		d.t.Fatal(err)
	}
	write(d.t, filepath.Join(d.dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	write(d.t, filepath.Join(d.dir, "key.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
}

func (d *Dovecot) config() string {
	text := fmt.Sprintf(`
base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
mail_fsync = never
mail_location = maildir:%[1]s/mail/%%d/%%n/Maildir
first_valid_uid = 1
auth_failure_delay = 0
passdb {
  driver = static
  args = password=%[2]s
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
userdb {
  driver = static
  args = uid=%[3]d gid=%[4]d home=%[1]s/mail/%%d/%%n
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = %[5]d
    ssl = yes
  }
}
`, d.dir, d.Password, d.uid, d.gid, d.Port)
	if os.Getuid() == 0 {
		return text
	}
	return text + fmt.Sprintf(`
default_internal_user = %[1]s
default_login_user = %[1]s
default_internal_group = %[2]s
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service stats {
  chroot =
}
`, d.owner, d.group)
}

// Do does something as the user Username, over IMAP.
func (d *Dovecot) Do(f func(c *imapclient.Client) error) {
	d.t.Helper()
	c, err := imapclient.DialTLS(fmt.Sprintf("%s:%d", d.Host, d.Port), &imapclient.Options{TLSConfig: d.Client})
	if err != nil {
		d.t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(d.Username, d.Password).Wait(); err != nil {
		d.t.Fatal(err)
	}
	if err := f(c); err != nil {
		d.t.Fatal(err)
	}
	if err := c.Logout().Wait(); err != nil {
		d.t.Fatal(err)
	}
}

// Append puts mails into a folder of the user Username.
func (d *Dovecot) Append(folder string, mails ...[]byte) {
	d.t.Helper()
	d.Do(func(c *imapclient.Client) error {
		for _, raw := range mails {
			cmd := c.Append(folder, int64(len(raw)), nil)
			_, written := cmd.Write(raw)
			closed := cmd.Close()
			if _, err := cmd.Wait(); errors.Join(written, closed, err) != nil {
				return errors.Join(written, closed, err)
			}
		}
		return nil
	})
}
