package webhooks

import "slices"

// Kinds of values in a payload.
const (
	isID   = "id"
	isText = "text" // only where the webhook has with_text
	isWord = "word"
	isInt  = "number"
	isBool = "boolean"
	isTime = "time"
	isData = "object"
)

// Field is one of the facts in a payload's data, beside the case and who did it.
type Field struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // id, word, text, number, boolean, time or object
	About string `json:"about"`
}

// Type is one type of event that webhooks are told of. The screen and the API
// guide follow the list of them.
type Type struct {
	Name   string  `json:"type"`
	Group  string  `json:"group"` // case, conversation or more
	About  string  `json:"about"`
	Case   bool    `json:"case"` // its data bears the case
	Fields []Field `json:"fields"`

	kinds []string // of lines of the audit trail that it comes from
	quiet bool     // comes only to the webhook that it is meant for
}

// Names of types that the code itself speaks of.
const (
	TypePing      = "webhook.ping"
	TypeForwarded = "case.forwarded"

	typeOpened   = "case.opened"
	typeUpdated  = "case.updated"
	typeAssigned = "case.assigned"
	typeResolved = "case.resolved"
	typeReopened = "case.reopened"
	typeReceived = "message.received"
)

// Catalogue lists all types, in the order in which people read them.
func Catalogue() []Type {
	var list []Type
	add := func(group string, types []Type) {
		for _, t := range types {
			t.Group = group
			if t.Fields == nil {
				t.Fields = []Field{}
			}
			list = append(list, t)
		}
	}
	add("case", caseTypes())
	add("conversation", messageTypes())
	add("more", otherTypes())
	return list
}

// factKinds are the lines that tell of one changed fact each.
func factKinds() []string {
	return []string{"subject", "category", "priority", "status", "assignee", "team", "tags", "sentiment", "summary", "follow_up"}
}

func caseTypes() []Type {
	message := Field{"message", isID, "the visitor's first message"}
	return []Type{
		{Name: typeOpened, About: "A case was opened.", Case: true, kinds: []string{"opened"}, Fields: []Field{
			message, {"source", isWord, "how it came: form, email, widget, api, phone, import …"}, {"answer_by", isTime, "by when the visitor was told that he gets an answer"}, subjectField(),
		}},
		{Name: typeUpdated, About: "Facts of a case changed. What was changed in one go comes as one event.", Case: true, kinds: factKinds(), Fields: []Field{
			{"changed", isData, "by field: {from, to}, of texts {}"}, {"subject", isText, "the new one"}, {"summary", isText, "the new one"}, {"follow_up_note", isText, "the new one"},
		}},
		{Name: typeAssigned, About: "A case was given to a person, or to nobody.", Case: true, kinds: []string{"assignee"}, Fields: []Field{
			{"from", isID, "agent who had it; empty: nobody"}, {"to", isID, "agent who has it; empty: nobody"},
		}},
		{Name: typeResolved, About: "A case is done: its status became resolved or closed.", Case: true, kinds: []string{"status"}, Fields: []Field{
			{"status", isWord, "resolved or closed"},
		}},
		{Name: typeReopened, About: "A case that was done is open again.", Case: true, kinds: []string{"status"}, Fields: []Field{
			{"status", isWord, "the new one"},
		}},
		{Name: "case.sla_warning", About: "A promise of the service level runs out soon: 80 % of the time have passed.", Case: true, kinds: []string{"sla_warning"}, Fields: slaFields()},
		{Name: "case.sla_breached", About: "A promise of the service level was not kept.", Case: true, kinds: []string{"sla_breached"}, Fields: slaFields()},
		{Name: "case.escalated", About: "A case was escalated, by hand, by time or by a breach.", Case: true, kinds: []string{"escalated"}, Fields: []Field{
			{"run", isID, "of this escalation"}, {"escalation", isWord, "name of the plan; empty: by hand to somebody"}, {"step", isInt, "which step of it, from 1"}, {"to", isData, "names of who was told"}, {"note", isText, "what they read"},
		}},
		{Name: "case.escalation_acknowledged", About: "Somebody said that he has an escalated case.", Case: true, kinds: []string{"escalation_acknowledged"}, Fields: []Field{
			{"run", isID, "of this escalation"}, {"escalation", isWord, "name of the plan"}, {"name", isWord, "who, if he is outside the Desk"},
		}},
		{Name: "case.follow_up_due", About: "A case came back because its follow-up was due.", Case: true, kinds: []string{"follow_up_due"}},
		{Name: "case.merged", About: "A case was merged into another one, or took one over.", Case: true, kinds: []string{"merged"}, Fields: mergeFields()},
		{Name: "case.unmerged", About: "A merge was undone.", Case: true, kinds: []string{"unmerged"}, Fields: mergeFields()},
		{Name: "case.split", About: "A message became a case of its own.", Case: true, kinds: []string{"split"}, Fields: mergeFields()},
		{Name: "case.marked_spam", About: "Staff said that a case is spam.", Case: true, kinds: []string{"marked_spam"}},
		{Name: "case.unmarked_spam", About: "Staff took back that a case is spam.", Case: true, kinds: []string{"unmarked_spam"}},
		{Name: "case.erased", About: "The person behind a case was erased. Delete what you keep of him.", Case: true, kinds: []string{"erased"}},
		{Name: TypeForwarded, About: "A rule or an escalation sends this case to this webhook. It comes to no other one, whatever events they choose.", Case: true, quiet: true, Fields: []Field{
			{"rule", isWord, "name of the rule that sends it"}, {"escalation", isWord, "name of the escalation that sends it"}, {"run", isID, "of the escalation"}, {"step", isInt, "which step of it"}, {"note", isText, "what is written along"},
			{"tracker", isWord, "path to which a link back is posted: {url, ref}"}, subjectField(), {"summary", isText, "of the case"}, {"text", isText, "the visitor's latest words"},
		}},
	}
}

