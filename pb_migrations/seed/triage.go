package seed

import (
	"encoding/json"
	"fmt"
)

// TriageRows are what keeps a shop from missing what it must not: texts that rules send, words, and rules.
type TriageRows struct {
	Templates []TemplateRow `json:"templates"` // "nudge" and "closing": one row for each key and locale
	Keywords  []KeywordRow  `json:"keywords"`
	Rules     []RuleRow     `json:"rules"`
}

// RuleRow is a rule that a shop starts with. Those that only tell somebody or tag a case are on; the others
// wait until the owner has tried them on past cases.
type RuleRow struct {
	Key      string      `json:"key"` // what the record's field starter holds
	Position int         `json:"position"`
	Event    string      `json:"event"` // case_opened, visitor_wrote, staff_changed or time_passed
	Filter   string      `json:"filter"`
	Delay    string      `json:"delay"`
	States   []string    `json:"states"`
	Since    string      `json:"since"` // of time_passed: nudged; else from the status
	Enabled  bool        `json:"enabled"`
	Names    Texts       `json:"names"`
	Notes    Texts       `json:"notes"` // why there is this rule
	Actions  []ActionRow `json:"actions"`
}

// ActionRow is one action of a rule. Texts, where there are any, become the member "text" of Value.
type ActionRow struct {
	Do    string          `json:"do"`
	Value json.RawMessage `json:"value"`
	Texts Texts           `json:"texts"`
}

// Triage reads the texts, words and rules.
func Triage() (TriageRows, error) { return read[TriageRows]("triage.json") }

// ActionsIn gives the rule's actions as its record keeps them, [{do, value}], with the texts of one locale.
func (r RuleRow) ActionsIn(locale string) ([]map[string]any, error) {
	out := make([]map[string]any, 0, len(r.Actions))
	for _, a := range r.Actions {
		var value any
		if err := json.Unmarshal(a.Value, &value); err != nil {
			return nil, fmt.Errorf("read seed: action %s of rule %s: %w", a.Do, r.Key, err)
		}
		if fields, ok := value.(map[string]any); ok && a.Texts != nil {
			fields["text"] = a.Texts[locale]
		}
		out = append(out, map[string]any{"do": a.Do, "value": value})
	}
	return out, nil
}
