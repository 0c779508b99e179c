// Package report reads the mail that machines send about mail: bounces and
// delay warnings (RFC 3464 and the formats older or stranger than it), abuse
// reports (RFC 5965), read receipts (RFC 8098) and automatic answers (RFC 3834).
//
//	b := report.Read(source)
//	switch b.Kind {
//	case report.Hard: // b.Recipients name who can never be reached
//	case report.Soft, report.Delayed: // a note for staff, nothing more
//	case report.None: // no bounce; it may still be automatic:
//	        automatic, why := report.Automatic(source, ours)
//	}
//
// A report is believed only when a machine sent it. A person who forwards a
// bounce and asks what it means is a person. Everything read here comes from
// outside: texts are capped, each pass over them is linear, nothing panics.
package report

// The kinds of a Bounce and of a Recipient.
const (
	Hard    = "hard"    // the address does not exist and will not: stop writing to it
	Soft    = "soft"    // this mail did not arrive, another one may
	Delayed = "delayed" // still being tried
	None    = "none"    // no bounce, or this recipient got the mail
)

// Bounds of what is looked at.
const (
	maxText       = 256 << 10 // octets of report text, all parts together
	maxDiagnostic = 2 << 10   // octets of the reason kept for a recipient
	maxRecipients = 100
	maxIDs        = 50
)

// Source is a mail as its parser hands it over.
type Source struct {
	// Header gives every value of a header, unfolded and decoded, top first; the
	// name in any case. Nil counts as a mail without headers.
	Header func(name string) []string
	// From is the From header, with or without a name: "Mail Delivery System
	// <mailer-daemon@example.com>" or the bare address.
	From string
	// Subject is decoded.
	Subject string
	// Parts are the leaves in the order of the mail. A message/* or
	// text/rfc822-headers part is a leaf: it is not walked into. A mail that is
	// not MIME is one text/plain part.
	Parts []Part
}

// Part is one leaf of a mail.
type Part struct {
	Type   string            // "text/plain"; "" is read as text/plain
	Params map[string]string // of the Content-Type
	Body   []byte            // transfer encoding undone; text/* and message/delivery-status in UTF-8
}

// Bounce says whether mail came back, for whom and how badly.
type Bounce struct {
	// Kind is the gravest of the recipients': Hard, Soft, Delayed or None.
	Kind string
	// Recipients may be empty for a bounce that names nobody.
	Recipients []Recipient
}

// Recipient is one address that a report is about.
type Recipient struct {
	Address    string // where delivery failed, as the report writes it
	Original   string // the address the mail was sent to (Original-Recipient), where the report tells it apart
	Status     string // RFC 3463, "5.1.1"; "" where the report gives none
	Action     string // RFC 3464, section 2.3.3, lower case: failed, delayed, delivered, relayed, expanded; "" without
	Diagnostic string // what the other server said, one line, at most 2 KB
	Kind       string // Hard, Soft, Delayed or None
}

// Read finds a bounce. Kind is None for everything else: people's mail, abuse
// reports, out-of-office notes, read receipts, reports of success.
func Read(s Source) Bounce {
	if Feedback(s) || s.receipt() {
		return Bounce{Kind: None}
	}
	if list, ok := notification(s); ok {
		return sum(list)
	}
	if !s.isReport() && !s.fromMachine() {
		return Bounce{Kind: None}
	}
	text := s.section()
	status := statusParts(s)
	if len(status) == 0 && text.hasStatus() {
		status = parseStatus(text.String())
	}
	if len(status) > 0 {
		return sum(judgeStatus(s, status, text))
	}
	if !s.isReport() && !s.tellsFailure(text) {
		return Bounce{Kind: None}
	}
	return sum(judgeText(s, text))
}

// sum gives the gravest kind, and soft for a bounce that names nobody.
func sum(list []Recipient) Bounce {
	rank := map[string]int{None: 0, Delayed: 1, Soft: 2, Hard: 3}
	b := Bounce{Kind: None}
	for _, r := range list {
		if rank[r.Kind] > rank[b.Kind] {
			b.Kind = r.Kind
		}
		if r.Address != "" {
			b.Recipients = append(b.Recipients, r)
		}
	}
	return b
}
