package promising_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// A promise of somebody who is away is told to whoever stands in, else to whoever
// gave his word, else to those who answer for it.
func TestPromiseOfSomebodyAway(t *testing.T) {
	for name, tt := range map[string]struct {
		substitute, makerAway bool
		want                  string
	}{
		"a substitute":          {true, true, "substitute"},
		"whoever gave his word": {false, false, "maker"},
		"nobody of them":        {false, true, "chief"},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			people := map[string]*desk.Agent{
				"maker": app.Agent(desk.RoleAgent, ""), "holder": app.Agent(desk.RoleAgent, ""),
				"substitute": app.Agent(desk.RoleAgent, ""), "chief": app.Agent(desk.RoleSupervisor, ""),
			}
			c := app.Case(nil)
			app.Put(c.Record, desktest.Values{"assignee": people["holder"].Id})
			vow(t, app, c, people["maker"], 20*time.Hour)
			away := desktest.Values{"away_from": desk.Date(app.Clock.Now())}
			if tt.makerAway {
				app.Put(people["maker"].Record, away)
			}
			if tt.substitute {
				away["substitute"] = people["substitute"].Id
			}
			app.Put(people["holder"].Record, away)
			app.Clock.Advance(21 * time.Hour)
			tick(t, app)
			for who, a := range people {
				n, want := len(app.All(desk.Notices, desktest.Values{"agent": a.Id, "kind": desk.NoticePromiseBroken})), 0
				if who == tt.want {
					want = 1
				}
				if n != want {
					t.Errorf("%s was told %d times", who, n)
				}
			}
		})
	}
}
