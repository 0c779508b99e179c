package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/bits"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const sent = `{"receipt":"K7QX-2M4P","answer_by":"2025-11-24T10:00:00Z"}`

func TestScriptSends(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(*FormView) {})
	s.answers(400, `{"status":400,"message":"No.","data":{"email":{"code":"email_invalid","message":"x"},"order_no":{"code":"odd","message":"Odd number."}}}`)
	b.open(s.URL)
	b.submit()
	b.until(`document.activeElement.id === "errors"`)
	if got := b.get(`[...document.querySelectorAll("#errors a")].map((a) => a.hash)`); got != "#name,#email,#message,#consent" {
		t.Errorf("blank form: summary leads to %s", got)
	}
	b.do(chromedp.Click(`#errors a[href="#email"]`))
	b.until(`document.activeElement.id === "email"`)

	b.fill()
	b.submit()
	b.until(`document.querySelector("#order_no-error").textContent === "Odd number."`)
	if got := b.get(`[email, order_no, message].map((i) => i.getAttribute("aria-invalid"))`); got != "true,true,false" {
		t.Errorf("aria-invalid %s", got)
	}
	refused, _ := s.last()

	s.answers(200, sent)
	b.do(chromedp.SendKeys("#order_no", "ＴＷ１"))
	b.submit()
	b.until(`document.activeElement.tagName === "H1" && document.querySelector("output")`)
	body, n := s.last()
	if n != 2 || body.Get("order_no") != "TW1" || body.Get("message") != "One\r\nTwo" || body.Get("consent") != "true" || body.Has("attachments") {
		t.Errorf("%d posts, last %v", n, body)
	}
	if body.Get("key") == "" || body.Get("key") != body.Get("idempotency_key") || body.Get("key") == refused.Get("key") {
		t.Errorf("keys %q, then %q", refused.Get("key"), body.Get("key"))
	}
	checkPow(t, body.Get("pow"), Pow{"salt", 8, "signature"})
	if got := b.get(`document.querySelector("output").textContent + document.querySelector("time").dateTime + localStorage.length`); got != "K7QX-2M4P2025-11-24T10:00:00Z0" {
		t.Errorf("after sending: %s", got)
	}
}

func checkPow(t *testing.T, text string, task Pow) {
	t.Helper()
	var proof struct {
		Salt, Signature string
		N               int
	}
	if err := json.Unmarshal([]byte(text), &proof); err != nil {
		t.Fatalf("pow %q: %v", text, err)
	}
	sum := sha256.Sum256(fmt.Append(nil, proof.Salt, proof.N))
	if proof.Salt != task.Salt || proof.Signature != task.Signature || bits.LeadingZeros16(uint16(sum[0])<<8|uint16(sum[1])) < task.Bits {
		t.Errorf("pow %+v for %+v", proof, task)
	}
}

func TestScriptKeepsWhatIsNotSent(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(v *FormView) { v.TokenTTL = time.Millisecond })
	s.mu.Lock()
	s.answer = func(http.ResponseWriter, url.Values) { panic(http.ErrAbortHandler) }
	s.mu.Unlock()
	b.open(s.URL)
	b.fill()
	b.submit()
	b.until(`document.getElementById("errors").innerText.includes("connection")`)
	failed, n := s.last()
	b.submit()
	b.until(`document.getElementById("errors").innerText.includes("connection")`)
	s.answers(429, `{}`)
	b.submit()
	b.until(`document.getElementById("errors").innerText.includes("often")`)
	again, m := s.last()
	if m <= n || again.Get("key") != failed.Get("key") {
		t.Errorf("retry %d after %d: key %q after %q", m, n, again.Get("key"), failed.Get("key"))
	}
	if again.Get("form_token") != "fresh" {
		t.Errorf("an old token was sent: %q", again.Get("form_token"))
	}
	checkPow(t, again.Get("pow"), Pow{"fresh salt", 9, "fresh signature"})

	b.open(s.URL)
	if got := b.get(`[email.value, message.value, consent.checked, document.getElementById("draft").hidden]`); got != "ann@example.com,One\nTwo,false,false" {
		t.Errorf("draft: %s", got)
	}
	b.do(chromedp.Click("#draft button"))
	b.until(`document.activeElement.id === "name" && !email.value && !localStorage.length`)

	b.fill()
	s.answers(503, `<html>`)
	b.submit()
	b.until(`document.getElementById("errors").innerText.includes("busy")`)
}

