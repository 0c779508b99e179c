package desk_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestSecrets(t *testing.T) {
	app := desktest.New(t)
	box := app.Make(desk.Mailboxes, desktest.Values{"name": "Support TW"})
	name := desk.MailboxSecret(box.Id)
	if s, err := desk.Secret(app, name); s != "" || err != nil {
		t.Fatalf("%q, %v", s, err)
	}
	for _, value := range []string{"first 密碼", "second"} {
		if err := desk.SetSecret(app, name, value); err != nil {
			t.Fatal(err)
		}
		if s, err := desk.Secret(app, name); s != value || err != nil {
			t.Errorf("%q, %v", s, err)
		}
		r := app.One(desk.Secrets, nil)
		if v := r.GetString("value"); v == "" || strings.Contains(v, value) || r.PublicExport()["value"] != nil {
			t.Errorf("kept as %q", v)
		}
	}
	desk.GiveSecrets(app, func(name string) string {
		return map[string]string{"mailbox:Support TW": "of the environment"}[name]
	})
	if s, _ := desk.Secret(app, name); s != "of the environment" {
		t.Errorf("the environment does not win: %q", s)
	}
	desk.GiveSecrets(app, func(string) string { return "" })
	if err := desk.LoadSecret(app, "another key than before"); err != nil {
		t.Fatal(err)
	}
	if s, err := desk.Secret(app, name); s != "" || !errors.Is(err, desk.ErrSecret) {
		t.Errorf("under another key: %q, %v", s, err)
	}
	if err := desk.SetSecret(app, name, ""); err != nil || len(app.All(desk.Secrets, nil)) != 0 {
		t.Errorf("forgotten: %v, %d", err, len(app.All(desk.Secrets, nil)))
	}
}

func TestOwnAddresses(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"service_email": "Service@Shop.example", "reply_from": "no address"})
	app.Make(desk.Mailboxes, desktest.Values{"name": "sales", "address": "sales@shop.example"})
	own, err := desk.OwnAddresses(app)
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]bool{
		"service@shop.example": true, "SALES@shop.example": true, "desk@shop.example": true, "sales+c-x@shop.example": true,
		"anna@shop.example": false, "sales@shop.example.com": false, "": false, "no address": false,
	} {
		if desk.IsOwn(own, addr) != want {
			t.Errorf("%q: %v of %v", addr, !want, own)
		}
	}
}
