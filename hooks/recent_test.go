package hooks

import (
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

const repeated = "請問上週訂購的茶壺什麼時候會寄出？我已經等了很久，到現在還沒有收到任何通知，謝謝。"

// near is what is remembered of the repeated text.
func (s *shop) near() spam.Near {
	s.t.Helper()
	hash, ok := spam.SimHash(spam.TextOf(s.Rows(desk.Feedbacks)[0].GetString("subject"), repeated))
	if !ok {
		s.t.Fatal("the text is too short")
	}
	return s.plugin.door.Recent.Find(hash, 1)
}

// A text that staff answered counts as a good one, from the commit on, and not
// where they called it junk.
func TestAnsweredIsRemembered(t *testing.T) {
	s := newShop(t, withoutSMTP())
	c := s.CaseOf(s.Submit(map[string]any{"subject": "茶壺", "message": repeated})["id"].(string))
	answer := func(app core.App) error {
		r, err := app.FindRecordById(desk.Cases, c.Id)
		if err != nil {
			return err
		}
		r.Set("first_responded_at", desk.Date(s.Clock.Now()))
		return desk.Save(app, r)
	}
	broken := errors.New("disk full")
	err := s.App.RunInTransaction(func(tx core.App) error {
		if err := answer(tx); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if near := s.near(); near.Good != 0 {
		t.Errorf("an answer that was rolled back: %+v", near)
	}
	if err := s.App.RunInTransaction(answer); err != nil {
		t.Fatal(err)
	}
	if near := s.near(); near.Good != 1 {
		t.Errorf("after the commit: %+v", near)
	}
}

func TestAnsweredJunkStaysJunk(t *testing.T) {
	s := newShop(t, withoutSMTP())
	_, staff := s.Agent(desk.RoleAgent, "")
	agent, err := desk.AgentOf(s.App, staff)
	if err != nil {
		t.Fatal(err)
	}
	c := s.CaseOf(s.Submit(map[string]any{"subject": "茶壺", "message": repeated})["id"].(string))
	if err := s.plugin.door.MarkSpam(s.App, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	r, err := s.App.FindRecordById(desk.Cases, c.Id)
	if err != nil {
		t.Fatal(err)
	}
	r.Set("first_responded_at", desk.Date(s.Clock.Now()))
	if err := desk.Save(s.App, r); err != nil {
		t.Fatal(err)
	}
	if near := s.near(); near.Junk != 1 || near.Good != 0 {
		t.Errorf("%+v", near)
	}
}

// What is erased, or deleted by hand, is no longer compared with; what was
// rolled back is.
func TestDeletedIsForgotten(t *testing.T) {
	s := newShop(t, withoutSMTP())
	for _, email := range []string{"one@example.com", "two@example.com", "three@example.com"} {
		s.Submit(map[string]any{"subject": "茶壺", "message": repeated, "email": email})
	}
	broken := errors.New("disk full")
	if err := s.App.RunInTransaction(func(tx core.App) error {
		return errors.Join(tx.Delete(s.Rows(desk.Feedbacks)[2]), broken)
	}); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if near := s.near(); near.Others != 3 {
		t.Fatalf("%d senders are remembered, want 3", near.Others)
	}
	if err := s.App.Delete(s.Rows(desk.Feedbacks)[2]); err != nil {
		t.Fatal(err)
	}
	if near := s.near(); near.Others != 2 {
		t.Errorf("after deleting by hand: %d senders", near.Others)
	}
	if _, err := privacy.Erase(s.App, "two@example.com"); err != nil {
		t.Fatal(err)
	}
	if near := s.near(); near.Others != 1 {
		t.Errorf("after erasing: %d senders", near.Others)
	}
}
