package report_test

import (
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// source makes a mail of header lines and parts; a part is its type, a blank
// line and its body.
func source(headers string, parts ...string) report.Source {
	fields := map[string][]string{}
	for line := range strings.Lines(headers) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if ok {
			name = strings.ToLower(name)
			fields[name] = append(fields[name], strings.TrimSpace(value))
		}
	}
	s := report.Source{Header: func(name string) []string { return fields[strings.ToLower(name)] }}
	for _, v := range fields["from"] {
		s.From = v
	}
	for _, v := range fields["subject"] {
		s.Subject = v
	}
	for _, p := range parts {
		kind, body, _ := strings.Cut(strings.TrimLeft(p, "\n"), "\n\n")
		s.Parts = append(s.Parts, report.Part{Type: kind, Body: []byte(body)})
	}
	return s
}

// daemon is a bounce by its sender, with text alone.
func daemon(subject, body string) report.Source {
	return source("From: Mail Delivery System <MAILER-DAEMON@mx.shop.example>\nTo: desk@shop.example\nSubject: "+subject, "text/plain\n\n"+body)
}

// status is a multipart/report of the words and the fields.
func status(words, fields string, more ...string) report.Source {
	parts := append([]string{"text/plain\n\n" + words, "message/delivery-status\n\n" + fields}, more...)
	return source(`From: MAILER-DAEMON@mx.shop.example
To: desk@shop.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=x`, parts...)
}

// failed are the fields for one recipient.
func failed(code, diagnostic string) string {
	return "Reporting-MTA: dns; mx.shop.example\n\nFinal-Recipient: rfc822; mei@example.net\nAction: failed\nStatus: " + code + "\nDiagnostic-Code: " + diagnostic + "\n"
}

// person is a mail that somebody wrote.
func person(subject, body string, headers ...string) report.Source {
	return source("From: 陳小美 <mei@example.net>\nTo: desk@shop.example\nReturn-Path: <mei@example.net>\nMessage-ID: <1@example.net>\nSubject: "+subject+"\n"+strings.Join(headers, "\n"), "text/plain\n\n"+body)
}
