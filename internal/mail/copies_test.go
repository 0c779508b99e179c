package mail_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func TestDeliverCopies(t *testing.T) {
	noUser := mailtest.Reply{Code: 550, Enhanced: [3]int{5, 1, 1}, Text: "no such user"}
	tests := []struct {
		name    string
		fault   mailtest.Fault
		copies  []string
		to      string // "" when nothing was sent
		refused string
	}{
		{"all", mailtest.Fault{}, []string{"b@example.org", "c@example.org"}, "a@example.org b@example.org c@example.org", ""},
		{"a copy is refused", mailtest.Fault{Rcpt: noUser, RcptOnly: "b@example.org"}, []string{"b@example.org", "c@example.org"}, "a@example.org c@example.org", "b@example.org"},
		{"a copy is greylisted", mailtest.Fault{Rcpt: mailtest.Reply{Code: 450}, RcptOnly: "c@example.org"}, []string{"b@example.org", "c@example.org"}, "a@example.org b@example.org", "c@example.org"},
		{"a copy is no address", mailtest.Fault{}, []string{"not an address", "c@example.org"}, "a@example.org c@example.org", "not an address"},
		{"the recipient is refused", mailtest.Fault{Rcpt: noUser, RcptOnly: "a@example.org"}, []string{"b@example.org"}, "", ""},
		{"the server closes", mailtest.Fault{Rcpt: mailtest.Reply{Code: 421}, RcptOnly: "b@example.org"}, []string{"b@example.org"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := mailtest.NewServer(t, mailtest.Script{Fault: tt.fault})
			e := envelope()
			e.Copies = tt.copies
			r, err := mail.Deliver(t.Context(), settings(srv), e)
			var to, refused []string
			for _, m := range srv.Mails() {
				to = append(to, m.To...)
			}
			for _, f := range r.Refused {
				refused = append(refused, f.Recipient)
			}
			if strings.Join(to, " ") != tt.to || strings.Join(refused, " ") != tt.refused || (err != nil) != (tt.to == "") {
				t.Errorf("went to %v, refused %v, %v", to, refused, err)
			}
		})
	}
}

func TestNoMailbox(t *testing.T) {
	for enhanced, want := range map[string]bool{"5.1.1": true, "5.1.2": true, "5.1.6": true, "5.1.10": true, "5.4.4": true,
		"5.7.1": false, "5.2.2": false, "5.1.3": false, "5.1.7": false, "5.0.0": false, "": false} {
		e := &mail.SendError{Stage: mail.StageRcpt, Code: 550, Enhanced: enhanced}
		if e.NoMailbox() != want {
			t.Errorf("%s: %v", enhanced, !want)
		}
	}
	for _, e := range []*mail.SendError{{Stage: mail.StageMail, Code: 550, Enhanced: "5.1.1"}, {Stage: mail.StageRcpt, Code: 450, Enhanced: "5.1.1"}} {
		if e.NoMailbox() {
			t.Errorf("%+v", e)
		}
	}
}
