package hooks

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What each role writes; a field that is not named here is written by nobody
// over the API.
const (
	visitorFields = "form name email phone category subject message order_no attachments locale page_url referrer consent marketing_consent member_ref"
	// the note and the person of a follow-up go with its date, and a promise with a date
	// to come: see promises_test.go
	caseFields    = "subject category priority status assignee team tags sentiment summary follow_up_at"
	contactFields = "name locale blocked tags note"
	answerFields  = "case direction channel subject body attachments template call"
	// the end of an absence goes with its beginning: see assigning_test.go
	agentFields = "name role team skills capacity away_from signature locale substitute on_leave no_turn email emailVisibility verified"
	ownAgent    = "name away_from substitute on_leave signature locale emailVisibility"
)

// adminFields are what only admins write, by collection.
func adminFields() map[string]string {
	return map[string]string{
		desk.Teams:       "name lead mode by_skill same_agent alarm_after calendar",
		desk.Categories:  "labels position team default_priority checklist enabled",
		desk.Forms:       "slug texts categories extra_fields theme enabled allowed_origins ack_key consent_version",
		desk.Templates:   "key locale kind category shortcut subject body enabled",
		desk.Keywords:    "words locale effect value note enabled",
		desk.BlockRules:  "kind value action note expires",
		desk.SettingsID:  "shop_name locale timezone service_email service_phone service_hours reply_from ack_enabled answer_hours thresholds limits retention llm captcha screening mail sms membership lookup assignment calendar telling topics",
		desk.Agents:      agentFields,
		desk.Rules:       "name enabled position filter actions note", // what it is about goes together: see rules_test.go
		desk.Calendars:   "name timezone week country days",
		desk.Webhooks:    "name url enabled events with_text",
		desk.Escalations: "name enabled position on steps categories",
		desk.SLAPolicies: "name enabled position categories priorities channels contact_tags calendar first_response next_response resolution warn_at usual pause_on_hold",
		desk.Mailboxes:   "name address host port security username auth provider client_id folder after move_to form team enabled poll_seconds",
	}
}

// updatable are the fields of an existing record that a role changes.
func updatable(role, collection string) []string {
	switch {
	case role == "guest" || role == "integration":
		return nil
	case collection == desk.Cases:
		return strings.Fields(caseFields)
	case collection == desk.Contacts:
		return strings.Fields(contactFields)
	case role == "admin" && collection == desk.Agents: // his own: the role is for another admin to change
		return slices.DeleteFunc(strings.Fields(agentFields), func(f string) bool { return f == "role" })
	case role == "admin":
		return strings.Fields(adminFields()[collection])
	case collection == desk.Agents:
		return strings.Fields(ownAgent) // of the own record
	}
	return nil
}

// creatable are the fields of a new record that a role gives.
func creatable(role, collection string) []string {
	switch {
	case collection == desk.Feedbacks && role == "guest":
		return strings.Fields(visitorFields)
	case collection == desk.Feedbacks:
		return strings.Fields(visitorFields + " source") // by phone, or from another system
	case role == "guest":
		return nil
	case collection == desk.Messages:
		return strings.Fields(answerFields)
	case role == "admin" && collection != desk.SettingsID:
		if fields := strings.Fields(adminFields()[collection]); len(fields) > 0 {
			return append(fields, "id") // a category's is the key that people type
		}
	}
	return nil
}

var everyone = []string{"guest", "agent", "supervisor", "admin", "integration"}

