package report_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// check calls everything and holds what is promised of any answer.
func check(t *testing.T, s report.Source) {
	t.Helper()
	b := report.Read(s)
	switch b.Kind {
	case report.Hard, report.Soft, report.Delayed, report.None:
	default:
		t.Fatalf("kind %q", b.Kind)
	}
	if len(b.Recipients) > 100 {
		t.Fatal("too many recipients")
	}
	for _, r := range b.Recipients {
		if r.Address == "" || r.Kind == "" || len(r.Diagnostic) > 2048 || strings.ContainsAny(r.Diagnostic, "\r\n") || !utf8.ValidString(r.Diagnostic) {
			t.Fatalf("%+v", r)
		}
	}
	auto, why := report.Automatic(s, own)
	if auto != (why != "") || b.Kind != report.None && !auto {
		t.Fatalf("automatic %v %q, bounce %s", auto, why, b.Kind)
	}
	ids, paths := report.Original(s)
	if len(ids) > 50 || len(paths) > 50 {
		t.Fatal("too many ids")
	}
}

// Texts made to be slow to read: the answer is bounded, and the test would
// run into its time limit if a pass were not linear.
func TestHostile(t *testing.T) {
	const n = 300 << 10
	for i, unit := range []string{
		"a", "@", "<", "a@b.example\n", "<a@b.example>: 550 5.1.1 user unknown\n", "Final-Recipient: rfc822; a@b.example\n", "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n", "\n", " ", "550 ", "5.1.1", "x.", "http://", ">>> DATA\n",
		"Message-ID: <a@b>\n", "Message-ID: <", "Received: (envelope-from\n", "<style", "<a ", "：", "\xff", "不存在", "{\"Message\":\"", "a@", ".@", "Diagnostic-Code: x", "a.a.a.a", " >>> RCPT TO:",
	} {
		text := strings.Repeat(unit, n/len(unit))
		check(t, daemon(text[:1000], text))
		check(t, status(text, text, "message/rfc822\n\n"+text))
		if i%4 == 0 {
			line := strings.ReplaceAll(text, "\n", ",")
			check(t, source("Return-Path: <>\nFrom: "+line[:5000]+"\nSubject: x\nX-Failed-Recipients: "+line, "text/html\n\n"+text))
			check(t, source("From: no-reply@sns.amazonaws.com\nSubject: x", "text/plain\n\n{"+text))
		}
	}
}

func TestManyRecipients(t *testing.T) {
	var fields, lines strings.Builder
	for i := range 5000 {
		a := strings.Repeat("x", i%40) + string(rune('a'+i%26)) + "@example.net"
		fields.WriteString("Final-Recipient: rfc822; " + a + "\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; " + strings.Repeat("no such user ", 200) + "\n\n")
		lines.WriteString("<" + a + ">: " + strings.Repeat("no such user ", 20) + "\n")
	}
	check(t, status(lines.String(), fields.String()))
	check(t, daemon("failure notice", lines.String()))
}

func FuzzRead(f *testing.F) {
	for _, tt := range families {
		if len(tt.source.Parts) > 0 {
			f.Add(tt.source.From, tt.source.Subject, tt.source.Parts[0].Type, tt.source.Parts[0].Body)
		}
	}
	f.Add("MAILER-DAEMON <>", "failure notice", "message/delivery-status", []byte(failed("5.1.1", "smtp; 550 no")))
	f.Fuzz(func(t *testing.T, from, subject, kind string, body []byte) {
		s := source("From: x\nContent-Type: multipart/report; report-type=delivery-status\nReturn-Path: <>\nTo: desk@shop.example")
		s.From, s.Subject = from, subject
		s.Parts = []report.Part{{Type: kind, Body: body}, {Type: "text/plain", Body: body}, {Type: "message/delivery-status", Body: body}}
		check(t, s)
		s.Header = nil
		check(t, s)
		s.Parts = s.Parts[:1]
		check(t, s)
	})
}

func FuzzAutomatic(f *testing.F) {
	f.Add("Auto-Submitted", "auto-replied", "no-reply@example.net", "Automatic reply: x")
	f.Add("X-Auto-Response-Suppress", "DR, All", "a@b.example", "自動返信：x")
	f.Fuzz(func(t *testing.T, name, value, from, subject string) {
		s := report.Source{From: from, Subject: subject, Header: func(n string) []string {
			if strings.EqualFold(n, name) {
				return []string{value, value}
			}
			return nil
		}}
		check(t, s)
	})
}
