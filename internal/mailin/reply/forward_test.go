package reply

import (
	"strings"
	"testing"
)

// TestForward: what a person passes on is what they send, so it stays, but is
// none of their new words.
func TestForward(t *testing.T) {
	for _, below := range []string{
		"---------- Forwarded message ---------\n寄件者： 客服 <service@example.com.tw>\nDate: 2026年11月22日 週日 上午10:00\nSubject: 訂單\nTo: <ming@example.com.tw>\n\n您好",
		"-------- 轉寄郵件 --------\n主旨: 訂單\n日期: Sun, 22 Nov 2026 10:00:00 +0800\n寄件者: 客服 <service@example.com.tw>\n收件者: ming@example.com.tw\n\n您好",
		"> 開始轉寄郵件：\n> \n> 寄件人: 客服 <service@example.com.tw>\n> 主旨: 訂單\n> 日期: 2026年11月22日 台北標準時間 上午10:00:00\n> 收件人: ming@example.com.tw\n> \n> 您好",
		"-------- 转发邮件信息 --------\n发件人：\"客服\" <service@example.cn>\n发送日期：2026-11-22 10:00:00\n收件人：ming@example.cn\n主题：订单\n\n您好",
		"---------- Forwarded message ---------\nFrom: よろず屋 <support@example.jp>\nDate: 2026年11月22日(日) 10:00\nSubject: ご注文\nTo: <taro@example.jp>\n\nお世話になっております。",
		"> 転送されたメッセージ：\n> \n> 差出人: よろず屋 <support@example.jp>\n> 件名: ご注文\n> 日付: 2026年11月22日 10:00:00 JST\n> 宛先: taro@example.jp\n> \n> お世話に",
		"Begin forwarded message:\n\nFrom: Desk <desk@shop.example>\nSubject: Order\nDate: 22 November 2026\nTo: bob@home.example\n\nShipped.\n\n-- \nDesk",
		"----- Forwarded Message -----\nFrom: Desk <desk@shop.example>\nTo: bob@home.example\nSent: Sunday\nSubject: Order\n\nOn 21 Nov 2026, at 10:00, Bob <bob@home.example> wrote:\n> Where?",
	} {
		below = clean(below)
		if got := CutForward(below); got.Text != below {
			t.Errorf("alone:\n%q\ngot %q", below, got.Text)
		}
		if got := CutForward("Is this real?\n\n" + below); got.Text != "Is this real?\n\n"+below {
			t.Errorf("below words:\n%q\ngot %q", below, got.Text)
		}
		if got := Cut("Is this real?\n\n" + below); got.Text != "Is this real?" {
			t.Errorf("new words alone:\n%q\ngot %q", below, got.Text)
		}
		if got := CutForward("Is this real?\n\n-- \nBob\n\n" + below); got.Text != "Is this real?\n\n"+below || got.Signature != "--\nBob" {
			t.Errorf("below a signature:\n%q\ngot %q", below, got.Text)
		}
	}
}

// clean takes white space off the ends of lines, as Cut does.
func clean(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// TestForwardAnswered: a forwarded mail inside the mail that was answered is old.
func TestForwardAnswered(t *testing.T) {
	const old = "---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: 1 May 2026\nSubject: x\nTo: <b@x.example>\n\nold"
	for _, head := range []string{
		"On Sun, Nov 22, 2026 at 10:00 AM Desk <desk@shop.example> wrote:\n\n",
		"From: Desk <desk@shop.example>\nSent: Sunday, 22 November 2026\nTo: Bob\nSubject: FW: Order\n\n",
		"-----Original Message-----\nFrom: Desk <desk@shop.example>\n\nsee\n\n",
	} {
		if got := CutForward("Yes.\n\n" + head + old); got.Text != "Yes." {
			t.Errorf("%q: got %q", head, got.Text)
		}
		if got := CutForward("Yes.\n\n" + head + "> " + strings.ReplaceAll(old, "\n", "\n> ")); got.Text != "Yes." {
			t.Errorf("%q, marked: got %q", head, got.Text)
		}
	}
}
