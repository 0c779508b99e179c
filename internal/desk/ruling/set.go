package ruling

import (
	"encoding/json"
	"slices"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// set sets a field that is nobody's word.
func set(c *desk.Case, field, value string, d *Deed) {
	d.Value, d.Was = value, c.GetString(field)
	if d.Was == value {
		d.Skip = SkipSame
		return
	}
	c.Set(field, value)
}

// setRanked sets a field unless somebody said otherwise whose word counts more.
// Among equals the first one's category stays, and the more urgent priority wins.
func setRanked(c *desk.Case, field, value string, d *Deed) {
	by := c.Reasons()[field].By
	wins := desk.Outranks("rule", by)
	if field == "priority" && (by == "rule" || by == "keyword") {
		wins = urgency(value) > urgency(c.Priority())
	}
	if c.GetString(field) == value {
		d.Value, d.Was, d.Skip = value, value, SkipSame
		return
	}
	if !wins {
		d.Value, d.Was, d.Skip = value, c.GetString(field), SkipOutranked
		return
	}
	set(c, field, value, d)
}

// urgency orders priorities.
func urgency(priority string) int {
	return slices.Index([]string{"low", "normal", "high", "urgent"}, priority)
}

func setTags(c *desk.Case, s step, d *Deed) {
	had := c.Tags()
	list := slices.DeleteFunc(slices.Clone(had), func(t string) bool { return slices.Contains(s.tags, t) })
	if s.do == "add_tags" {
		list = slices.Clone(had)
		for _, t := range s.tags {
			if !slices.Contains(list, t) {
				list = append(list, t)
			}
		}
	}
	d.Value = s.tags
	raw, err := json.Marshal(list)
	switch {
	case len(list) == len(had):
		d.Skip = SkipSame
	case err != nil || len(list) > maxTags || len(raw) > 4_000:
		d.Skip = SkipTooMany
	default:
		c.Set("tags", list)
	}
}
