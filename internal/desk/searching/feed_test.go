package searching_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

func expect(t *testing.T, app *desktest.App, agent *desk.Agent, text string, want ...*desk.Case) {
	t.Helper()
	wanted := []int{}
	for _, c := range want {
		wanted = append(wanted, c.Number())
	}
	if got := sorted(search(t, app, agent, text)); !slices.Equal(got, sorted(wanted)) {
		t.Errorf("%q finds %v, want %v", text, got, wanted)
	}
}

// What is rolled back leaves no trace, whichever way it was saved.
func TestRolledBack(t *testing.T) {
	s := openShop(t)
	stop := errors.New("stop")
	err := s.Commit.Do(func(tx core.App) error {
		m, err := desk.NewMessage(tx, s.cup.Id)
		if err != nil {
			return err
		}
		m.Set("direction", desk.In)
		m.Set("channel", desk.ChannelEmail)
		m.Set("body", "ephemeral")
		if err := desk.Save(tx, m.Record); err != nil {
			return err
		}
		c, err := desk.FindCase(tx, s.cup.Id)
		if err != nil {
			return err
		}
		c.Set("subject", "ephemeral too")
		if err := desk.Save(tx, c.Record); err != nil {
			return err
		}
		if err := tx.Delete(s.Find(desk.Contacts, s.teapot.Contact())); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	expect(t, s.App, s.agent, "ephemeral")
	expect(t, s.App, s.agent, "小明", s.teapot)
	whole(t, s.App)
}

// What another process finds after this one was killed is what was committed.
func TestAfterCrash(t *testing.T) {
	s := openShop(t)
	again := s.AfterCrash()
	expect(t, again, s.agent, "茶壺", s.teapot)
	expect(t, again, s.agent, "プリンター", s.cup)
	whole(t, again)
}

func TestChanges(t *testing.T) {
	s := openShop(t)
	contact := s.Find(desk.Contacts, s.teapot.Contact())
	s.Put(contact, desktest.Values{"name": "陳大文"})
	expect(t, s.App, s.agent, "小明")
	expect(t, s.App, s.agent, "陈大文", s.teapot)
	expect(t, s.App, s.agent, "from:陳大文", s.teapot)

	s.Put(s.Find(desk.Cases, s.cup.Id), desktest.Values{"subject": "壊れたカップ", "summary": "needs a voucher", "tags": []string{"VIP 退貨"}})
	expect(t, s.App, s.agent, "壊れたカップ", s.cup)
	expect(t, s.App, s.agent, "voucher", s.cup)
	expect(t, s.App, s.agent, "tag:\"vip 退货\"", s.cup)
	expect(t, s.App, s.agent, "カップ tag:\"VIP 退貨\"", s.cup)
	expect(t, s.App, s.agent, "tag:vip")
	s.Put(s.Find(desk.Cases, s.cup.Id), desktest.Values{"tags": nil})
	expect(t, s.App, s.agent, "tag:\"vip 退货\"")

	// a record that is older than what the database has by now
	old, young := s.Find(desk.Cases, s.plain.Id), s.Find(desk.Cases, s.plain.Id)
	s.Put(young, desktest.Values{"summary": "meanwhile"})
	s.Put(old, desktest.Values{"subject": "linen bags"})
	expect(t, s.App, s.agent, "meanwhile")
	expect(t, s.App, s.agent, "linen", s.plain)
	whole(t, s.App)
}

// A case that leaves a team takes all of its words along.
func TestTeamChanges(t *testing.T) {
	s := openShop(t)
	expect(t, s.App, s.golden, "ultramarine", s.rebate)
	s.Put(s.Find(desk.Cases, s.rebate.Id), desktest.Values{"team": s.gold})
	for _, words := range []string{"ultramarine", "ultramarine cotton", "A10023", "from:ben", "ben@example.com", "O'Neil"} {
		for _, c := range search(t, s.App, s.agent, words) {
			if c == s.rebate.Number() {
				t.Errorf("%q still finds it", words)
			}
		}
		expect(t, s.App, s.golden, words, s.rebate)
	}
	s.Put(s.Find(desk.Cases, s.rebate.Id), desktest.Values{"team": ""})
	expect(t, s.App, s.agent, "ultramarine", s.rebate)
	s.Put(s.Find(desk.Cases, s.hidden.Id), desktest.Values{"team": ""})
	expect(t, s.App, s.agent, "bullion", s.hidden)
	whole(t, s.App)
}

func TestMovedAndDeleted(t *testing.T) {
	s := openShop(t)
	m := s.All(desk.Messages, desktest.Values{"case": s.plain.Id, "direction": "in"})[0]
	s.Put(m, desktest.Values{"case": s.hidden.Id})
	expect(t, s.App, s.agent, "refund")
	expect(t, s.App, s.golden, "refund", s.hidden)
	whole(t, s.App)

	err := s.RunInTransaction(func(tx core.App) error { // row by row, as a merge does it
		if _, err := tx.DB().Update("messages", dbx.Params{"case": s.plain.Id}, dbx.HashExp{"id": m.Id}).Execute(); err != nil {
			return err
		}
		return desk.MessagesMoved(tx, []string{m.Id}, s.hidden.Id, s.plain.Id)
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, s.App, s.agent, "refund", s.plain)
	whole(t, s.App)

	if err := s.Delete(s.Find(desk.Messages, m.Id)); err != nil {
		t.Fatal(err)
	}
	expect(t, s.App, s.golden, "refund")
	if err := s.Delete(s.Find(desk.Cases, s.rebate.Id)); err != nil {
		t.Fatal(err)
	}
	expect(t, s.App, s.agent, "ultramarine")
	expect(t, s.App, s.agent, "A10023")
	if err := s.Delete(s.Find(desk.Feedbacks, s.teapot.Feedback())); err != nil {
		t.Fatal(err)
	}
	expect(t, s.App, s.agent, "2026a1")
	expect(t, s.App, s.agent, "茶壺", s.teapot)
	whole(t, s.App)
}

// Of an erased person no word is left in the index, in no page of it.
func TestErased(t *testing.T) {
	s := openShop(t)
	s.Case(desktest.Values{"email": "quirky@example.com", "phone": "0955-777-111", "name": "Xylophonist", "order_no": "ZZ-998877",
		"subject": "Quetzalcoatl", "message": "A floccinaucinihilipilification of 鑰匙圈 happened.", "locale": "en"})
	words := []string{"xylophonist", "quetzalcoatl", "floccinaucinihilipilification", "钥匙", "zz998877", "quirky", "0955777111"}
	for _, w := range words {
		if !inIndex(t, s.App, w) {
			t.Fatalf("%q was never in the index", w)
		}
	}
	if _, err := privacy.Erase(s.App, "quirky@example.com"); err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if inIndex(t, s.App, w) {
			t.Errorf("%q is still in the index", w)
		}
	}
	if got := search(t, s.App, s.boss, "quetzalcoatl"); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	expect(t, s.App, s.agent, "cotton", s.rebate, s.plain)
	whole(t, s.App)
}

// inIndex looks for a token in the bytes of the index. FTS5 leaves out what a
// term has in common with the one before it.
func inIndex(t *testing.T, app *desktest.App, token string) bool {
	t.Helper()
	var blocks []string
	if err := app.DB().NewQuery("SELECT CAST(block AS TEXT) FROM " + desk.SearchTable + "_data").Column(&blocks); err != nil {
		t.Fatal(err)
	}
	tail := []rune(token)
	tail = tail[max(1, len(tail)-4):]
	return slices.ContainsFunc(blocks, func(b string) bool { return strings.Contains(b, string(tail)) })
}

// An index that is empty is filled in the background, the newest first, while
// work goes on; what is saved meanwhile is not there twice.
func TestFilled(t *testing.T) {
	s := openShop(t)
	before := map[string][]int{}
	for _, words := range []string{"蓋", "cotton", "小明", "A10023", "example.com", "ultramarine cotton"} {
		before[words] = search(t, s.App, s.agent, words)
	}
	for _, sql := range []string{"DELETE FROM " + desk.SearchState, "DELETE FROM " + desk.SearchDocs, "INSERT INTO " + desk.SearchTable + "(" + desk.SearchTable + ") VALUES('delete-all')"} {
		if _, err := s.NonconcurrentDB().NewQuery(sql).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	state, err := s.Search.Look()
	if err != nil || state.State != "building" {
		t.Fatalf("%+v, %v", state, err)
	}
	if a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "cotton"}); a.Understood.Building == nil {
		t.Error("the answer doesn't say that the index isn't whole")
	}
	s.Search.Stop()
	s.Search.Start()
	late := s.Case(desktest.Values{"email": "late@example.com", "message": "cotton comes late"})
	s.Put(s.Find(desk.Cases, s.plain.Id), desktest.Values{"summary": "changed on the way"})
	ready(t, s.App)
	for words, want := range before {
		got := slices.DeleteFunc(search(t, s.App, s.agent, words), func(n int) bool { return n == late.Number() })
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, before %v", words, got, want)
		}
	}
	expect(t, s.App, s.agent, "cotton", s.rebate, s.plain, late)
	expect(t, s.App, s.agent, "\"changed on the way\"", s.plain)
	whole(t, s.App)
}

