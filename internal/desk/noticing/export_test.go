package noticing

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Queries are those of the list, by name.
func Queries(app core.App, agent *desk.Agent) map[string]*dbx.SelectQuery {
	return map[string]*dbx.SelectQuery{
		"lines": items(app, agent).AndWhere(latestOfLine(app, agent)).OrderBy("n.created DESC", "n.id DESC").Limit(pageSize + 1),
		"line":  items(app, agent).AndWhere(dbx.NewExp("[[n.line]] = 'x' AND [[n.line]] != ''")).OrderBy("n.created DESC", "n.id DESC").Limit(pageSize + 1),
	}
}
