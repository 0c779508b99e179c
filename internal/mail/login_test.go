package mail_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func TestSendTLSAndLogin(t *testing.T) {
	const user, password = "desk@example.com", "correct horse"
	tests := []struct {
		name    string
		script  mailtest.Script
		set     func(*mail.Server)
		trust   bool
		stage   string // "" when the mail arrives
		tls     bool
		auth    string
		mention string
	}{
		{name: "STARTTLS where offered", script: mailtest.Script{STARTTLS: true}, trust: true, tls: true},
		{name: "STARTTLS required", script: mailtest.Script{STARTTLS: true}, set: func(s *mail.Server) { s.RequireTLS = true }, trust: true, tls: true},
		{name: "STARTTLS missing", set: func(s *mail.Server) { s.RequireTLS = true }, stage: "tls", mention: "STARTTLS"},
		{name: "unknown authority", script: mailtest.Script{STARTTLS: true}, stage: "tls"},
		{name: "implicit TLS", script: mailtest.Script{ImplicitTLS: true}, set: func(s *mail.Server) { s.ImplicitTLS = true }, trust: true, tls: true},
		{name: "implicit TLS, unknown authority", script: mailtest.Script{ImplicitTLS: true}, set: func(s *mail.Server) { s.ImplicitTLS = true }, stage: "tls"},
		{name: "implicit TLS to a plain server", set: func(s *mail.Server) { s.ImplicitTLS = true }, stage: "tls"},
		{name: "login PLAIN", script: mailtest.Script{STARTTLS: true, Username: user, Password: password}, set: func(s *mail.Server) { s.Username, s.Password = user, password }, trust: true, tls: true, auth: user},
		{name: "login LOGIN", script: mailtest.Script{ImplicitTLS: true, Username: user, Password: password}, set: func(s *mail.Server) {
			s.Username, s.Password, s.AuthMethod, s.ImplicitTLS = user, password, "login", true
		}, trust: true, tls: true, auth: user},
		{name: "LOGIN is all there is", script: mailtest.Script{Username: user, Password: password, AuthMethods: []string{"LOGIN"}}, set: func(s *mail.Server) { s.Username, s.Password = user, password }, auth: user},
		{name: "wrong password", script: mailtest.Script{Username: user, Password: password}, set: func(s *mail.Server) { s.Username, s.Password = user, "wrong password" }, stage: "auth"},
		{name: "login missing", script: mailtest.Script{Username: user, Password: password}, stage: "mail"},
		{name: "no login offered", set: func(s *mail.Server) { s.Username, s.Password = user, password }, stage: "auth"},
		{name: "password in the clear", script: mailtest.Script{Username: user, Password: password}, set: func(s *mail.Server) {
			s.Host = "0.0.0.0" // leads here, and is no loopback address by its look
			s.Username, s.Password = user, password
		}, stage: "auth", mention: "no TLS"},
		{name: "unknown method", script: mailtest.Script{Username: user, Password: password}, set: func(s *mail.Server) { s.Username, s.Password, s.AuthMethod = user, password, "CRAM-MD5" }, stage: "auth", mention: "CRAM-MD5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := mailtest.NewServer(t, tt.script)
			s := settings(srv)
			s.LocalName = "desk.example.com"
			if tt.trust {
				s.TLSConfig = srv.TLSConfig()
			}
			if tt.set != nil {
				tt.set(&s)
			}
			_, err := mail.Send(t.Context(), s, envelope())
			if tt.stage != "" {
				got := fault(t, err)
				if got.Stage != tt.stage || !got.Temporary() || !strings.Contains(err.Error(), tt.mention) {
					t.Errorf("got %v", err)
				}
				if strings.Contains(err.Error(), "password") && strings.Contains(err.Error(), "wrong") {
					t.Errorf("the password is in %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := srv.Mails()
			if len(got) != 1 || got[0].TLS != tt.tls || got[0].Auth != tt.auth || got[0].EHLO != "desk.example.com" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestProbe(t *testing.T) {
	const user, password = "desk@example.com", "correct horse"
	for _, tt := range []struct {
		name   string
		script mailtest.Script
		set    func(*mail.Server)
		stage  string
		want   mail.Probed
	}{
		{name: "open and plain", want: mail.Probed{}},
		{name: "TLS and login", script: mailtest.Script{STARTTLS: true, Username: user, Password: password},
			set: func(s *mail.Server) { s.Username, s.Password = user, password }, want: mail.Probed{TLS: true, Auth: true}},
		{name: "wrong password", script: mailtest.Script{STARTTLS: true, Username: user, Password: password},
			set: func(s *mail.Server) { s.Username, s.Password = user, "wrong password" }, stage: mail.StageAuth, want: mail.Probed{TLS: true}},
		{name: "nobody there", set: func(s *mail.Server) { s.Port = 1 }, stage: mail.StageConnect},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := mailtest.NewServer(t, tt.script)
			s := settings(srv)
			s.TLSConfig = srv.TLSConfig()
			if tt.set != nil {
				tt.set(&s)
			}
			got, err := mail.Probe(t.Context(), s)
			if got != tt.want {
				t.Errorf("got %+v", got)
			}
			if tt.stage == "" && err != nil || tt.stage != "" && fault(t, err).Stage != tt.stage {
				t.Errorf("error %v", err)
			}
		})
	}
}
