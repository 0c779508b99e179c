package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Repeated is the error of an entry whose key came before: what stands is Message.
// Changed says that something else came with the key then.
type Repeated struct {
	Message *desk.Message
	Changed bool
}

func (r *Repeated) Error() string { return "this key came before" }

// Stamp gives an entry the key under which a try that is repeated finds it,
// before [Work.Write] changes anything of it. A key is one writer's, on one case.
// It fails with [Repeated] where the entry stands already. "" does nothing.
func Stamp(app core.App, e Entry, key string) error {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(e.Agent.Id + "\x00" + key))
	e.Message.Set("idem_key", hex.EncodeToString(sum[:]))
	e.Message.Set("idem_hash", contentHash(e))
	return repeated(app, e)
}

// contentHash digests what somebody wrote: the same again is the same entry.
func contentHash(e Entry) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	m := e.Message
	for _, name := range []string{"direction", "channel", "subject", "body", "template"} {
		_ = enc.Encode(m.GetString(name)) // a hash takes all
	}
	for _, name := range []string{"cc", "bcc", "mentions", "call"} {
		_ = enc.Encode(m.Get(name))
	}
	for _, f := range m.GetUnsavedFiles("attachments") {
		r, err := f.Reader.Open()
		if err != nil {
			continue
		}
		_, _ = fmt.Fprintln(h, f.OriginalName, f.Size)
		_, _ = io.Copy(h, r)
		r.Close()
	}
	return hex.EncodeToString(h.Sum(nil))
}

// repeated finds the entry of the same key. Inside the transaction that saves it
// nobody can come between.
func repeated(app core.App, e Entry) error {
	key := e.Message.GetString("idem_key")
	if key == "" {
		return nil
	}
	var rows []*core.Record
	err := app.RecordQuery(desk.Messages).AndWhere(dbx.HashExp{"case": e.Case.Id, "idem_key": key}).
		AndWhere(dbx.NewExp("[[idem_key]] != ''")).Limit(1).All(&rows) // as in the partial index, which is not used otherwise
	if err != nil {
		return fmt.Errorf("the entry of a key: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	return &Repeated{Message: desk.AsMessage(rows[0]), Changed: rows[0].GetString("idem_hash") != e.Message.GetString("idem_hash")}
}

// Own is what a writer is shown of an entry of his that stands already.
func (r *Repeated) Own(app core.App) *Answered {
	m := r.Message
	return &Answered{ID: m.Id, Direction: m.Direction(), Author: writerName(app, m), Body: desk.Clip(m.Body(), 2_000), Created: m.GetString("created")}
}
