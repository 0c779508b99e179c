package webhooks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// fact is the body of an audit line, before or after.
type fact map[string]any

func parse(raw string) fact {
	f := fact{}
	_ = json.Unmarshal([]byte(raw), &f) // what can't be read says nothing
	if f == nil {
		f = fact{}
	}
	return f
}

func (f fact) text(name string) string {
	s, _ := f[name].(string)
	return s
}

// reading turns lines of the audit trail into events.
type reading struct {
	app core.App
	out []event
}

// readLines gives the events that lines tell of, in order.
func readLines(app core.App, lines []desk.Line) ([]event, error) {
	r := &reading{app: app}
	for i := 0; i < len(lines); i++ {
		if isFact(lines[i].Kind) && lines[i].Case != "" {
			n := together(lines[i:])
			r.changed(lines[i : i+n])
			i += n - 1
			continue
		}
		if err := r.line(lines[i]); err != nil {
			return nil, err
		}
	}
	return r.out, nil
}

func isFact(kind string) bool { return slices.Contains(factKinds(), kind) }

// together counts the lines at the beginning that are changes made in one go: by
// one person, with one version of the case.
func together(lines []desk.Line) int {
	n := 1
	for n < len(lines) && inOneGo(lines[0], lines[n]) {
		n++
	}
	return n
}

func inOneGo(a, b desk.Line) bool {
	return a.Version > 0 && a.Version == b.Version && a.Case == b.Case && a.Actor == b.Actor && isFact(a.Kind) && isFact(b.Kind)
}

// whole leaves out the last changes where a limit may have cut them: what was made
// in one go is one event, however its lines are read.
func whole(lines []desk.Line, limit int) []desk.Line {
	if len(lines) < limit {
		return lines
	}
	end := len(lines) - 1
	for end > 0 && inOneGo(lines[end-1], lines[end]) {
		end--
	}
	if end == 0 {
		return lines
	}
	return lines[:end]
}

func timeOf(l desk.Line) types.DateTime {
	d, _ := types.ParseDateTime(l.Created)
	return d
}

// add appends an event of a line, or of several that were made in one go.
func (r *reading) add(l desk.Line, typ string, facts map[string]any, texts map[string]string) {
	r.out = append(r.out, event{
		typ: typ, msg: "msg_" + l.ID + suffix(l.Kind, typ), at: timeOf(l).Time(), caseID: l.Case, actor: l.Actor,
		by: parse(l.After).text("by"), facts: facts, texts: texts,
	})
}

// suffix tells apart what comes of one line: the id of an event must be the same
// whenever its line is read.
func suffix(kind, typ string) string {
	switch {
	case typ == typeAssigned:
		return "_a"
	case typ == typeResolved:
		return "_r"
	case typ == typeReopened:
		return "_o"
	case typ == typeReceived && kind == "opened":
		return "_m"
	}
	return ""
}

// changed tells of facts that changed in one go, and of what they mean.
func (r *reading) changed(lines []desk.Line) {
	changed, texts := map[string]any{}, map[string]string{}
	for _, l := range lines {
		before, after := parse(l.Before), parse(l.After)
		for _, name := range fieldsOf(l.Kind) {
			to, ok := after[name]
			if !ok {
				continue
			}
			if isWords(name) {
				changed[name] = map[string]any{}
				texts[name] = fmt.Sprint(to)
				continue
			}
			changed[name] = map[string]any{"from": before[name], "to": to}
		}
	}
	r.add(lines[0], typeUpdated, map[string]any{"changed": changed}, texts)
	for _, l := range lines {
		before, after := parse(l.Before), parse(l.After)
		switch l.Kind {
		case "assignee":
			r.add(l, typeAssigned, map[string]any{"from": before.text("assignee"), "to": after.text("assignee")}, nil)
		case "status":
			was, is := done(before.text("status")), done(after.text("status"))
			if is && !was {
				r.add(l, typeResolved, map[string]any{"status": after.text("status")}, nil)
			} else if was && !is {
				r.add(l, typeReopened, map[string]any{"status": after.text("status")}, nil)
			}
		}
	}
}

func done(status string) bool { return status == desk.Resolved || status == desk.Closed }

func fieldsOf(kind string) []string {
	if kind == "follow_up" {
		return []string{"follow_up_at", "follow_up_note", "follow_up_for"}
	}
	return []string{kind}
}

// isWords tells whether a field holds what somebody wrote.
func isWords(field string) bool {
	return field == "subject" || field == "summary" || field == "follow_up_note"
}

// line tells of a line that is no changed fact.
func (r *reading) line(l desk.Line) error {
	if l.Case == "" {
		return nil
	}
	after := parse(l.After)
	switch l.Kind {
	case "opened":
		return r.opened(l, after)
	case "visitor_wrote":
		if after["quiet"] == true { // on a case that is junk
			return nil
		}
		return r.message(l, typeReceived, after.text("message"))
	case "sent", "send_failed", "bounced":
		return r.delivered(l, after)
	case "noted":
		return r.message(l, "note.created", after.text("message"))
	case "called":
		return r.message(l, "call.logged", after.text("message"))
	case "merged", "unmerged":
		r.merged(l, after)
		return nil
	}
	for _, t := range Catalogue() {
		if slices.Contains(t.kinds, l.Kind) {
			r.plain(l, t, after)
		}
	}
	return nil
}

// plain tells of a line whose fields bear the names that the catalogue gives, or
// one of those in otherNames.
func (r *reading) plain(l desk.Line, t Type, after fact) {
	facts, texts := map[string]any{}, map[string]string{}
	for _, f := range t.Fields {
		value, ok := after[f.Name]
		if name := otherName(l.Kind, f.Name); name != "" {
			value, ok = after[name]
			if f.Name == "due" && (!ok || value == "") { // of a promise that is over
				value, ok = parse(l.Before)[name]
			}
		}
		switch {
		case !ok || value == nil:
		case f.Kind == isText:
			texts[f.Name] = fmt.Sprint(value)
		case f.Name == "did":
			facts[f.Name] = actionsOf(value)
		default:
			facts[f.Name] = value
		}
	}
	r.add(l, t.Name, facts, texts)
}

// otherName is how the audit trail calls a field of a payload.
func otherName(kind, field string) string {
	switch {
	case kind == "rule" && field == "rule":
		return "id"
	case kind == "rule" && field == "name":
		return "rule"
	case kind == "split" && field == "other":
		return "case"
	case kind == "split" && field == "other_number":
		return "number"
	case field == "due" && strings.HasPrefix(kind, "promise_"):
		return "promised_at"
	}
	return ""
}

// actionsOf leaves of what a rule did the names of its actions.
func actionsOf(did any) []string {
	out := []string{}
	list, _ := did.([]any)
	for _, one := range list {
		if m, ok := one.(map[string]any); ok {
			if name, ok := m["do"].(string); ok {
				out = append(out, name)
			}
		} else if name, ok := one.(string); ok {
			out = append(out, name)
		}
	}
	return out
}

func (r *reading) merged(l desk.Line, after fact) {
	if contact := after.text("contact"); contact != "" {
		r.add(l, "contact."+l.Kind, map[string]any{"contact": contact, "merge": after["merge"]}, nil)
		return
	}
	r.add(l, "case."+l.Kind, map[string]any{"role": after["role"], "other": after["case"], "other_number": after["number"], "merge": after["merge"]}, nil)
}
