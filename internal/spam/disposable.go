package spam

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed disposable.txt
var disposableList string

// checkDisposable notices mail addresses that are made to be thrown away.
// Forwarding services that hide a real address are not among them: people use
// those for good reasons, and an answer reaches them.
func checkDisposable() Check {
	domains := words(disposableList)
	return func(m Message) []Signal {
		for domain := range parents(mailDomain(m.Email)) {
			if domains[domain] {
				return hit("disposable_email", 0, fmt.Sprintf("The mail address is of a throw-away service (%s).", domain),
					map[string]any{"domain": domain})
			}
		}
		return nil
	}
}

// checkMailDomain notices addresses that no answer can reach.
func checkMailDomain() Check {
	return func(m Message) []Signal {
		if !m.Network || m.Domain != DomainNoMail {
			return nil
		}
		domain := clip(mailDomain(m.Email), 100)
		return hit("domain_no_mail", 0, fmt.Sprintf("The domain of the mail address takes no mail (%s).", domain),
			map[string]any{"domain": domain})
	}
}

// mailDomain is the domain of a mail address as it is compared, or "".
func mailDomain(email string) string {
	email = Fold(clip(email, maxField))
	i := strings.LastIndexByte(email, '@')
	if i < 0 {
		return ""
	}
	return asciiHost(strings.TrimRight(email[i+1:], "> "))
}

// parents yields a host, then the domains above it: a.b.example, b.example, example.
func parents(host string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for host != "" {
			if !yield(host) {
				return
			}
			_, host, _ = strings.Cut(host, ".")
		}
	}
}