func TestScriptListsFiles(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(*FormView) {})
	s.answers(200, `{"receipt":"R"}`)
	b.open(s.URL)
	choose := func(names string) {
		b.get(`(() => { const d = new DataTransfer(); for (const n of "` + names + `".split(" ")) d.items.add(new File(["x".repeat(2048)], n));
			attachments.files = d.files; attachments.dispatchEvent(new Event("change", { bubbles: true })); })()`)
	}
	choose("a.jpg b.pdf")
	choose("c.exe d.txt")
	b.fill()
	b.submit()
	b.until(`document.getElementById("attachments-error").textContent.includes("up to 3")`)
	b.do(chromedp.Click(`#files li:nth-child(1) button`))
	b.submit()
	b.until(`document.getElementById("attachments-error").textContent.includes("type of file")`)
	b.do(chromedp.Click(`#files li:nth-child(2) button`))
	if got := b.get(`document.getElementById("files").innerText.replace(/\s+/g, " ")`); !strings.HasPrefix(got, "b.pdf 2 KB Remove d.txt 2 KB") {
		t.Errorf("list: %s", got)
	}
	b.submit()
	b.until(`document.querySelector("output")`)
	if body, _ := s.last(); strings.Join(body["attachments"], " ") != "b.pdf d.txt" {
		t.Errorf("sent %v", body["attachments"])
	}
	if got := b.get(`document.querySelectorAll("time").length`); got != "0" {
		t.Error("a promise is shown that nobody made")
	}
}

func TestKeyboardAndComposition(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(*FormView) {})
	s.answers(200, sent)
	b.open(s.URL)
	b.do(chromedp.SendKeys("#name", "林"))
	// One event, as a keyboard sends it: the character belongs to the key press that the page prevents.
	enter := input.DispatchKeyEventParams{Type: "keyDown", Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, enter); err != nil {
		t.Fatal(err)
	}
	b.until(`document.activeElement.id === "email"`)
	b.get(`phone.focus(), phone.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))`)
	if got := b.get(`document.activeElement.id`); got != "phone" {
		t.Errorf("Enter while composing went to %s", got)
	}
	if _, n := s.last(); n != 0 {
		t.Error("Enter sent the form")
	}
}

func TestWorkerKnowsSHA256(t *testing.T) {
	b, s := newBrowser(t), newShop(t, func(*FormView) {})
	b.open(s.URL)
	worker := `(await import("/support/assets/pow-worker.js"))`
	for text, want := range map[string]string{ // FIPS 180-4 examples
		"":    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	} {
		if got := b.get(fmt.Sprintf("%s.sha256(%q)", worker, text)); got != want {
			t.Errorf("sha256(%q) = %s", text, got)
		}
	}
	sums := strings.Split(b.get(`(({ sha256 }) => Array.from({ length: 200 }, (_, n) => sha256("鹿".repeat(n))))`+worker), ",")
	for n, got := range sums {
		if sum := sha256.Sum256([]byte(strings.Repeat("鹿", n))); got != hex.EncodeToString(sum[:]) {
			t.Errorf("%d characters: %s", n, got)
		}
	}
	found := strings.Split(b.get(`(({ solve }) => Array.from({ length: 140 }, (_, n) => solve("s".repeat(n), 6)))`+worker), ",")
	for length, text := range found {
		n := 0
		for ; sha256.Sum256(fmt.Append(nil, strings.Repeat("s", length), n))[0] >= 4; n++ {
		}
		if text != fmt.Sprint(n) {
			t.Errorf("salt of %d: n %s, want %d", length, text, n)
		}
	}
	if got := b.get(worker + `.solve("s", 33)`); got != "-1" {
		t.Errorf("33 bits: %s", got)
	}
}

func TestBrokenScriptStillPosts(t *testing.T) {
	b := newBrowser(t)
	s := newShop(t, func(v *FormView) { v.SubmitURL = "http://[bad" }) // XMLHttpRequest.open throws
	b.open(s.URL)
	b.fill()
	b.submit()
	b.until(`document.querySelector("output")?.textContent === "PLAIN"`)
	if len(s.plain) != 1 || s.plain[0].Get("name") != "Ann" || s.plain[0].Get("idempotency_key") == "" {
		t.Errorf("posts %v", s.plain)
	}
}

func TestWithoutScript(t *testing.T) {
	b := newBrowser(t)
	s := newShop(t, func(v *FormView) { v.Errors = map[string]string{"message": "required"} })
	off := emulation.SetScriptExecutionDisabledParams{Value: true}
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, off); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(s.URL))
	b.until(`document.activeElement.id === "errors"`)
	b.fill()
	b.submit()
	b.do(chromedp.WaitVisible("output"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.plain) != 1 || s.plain[0].Get("message") != "One\r\nTwo" || s.plain[0].Get("website") != "" || s.plain[0].Get("form") != "contact" {
		t.Errorf("posts %v", s.plain)
	}
}
