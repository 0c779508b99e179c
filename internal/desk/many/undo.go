package many

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// lasts is for how long it can be taken back.
const lasts = time.Hour

// undo is what a case was before. It travels by the person's browser, signed.
type undo struct {
	Case    string         `json:"c"`
	Agent   string         `json:"a"`
	At      int64          `json:"t"` // Unix seconds
	Version int            `json:"v"` // that we left
	Before  map[string]any `json:"b,omitempty"`
	Message string         `json:"m,omitempty"` // an answer that may not have left yet
	Spam    bool           `json:"s,omitempty"`
	Note    bool           `json:"n,omitempty"`
}

func (u undo) sign(app core.App) (string, error) {
	raw, err := json.Marshal(u)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mac(app, raw), raw...)), nil
}

func mac(app core.App, raw []byte) []byte {
	m := hmac.New(sha256.New, desk.Key(app, "many.undo"))
	m.Write(raw)
	return m.Sum(nil)
}

// readUndo takes nothing that we didn't write for this person and this case.
func readUndo(app core.App, d Done, agent *desk.Agent) (*undo, error) {
	refused := &Refusal{Code: CodeUndo, Message: "This can't be taken back any more."}
	b, err := base64.RawURLEncoding.DecodeString(d.Undo)
	if err != nil || len(b) <= sha256.Size || !hmac.Equal(b[:sha256.Size], mac(app, b[sha256.Size:])) {
		return nil, refused
	}
	u := &undo{}
	if err := json.Unmarshal(b[sha256.Size:], u); err != nil || u.Case != d.ID || u.Agent != agent.Id || desk.Now(app).Sub(time.Unix(u.At, 0)) > lasts {
		return nil, refused
	}
	return u, nil
}

// Undone is a case that is as it was before. Kept says that a note stays.
type Undone struct {
	ID      string `json:"id"`
	Number  int    `json:"number"`
	Version int    `json:"version"`
	Kept    bool   `json:"kept,omitempty"`
}

// Back is what became of cases whose changes were taken back.
type Back struct {
	Done   []Undone `json:"done"`
	Failed []Failed `json:"failed"`
}

// Undo takes back what [Station.Run] did, case by case, where nobody changed
// the case since: fields, answers that have not left, marks as spam. Notes stay.
func (s *Station) Undo(app core.App, agent *desk.Agent, list []Done) (*Back, error) {
	if len(list) == 0 || len(list) > MaxCases {
		return nil, fault("done", "out_of_range", fmt.Sprintf("Give 1 to %d cases.", MaxCases))
	}
	by := make(map[string]Done, len(list))
	ids := make([]string, 0, len(list))
	for _, d := range list {
		if _, twice := by[d.ID]; !twice {
			by[d.ID] = d
			ids = append(ids, d.ID)
		}
	}
	back := &Back{Done: []Undone{}, Failed: []Failed{}}
	undone := make([]Undone, len(ids))
	outcomes := each(nil, ids, func(id string) (o outcome) {
		i := slices.Index(ids, id)
		undone[i], o.number, o.err = s.undoOne(app, agent, by[id])
		return o
	})
	for i, o := range outcomes {
		if o.err != nil {
			back.Failed = append(back.Failed, s.failed(app, ids[i], o.number, o.err))
			continue
		}
		back.Done = append(back.Done, undone[i])
	}
	return back, nil
}

func (s *Station) undoOne(app core.App, agent *desk.Agent, d Done) (out Undone, number int, err error) {
	u, err := readUndo(app, d, agent)
	if err != nil {
		return out, 0, err
	}
	p := &plan{agent: agent, own: true, versions: map[string]int{u.Case: u.Version}, fields: u.fields()}
	err = s.commit.Do(func(tx core.App) error {
		c, err := p.find(tx, u.Case)
		if c != nil {
			number = c.Number()
		}
		if err != nil {
			return err
		}
		version, err := s.back(tx, c.Id, agent, u)
		out = Undone{ID: c.Id, Number: number, Version: version, Kept: u.Note}
		return err
	})
	return out, number, err
}

// back undoes in the other order, the last thing first.
func (s *Station) back(tx core.App, id string, agent *desk.Agent, u *undo) (version int, err error) {
	if u.Spam {
		if err := s.NotSpam(tx, id, agent); err != nil {
			return 0, err
		}
	}
	if u.Message != "" {
		if err := s.Unsend(tx, u.Message, agent); err != nil {
			return 0, err
		}
	}
	c, err := desk.FindCase(tx, id)
	if err != nil {
		return 0, err
	}
	if len(u.Before) == 0 {
		return c.GetInt("version"), nil
	}
	before := desk.AsCase(c.Clone())
	if err := u.keepReasons(c); err != nil {
		return 0, err
	}
	for field, value := range u.Before {
		c.Set(field, value)
	}
	events, err := s.Change(tx, before, c, agent, 0)
	if err != nil {
		return 0, err
	}
	for field, value := range u.Before { // what follows from a change is as before as well
		c.Set(field, value)
	}
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return 0, err
	}
	for i := range events {
		events[i].After["undo"] = true
	}
	return c.GetInt("version"), desk.Record(tx, events...)
}

// fields are what is taken back. A status that somebody set since stays, with all
// that follows from it, so that nothing is taken back then.
func (u *undo) fields() []string {
	return append(slices.Collect(maps.Keys(u.Before)), "status")
}

// keepReasons keeps the reasons of what a rule or another automatic said since of
// other fields.
func (u *undo) keepReasons(c *desk.Case) error {
	text, ok := u.Before["reasons"].(string)
	if !ok || c.GetInt("version") == u.Version {
		return nil
	}
	was, now := map[string]desk.Reason{}, c.Reasons()
	if err := json.Unmarshal([]byte(cmp.Or(text, "{}")), &was); err != nil {
		return fmt.Errorf("reasons before: %w", err)
	}
	if was == nil { // null
		was = map[string]desk.Reason{}
	}
	for _, field := range []string{"category", "priority"} {
		if _, back := u.Before[field]; back {
			continue
		}
		if delete(was, field); now[field] != (desk.Reason{}) {
			was[field] = now[field]
		}
	}
	raw, err := json.Marshal(was)
	u.Before["reasons"] = string(raw)
	return err
}

// differences gives the former values of what a change changed, without what
// every change does.
func differences(before, after *desk.Case) map[string]any {
	out := map[string]any{}
	for _, f := range after.Collection().Fields {
		name := f.GetName()
		if name == "version" || name == "updated" || name == "due_at" || name == "told" || name == "tell_at" { // found out anew
			continue
		}
		if old := plain(before, name); fmt.Sprint(old) != fmt.Sprint(plain(after, name)) {
			out[name] = old
		}
	}
	return out
}

// plain is a field's value as JSON carries it.
func plain(c *desk.Case, field string) any {
	if field == "tags" {
		return append([]string{}, c.Tags()...) // none is an empty list
	}
	switch v := c.Get(field).(type) {
	case fmt.Stringer: // dates, and JSON as it stands
		return v.String()
	default:
		return v
	}
}
