package noticing_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// What stands for many says how many, once.
func TestSentenceOfMany(t *testing.T) {
	app, s := teller(t, nil)
	for locale, want := range map[string][]string{
		"en":    {"More new cases: 7", "More customers wrote: 7"},
		"zh-TW": {"另有新案件：7 件", "另有顧客傳來新訊息：7 則"},
		"ja":    {"ほかにも新しい案件が届いています：7件", "ほかにもお客様からメッセージが届いています：7件"},
	} {
		me := wantsMail(app, desk.RoleAgent, "", locale, `{"mail":{"new_case":"now","answered":"now"}}`)
		for _, kind := range []string{desk.NoticeNewCase, desk.NoticeAnswered} {
			notify(t, app, desk.Notice{Agent: me.Id, Kind: kind, Same: kind + ":more", Data: map[string]any{"code": "more"}})
			app.Put(app.One(desk.Notices, desktest.Values{"agent": me.Id, "kind": kind}), desktest.Values{"count": 7})
		}
		if n := tell(t, s); n != 1 {
			t.Fatalf("%s: %d messages", locale, n)
		}
		text := told(t, app, me)[0]
		if !strings.Contains(text, want[0]+"\n") || !strings.Contains(text, want[1]+"\n") || strings.Contains(text, "×") {
			t.Errorf("%s:\n%s", locale, text)
		}
	}
}