func TestRebuild(t *testing.T) {
	s := openShop(t)
	if _, err := s.NonconcurrentDB().NewQuery("UPDATE messages SET body = 'told to nobody' WHERE id = {:id}").
		Bind(dbx.Params{"id": s.All(desk.Messages, desktest.Values{"case": s.plain.Id})[0].Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	expect(t, s.App, s.agent, "told")
	told := 0
	state, err := s.Search.Rebuild(t.Context(), func(searching.State) { told++ })
	if err != nil || state.State != "ready" || told == 0 {
		t.Fatalf("%+v, %v", state, err)
	}
	expect(t, s.App, s.agent, "told", s.plain)
	expect(t, s.App, s.agent, "cotton bags", s.plain)
	whole(t, s.App)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Search.Rebuild(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a rebuild that was called off: %v", err)
	}
	s.Search.Stop()
	s.Search.Start() // takes up where it was left
	ready(t, s.App)
	expect(t, s.App, s.agent, "cotton bags", s.plain)
	whole(t, s.App)
}

// Acknowledgements are all alike and are left out; files are found by name.
func TestWhatIsIndexed(t *testing.T) {
	s := openShop(t)
	ack := s.All(desk.Messages, desktest.Values{"case": s.rebate.Id, "channel": "system"})
	if len(ack) == 0 {
		t.Fatal("no acknowledgement")
	}
	m := s.Make(desk.Messages, desktest.Values{"case": s.cup.Id, "direction": "in", "channel": "email", "subject": "Re: 返品", "body": "see the file",
		"attachments": []any{s.File("請求書 2026.pdf", "%PDF-1.4")}, "cc": []desk.Addressee{{Name: "Kumi Sato", Addr: "kumi@example.jp"}}})
	m.Set("attachment_names", map[string]string{m.GetStringSlice("attachments")[0]: "請求書 2026.pdf"})
	s.Put(m, nil)
	expect(t, s.App, s.agent, "請求書", s.cup)
	expect(t, s.App, s.agent, "has:file", s.cup)
	expect(t, s.App, s.agent, "see has:file", s.cup)
	expect(t, s.App, s.agent, "cotton has:file")
	expect(t, s.App, s.agent, "to:kumi", s.cup)
	expect(t, s.App, s.agent, "to:kumi@example.jp", s.cup)
	a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "請求書"})
	if h := a.Items[0].Hits[0]; h.Kind != "file" || shown(h) != "[請求書] 2026.pdf" {
		t.Errorf("%+v", h)
	}
	whole(t, s.App)
}
