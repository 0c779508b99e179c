package journeys

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/cdproto/emulation"
)

func TestTmpLook(t *testing.T) {
	s := openShop(t)
	s.call(http.MethodPost, "/api/collections/teams/records", map[string]any{"name": "客服組"})
	s.colleagueOf("supervisor")
	ctx := browser(t, "ja", 390, 844)
	_ = emulation.SetEmulatedMedia
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	deskFor(t, ctx, s, "#/desk")
	do(t, ctx, typePassword("supervisor@staff.example", password)...)
	do(t, ctx, until(`!!document.querySelector(".pd-bell")`))
	visitorsCase(t, s, map[string]any{"name": "佐藤", "email": "sato@example.org", "locale": "ja", "message": "急須の蓋にひびが入っていました。"}, "確認いたします。")
	do(t, ctx, until(`document.title.startsWith("(1) ")`), until(`(document.querySelector(".pd-bell").click(), true)`), chromedp.WaitVisible(".pd-notice-row"))
	shot(t, ctx, "tmp-bell")
	do(t, ctx, click(`[...document.querySelectorAll(".pd-notices-head .pd-btn")].at(-1)`), until(`!!document.querySelector(".pd-notify-hear select")`))
	shot(t, ctx, "tmp-choices")
	do(t, ctx, until(`document.querySelector(".pd-notify-mail").open = true`))
	shot(t, ctx, "tmp-mail")
}
