package ruling_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// An escalation that is left out stands in the run as left out, and the rest is done.
func TestEscalationLeftOut(t *testing.T) {
	s := open(t)
	id := s.Make(desk.Escalations, desktest.Values{"name": "e", "enabled": true, "on": "rule"}).Id
	s.Escalate = func(core.App, string, string, string) error { return ruling.SkipMany }
	s.rule(ruling.CaseOpened, "", "escalate", map[string]string{"id": id}, "add_tags", "x")
	c := s.Case(nil)
	s.drain()
	s.wantDid(c, "escalate many_runs", "add_tags")
}
