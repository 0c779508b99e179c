package replaying_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/replaying"
)

// The open cases that were listed are done, once, and no others; a rule that was
// changed since is not applied.
func TestApply(t *testing.T) {
	app := desktest.New(t)
	a, b, done, gone := app.Case(nil), app.Case(nil), app.Case(nil), app.Case(nil)
	app.Put(done.Record, desktest.Values{"status": desk.Closed})
	app.Clock.Advance(time.Minute)
	s := replaying.New(app)
	r := &rule{event: "case_opened", print: "1"}
	id, at := try(t, s, r, 7)
	if len(at.List) != 4 || at.Open != 3 {
		t.Fatalf("%+v", at)
	}
	app.Clock.Advance(time.Minute)
	app.Case(nil) // came later: it was not listed
	app.Put(gone.Record, desktest.Values{"status": desk.Resolved})
	if _, err := s.Apply(context.Background(), "anna", id, &rule{event: "case_opened", print: "2"}); !errors.Is(err, replaying.ErrOther) || len(r.did) > 0 {
		t.Errorf("another rule: %v %v", err, r.did)
	}
	for round, want := range []int{2, 0} {
		out, err := s.Apply(context.Background(), "anna", id, r)
		if err != nil || out.Done != want || len(out.Failed) != 3-want {
			t.Errorf("round %d: %+v %v", round, out, err)
		}
		for _, f := range out.Failed {
			if wantCode := map[bool]string{true: replaying.CodeClosed, false: replaying.CodeDone}[f.Case == gone.Id]; f.Code != wantCode || f.Number == 0 {
				t.Errorf("round %d: %+v", round, f)
			}
		}
	}
	slices.Sort(r.did)
	if want := slices.Sorted(slices.Values([]string{a.Id, b.Id})); !slices.Equal(r.did, want) {
		t.Errorf("did %v, want %v", r.did, want)
	}
}

func TestListIsBounded(t *testing.T) {
	app := desktest.New(t)
	const many = 1_010
	c := app.Case(nil)
	err := app.Commit.Do(func(tx core.App) error {
		for i := range many {
			one := desk.AsCase(c.Clone())
			one.Id = fmt.Sprintf("case%011d", i)
			one.MarkAsNew()
			one.Set("number", 1000+i)
			one.Set("track_token", "")
			one.Set("mail_token", "")
			if i < 20 {
				one.Set("status", desk.Closed)
			}
			if err := desk.Save(tx, one.Record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Minute)
	_, at := try(t, replaying.New(app), &rule{event: "case_opened"}, 1)
	if at.Matched != many+1 || at.Changed != many+1 || len(at.List) != replaying.MaxList || at.Open != many+1-20 || !at.Cut || at.Changes[0].Count != many+1 {
		t.Errorf("matched %d, listed %d, open %d, cut %v", at.Matched, len(at.List), at.Open, at.Cut)
	}
}

func TestRefusals(t *testing.T) {
	app := desktest.New(t)
	app.Case(nil)
	app.Clock.Advance(time.Minute)
	s := replaying.New(app)
	for _, days := range []int{-1, 0, 91} {
		if _, err := s.Start("anna", &rule{event: "case_opened"}, days); !errors.Is(err, replaying.ErrDays) {
			t.Errorf("%d days: %v", days, err)
		}
	}
	if _, at := try(t, s, &rule{event: "case_opened", rows: errors.New("no")}, 7); at.Error != replaying.WhyFailed {
		t.Errorf("a rule that can't be read: %+v", at)
	}
	if _, _, err := replaying.Runs(app, "x", "none of ours"); !errors.Is(err, replaying.ErrCursor) {
		t.Errorf("cursor: %v", err)
	}
}
