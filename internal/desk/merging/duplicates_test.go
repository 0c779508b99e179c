package merging_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
)

// looks finds what may be the same as a case, with the memory of the door.
func (b *bench) looks(c *desk.Case) *merging.Duplicates {
	b.Helper()
	b.station.Near = func(hash uint64, at time.Time, within time.Duration, most int) (ids []string) {
		for _, l := range b.Door.Recent.Like(hash, at, within, most) {
			ids = append(ids, l.ID)
		}
		return ids
	}
	found, err := b.station.FindDuplicates(b, b.agent, c)
	if err != nil {
		b.Fatal(err)
	}
	return found
}

func whys(list []merging.Why) (out []string) {
	for _, w := range list {
		out = append(out, w.Kind)
	}
	slices.Sort(out)
	return out
}

func TestDuplicateContacts(t *testing.T) {
	for name, test := range map[string]struct {
		known, typed desktest.Values
		want         []string
	}{
		"known mail with another phone": {
			desktest.Values{"email": "ming@example.com", "phone": "0911 111 111"}, desktest.Values{"email": "ming@example.com", "phone": "0922 222 222"}, []string{"email", "name"}},
		"known phone with another mail": {
			desktest.Values{"email": "ming@example.com", "phone": "0911 111 111"}, desktest.Values{"email": "other@example.com", "phone": "+886 911-111-111"}, []string{"name", "phone"}},
		"dots at gmail": {
			desktest.Values{"email": "m.ing@gmail.com"}, desktest.Values{"email": "ming+shop@googlemail.com", "name": "M"}, []string{"spelling"}},
		"a tag": {
			desktest.Values{"email": "ming@example.com"}, desktest.Values{"email": "ming+tea@example.com", "name": "M"}, []string{"spelling"}},
		"the same name": {
			desktest.Values{"email": "ming@example.com"}, desktest.Values{"email": "xiaoming@example.net"}, []string{"name"}},
		"nothing": {
			desktest.Values{"email": "ming@example.com"}, desktest.Values{"email": "ben@example.net", "name": "Ben"}, nil},
	} {
		b := newBench(t)
		known := desktest.Values{"name": "王小明", "locale": "zh-TW", "message": "請問茶壺什麼時候會到？"}
		typed := desktest.Values{"name": "王小明", "locale": "zh-TW", "message": "你好，我想要換一個顏色。"}
		for k, v := range test.known {
			known[k] = v
		}
		for k, v := range test.typed {
			typed[k] = v
		}
		old := b.Case(known)
		b.Clock.Advance(time.Hour)
		c := b.Case(typed)
		found := b.looks(c)
		if test.want == nil {
			if len(found.Contacts) != 0 {
				t.Errorf("%s: %v", name, found.Contacts)
			}
			continue
		}
		if len(found.Contacts) != 1 || found.Contacts[0].Contact.ID != old.Contact() || !slices.Equal(whys(found.Contacts[0].Why), test.want) {
			t.Errorf("%s: %+v, want %v", name, found.Contacts, test.want)
			continue
		}
		if err := b.station.Dismiss(b.agent, c.Id, old.Contact(), ""); err != nil {
			t.Fatal(err)
		}
		if again := b.looks(c); len(again.Contacts) != 0 {
			t.Errorf("%s: offered again: %v", name, again.Contacts)
		}
	}
}

// In every language near the same words within a week are found, under whatever name.
func TestDuplicateTexts(t *testing.T) {
	for locale, texts := range map[string][2]string{
		"zh-TW": {"您好，我上週訂購的青瓷茶壺到現在還沒有收到，請問目前的配送進度如何？麻煩您了。", "您好！我上週訂購的青瓷茶壺到現在還沒有收到，請問目前的配送進度如何？麻煩您了，謝謝。"},
		"ja":    {"先週注文した急須がまだ届いておりません。発送の状況を教えていただけますでしょうか。よろしくお願いいたします。", "先週注文した急須がまだ届いておりません。発送の状況を教えていただけますでしょうか。どうぞよろしくお願いいたします。"},
		"en":    {"Hello, the teapot that I ordered last week has not arrived yet. Could you tell me where the parcel is, please?", "Hello, the teapot that I ordered last week has not arrived yet. Could you tell me where the parcel is, please? Thanks"},
	} {
		b := newBench(t)
		old := b.Case(desktest.Values{"locale": locale, "message": texts[0], "name": "A one", "subject": ""})
		b.Clock.Advance(3 * 24 * time.Hour)
		c := b.Case(desktest.Values{"locale": locale, "message": texts[1], "name": "B two", "email": "b@example.net", "subject": ""})
		found := b.looks(c)
		if len(found.Cases) != 1 || found.Cases[0].ID != old.Id || !slices.Equal(whys(found.Cases[0].Why), []string{"text"}) {
			t.Errorf("%s: %+v", locale, found.Cases)
		}
		b.Clock.Advance(8 * 24 * time.Hour)
		late := b.Case(desktest.Values{"locale": locale, "message": texts[1], "name": "C three", "email": "c@example.net", "subject": ""})
		for _, one := range b.looks(late).Cases {
			if one.ID == old.Id {
				t.Errorf("%s: one of eleven days ago is offered", locale)
			}
		}
	}
}

func TestDuplicateCases(t *testing.T) {
	b := newBench(t)
	old := b.Case(desktest.Values{"order_no": "Ａ－１０２４", "message": "Where is it now?"})
	other := b.Case(desktest.Values{"order_no": "A-1024", "email": "ben@example.com", "name": "Ben", "message": "My husband asked about this, too."})
	same := b.Case(desktest.Values{"message": "Me again about a thing."})
	found := b.looks(same)
	if len(found.Cases) != 1 || found.Cases[0].ID != old.Id || found.Cases[0].Why[0].Kind != merging.WhyPerson {
		t.Errorf("%+v", found.Cases)
	}
	if found := b.looks(old); len(found.Cases) != 2 {
		t.Errorf("by a wide order number: %+v", found.Cases)
	}
	if err := b.station.Dismiss(b.agent, old.Id, "", other.Id); err != nil {
		t.Fatal(err)
	}
	if found := b.looks(old); len(found.Cases) != 1 || found.Cases[0].ID != same.Id {
		t.Errorf("after it was dismissed: %+v", found.Cases)
	}
	// what a team keeps for itself is offered to nobody else
	team := b.Make(desk.Teams, desktest.Values{"name": "A"})
	b.Put(b.Find(desk.Cases, same.Id), desktest.Values{"team": team.Id})
	got, err := b.station.FindDuplicates(b, b.Agent(desk.RoleAgent, ""), old)
	if err != nil || len(got.Cases) != 0 {
		t.Errorf("%+v, %v", got.Cases, err)
	}
	b.refused(b.station.Dismiss(b.Agent(desk.RoleAgent, ""), old.Id, "", same.Id), merging.Gone)
}
