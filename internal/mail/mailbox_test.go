package mail

import "testing"

func TestMailbox(t *testing.T) {
	for addr, want := range map[string]string{
		"An.Na+shop@googlemail.com": "anna@gmail.com", "anna@GMAIL.com": "anna@gmail.com",
		"Anna+a+b@Example.com": "anna@example.com", "an.na@example.com": "an.na@example.com",
		"+tag@example.com": "+tag@example.com", ".+x@gmail.com": ".@gmail.com", "no address": "no address", "": "",
	} {
		if got := Mailbox(addr); got != want {
			t.Errorf("%q: %q, want %q", addr, got, want)
		}
	}
}
