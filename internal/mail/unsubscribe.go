package mail

import (
	"net/url"
	"strings"
)

// oneClick reports whether an address may stand in List-Unsubscribe.
//
// The header (RFC 2369, with the one-click POST of RFC 8058) is due on mail that
// goes out on its own and may be declined: a survey, a newsletter, a reminder. It
// is not due on what answers the reader's own doing: an acknowledgement, the mail
// that confirms an address, an answer by staff. There it would let people switch
// off the receipt that they count on, and receivers would sort the mail with
// bulk. RFC 8058, section 4, wants https and a valid DKIM signature over both
// fields; [DKIM] signs them.
func oneClick(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil &&
		len(address) < 900 && isASCII(address) && !strings.ContainsAny(address, " <>,\t")
}
