package outbox_test

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func TestWrongPassword(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{Username: "desk", Password: "the right one", STARTTLS: false})
	smtp := &app.Settings().SMTP
	smtp.Username, smtp.Password = "desk", "the wrong one"
	c := app.Case(nil)
	drain(t, app)
	d := app.Delivery(c.Id, "ack")
	is(t, app, d, desk.Queued, desk.DeliveryQueued, "acknowledged")
	fault := app.Find(desk.Outbox, d.Id).GetString("last_error")
	if !strings.Contains(fault, "auth") || strings.Contains(fault, "wrong one") {
		t.Errorf("last error %q", fault)
	}
	smtp.Password = "the right one"
	app.Clock.Advance(time.Minute)
	drain(t, app)
	if l := only(t, srv); l.envelope.Auth != "desk" {
		t.Errorf("sent as %q", l.envelope.Auth)
	}
}

// A certificate that nobody vouches for: nothing leaves, and nothing is lost.
func TestStartTLSUntrusted(t *testing.T) {
	app, srv := newApp(t, mailtest.Script{STARTTLS: true})
	c := app.Case(nil)
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Queued, desk.DeliveryQueued, "acknowledged")
	if srv.Begun() != 0 {
		t.Error("the mail was sent all the same")
	}
}

// The system's authorities are read once a process, so the trusting side of the
// test runs in a process of its own.
func TestStartTLS(t *testing.T) {
	if port := os.Getenv("OUTBOX_TEST_PORT"); port != "" {
		sendTo(t, port)
		return
	}
	srv := mailtest.NewServer(t, mailtest.Script{STARTTLS: true})
	client := exec.Command(os.Args[0], "-test.run=^TestStartTLS$")
	client.Env = append(os.Environ(), "OUTBOX_TEST_PORT="+strconv.Itoa(srv.Port), "SSL_CERT_FILE="+certificate(t, srv))
	if out, err := client.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if l := only(t, srv); !l.envelope.TLS {
		t.Error("sent in the clear")
	}
}

func sendTo(t *testing.T, port string) {
	app, _ := newApp(t, mailtest.Script{})
	app.Settings().SMTP.Port, _ = strconv.Atoi(port)
	c := app.Case(nil)
	drain(t, app)
	is(t, app, app.Delivery(c.Id, "ack"), desk.Sent, desk.DeliverySent, "sent")
}

// certificate is a file with the server's own certificate.
func certificate(t *testing.T, srv *mailtest.Server) string {
	t.Helper()
	client, err := smtp.Dial(fmt.Sprintf("%s:%d", srv.Host, srv.Port))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.StartTLS(&tls.Config{InsecureSkipVerify: true}); err != nil { // only to read the certificate
		t.Fatal(err)
	}
	state, _ := client.TLSConnectionState()
	file := filepath.Join(t.TempDir(), "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: state.PeerCertificates[0].Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
