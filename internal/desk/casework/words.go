package casework

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// taggedMost bounds the tags of a case.
const taggedMost = 50

// tagByWords gives a case the tags of the shop's keywords that stand in what its
// visitor wrote now: a threat in a reply counts as one in a first message. It
// gives all that were found, which the case may have had before, and the line of
// the audit trail about those that are new. What keywords say of category,
// priority and team is for the first message alone: by now staff may have said so.
func (w *Work) tagByWords(tx core.App, c *desk.Case, m *desk.Message) (found []string, events []desk.Event, err error) {
	set, err := keywords(tx)
	if err != nil {
		return nil, nil, err
	}
	var hits []string
	for _, h := range set.Match(m.GetString("subject") + "\n" + m.GetString("body")) {
		if h.Row.Effect != "tag" {
			continue
		}
		hits = append(hits, h.Row.ID)
		if !slices.Contains(found, h.Row.Value) {
			found = append(found, h.Row.Value)
		}
	}
	had := c.Tags()
	all := slices.Clone(had)
	for _, tag := range found {
		if !slices.Contains(all, tag) && len(all) < taggedMost {
			all = append(all, tag)
		}
	}
	if len(all) == len(had) {
		return found, nil, nil
	}
	c.Set("tags", all)
	desk.AfterCommit(tx, func() { w.Hits.Add(desk.Keywords, hits...) })
	return found, []desk.Event{{Case: c.Id, Kind: "tags",
		Before: map[string]any{"tags": had}, After: map[string]any{"tags": all, "by": "keyword"}}}, nil
}
