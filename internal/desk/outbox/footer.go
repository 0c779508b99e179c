package outbox

import (
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// withLink is a message's text with the secret link to the visitor's page: where
// its writer put the mark, else below an answer. A mail with copies gets none
// below it: whoever holds the link reads the whole conversation. url is "" where
// the link was revoked.
func withLink(m *desk.Message, url string, p *desk.Payload) string {
	body := m.Body()
	if strings.Contains(body, desk.TrackingLink) {
		return strings.ReplaceAll(body, desk.TrackingLink, url)
	}
	if url == "" || p.Kind != desk.KindReply || len(m.Cc())+len(m.Bcc()) > 0 {
		return body
	}
	return strings.TrimRight(body, " \r\n") + "\n\n" + linkWords(p.Locale) + "\n" + url
}

// linkWords stand above the link below an answer.
func linkWords(locale string) string {
	switch desk.KnownLocale(locale) {
	case "zh-TW":
		return "查看完整對話或補充說明："
	case "zh-CN":
		return "查看完整对话或补充说明："
	case "ja":
		return "これまでのやり取りの確認・追記はこちら："
	}
	return "See the whole conversation, or add to it:"
}
