package spam

import "testing"

func TestChatHandle(t *testing.T) {
	tests := []struct {
		name, from, text string
		want             string
	}{
		{"a guest's LINE", "林小姐", "可以用LINE聯絡我，LINE ID: sunny_tw，謝謝", "chat_handle 1"},
		{"a guest's LINE in Chinese", "林小姐", "我的賴ID是 sunny520", "chat_handle 1"},
		{"a guest's LINE in Japanese", "佐藤", "LINE IDは hanako_88 です", "chat_handle 1"},
		{"WhatsApp number", "Ann", "You can reach me on WhatsApp +44 7700 900123", "chat_handle 1"},
		{"add me", "x", "加賴 abc888", "chat_handle 2"},
		{"add WeChat", "x", "代開發票，加微信：kaipiao", "chat_handle 2"},
		{"disguised", "x", "加 薇 信 ： kp66688", "chat_handle 2"},
		{"full width", "x", "加ＬＩＮＥ：ａｂｃ８８８", "chat_handle 2"},
		{"QQ", "x", "详谈加qq 123456789", "chat_handle 2"},
		{"QQ number", "x", "qq：123456789", "chat_handle 1"},
		{"Telegram", "x", "Text me on Telegram @big_wins", "chat_handle 2"},
		{"Russian", "x", "Пишите в телеграм @zarabotok", "chat_handle 2"},
		{"Russian WhatsApp", "x", "вотсап +7 912 345 67 89", "chat_handle 1"},
		{"in the name", "加賴 abc888", "您好", "chat_handle 2"},
		{"name only", "LINE:abc888", "您好", "chat_handle 2"},

		{"LINE Pay", "x", "請問可以用 LINE Pay 付款嗎？用 line pay 有優惠嗎", ""},
		{"shop's LINE", "x", "我加LINE客服都沒有人回，LINE官方帳號也沒有", ""},
		{"WeChat service", "x", "请问你们有微信客服吗？我想加微信咨询尺码。", ""},
		{"a line", "x", "The first line: please call me. My phone line 2 is dead, deadline: tomorrow", ""},
		{"a day", "x", "我在LINE 2026-03-01 問過", ""},
		{"mail address", "x", "write to ann@shop.example, @ 10:30", ""},
		{"coupon", "x", "公式LINEの友だち追加でもらえるクーポンが使えません。", ""},
		{"order number", "x", "訂單 A123456，請幫我查詢", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := signals(t, checkChatHandle(), Message{Name: tt.from, Text: tt.text}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
