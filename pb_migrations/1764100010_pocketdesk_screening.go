package pb_migrations

import (
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func init() {
	add(func(app core.App) error {
		return errors.Join(screeningSettings(app), screeningVerdicts(app), countryRules(app))
	})
}

func screeningSettings(app core.App) error {
	return change(app, desk.SettingsID, func(c *core.Collection) {
		c.Fields.Add(object("screening", 4_000, "{signals_off, pitch, confirm_email, members_only, mx, home_countries}."))
		c.Fields.GetByName("captcha").(*core.JSONField).Help =
			"{provider, site_key, min_score, hosts}; the secret comes from the environment."
	})
}

func screeningVerdicts(app core.App) error {
	return change(app, desk.Verdicts, func(v *core.Collection) {
		v.Fields.Add(
			text("simhash", 16, "Fingerprint of the text, in hexadecimal; near texts have near ones."),
			text("sender", 64, "Keyed digest of the sender's address."),
			number("text_score", "What the text alone says, in points."),
			flag("pitch", "A sales or cooperation pitch."),
		)
		index(v, "near", "created", "simhash != ''")
		index(v, "score", "score, created", "")
		index(v, "updated", "updated", "")
	})
}

func countryRules(app core.App) error {
	return change(app, desk.BlockRules, func(c *core.Collection) {
		kind := c.Fields.GetByName("kind").(*core.SelectField)
		if !slices.Contains(kind.Values, "country") {
			kind.Values = slices.Insert(kind.Values, 1, "country") // beside ip
		}
		kind.Help = "ip takes a network such as 203.0.113.0/24; domain covers its subdomains; country is a code such as DE."
	})
}
