package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// The ids of our collections. They never change; the names that a person sees
// may bear the host's prefix, so code finds collections by these ids.
const (
	Teams      = "pd_teams"
	Agents     = "pd_agents"
	Categories = "pd_categories"
	Forms      = "pd_forms"
	Contacts   = "pd_contacts"
	Identities = "pd_identities"
	Feedbacks  = "pd_feedback"
	Verdicts   = "pd_verdicts"
	Cases      = "pd_cases"
	Messages   = "pd_messages"
	Events     = "pd_case_events"
	Templates  = "pd_templates"
	Keywords   = "pd_keywords"
	Outbox     = "pd_outbox"
	BlockRules = "pd_block_rules"
	SettingsID = "pd_desk_settings"

	Corrections = "pd_corrections"
	SpamModels  = "pd_spam_models"

	ScreeningDays = "pd_screening_days"

	Mailboxes    = "pd_mailboxes"
	Secrets      = "pd_desk_secrets"
	InboundMails = "pd_inbound_mails"

	Views  = "pd_desk_views"
	Reads  = "pd_case_reads"
	Macros = "pd_macros"

	Promises    = "pd_promises"
	Notices     = "pd_notices"
	Merges      = "pd_merges"
	Invitations = "pd_invitations"

	Places = "pd_desk_places"

	Calendars   = "pd_calendars"
	SLAPolicies = "pd_sla_policies"

	Rules    = "pd_rules"
	RuleRuns = "pd_rule_runs"

	Escalations     = "pd_escalations"
	CaseEscalations = "pd_case_escalations"

	Webhooks          = "pd_webhooks"
	WebhookDeliveries = "pd_webhook_deliveries"

	TopicLessons = "pd_topic_lessons"

	Problems = "pd_problems"
)

// Collections lists every collection id in the order in which the schema makes them.
func Collections() []string {
	return []string{
		Teams, Agents, Categories, Forms, Contacts, Identities, Feedbacks, Verdicts,
		Cases, Messages, Events, Templates, Keywords, Outbox, BlockRules, SettingsID,
		Corrections, SpamModels, ScreeningDays,
		Mailboxes, Secrets, InboundMails,
		Views, Reads, Macros, Promises, Notices, Merges, Invitations,
		Places, Calendars, SLAPolicies, Rules, RuleRuns, Escalations, CaseEscalations,
		Webhooks, WebhookDeliveries, TopicLessons, Problems,
	}
}

// BaseName is the collection's name without the host's prefix: "cases" for "pd_cases".
func BaseName(id string) string { return id[len("pd_"):] }

const prefixKey = "pocketdesk.prefix"

// SetPrefix remembers the prefix of our collections' names on the app.
func SetPrefix(app core.App, prefix string) {
	app.Store().Set(prefixKey, prefix)
	app.Store().Set(outerKey, app)
}

// Installed tells whether PocketDesk was registered on this app.
func Installed(app core.App) bool { return app.Store().Has(prefixKey) }

// Name is the name of a collection of ours on this app, by its id. It is also
// its table's name.
func Name(app core.App, id string) string {
	if c, err := app.FindCachedCollectionByNameOrId(id); err == nil {
		return c.Name
	}
	return PlannedName(app, id)
}

// PlannedName is the name under which a migration makes the collection.
func PlannedName(app core.App, id string) string {
	prefix, _ := app.Store().Get(prefixKey).(string)
	return prefix + BaseName(id)
}

// New is a blank record of one of our collections. A missing collection is a
// broken installation, and told as an error.
func New(app core.App, id string) (*core.Record, error) {
	c, err := app.FindCachedCollectionByNameOrId(id)
	if err != nil {
		return nil, err
	}
	return core.NewRecord(c), nil
}
