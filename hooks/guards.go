package hooks

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// systemFields are written by nobody over the API, superusers included.
func systemFields() map[string][]string {
	return map[string][]string{
		desk.Contacts:   {"member_since", "first_seen", "last_seen", "merged_into"},
		desk.Identities: {"raised_by", "raised_at", "mailbox"},
		desk.Agents:     {"assigned_at", "handed_over", "read_before", "last_seen", "invited_at", "deactivated_at"},
		desk.Templates:  {"used"},
		desk.Keywords:   {"hits"},
		desk.Problems:   {"fixed_at", "fixed_by", "told_at", "telling"},
		desk.Rules:      {"starter", "active_from", "looked_until", "looked", "fired", "fired_at", "failed"},
		desk.Macros:     {"used"},
		desk.BlockRules: {"hits", "ended"},
		desk.Mailboxes:  {"uid_validity", "last_uid", "last_at", "state", "last_error"},
		desk.Webhooks:   {"since", "disabled_why", "failing_since", "delivered_at", "failed"},
		desk.Messages: {
			"author", "contact", "html", "attachment_names", "delivery", "delivery_note", "message_id", "in_reply_to",
			"from_addr", "from_name", "auto", "quoted", "inbound", "read_at", "undo_until",
			"idem_key", "idem_hash", "typed", "redacted_at",
		},
	}
}

// ownFields are what an agent changes on the own record; the rest is an admin's.
func ownFields() []string {
	return []string{"name", "signature", "locale", "away_from", "away_until", "substitute", "on_leave", "notify", "password", "tokenKey", "emailVisibility", "updated"}
}

func (p *plugin) bindGuards() {
	for id, fields := range systemFields() {
		p.app.OnRecordCreateRequest(id).Bind(&hook.Handler[*core.RecordRequestEvent]{
			Id: "pocketdesk.guard.create." + id, Func: func(e *core.RecordRequestEvent) error {
				return keepFields(e, core.NewRecord(e.Collection), fields)
			},
		})
		p.app.OnRecordUpdateRequest(id).Bind(&hook.Handler[*core.RecordRequestEvent]{
			Id: "pocketdesk.guard.update." + id, Func: func(e *core.RecordRequestEvent) error {
				return keepFields(e, e.Record.Original(), fields)
			},
		})
	}
	p.bindClosed()
	for id, uses := range usedBy() {
		p.app.OnRecordDeleteRequest(id).Bind(&hook.Handler[*core.RecordRequestEvent]{
			Id: "pocketdesk.guard.delete." + id, Func: func(e *core.RecordRequestEvent) error { return keepUsed(e, uses) },
		})
	}
	p.app.OnRecordUpdateRequest(desk.Agents).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.guard.agents", Func: p.guardAgent,
	})
}

// use is a field that names a record of another collection.
type use struct{ collection, field string }

// usedBy lists what would lose its meaning with the record: an author, a team
// that keeps cases apart, a category that a visitor chose.
func usedBy() map[string][]use {
	return map[string][]use{
		desk.Agents:     {{desk.Messages, "author"}, {desk.Events, "actor"}, {desk.Cases, "assignee"}, {desk.Verdicts, "decided_by"}},
		desk.Teams:      {{desk.Cases, "team"}, {desk.Agents, "team"}, {desk.Categories, "team"}},
		desk.Categories: {{desk.Cases, "category"}, {desk.Feedbacks, "category"}},
		desk.Forms:      {{desk.Feedbacks, "form"}},
	}
}

// keepUsed refuses to delete what the records of the past refer to.
func keepUsed(e *core.RecordRequestEvent, uses []use) error {
	if e.Collection.Id == desk.Forms && e.Record.GetString("slug") == desk.DefaultForm {
		return e.BadRequestError("This is the default form. Disable it instead.", nil)
	}
	for _, u := range uses {
		var one int
		err := e.App.DB().Select("(1)").From(desk.Name(e.App, u.collection)).Where(dbx.HashExp{u.field: e.Record.Id}).Limit(1).Row(&one)
		if err == nil {
			return e.BadRequestError("This is still in use by "+desk.BaseName(u.collection)+". Take the role from an agent, disable a category or form, or move what belongs to a team first.", nil)
		}
	}
	return e.Next()
}

