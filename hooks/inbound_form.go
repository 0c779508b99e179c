package hooks

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// errNoMail says that a request of the webhook holds no mail.
var errNoMail = errors.New("there is no mail in the request")

// maxField bounds the other fields of a provider's form.
const maxField = 64 << 10

// begins is how a mail begins and no form does: with a header field (RFC 5322,
// section 2.2), or the line of an mbox before it.
var begins = regexp.MustCompile(`^(?:From |[!-9;<>-~]+:[ \t]*[^\r\n]*\r?\n)`)

// mailIn reads the mail of a webhook's request: the body itself, or a field or file
// of a form under one of the names that mail providers use. Its size is bounded
// while it is read.
func mailIn(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxInbound)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "multipart/form-data":
		if params["boundary"] == "" {
			return nil, errNoMail
		}
		return formMail(multipart.NewReader(r.Body, params["boundary"]))
	case "application/x-www-form-urlencoded":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if begins.Match(body) { // curl and others name this type unless they are told another
			return body, nil
		}
		values, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, errNoMail
		}
		f := provided{}
		for name := range values {
			f.add(name, []byte(values.Get(name)))
		}
		return f.mail()
	}
	if kind == "application/json" { // a provider that was told to send what it read instead
		return nil, errNoMail
	}
	return io.ReadAll(r.Body)
}

// provided is what a provider sent of one mail.
type provided struct {
	raw                []byte
	sender, recipients string
	envelope           []byte
	null               bool // the envelope names nobody as the sender
}

func formMail(parts *multipart.Reader) ([]byte, error) {
	f := provided{}
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return f.mail()
		}
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return nil, err
		}
		if err != nil {
			return nil, errNoMail
		}
		var r io.Reader = part
		if !rawField(part.FormName()) {
			r = io.LimitReader(part, maxField)
		}
		value, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		f.add(part.FormName(), value)
	}
}

// rawField tells the names under which providers send a mail as it came.
func rawField(name string) bool {
	return name == "email" || name == "body-mime" || name == "message"
}

// add notes a field. The envelope is given as sender and recipient, as envelope[from]
// and envelope[to], or as JSON.
func (f *provided) add(name string, value []byte) {
	switch name {
	case "email", "body-mime", "message":
		if f.raw == nil {
			f.raw = value
		}
	case "sender", "envelope[from]":
		f.sender = string(value)
		f.null = nobody(f.sender)
	case "recipient", "envelope[to]":
		f.recipients = string(value)
	case "envelope":
		f.envelope = value
	}
}

// nobody tells the null sender.
func nobody(sender string) bool {
	sender = strings.TrimSpace(sender)
	return sender == "" || sender == "<>"
}

// mail is the mail with its envelope before it, as a mail server leaves it when it
// delivers (RFC 5321, section 4.4).
func (f *provided) mail() ([]byte, error) {
	if len(bytes.TrimSpace(f.raw)) == 0 {
		return nil, errNoMail
	}
	var e struct {
		From string   `json:"from"`
		To   []string `json:"to"`
	}
	if json.Unmarshal(f.envelope, &e) == nil && len(e.To) > 0 {
		f.sender, f.recipients = e.From, strings.Join(e.To, ",")
		f.null = nobody(e.From)
	}
	var head []byte
	if a, err := mail.ParseAddress(f.sender); err == nil {
		head = append(head, "Return-Path: <"+a.Addr+">\r\n"...)
	} else if f.null { // as of bounces (RFC 5321, section 4.5.5): it is never answered
		head = append(head, "Return-Path: <>\r\n"...)
	}
	for i, to := range strings.Split(f.recipients, ",") {
		if a, err := mail.ParseAddress(to); err == nil && i < 20 {
			head = append(head, "X-Original-To: "+a.Addr+"\r\n"...)
		}
	}
	if len(f.raw) > inbound.MaxSize {
		return nil, inbound.ErrTooLarge
	}
	return append(head, f.raw...), nil
}
