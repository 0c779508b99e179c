package mailin

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
)

// inspected is the line that Inspect writes. Every key is always there; lists
// are never null.
type inspected struct {
	File        string             `json:"file"`
	Subject     string             `json:"subject"`
	From        []inspectedAddress `json:"from"`
	To          []inspectedAddress `json:"to"`
	Cc          []inspectedAddress `json:"cc"`
	ReplyTo     []inspectedAddress `json:"reply_to"`
	Date        string             `json:"date"` // RFC 3339, "" where unknown
	MessageID   string             `json:"message_id"`
	InReplyTo   string             `json:"in_reply_to"`
	References  []string           `json:"references"`
	Text        string             `json:"text"`
	HTML        string             `json:"html"`
	Reply       string             `json:"reply"`
	Attachments []inspectedFile    `json:"attachments"`
	Auto        bool               `json:"auto"`
	AutoWhy     string             `json:"auto_why"`
	Bounce      inspectedBounce    `json:"bounce"`
	Errors      []string           `json:"errors"`
}

type inspectedAddress struct {
	Name string `json:"name"`
	Addr string `json:"addr"`
}

type inspectedFile struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int    `json:"size"`
	Inline bool   `json:"inline"`
}

type inspectedBounce struct {
	Kind       string               `json:"kind"`
	Recipients []inspectedRecipient `json:"recipients"`
}

type inspectedRecipient struct {
	Address    string `json:"address"`
	Status     string `json:"status"`
	Action     string `json:"action"`
	Diagnostic string `json:"diagnostic"`
}

// Inspect writes what was read of a mail as one line of JSON, for support and
// for tests. m may be nil; err is the error of Parse or of reading the file and
// stands in "errors". A Message-ID the mail does not have is "".
func Inspect(w io.Writer, file string, m *Mail, err error) error {
	if m == nil {
		m = &Mail{MissingID: true}
	}
	line := inspected{
		File: file, Subject: m.Subject, Text: m.Text, HTML: m.HTML, Reply: m.Reply,
		From: inspectAll(m.From), To: inspectAll(m.To), Cc: inspectAll(m.Cc), ReplyTo: inspectAll(m.ReplyTo),
		MessageID: m.MessageID, InReplyTo: strings.Join(m.InReplyTo, " "), References: append([]string{}, m.References...),
		Attachments: []inspectedFile{}, Auto: m.Auto.Is, AutoWhy: m.Auto.Why,
		Bounce: inspectBounce(m), Errors: append([]string{}, m.Errors...),
	}
	if m.MissingID {
		line.MessageID = ""
	}
	if !m.Date.IsZero() {
		line.Date = m.Date.Format(time.RFC3339)
	}
	for _, a := range m.Attachments {
		line.Attachments = append(line.Attachments, inspectedFile{a.Name, a.Type, len(a.Data), a.Inline})
	}
	if err != nil && !slices.Contains(line.Errors, err.Error()) {
		line.Errors = append(line.Errors, err.Error())
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(line)
}

func inspectAll(list []Address) []inspectedAddress {
	out := make([]inspectedAddress, 0, len(list))
	for _, a := range list {
		out = append(out, inspectedAddress(a))
	}
	return out
}

func inspectBounce(m *Mail) inspectedBounce {
	b := inspectedBounce{Kind: m.Bounce.Kind, Recipients: []inspectedRecipient{}}
	if b.Kind == "" {
		b.Kind = "none"
	}
	for _, r := range m.Bounce.Recipients {
		b.Recipients = append(b.Recipients, inspectedRecipient{r.Address, r.Status, r.Action, r.Diagnostic})
	}
	return b
}
