package service_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
)

func (s *shop) marked() (n int) {
	for _, r := range s.All(desk.Places, nil) {
		if strings.HasPrefix(r.Id, "retag_") {
			n++
		}
	}
	return n
}

// Tags that change while a contact's many cases are looked at have them looked at
// once more: those of the first group were reckoned by the tags before.
func TestTagsChangeMeanwhile(t *testing.T) {
	s := newShop(t)
	s.policy(desktest.Values{"contact_tags": []string{"vip"}, "first_response": "1h"})
	s.refresh()
	c := s.Case(nil)
	for range service.Group + 5 { // more of one visitor than one transaction holds
		s.Put(s.Case(nil).Record, desktest.Values{"contact": c.Contact()})
	}
	s.tag(c.Contact(), "vip")
	once := true
	s.OnRecordUpdate(desk.Cases).BindFunc(func(e *core.RecordEvent) error {
		if !once {
			return e.Next()
		}
		once = false
		return errors.Join(service.Tagged(e.App, c.Contact()), e.Next())
	})
	s.refresh()
	if s.marked() != 1 {
		t.Error("the later change is forgotten")
	}
	s.refresh()
	if s.marked() != 0 {
		t.Error("it is looked at for ever")
	}
}
