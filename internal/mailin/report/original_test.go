package report_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

func TestOriginal(t *testing.T) {
	embedded := "Return-Path: <desk+b-1-ab@shop.example>\nReceived: from a by b\n\t(envelope-from <desk+b-1-ab@shop.example>)\n\tfor <mei@example.net>\nMessage-ID:\n <c.7@shop.example>\nReferences: <other@example.net>\nTo: mei@example.net\n\nhello"
	for name, tt := range map[string]struct {
		s          report.Source
		ids, paths string
	}{
		"embedded":      {status("x", failed("5.1.1", ""), "message/rfc822\n\n"+embedded), "<c.7@shop.example>", "desk+b-1-ab@shop.example"},
		"headers":       {status("x", failed("5.1.1", ""), "text/rfc822-headers\n\n"+embedded), "<c.7@shop.example>", "desk+b-1-ab@shop.example"},
		"copy in text":  {daemon("failure notice", "<mei@example.net>:\nno\n\n--- Below this line is a copy of the message.\n\n"+embedded), "<c.7@shop.example>", "desk+b-1-ab@shop.example"},
		"indented copy": {daemon("failure notice", "no\n\n    Message-Id: <c.7@shop.example>\n    Errors-To: desk@shop.example\n"), "<c.7@shop.example>", "desk@shop.example"},
		"status field":  {status("x", "X-Original-Message-ID: <c.7@shop.example>\n\n"+failed("5.1.1", "")), "<c.7@shop.example>", ""},
		"SES":           {source("From: no-reply@sns.amazonaws.com", "text/plain\n\n"+`{"notificationType":"Bounce","mail":{"source":"desk@shop.example","headers":[{"name":"Message-ID","value":"<c.7@shop.example>"}]}}`), "<c.7@shop.example>", "desk@shop.example"},
		"each once":     {status("x", failed("5.1.1", ""), "message/rfc822\n\n"+embedded, "text/rfc822-headers\n\n"+embedded), "<c.7@shop.example>", "desk+b-1-ab@shop.example"},
		"none":          {status("x", failed("5.1.1", "")), "", ""},
		"broken":        {status("x", failed("5.1.1", ""), "message/rfc822\n\nMessage-ID: <open\nReturn-Path: <>\nMessage-ID: <a b>"), "", ""},
	} {
		ids, paths := report.Original(tt.s)
		if strings.Join(ids, " ") != tt.ids || strings.Join(paths, " ") != tt.paths {
			t.Errorf("%s: %v %v; want %s, %s", name, ids, paths, tt.ids, tt.paths)
		}
	}
}
