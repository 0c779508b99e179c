package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/filtering"
)

// FilterError says what is wrong with a filter.
type FilterError = filtering.Error

// compile turns a filter into a condition on cases c, and gives what adds the
// tables that it looks into. "" is no condition.
func compile(app core.App, filter string) (dbx.Expression, func(*dbx.SelectQuery), error) {
	about := filtering.About{Collection: desk.Cases, Alias: "c", Word: "cases", Reach: filtering.OfCase()}
	f, err := about.Compile(app, filter)
	if err != nil {
		return nil, nil, err
	}
	return f.Where, f.Join, nil
}