// probe is a value of a field's own kind that nothing in the shop has. ours
// tells whether a stored value is it.
func (w *world) probe(f core.Field) any {
	switch f := f.(type) {
	case *core.NumberField:
		return 77
	case *core.BoolField:
		return true
	case *core.SelectField:
		if f.GetName() == "on" { // the seeded escalation has the last one
			return f.Values[0]
		}
		return f.Values[len(f.Values)-1]
	case *core.DateField, *core.AutodateField:
		if f.GetName() == "follow_up_at" { // lies ahead
			return desk.Date(desk.Now(w.App).AddDate(0, 1, 0)).String()
		}
		return "2001-02-03 04:05:06.000Z"
	case *core.JSONField:
		return w.probeJSON(f.Name)
	case *core.EmailField:
		return "probe" + strings.ToLower(security.RandomString(6)) + "@example.org"
	case *core.RelationField:
		rows := w.Rows(f.CollectionId)
		if len(rows) == 0 {
			return w.Add(f.CollectionId, map[string]any{"name": "Probe"}).Id
		}
		if f.GetName() == "substitute" { // a person who works cases
			rows = slices.DeleteFunc(rows, func(r *core.Record) bool { return r.GetString("role") != desk.RoleAgent })
		}
		if f.GetName() == "assignee" { // a person who sees every case
			rows = slices.DeleteFunc(rows, func(r *core.Record) bool { return r.GetString("role") != desk.RoleSupervisor })
		}
		return rows[len(rows)-1].Id
	case *core.PasswordField:
		return "probe-password-1"
	}
	return map[string]string{
		"id": "probe" + strings.ToLower(security.RandomStringWithAlphabet(10, "abcdefghij")), "slug": "probe-" + security.RandomStringWithAlphabet(6, "abcdef"),
		"locale": "ja", "alarm_after": "77m", "first_response": "77m", "next_response": "77m", "resolution": "77m", "timezone": "Asia/Tokyo", "phone": "+819012345678", "email": "probe@example.org",
		"host": "imap.probe.example", "url": "https://probe.example.org/hook", "address": "probe@example.org",
		"service_email": "probe@example.org", "filter": "number = 77", "reply_from": "probe@example.org", "value": "probe" + security.RandomString(6), "track_token": security.RandomString(32),
		"consent_version": "probe-9", "tokenKey": security.RandomString(40), "ip": "192.0.2.77", "country": "JP", "template": "ack",
	}[f.GetName()]
}

func (w *world) probeJSON(name string) any {
	switch name {
	case "actions":
		return []map[string]any{{"do": "priority", "value": "low"}}
	case "events":
		return []string{"promise.kept"}
	case "categories":
		return []string{"product"}
	case "priorities":
		return []string{"high"}
	case "channels", "contact_tags":
		return []string{"probe"}
	case "words", "tags", "allowed_origins":
		return []string{"probe"}
	case "week":
		return map[string]any{"mon": [][2]string{{"10:00", "12:00"}}}
	case "days":
		return []map[string]any{{"date": "2027-01-02", "name": "Probe"}}
	case "skills":
		return map[string]any{"languages": []string{"ja"}}
	case "telling":
		return map[string]any{"digest_minutes": 20}
	case "topics":
		return map[string]any{"sure": 0.7}
	case "steps":
		return []map[string]any{{"to": map[string]any{"email": "probe@example.org"}}}
	case "assignment":
		return map[string]any{"mode": "least_busy"}
	case "captcha":
		return map[string]any{"hosts": []string{"probe.example"}}
	case "screening":
		return map[string]any{"home_countries": []string{"FI"}}
	case "mail":
		return map[string]any{"own_domains": []string{"probe.example"}}
	case "sms":
		return map[string]any{"max_parts": 2}
	case "call":
		return map[string]any{"outcome": "answered", "seconds": 77}
	case "limits", "thresholds", "retention", "theme", "extra_fields", "llm":
		return map[string]any{"probe": 1}
	case "texts":
		return map[string]any{"en": map[string]any{"title": "probe"}}
	case "checklist":
		return map[string]any{"en": []string{"probe"}}
	}
	return map[string]any{"en": "probe"}
}

func (w *world) value(f core.Field) any {
	if v := w.probe(f); v != nil && v != "" {
		return v
	}
	return "probe " + security.RandomStringWithAlphabet(8, "abcdefghij")
}
