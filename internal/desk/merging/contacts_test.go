package merging_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// Two contacts turn out to be one person. All that belonged to the one is the
// other's, and nothing is trusted more than before.
func TestMergeContacts(t *testing.T) {
	b := newBench(t)
	one := b.Case(desktest.Values{"name": "王小明", "phone": "0912 345 678", "locale": "zh-TW"})
	b.Clock.Advance(time.Hour)
	two := b.Case(desktest.Values{"name": "Wang", "email": "wang@example.net", "message": "It is me again, about the teapot."})
	b.Put(b.Find(desk.Contacts, two.Contact()), desktest.Values{"note": "likes tea", "tags": []string{"vip"}})
	b.Make(desk.Invitations, desktest.Values{"contact": two.Contact(), "agent": b.agent.Id})
	state := map[string]string{}
	for _, i := range b.All(desk.Identities, nil) {
		state[i.Id] = i.GetString("state") + i.GetString("raised_by") + i.GetString("raised_at")
	}
	p, err := b.station.Preview(b, b.agent, merging.Request{Kind: desk.MergeContact, Source: two.Contact(), Target: one.Contact()})
	if err != nil || p.Counts["cases"] != 1 || p.Counts["identities"] != 1 || p.Counts["invitations"] != 1 {
		t.Errorf("preview %+v, %v", p, err)
	}
	if !slices.ContainsFunc(p.Conflicts, func(r merging.Remark) bool { return r.Code == "name" && r.Data["kept"] == "王小明" }) {
		t.Errorf("conflicts %v", p.Conflicts)
	}
	b.merge(desk.MergeContact, two.Contact(), one.Contact())
	c := b.Find(desk.Contacts, one.Contact())
	if c.GetString("name") != "王小明" || !strings.Contains(c.GetString("note"), "Wang") || !strings.Contains(c.GetString("note"), "likes tea") {
		t.Errorf("contact %s, note %q", c.GetString("name"), c.GetString("note"))
	}
	if got := b.again(two).Contact(); got != one.Contact() {
		t.Error("the case is still the other one's")
	}
	for _, collection := range []string{desk.Identities, desk.Messages, desk.Invitations} {
		if n := len(b.All(collection, desktest.Values{"contact": two.Contact()})); n != 0 {
			t.Errorf("%d of %s stayed", n, collection)
		}
	}
	for _, i := range b.All(desk.Identities, nil) {
		if state[i.Id] != i.GetString("state")+i.GetString("raised_by")+i.GetString("raised_at") {
			t.Errorf("%s became %s", i.GetString("value"), i.GetString("state"))
		}
	}
	if again := b.Case(desktest.Values{"name": "Wang", "email": "wang@example.net", "message": "And once more, good morning."}); again.Contact() != one.Contact() {
		t.Error("a new message made a contact of its own")
	}
	_, err = b.station.Merge(b.agent, merging.Request{Kind: desk.MergeContact, Source: two.Contact(), Target: one.Contact()})
	b.refused(err, merging.Merged)
	_, err = b.station.Merge(b.agent, merging.Request{Kind: desk.MergeContact, Source: one.Contact(), Target: two.Contact()})
	b.refused(err, merging.Merged)
	_, err = b.station.Merge(b.agent, merging.Request{Kind: desk.MergeContact, Source: one.Contact(), Target: one.Contact()})
	b.refused(err, merging.Same)
}

func TestMergeContactsStale(t *testing.T) {
	b := newBench(t)
	one, two := b.Case(nil), b.Case(desktest.Values{"email": "ben@example.com"})
	r := merging.Request{Kind: desk.MergeContact, Source: two.Contact(), Target: one.Contact()}
	p, err := b.station.Preview(b, b.agent, r)
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.Advance(time.Second)
	b.Put(b.Find(desk.Contacts, one.Contact()), desktest.Values{"note": "somebody else wrote this"})
	r.Seen = p.Seen
	_, err = b.station.Merge(b.agent, r)
	b.refused(err, merging.Changed)
}

