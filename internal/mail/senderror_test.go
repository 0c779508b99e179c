package mail_test

import (
	"errors"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func TestSendErrorKinds(t *testing.T) {
	tests := []struct {
		stage string
		code  int
		want  outcome
	}{
		{"connect", 0, "temporary"}, {"connect", 421, "temporary"}, {"connect", 554, "temporary"},
		{"tls", 0, "temporary"}, {"tls", 501, "temporary"}, {"auth", 0, "temporary"}, {"auth", 535, "temporary"},
		{"auth", 454, "temporary"}, {"auth", 554, "temporary"},
		{"mail", 0, "temporary"}, {"mail", 250, "temporary"}, {"mail", 451, "temporary"}, {"mail", 550, "permanent"},
		{"mail", 530, "temporary"}, {"mail", 534, "temporary"}, {"mail", 535, "temporary"}, {"rcpt", 538, "temporary"},
		{"rcpt", 450, "temporary"}, {"rcpt", 553, "permanent"}, {"data", 0, "temporary"}, {"data", 554, "permanent"},
		{"done", 0, "unknown"}, {"done", 354, "unknown"}, {"done", 421, "temporary"}, {"done", 554, "permanent"},
	}
	for _, tt := range tests {
		e := fault(t, &mail.SendError{Stage: tt.stage, Code: tt.code})
		if got := outcomeOf(e); got != tt.want {
			t.Errorf("%s %d: %s, want %s", tt.stage, tt.code, got, tt.want)
		}
	}
}

func TestSendErrorText(t *testing.T) {
	cause := errors.New("broken\r\npipe")
	tests := []struct {
		err  mail.SendError
		want string
	}{
		{mail.SendError{Stage: "rcpt", Recipient: "a@example.org", Code: 550, Enhanced: "5.1.1", Message: "no such user"}, "smtp rcpt <a@example.org>: 550 5.1.1 no such user"},
		{mail.SendError{Stage: "done", Err: cause}, "smtp done: broken pipe"},
		{mail.SendError{Stage: "mail", Code: 451}, "smtp mail: 451"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if err := error(&mail.SendError{Stage: "done", Err: cause}); !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}
