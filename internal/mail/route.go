package mail

import (
	"errors"
	"strings"

	"github.com/emersion/go-smtp"
)

// route is an envelope in the spelling of SMTP commands.
type route struct {
	from string
	to   []string
	firm int  // how many of to must be taken; the rest are copies
	utf8 bool // an address that must be taken needs SMTPUTF8 (RFC 6531)
}

// A malformed address gets the reply that a server would give, since no server
// will take it.
func badAddress(detail int, who string) error {
	return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 1, detail}, Message: who}
}

// sender checks and spells the reverse path.
func (r *route) sender(addr string) error {
	if addr == "" {
		return nil
	}
	from, err := mailbox(addr)
	if err != nil {
		return badAddress(7, "the sender is "+err.Error())
	}
	r.from, r.utf8 = from, r.utf8 || !isASCII(from)
	return nil
}

// recipients checks and spells the forward paths.
func (r *route) recipients(addrs []string) error {
	if len(addrs) == 0 {
		return badAddress(3, "there is no recipient")
	}
	for _, addr := range addrs {
		to, err := mailbox(addr)
		if err != nil {
			return badAddress(3, "a recipient is "+err.Error())
		}
		r.to = append(r.to, to)
		r.utf8 = r.utf8 || !isASCII(to)
	}
	r.firm = len(r.to)
	return nil
}

// addCopies adds who else gets the mail; what is no address is told and left out.
func (r *route) addCopies(addrs []string, refuse func(addr string, err error)) {
	for _, addr := range addrs {
		to, err := mailbox(addr)
		if err == nil && !isASCII(to) && !r.utf8 {
			err = errors.New("an address outside ASCII, which not every server takes")
		}
		if err != nil {
			refuse(addr, badAddress(3, "this is "+err.Error()))
			continue
		}
		r.to = append(r.to, to)
	}
}

// mailbox spells an address for MAIL and RCPT: the domain in ASCII, a local part
// with dots in odd places in quotes (RFC 5321, section 4.1.2).
func mailbox(addr string) (string, error) {
	local, domain, err := splitAddress(addr)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		local = `"` + local + `"`
	}
	return local + "@" + domain, nil
}