// Whatever two contacts hold, a merge that is undone leaves them as they were.
func TestContactsUndoneAreAsBefore(t *testing.T) {
	for seed := range uint64(8) {
		b := newBench(t)
		r := rand.New(rand.NewPCG(seed, 3))
		pick := func(list ...any) any { return list[r.IntN(len(list))] }
		var ids []string
		for i := range 3 {
			c := b.Case(desktest.Values{"email": fmt.Sprintf("p%d@example.com", i), "name": pick("", "Anna", "王小明"), "message": fmt.Sprint("Message ", i, " of somebody, hello.")})
			if r.IntN(2) == 0 {
				b.Reply(c, b.agent, nil)
			}
			b.Put(b.Find(desk.Contacts, c.Contact()), desktest.Values{
				"note": pick("", "a note", "line\nline"), "tags": pick(nil, []string{"x"}, []string{"y", "z"}), "blocked": pick(true, false),
				"member_since": pick("", desk.Date(b.Clock.Now()).String()),
			})
			ids = append(ids, c.Contact())
			b.Clock.Advance(time.Minute)
		}
		before := b.rows()
		one := b.merge(desk.MergeContact, ids[0], ids[1])
		two := b.merge(desk.MergeContact, ids[1], ids[2])
		_, err := b.station.Undo(b.agent, one.ID)
		b.refused(err, merging.MergeFirst)
		for _, id := range []string{two.ID, one.ID} {
			if out := b.undo(id); len(out.Left) != 0 {
				t.Errorf("seed %d: left %v", seed, out.Left)
			}
		}
		b.same(before, b.rows())
	}
}

// What somebody changed after a merge stays, and is told.
func TestUndoLeavesWhatChanged(t *testing.T) {
	b := newBench(t)
	one, two := b.Case(nil), b.Case(desktest.Values{"email": "ben@example.com", "name": "Ben"})
	done := b.merge(desk.MergeContact, two.Contact(), one.Contact())
	b.Clock.Advance(time.Minute)
	b.Put(b.Find(desk.Contacts, one.Contact()), desktest.Values{"note": "written since"})
	b.Case(desktest.Values{"email": "ben@example.com", "name": "Ben", "message": "A new question about spoons."})
	out := b.undo(done.ID)
	codes := map[string]bool{}
	for _, r := range out.Left {
		codes[r.Code] = true
	}
	if !codes["field"] || !codes["cases_since"] {
		t.Errorf("left %v", out.Left)
	}
	if got := b.Find(desk.Contacts, one.Contact()).GetString("note"); got != "written since" {
		t.Errorf("note %q", got)
	}
	if b.again(two).Contact() != two.Contact() {
		t.Error("the case did not go back")
	}
}

// Contacts whose cases became one are not taken apart under them.
func TestTiedContacts(t *testing.T) {
	b := newBench(t)
	one, two := b.Case(nil), b.Case(desktest.Values{"email": "ben@example.com"})
	people := b.merge(desk.MergeContact, two.Contact(), one.Contact())
	cases := b.merge(desk.MergeCase, two.Id, one.Id)
	_, err := b.station.Undo(b.agent, people.ID)
	b.refused(err, merging.MergeFirst)
	b.undo(cases.ID)
	b.undo(people.ID)
}

// Who is erased is gone with all that was merged, and with his words on others'
// cases; what others said on his goes back to them.
func TestEraseMerged(t *testing.T) {
	b := newBench(t)
	one := b.Case(desktest.Values{"message": "Anna asks about her teapot, please."})
	alias := b.Case(desktest.Values{"email": "anna2@example.com", "name": "Anna Alias", "message": "Anna under another address, hello."})
	b.merge(desk.MergeContact, alias.Contact(), one.Contact())
	ben := b.Case(desktest.Values{"email": "ben@example.com", "name": "Ben", "message": "Ben asks about his cup, good day."})
	carl := b.Case(desktest.Values{"email": "carl@example.com", "name": "Carl", "message": "Carl asks about spoons, good day."})
	b.merge(desk.MergeCase, ben.Id, one.Id)
	b.merge(desk.MergeCase, alias.Id, carl.Id)
	if _, err := privacy.Erase(b, "anna2@example.com"); err != nil {
		t.Fatal(err)
	}
	for _, m := range b.All(desk.Messages, nil) {
		if strings.Contains(m.GetString("body"), "Anna") {
			t.Errorf("her words stand on a case still: %q", m.GetString("body"))
		}
	}
	for _, c := range b.All(desk.Contacts, nil) {
		if strings.Contains(c.GetString("name"), "Anna") {
			t.Errorf("contact %q is still there", c.GetString("name"))
		}
	}
	if got := b.again(ben); got.Status() != desk.Open || got.MergedInto() != "" || len(b.words(ben)) != 1 {
		t.Errorf("Ben's case is %s into %q with %q", got.Status(), got.MergedInto(), b.words(ben))
	}
	for _, c := range []*desk.Case{ben, carl} { // the search finds their words on their own cases
		said := b.One(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In})
		var number int
		err := b.DB().NewQuery("SELECT number FROM " + desk.SearchDocs + " WHERE record = '" + said.Id + "'").Row(&number)
		if err != nil || number != c.Number() {
			t.Errorf("found on case %d, stands on %d, %v", number, c.Number(), err)
		}
	}
	if got := b.words(carl); len(got) != 1 {
		t.Errorf("Carl's words: %q", got)
	}
	for _, m := range b.All(desk.Merges, nil) {
		t.Errorf("a %s merge is remembered", m.GetString("kind"))
	}
}
