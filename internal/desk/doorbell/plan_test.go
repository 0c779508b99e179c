package doorbell

import (
	"os"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

// What is asked at each event is found by an index over what nobody has looked at.
func TestPlans(t *testing.T) {
	app := desktest.New(t)
	r := ring{kind: desk.NoticeNewCase, to: []string{"a", "b"}}
	for name, q := range map[string]struct {
		sql   string
		index string
	}{
		"full":    {r.fullQuery(app).Build().SQL(), "alike"},
		"counted": {app.DB().Select("agent").From(desk.Name(app, desk.Notices)).Where(r.counted(app, r.to)).Build().SQL(), "same"},
	} {
		var plan []struct {
			Detail string `db:"detail"`
		}
		query := app.DB().NewQuery("EXPLAIN QUERY PLAN " + q.sql)
		params := map[string]any{}
		for _, name := range []string{"kind", "most", "same", "since", "p0", "p1", "p2", "p3"} {
			params[name] = "x"
		}
		if err := query.Bind(params).All(&plan); err != nil {
			t.Fatal(err)
		}
		if len(plan) == 0 || !strings.Contains(plan[0].Detail, "SEARCH") || !strings.Contains(plan[0].Detail, q.index) {
			t.Errorf("%s: %v", name, plan)
		}
	}
}
