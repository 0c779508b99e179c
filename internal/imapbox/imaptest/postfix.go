package imaptest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
)

// Postfix is a real Postfix that takes mail for the users of shop.test and puts it where
// a Dovecot finds it. Plus-addresses (desk+x@shop.test) reach the user; a mail to somebody
// unknown is taken and bounces to its envelope sender. Nothing ever leaves the machine.
type Postfix struct {
	Addr string // host:port, SMTP without TLS and without login

	*daemon
}

// StartPostfix starts Postfix (3.6 or later) on loopback, delivering to d; the test's end
// stops it. users are local parts; none is the one user desk. Postfix wants root: the test
// is skipped for others and where Debian's postfix is not installed; with
// POCKETDESK_REQUIRE_MAIL_SERVERS=1 it fails.
func StartPostfix(t testing.TB, d *Dovecot, users ...string) *Postfix {
	t.Helper()
	program := find(t, "postfix")
	if os.Getuid() != 0 {
		missing(t, "Postfix needs to be started by root")
	}
	if users == nil {
		users = []string{"desk"}
	}
	dir := folder(t)
	queue, data := filepath.Join(dir, "queue"), filepath.Join(dir, "data")
	for _, path := range []string{queue, data} {
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ownBy(t, data, "postfix")
	var boxes strings.Builder
	for _, name := range users {
		fmt.Fprintf(&boxes, "%s@shop.test shop.test/%s/Maildir/\n", name, name)
	}
	write(t, filepath.Join(dir, "boxes"), boxes.String())
	write(t, filepath.Join(dir, "main.cf"), mainCF(dir, d))
	for range 3 {
		port := freePort(t)
		write(t, filepath.Join(dir, "master.cf"), masterCF(port))
		process := &daemon{cmd: exec.Command(program, "-c", dir, "start-fg"), pidFile: filepath.Join(queue, "pid", "master.pid")}
		if process.start(t, "daemon started") {
			return &Postfix{fmt.Sprintf("127.0.0.1:%d", port), process}
		}
		if !strings.Contains(process.said(), "in use") {
			t.Fatalf("Postfix does not start:\n%s", process.said())
		}
	}
	t.Fatal("no port stayed free for Postfix")
	return nil
}

func ownBy(t testing.TB, path, name string) {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	if err := os.Chown(path, uid, -1); err != nil {
		t.Fatal(err)
	}
}

func mainCF(dir string, d *Dovecot) string {
	return fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.shop.test
mydomain = shop.test
myorigin = shop.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
recipient_delimiter = +
virtual_mailbox_domains = shop.test
virtual_mailbox_maps = texthash:%[1]s/boxes
virtual_mailbox_base = %[2]s/mail
virtual_uid_maps = static:%[3]d
virtual_gid_maps = static:%[4]d
virtual_minimum_uid = 1
local_transport = error:5.1.1 no such user
default_transport = error:5.1.2 there is no other domain
relay_transport = error:5.1.2 there is no other domain
message_size_limit = 36700160
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtp_tls_security_level = none
smtpd_tls_security_level = none
`, dir, d.dir, d.uid, d.gid)
}

func masterCF(port int) string {
	return fmt.Sprintf(`127.0.0.1:%d inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
`, port)
}

// Send hands a mail in over SMTP. The sender "" is the null sender.
func (p *Postfix) Send(from string, to []string, raw string) error {
	c, err := smtp.Dial(p.Addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, to, strings.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}

// Log is what Postfix has written so far.
func (p *Postfix) Log() string { return p.said() }
