package casework_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestCopies(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	m := app.Reply(c, agent, desktest.Values{
		"cc":  []any{"Anna <anna@EXAMPLE.com>", map[string]any{"name": " 山田\n花子 ", "addr": "Hanako@Example.jp"}, "hanako@example.jp", ""},
		"bcc": `["boss@example.org", "hanako@example.jp"]`,
	})
	if got := fmt.Sprint(m.Cc(), m.Bcc()); got != "[{山田 花子 Hanako@example.jp}] [{ boss@example.org}]" {
		t.Errorf("copies %s", got)
	}
	if m := app.Reply(c, agent, desktest.Values{"cc": "one@example.org"}); len(m.Cc()) != 1 || len(m.Bcc()) != 0 {
		t.Errorf("a single one: %v %v", m.Cc(), m.Bcc())
	}
	if m := app.Reply(c, agent, desktest.Values{"direction": desk.Note, "cc": []string{"one@example.org"}, "receipt_asked": true}); len(m.Cc()) != 0 || m.GetBool("receipt_asked") {
		t.Errorf("a note has copies: %v", m.Cc())
	}
}

func TestCopiesRefused(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"service_email": "help@shop.example", "reply_from": "Desk@shop.example"})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprintf("a%d@example.org", i))
	}
	for name, one := range map[string]struct {
		v     desktest.Values
		field string
	}{
		"no address":      {desktest.Values{"cc": []string{"nobody"}}, "cc"},
		"a header":        {desktest.Values{"bcc": []string{"a@example.org\r\nX: y"}}, "bcc"},
		"numbers":         {desktest.Values{"cc": []int{1}}, "cc"},
		"own service":     {desktest.Values{"cc": []string{"HELP@shop.example"}}, "cc"},
		"own with a tag":  {desktest.Values{"bcc": []string{"desk+c-abc@shop.example"}}, "bcc"},
		"own sender":      {desktest.Values{"bcc": []string{"x <desk@shop.example>"}}, "bcc"},
		"too many":        {desktest.Values{"cc": many}, "cc"},
		"many in all":     {desktest.Values{"cc": many[:11], "bcc": many[11:]}, "bcc"},
		"a secret link":   {desktest.Values{"cc": []string{"a@example.org"}, "body": "See " + desk.TrackingLink}, "cc"},
		"and blind":       {desktest.Values{"bcc": []string{"a@example.org"}, "body": "See " + desk.TrackingLink}, "bcc"},
		"files too large": {desktest.Values{"attachments": []any{large(t, 13<<20), large(t, 13<<20)}}, "attachments"},
	} {
		if _, err := app.Write(c, agent, one.v); faulty(err) != one.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// large is an upload of a size, not stored anywhere.
func large(t *testing.T, size int) *filesystem.File {
	t.Helper()
	f, err := filesystem.NewFileFromBytes([]byte(strings.Repeat("x", size)), "x.txt")
	if err != nil {
		t.Fatal(err)
	}
	return f
}
