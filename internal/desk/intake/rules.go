package intake

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// rules are the shop's block rules, compiled and kept until one changes. A rule
// that can't be compiled is left out and told in the log: it must not stop the line.
func rules(app core.App) (*spam.Ruleset, error) {
	return desk.Cached(app, desk.BlockRules, "compiled", func(app core.App) (*spam.Ruleset, error) {
		rows, err := app.FindAllRecords(desk.BlockRules)
		if err != nil {
			return nil, err
		}
		list := make([]spam.Rule, 0, len(rows))
		for _, r := range rows {
			list = append(list, AsRule(r))
		}
		set, faults := spam.CompileRules(list)
		for _, fault := range faults {
			app.Logger().Warn("block rule left out", "error", fault)
		}
		return set, nil
	})
}

// AsRule reads a record of the block rules.
func AsRule(r *core.Record) spam.Rule {
	return spam.Rule{
		ID: r.Id, Kind: r.GetString("kind"), Value: r.GetString("value"), Action: r.GetString("action"),
		Expires: r.GetDateTime("expires").Time(),
	}
}

// ruling is what the shop's rules alone say of a message; then nobody outside
// need be asked about it.
type ruling int

const (
	leftOpen ruling = iota
	ruledOut
	ruledIn
)

func ruled(hits []spam.Hit) ruling {
	said := leftOpen
	for _, h := range hits {
		switch h.Rule.Action {
		case spam.ActionAllow:
			return ruledIn
		case spam.ActionBlock:
			said = ruledOut
		}
	}
	return said
}
