package intake

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// keyLife is how long a key is honoured.
const keyLife = 24 * time.Hour

// known answers a submission whose key came before with the first one's receipt.
func (in *Intake) known(app core.App, s Submission) (*Receipt, error) {
	if s.keyDigest == "" {
		return nil, nil
	}
	r := &core.Record{}
	err := app.RecordQuery(desk.Feedbacks).AndWhere(dbx.HashExp{"idem_key": s.keyDigest}).
		AndWhere(dbx.NewExp("[[idem_key]] != ''")).Limit(1).One(r) // as in the partial index, which is not used otherwise
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	created := r.GetDateTime("created").Time()
	if desk.Now(app).Sub(created) > keyLife {
		return nil, forgetKey(app, r)
	}
	if r.GetString("idem_hash") != s.bodyDigest {
		return nil, ErrKeyMismatch
	}
	f := desk.AsFeedback(r)
	by, err := in.answerBy(app, f, created)
	if err != nil {
		return nil, err
	}
	return &Receipt{Feedback: f, AnswerBy: by, Again: true}, nil
}

func forgetKey(app core.App, r *core.Record) error {
	r.Set("idem_key", "")
	r.Set("idem_hash", "")
	return desk.Save(app, r)
}

// idempotency digests the key, bound to its caller, and the body. What a page
// renews between two tries (token, proof of work) is no part of the body.
func idempotency(s Submission) (key, hash string) {
	if s.Key == "" {
		return "", ""
	}
	caller := "guest"
	if s.Request != nil && s.Request.Caller != "" {
		caller = s.Request.Caller
	}
	return digest([]byte(caller + "\x00" + s.Key)), bodyHash(s.Feedback)
}

func bodyHash(f *desk.Feedback) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, name := range desk.VisitorFields() {
		if name == "attachments" || name == "locale" {
			continue
		}
		_ = enc.Encode(f.Get(name)) // a hash takes all
	}
	for _, file := range f.GetUnsavedFiles("attachments") {
		r, err := file.Reader.Open()
		if err != nil {
			continue
		}
		_, _ = io.Copy(h, r)
		r.Close()
	}
	return hex.EncodeToString(h.Sum(nil))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ForgetKeys drops the keys whose time is over, of submissions and of what staff
// wrote, and says in the log how many.
func ForgetKeys(app core.App) error {
	n := int64(0)
	for _, collection := range []string{desk.Feedbacks, desk.Messages} {
		res, err := app.NonconcurrentDB().NewQuery("UPDATE {{" + desk.Name(app, collection) + "}} SET [[idem_key]] = '', [[idem_hash]] = '' " +
			"WHERE [[idem_key]] != '' AND [[created]] < {:before}").
			Bind(dbx.Params{"before": desk.Date(desk.Now(app).Add(-keyLife)).String()}).Execute()
		if err != nil {
			return err
		}
		gone, err := res.RowsAffected()
		if err != nil {
			return err
		}
		n += gone
	}
	if n > 0 {
		app.Logger().Info("idempotency keys removed", "keys", n)
	}
	return nil
}
