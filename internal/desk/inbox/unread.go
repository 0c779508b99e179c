package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A case is unread for an agent when the visitor said something that he has not
// read, when he marked it, or when a note names him. What is done is only unread
// when marked or named: colleagues have dealt with it.
const (
	lastWord = "MAX([[c.last_in_at]], [[c.created]])"
	pending  = "[[c.status]] NOT IN ('resolved', 'closed')"
)

// reader holds what the conditions of one agent need.
type reader struct {
	app    core.App
	params dbx.Params
}

func readerOf(app core.App, agent *desk.Agent) reader {
	before := agent.GetString("read_before")
	if before == "" {
		before = desk.Date(desk.Now(app)).String() // he has not begun
	}
	return reader{app, dbx.Params{"reader": agent.Id, "before": before}}
}

// seen is up to when the agent has read case c; otherwise stands where he never opened it.
func (r reader) seen(otherwise string) string {
	return "COALESCE((SELECT [[r.seen_at]] FROM {{" + desk.Name(r.app, desk.Reads) + "}} r WHERE [[r.agent]] = {:reader} AND [[r.case]] = [[c.id]]), " + otherwise + ")"
}

// named selects the cases with a note that names the agent.
func (r reader) named() string {
	return "SELECT [[n.case]] FROM {{" + desk.Name(r.app, desk.Notices) + "}} n WHERE [[n.agent]] = {:reader} AND [[n.seen_at]] = '' AND [[n.kind]] = 'mention'"
}

// marked selects the cases that the agent marked.
func (r reader) marked() string {
	return "SELECT [[m.case]] FROM {{" + desk.Name(r.app, desk.Reads) + "}} m WHERE [[m.agent]] = {:reader} AND [[m.seen_at]] = ''"
}

// of is true of an unread case c, for a few rows that are known.
func (r reader) of() dbx.Expression {
	return dbx.NewExp("(("+pending+" AND "+lastWord+" > "+r.seen("{:before}")+") OR [[c.id]] IN ("+r.marked()+") OR [[c.id]] IN ("+r.named()+"))", r.params)
}

// among is true of the unread ones among all cases. They are found first, from
// indexes that hold what it takes, so that no order need be walked to its end.
func (r reader) among() dbx.Expression {
	cases := "SELECT [[c.id]] FROM {{" + desk.Name(r.app, desk.Cases) + "}} c "
	news := " AND " + lastWord + " > {:before} AND " + lastWord + " > " + r.seen("''")
	return dbx.NewExp("[[c.id]] IN ("+cases+"INDEXED BY [[idx_"+desk.Cases+"_open_new]] WHERE "+open+news+
		" UNION "+cases+"WHERE "+waiting+news+" UNION "+r.marked()+" UNION "+r.named()+")", r.params)
}

// addUnread marks the rows of a page, with one query.
func addUnread(app core.App, agent *desk.Agent, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]any, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var found []string
	err := app.DB().Select("c.id").From("{{" + desk.Name(app, desk.Cases) + "}} c").Where(dbx.In("c.id", ids...)).AndWhere(readerOf(app, agent).of()).Column(&found)
	if err != nil {
		return err
	}
	is := make(map[string]bool, len(found))
	for _, id := range found {
		is[id] = true
	}
	for i := range rows {
		rows[i].Unread = is[rows[i].ID]
	}
	return nil
}
