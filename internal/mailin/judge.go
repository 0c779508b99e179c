package mailin

import (
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/mailin/charset"
	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// judge asks what kind of mail it is: a bounce, a receipt, automatic.
func (m *Mail) judge(root *part) {
	src := report.Source{Header: m.Header.Values, From: m.fromLine(), Subject: m.Subject, Parts: leaves(root, m.hint)}
	m.source = src
	m.Bounce = report.Read(src)
	m.Auto.Is, m.Auto.Why = report.Automatic(src, func(string) bool { return false })
	for _, p := range src.Parts {
		m.Receipt = m.Receipt || p.Type == "message/disposition-notification"
	}
	_, params := parseParams(rawField(root.header.fields, "Content-Type"), "")
	m.Receipt = m.Receipt || root.kind == "multipart/report" && strings.EqualFold(params["report-type"], "disposition-notification")
	if m.Auto.Is {
		return
	}
	switch {
	case m.Receipt:
		m.Auto = Auto{Is: true, Why: "read receipt"}
	case m.Bounce.Kind != report.None && m.Bounce.Kind != "":
		m.Auto = Auto{Is: true, Why: "delivery report"}
	}
}

// Source gives the mail as the report package reads it, for those who know more
// than Parse does: report.Automatic with the desk's own addresses, and
// report.Original for the ids in a bounce.
func (m *Mail) Source() report.Source { return m.source }

// fromLine is the sender as the report package reads it.
func (m *Mail) fromLine() string {
	if len(m.From) == 0 {
		return m.Header.Get("From")
	}
	a := m.From[0]
	if a.Name == "" {
		return a.Addr
	}
	return a.Name + " <" + a.Addr + ">"
}

// leaves are the parts of the tree that have none below them, in order.
func leaves(p *part, hint string) []report.Part {
	if !p.multipart() {
		body := p.decoded
		if strings.HasPrefix(p.kind, "text/") || strings.HasSuffix(p.kind, "delivery-status") || strings.HasSuffix(p.kind, "disposition-notification") || strings.HasSuffix(p.kind, "feedback-report") {
			label := p.charset()
			if label == "" {
				label = hint
			}
			text, _ := charset.Decode(body[:min(len(body), maxText)], label)
			body = []byte(plainLines(text))
		}
		return []report.Part{{Type: p.kind, Params: p.params, Body: body}}
	}
	var out []report.Part
	for _, c := range p.children {
		out = append(out, leaves(c, hint)...)
	}
	return out
}
