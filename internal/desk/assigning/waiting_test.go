package assigning_test

import (
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestCapacityMakesCasesWait(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	a := f.person(desktest.Values{"capacity": 1})
	first, second, third := f.given(nil), f.given(nil), f.given(desktest.Values{"message": "I will call my lawyer"})
	if first.Assignee() != a.Id || second.Assignee() != "" || third.Assignee() != "" {
		t.Fatalf("assignees %q %q %q", first.Assignee(), second.Assignee(), third.Assignee())
	}
	if n := f.tick(); n != 0 {
		t.Errorf("%d given while there is no room", n)
	}
	f.change(first, desktest.Values{"status": desk.Resolved})
	f.follow()
	if n := f.tick(); n != 1 {
		t.Errorf("%d given to one with room for one", n)
	}
	if second, third = f.again(second), f.again(third); third.Assignee() != a.Id || second.Assignee() != "" {
		t.Errorf("the urgent one is %s's, the other %q's", third.Assignee(), second.Assignee())
	}
	// who takes one that waits and puts it back gets his way
	f.give(second, f.person(desktest.Values{"no_turn": true}).Id)
	f.follow()
	f.give(second, "")
	f.follow()
	f.change(third, desktest.Values{"status": desk.Resolved})
	f.follow()
	if n := f.tick(); n != 0 || f.again(second).Assignee() != "" {
		t.Errorf("a case that was put back was given out again")
	}
}

// Two writers give out at once; the one with room for one case gets one.
func TestTwoAtOnceToOneWithRoomForOne(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "least_busy"})
	a := f.person(desktest.Values{"capacity": 1})
	cases := []*desk.Case{f.open(nil), f.open(nil), f.open(nil), f.open(nil)}
	var wg sync.WaitGroup
	for _, c := range cases {
		wg.Go(func() {
			err := f.RunInTransaction(func(tx core.App) error { return f.station.Assign(tx, c.Id, assigning.By) })
			if err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := f.station.Tick(); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, _, err := f.station.Follow(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(f.All(desk.Cases, desktest.Values{"assignee": a.Id})); n != 1 {
		t.Errorf("%d cases to one who may have one", n)
	}
	if n := len(f.All(desk.Events, desktest.Values{"kind": "assignee"})); n != 1 {
		t.Errorf("%d lines in the audit trail", n)
	}
}

// Many cases that nobody can take do not stand in the way of one behind them.
func TestBehindManyThatWait(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin", "by_skill": true})
	for range 3 {
		f.given(nil)
	}
	model := f.All(desk.Cases, desktest.Values{"team": f.team})[0]
	_, err := f.NonconcurrentDB().NewQuery("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)" +
		" INSERT INTO cases (id, number, team, status, locale, category, due_at, queued_at, created, updated)" +
		" SELECT printf('x%014d', i), 1000 + i, team, 'new', 'ja', category, '2026-01-01 00:00:00.000Z', queued_at, created, updated FROM n, cases WHERE id = {:id}").
		Bind(map[string]any{"id": model.Id}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	en := f.person(desktest.Values{"skills": map[string]any{"languages": []string{"en"}}})
	if n := f.tick(); n != 3 || len(f.All(desk.Cases, desktest.Values{"assignee": en.Id})) != 3 {
		t.Errorf("%d given", n)
	}
}
