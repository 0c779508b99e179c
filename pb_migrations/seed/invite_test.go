package seed

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

// The invitation holds link and coupon in every language, reads well without a
// coupon, and says how to get no more of them.
func TestInvite(t *testing.T) {
	var locales []string
	for _, r := range must(t, Invite) {
		locales = append(locales, r.Locale)
		v := liquid.Vars{Locale: r.Locale, Invite: liquid.Invite{SignupURL: "https://shop.example/join?ref=1", Coupon: "HELLO100"}}
		v.Contact.Name, v.Shop.Name, v.Agent.Signature = "王小明", "山嵐選物", "山嵐選物 客服"
		body, err := liquid.New().Render(r.Body, v)
		if err != nil || r.Key != "member_invite" || r.Kind != "reply" || r.Shortcut != "invite" {
			t.Errorf("%s: %+v, %v", r.Locale, r, err)
		}
		if !strings.Contains(body, "\nhttps://shop.example/join?ref=1\n") || !strings.Contains(body, "\nHELLO100\n") || strings.Contains(body, "\n\n\n") {
			t.Errorf("%s: %s", r.Locale, body)
		}
		v.Invite.Coupon = ""
		without, err := liquid.New().Render(r.Body, v)
		if err != nil || strings.Contains(without, "\n\n\n") || len(without) >= len(body) {
			t.Errorf("%s without a coupon: %v\n%s", r.Locale, err, without)
		}
		if subject, err := liquid.New().Render(r.Subject, v); err != nil || !strings.Contains(subject, "山嵐選物") {
			t.Errorf("%s: subject %q %v", r.Locale, subject, err)
		}
	}
	if !slices.Equal(locales, Locales()) {
		t.Errorf("locales %v", locales)
	}
}
