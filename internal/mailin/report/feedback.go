package report

import (
	"encoding/json"
	"strings"
)

// Feedback tells an abuse report: a recipient pressed "this is spam" or a
// server's check failed (RFC 5965, RFC 6591). Such a report is no bounce and is
// never answered.
func Feedback(s Source) bool {
	if s.reportType() == "feedback-report" || s.has("message/feedback-report") && !s.isReport() {
		return true
	}
	if n, ok := readNotification(s); ok {
		return strings.EqualFold(n.kind(), "complaint")
	}
	return s.fromComplaints()
}

// fromComplaints tells the complaint loops that use no report format: the
// complaint's head field, or a subject of set form over an attached mail.
func (s Source) fromComplaints() bool {
	for _, name := range []string{"X-HmXmrOriginalRecipient", "X-Loop-Complaint", "X-Complaint-Report"} {
		if s.header(name) != "" && s.has("message/rfc822") {
			return true
		}
	}
	subject := strings.ToLower(strings.TrimSpace(s.Subject))
	return strings.HasPrefix(subject, "complaint about message from ") && s.has("message/rfc822")
}

// sesNotification is what Amazon SES says of a mail, as JSON in a mail's text;
// older topics wrap it once more as text.
type sesNotification struct {
	NotificationType string
	EventType        string
	Message          string
	Bounce           struct {
		BounceType        string
		BouncedRecipients []struct{ EmailAddress, Action, Status, DiagnosticCode string }
	}
	Mail struct {
		Source  string
		Headers []struct{ Name, Value string }
	}
}

func (n sesNotification) kind() string {
	if n.NotificationType != "" {
		return n.NotificationType
	}
	return n.EventType
}

// unfold mends JSON whose long lines a mail server broke in the middle.
var unfold = strings.NewReplacer("\r", "", "!\n ", "", "\n ", "", "\n", "")

// readNotification reads the JSON that opens a machine's text mail.
func readNotification(s Source) (n sesNotification, ok bool) {
	if len(s.Parts) == 0 || s.Parts[0].kind() != "text/plain" {
		return n, false
	}
	local, domain, _ := strings.Cut(bare(s.From), "@")
	if !robot(local) && !strings.HasSuffix(domain, "amazonaws.com") {
		return n, false
	}
	body := strings.TrimSpace(cut(string(s.Parts[0].Body[:min(len(s.Parts[0].Body), maxText)]), maxText))
	body = unfold.Replace(body)
	for range 2 {
		if !strings.HasPrefix(body, "{") {
			return n, false
		}
		n = sesNotification{}
		if json.NewDecoder(strings.NewReader(body)).Decode(&n) != nil {
			return n, false
		}
		if n.kind() != "" {
			return n, true
		}
		body = n.Message
	}
	return n, false
}

// notification reads the recipients of a JSON notice; ok for one of any kind.
func notification(s Source) (list []Recipient, ok bool) {
	n, ok := readNotification(s)
	if !ok || !strings.EqualFold(n.kind(), "bounce") {
		return nil, ok
	}
	for _, b := range n.Bounce.BouncedRecipients {
		if len(list) == maxRecipients {
			break
		}
		r := Recipient{Address: addressIn(cut(b.EmailAddress, 500)), Status: code(b.Status), Action: firstWord(b.Action), Diagnostic: oneLine(b.DiagnosticCode)}
		e := evidence{action: r.Action, status: r.Status, said: r.Diagnostic, stage: stage(r.Diagnostic, "")}
		r.Kind = judge(e)
		if strings.EqualFold(n.Bounce.BounceType, "transient") && r.Kind == Hard {
			r.Kind = Soft
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		list = append(list, Recipient{Kind: Soft})
	}
	return list, true
}
