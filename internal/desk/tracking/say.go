package tracking

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// MaxWords is how long one message may be, in characters, and MaxFiles how many
// files go with it.
const (
	MaxWords = 20_000
	MaxFiles = 3
)

// What one case takes from its page in a day.
const (
	dayMessages = 50
	dayFiles    = 20
)

// twice is within which the same words are the same message, however often a
// button was pressed. Behind an answer of the shop's they are new: "yes" again.
const twice = 10 * time.Minute

// ErrDay says that the case took as much today as it takes in a day.
var ErrDay = errors.New("this case took all the messages that it takes in a day")

// FieldErrors says by field what is wrong with a message: required, too_long,
// file_count, file_size, file_type or file_invalid.
type FieldErrors map[string]string

// Error implements error.
func (e FieldErrors) Error() string { return fmt.Sprintf("invalid message: %v", map[string]string(e)) }

// Word is what a visitor does on the page, for the verb that keeps it. Without a
// message he says that it is solved.
type Word struct {
	Case    *desk.Case
	Message *desk.Message // unsaved; its files are stored
	Solved  bool
}

// Tracker holds what the verbs share.
type Tracker struct {
	Commit *desk.Committer
	// Hear adds a word to its case inside the transaction.
	Hear func(tx core.App, w Word) error
}

// Said is a message that a visitor sends on the page.
type Said struct {
	Case  *desk.Case
	Body  string
	Files []*filesystem.File
	Key   string // made with the page: the same key with the same content is the same message
}

// Say keeps a message. One that came before is kept once and is no error. The
// error is [FieldErrors], [ErrDay] or a fault.
func (t *Tracker) Say(app core.App, s Said) error {
	m, err := desk.NewMessage(app, s.Case.Id)
	if err != nil {
		return err
	}
	m.Id = core.GenerateDefaultRandomId()
	m.Set("channel", desk.ChannelPage)
	m.Set("body", clean(s.Body))
	if len(s.Files) > 0 {
		m.Set("attachments", s.Files)
	}
	if err := check(app, m, len(s.Files)); err != nil {
		return err
	}
	a := arrival{caseID: s.Case.Id, hash: hash(m.Body(), s.Files), files: len(s.Files)}
	if s.Key != "" {
		a.key = digest(s.Case.Id + "\x00" + s.Key)
	}
	if again, err := a.admit(app); again || err != nil {
		return err // before any file is stored
	}
	desk.NameFiles(m.Record)
	_, drop, err := desk.StoreFiles(app, m.Record, "attachments")
	if err != nil {
		return fmt.Errorf("store files: %w", err)
	}
	again := false
	err = t.Commit.Do(func(tx core.App) error {
		mine := a
		var err error
		if again, err = mine.admit(tx); again || err != nil {
			return err
		}
		m.Set("page_key", mine.key)
		m.Set("page_hash", mine.hash)
		if err := t.Hear(tx, Word{Case: s.Case, Message: m}); err != nil {
			return err
		}
		return reached(tx, s.Case)
	})
	if again || err != nil {
		drop()
	}
	return err
}

// Solve notes that the visitor needs nothing more. Said twice it is no error.
func (t *Tracker) Solve(c *desk.Case) error {
	return t.Commit.Do(func(tx core.App) error {
		if err := t.Hear(tx, Word{Case: c, Solved: true}); err != nil {
			return err
		}
		return reached(tx, c)
	})
}

// clean mends what browsers and clipboards do to a text: line breaks of two
// characters, and control characters that nobody sees.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.TrimRightFunc(strings.TrimLeft(s, "\n"), unicode.IsSpace)
}

// check judges text and files; the files by the rules of the collection's field.
func check(app core.App, m *desk.Message, files int) error {
	errs := FieldErrors{}
	switch {
	case utf8.RuneCountInString(m.Body()) > MaxWords:
		errs["message"] = "too_long"
	case strings.TrimSpace(m.Body()) == "" && files == 0:
		errs["message"] = "required"
	}
	field := m.Collection().Fields.GetByName("attachments")
	if files > MaxFiles {
		errs["attachments"] = "file_count"
	} else if err := field.ValidateValue(context.Background(), app, m.Record); err != nil {
		errs["attachments"] = fileError(err)
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

func fileError(err error) string {
	var one validation.Error
	if errors.As(err, &one) {
		switch one.Code() {
		case "validation_file_size_limit":
			return "file_size"
		case "validation_invalid_mime_type":
			return "file_type"
		}
	}
	return "file_invalid"
}

// arrival is what is known of a message before it is kept.
type arrival struct {
	caseID, key, hash string
	files             int
}

// admit tells whether the message came before, and refuses it where the case
// had enough for today. A key that stands for other words is dropped: the
// visitor went back and wrote something else.
func (a *arrival) admit(app core.App) (again bool, err error) {
	now := desk.Now(app)
	var rows []*core.Record
	err = app.RecordQuery(desk.Messages).
		AndWhere(dbx.HashExp{"case": a.caseID, "direction": desk.In, "channel": desk.ChannelPage}).
		AndWhere(dbx.NewExp("[[created]] >= {:since}", dbx.Params{"since": desk.Date(now.Add(-24 * time.Hour)).String()})).
		OrderBy("created DESC").Limit(dayMessages).All(&rows)
	if err != nil {
		return false, err
	}
	answered, err := lastAnswer(app, a.caseID)
	if err != nil {
		return false, err
	}
	files := a.files
	for _, r := range rows {
		at := r.GetDateTime("created").Time()
		if r.GetString("page_hash") == a.hash && now.Sub(at) < twice && !answered.After(at) {
			return true, nil
		}
		files += len(desk.AsMessage(r).Files())
	}
	if a.key != "" {
		var used string
		err := app.DB().Select("COALESCE(MAX([[page_hash]]), '')").From(desk.Name(app, desk.Messages)).
			Where(dbx.HashExp{"page_key": a.key}).AndWhere(dbx.NewExp("[[page_key]] != ''")).Row(&used)
		if err != nil || used == a.hash {
			return err == nil, err
		}
		if used != "" {
			a.key = ""
		}
	}
	if len(rows) >= dayMessages || files > dayFiles {
		return false, ErrDay
	}
	return false, nil
}

// lastAnswer is when the shop last wrote to the visitor.
func lastAnswer(app core.App, caseID string) (time.Time, error) {
	var last string
	err := app.DB().Select("COALESCE(MAX([[created]]), '')").From(desk.Name(app, desk.Messages)).
		Where(dbx.HashExp{"case": caseID, "direction": desk.Out}).Row(&last)
	at, _ := types.ParseDateTime(last)
	return at.Time(), err
}

func hash(body string, files []*filesystem.File) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\x00%s", len(body), body)
	for _, f := range files {
		fmt.Fprintf(h, "\x00%d\x00", f.Size)
		if r, err := f.Reader.Open(); err == nil {
			_, _ = io.Copy(h, r)
			r.Close()
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
