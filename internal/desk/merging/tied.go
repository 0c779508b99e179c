package merging

import (
	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// tied tells that a case which would go back was merged with one that stays,
// since one person wrote both: their pages would show two people's words then.
func (u *undoing) tied() (bool, error) {
	back := map[string]bool{}
	for _, id := range u.moved.Cases {
		back[id] = true
	}
	var rows []struct {
		ID   string `db:"id"`
		Into string `db:"merged_into"`
	}
	err := u.tx.DB().Select("id", "merged_into").From(desk.Name(u.tx, desk.Cases)).
		Where(dbx.HashExp{"contact": u.merge.Target()}).AndWhere(dbx.NewExp("[[merged_into]] != ''")).All(&rows)
	for _, r := range rows {
		if back[r.ID] != back[r.Into] {
			return true, err
		}
	}
	return false, err
}