func messageTypes() []Type {
	message, channel := Field{"message", isID, "which"}, Field{"channel", isWord, "email, form, page, phone, sms, api …"}
	author := Field{"author", isID, "agent who wrote it; empty: the system"}
	text := Field{"text", isText, "what it says, 12,000 bytes at most"}
	return []Type{
		{Name: typeReceived, About: "A visitor wrote, the first time or again. Automatic answers of his mailbox and words on a case marked as spam don't count.", Case: true, kinds: []string{"opened", "visitor_wrote"}, Fields: []Field{
			message, channel, {"first", isBool, "it opened the case"}, text,
		}},
		{Name: "message.sent", About: "A mail or text message left for the visitor: an answer of staff's or an automatic one.", Case: true, kinds: []string{"sent"}, Fields: []Field{
			message, channel, author, {"automatic", isBool, "no person wrote it"}, {"template", isWord, "its key, if it was made of one"}, text,
		}},
		{Name: "message.failed", About: "A mail or text message could not be sent, or came back.", Case: true, kinds: []string{"send_failed", "bounced"}, Fields: []Field{
			message, channel, {"bounced", isBool, "it came back"},
		}},
		{Name: "note.created", About: "Staff wrote a note that stays inside.", Case: true, kinds: []string{"noted"}, Fields: []Field{message, author, text}},
		{Name: "call.logged", About: "Staff noted a phone call.", Case: true, kinds: []string{"called"}, Fields: []Field{
			message, author, {"direction", isWord, "in or out"}, {"outcome", isWord, "answered, no_answer, busy …"}, {"seconds", isInt, "how long"}, text,
		}},
	}
}

func otherTypes() []Type {
	promise := []Field{{"promise", isID, "which"}, {"due", isTime, "by when"}, {"text", isText, "its words"}}
	return []Type{
		{Name: "promise.made", About: "We said by when we answer.", Case: true, kinds: []string{"promise_made"}, Fields: promise},
		{Name: "promise.kept", About: "We answered by then.", Case: true, kinds: []string{"promise_kept"}, Fields: promise},
		{Name: "promise.broken", About: "We did not.", Case: true, kinds: []string{"promise_broken"}, Fields: promise},
		{Name: "promise.withdrawn", About: "A promise counts no more.", Case: true, kinds: []string{"promise_withdrawn"}, Fields: append(slices.Clone(promise), Field{"reason", isWord, "replaced, done, changed or empty"})},
		{Name: "contact.merged", About: "Two records of one person became one. Comes for each case that moved.", Case: true, kinds: []string{"merged"}, Fields: []Field{{"contact", isID, "the person from now on"}, {"merge", isID, "of the merge"}}},
		{Name: "contact.unmerged", About: "That was undone.", Case: true, kinds: []string{"unmerged"}, Fields: []Field{{"contact", isID, "the person who kept his own"}, {"merge", isID, "of the merge"}}},
		{Name: "rule.fired", About: "A rule did something on a case.", Case: true, kinds: []string{"rule"}, Fields: []Field{{"rule", isID, "which"}, {"name", isWord, "its name"}, {"did", isData, "the names of its actions"}}},
		{Name: "problem.fixed", About: "A known problem was fixed, and the visitor of this case told.", Case: true, kinds: []string{"problem_told"}, Fields: []Field{{"problem", isID, "which"}, {"title", isWord, "its title"}, {"message", isID, "what he was told"}}},
		{Name: TypePing, About: "A test from the Desk.", quiet: true},
	}
}

func subjectField() Field { return Field{"subject", isText, "of the case"} }

func slaFields() []Field {
	return []Field{{"which", isWord, "first_response, next_response or resolution"}, {"due", isTime, "by when"}, {"at", isTime, "when the warning or the breach fell due, whenever it was noted"}, {"policy", isID, "which; empty: the shop's own rule"}, {"name", isWord, "its name"}}
}

func mergeFields() []Field {
	return []Field{{"role", isWord, "of this case: source or target"}, {"other", isID, "the other case"}, {"other_number", isInt, "its number"}, {"merge", isID, "of the merge"}}
}

// Find is the type of a name.
func Find(name string) (Type, bool) {
	list := Catalogue()
	i := slices.IndexFunc(list, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return Type{}, false
	}
	return list[i], true
}

// Choosable tells whether a webhook may ask for a type; the others come to one
// webhook alone, asked for or not.
func Choosable(name string) bool {
	t, ok := Find(name)
	return ok && !t.quiet
}
