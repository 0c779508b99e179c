// Package mailin reads mail as it arrives: the bytes of a message in, what it
// says out. It opens no sockets and keeps no state.
//
//	m, err := mailin.Parse(ctx, raw)
//	if m.Auto.Is { … }          // a machine wrote it: never answer
//	fmt.Println(m.Subject, m.Reply) // the new words, without quote and signature
//
// Mail from outside is hostile and often broken. Parse works in linear time on
// bounded input, mends what it can, says in Errors what it mended, and gives
// what can be kept even when it returns an error.
package mailin

import (
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// Mail is a message after reading. All text is valid UTF-8 with LF line ends.
type Mail struct {
	Subject                       string
	From, ReplyTo, Sender, To, Cc []Address
	Date                          time.Time // zero where missing or unreadable
	MessageID                     string    // with <>; "<HASH@missing>" where the mail has none
	MissingID                     bool      // MessageID is a hash of the raw mail
	InReplyTo, References         []string  // ids with <>, in order, each once
	Header                        Header
	Delivered                     []string // addresses the mail was delivered to by its envelope headers, each once
	ReturnPath                    string   // bare address, "" where missing or null
	NullPath                      bool     // Return-Path: <>
	Text, HTML                    string   // whole, up to 2 MB each; Text is made from HTML where there is no text part
	Reply, Quoted                 string   // the new words as text, and the rest: quotes and signature
	ReplyHTML                     string   // the new words as clean HTML, "" for plain mail
	Attachments                   []Attachment
	Auto                          Auto
	Receipt                       bool // a read receipt (MDN, RFC 8098)
	Bounce                        report.Bounce
	Errors                        []string // what was mended or lost, in plain words

	hint             string // the charset that raw 8-bit headers are likely in
	hasText, hasHTML bool   // it has a text part with words, an HTML part
	source           report.Source
	pasted           []Attachment // pictures that stood in the HTML itself
}

// Address is one mailbox (RFC 5322 §3.4). Addr is as given, with its domain in
// lower case, and may be "" where only a name was written. Name is decoded.
type Address struct{ Name, Addr string }

// Attachment is a file of a mail. Type is what the mail says, lower case, not
// what the bytes are. Name has no path. ContentID has no <>; Inline means that
// the mail shows the part inside its text.
type Attachment struct {
	Name, Type, ContentID string
	Inline                bool
	Data                  []byte
}

// Auto says whether a machine wrote a mail, and how one can tell.
type Auto struct {
	Is  bool
	Why string // plain words, "" for a person's mail
}