// keepFields refuses a write to fields of the system; sending them unchanged is fine.
func keepFields(e *core.RecordRequestEvent, before *core.Record, fields []string) error {
	var changed []string
	for _, name := range fields {
		if fmt.Sprint(before.Get(name)) != fmt.Sprint(e.Record.Get(name)) {
			changed = append(changed, name)
		}
	}
	if len(changed) > 0 {
		return refuseFields(changed)
	}
	return e.Next()
}

// bindClosed shuts the API's writes to records that only verbs write.
func (p *plugin) bindClosed() {
	closed := func(sentence string) func(*core.RecordRequestEvent) error {
		return func(e *core.RecordRequestEvent) error { return e.ForbiddenError(sentence, nil) }
	}
	for id, sentence := range map[string]string{
		desk.Feedbacks: "What a visitor sent is kept as sent.",
		desk.Verdicts:  "A verdict changes by release or confirm.",
		desk.Events:    "The audit trail is written by the system.",
		desk.Outbox:    "The outbox is written by the system.",
		desk.Places:    "Where the system's readers of the audit trail stand is theirs to write.",
		desk.Secrets:   "A secret is given to the thing that it opens, such as a mailbox.",
		desk.Messages:  "A message stays as it was sent.",

		desk.Corrections:  "A lesson is written by a decision: release, confirm or mark a case.",
		desk.SpamModels:   "The system trains the model.",
		desk.TopicLessons: "A lesson is written when staff choose a category.",

		desk.InboundMails: "What came in is kept as it came.",
		desk.Invitations:  "An invitation is noted when it is sent.",
		desk.Merges:       "Merge, split and undo write this.",

		desk.RuleRuns: "What a rule did is noted by the system.",

		desk.CaseEscalations: "An escalation is begun, acknowledged and ended on its case.",

		desk.WebhookDeliveries: "A delivery is written by the system; POST webhooks/{id}/replay sends it again.",

		desk.Promises: "A promise is made on its case, and settled by an answer or its time.",
		desk.Notices:  "A notice is written by the system; POST notices/seen once it was looked at.",
		desk.Reads:    "What somebody has read is noted when a case is opened.",
	} {
		p.app.OnRecordUpdateRequest(id).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.closed.update." + id, Func: closed(sentence)})
		if id != desk.Feedbacks && id != desk.Messages {
			p.app.OnRecordCreateRequest(id).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.closed.create." + id, Func: closed(sentence)})
		}
	}
	p.app.OnRecordCreateRequest(desk.Cases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.closed.create." + desk.Cases, Func: closed("A case opens with a message: create feedback."),
	})
	p.app.OnRecordDeleteRequest(desk.Events).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.closed.delete." + desk.Events, Func: closed("The audit trail is written by the system."),
	})
}

// guardAgent keeps agents from making themselves more than they are.
func (p *plugin) guardAgent(e *core.RecordRequestEvent) error {
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil {
		return e.ForbiddenError("This is for staff.", nil)
	}
	if agent.Admin() {
		return e.Next()
	}
	before := e.Record.Original()
	var changed []string
	for _, f := range e.Collection.Fields {
		name := f.GetName()
		if !slices.Contains(ownFields(), name) && fmt.Sprint(before.Get(name)) != fmt.Sprint(e.Record.Get(name)) {
			changed = append(changed, name)
		}
	}
	if len(changed) > 0 {
		return refuseFields(changed)
	}
	return e.Next()
}

func refuse(field, code, sentence string) error {
	return answer(validation.Errors{field: validation.NewError(code, sentence)})
}
