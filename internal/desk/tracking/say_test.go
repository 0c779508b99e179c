package tracking_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

func TestSay(t *testing.T) {
	app := desktest.New(t)
	tr, c := tracker(app), app.Case(nil)
	app.Put(c.Record, desktest.Values{"status": desk.Resolved})
	files := []*filesystem.File{app.File("照片 1.txt", "one"), app.File("b.txt", "two")}
	if err := tr.Say(app, tracking.Said{Case: c, Body: "\r\n  it broke\r\nagain\x00\v!  \n", Files: files, Key: "k"}); err != nil {
		t.Fatal(err)
	}
	m := desk.AsMessage(app.One(desk.Messages, desktest.Values{"case": c.Id, "channel": desk.ChannelPage}))
	if m.Body() != "  it broke\nagain\n!" || m.Direction() != desk.In || len(m.Files()) != 2 || desk.OriginalName(m.Record, m.Files()[0]) != "照片 1.txt" {
		t.Errorf("kept %q %s %v", m.Body(), m.Direction(), m.Files())
	}
	if app.Find(desk.Cases, c.Id).GetString("status") != desk.Open || app.StoredFiles() != 2 {
		t.Errorf("status %s, %d files", app.Find(desk.Cases, c.Id).GetString("status"), app.StoredFiles())
	}
	// files alone, and words alone
	if err := tr.Say(app, tracking.Said{Case: c, Files: []*filesystem.File{app.File("c.txt", "three")}}); err != nil {
		t.Errorf("a file alone: %v", err)
	}
	if err := tr.Say(app, tracking.Said{Case: c, Body: strings.Repeat("字", tracking.MaxWords)}); err != nil {
		t.Errorf("the longest message: %v", err)
	}
	seen := find(t, app, c)
	if last := seen.Messages[len(seen.Messages)-1]; len([]rune(last.Body())) != tracking.MaxWords {
		t.Errorf("the page shows %d characters", len([]rune(last.Body())))
	}
	if _, names := seen.Files(seen.Messages[1]); len(names) != 2 {
		t.Errorf("the page shows the files %v", names)
	}
}

func TestSayRefuses(t *testing.T) {
	app := desktest.New(t)
	tr, c := tracker(app), app.Case(nil)
	many := []*filesystem.File{app.File("1.txt", "1"), app.File("2.txt", "2"), app.File("3.txt", "3"), app.File("4.txt", "4")}
	for name, tt := range map[string]struct {
		body  string
		files []*filesystem.File
		field string
		want  string
	}{
		"nothing":      {"", nil, "message", "required"},
		"blanks":       {" \n\u3000 ", nil, "message", "required"},
		"too long":     {strings.Repeat("字", tracking.MaxWords+1), nil, "message", "too_long"},
		"four files":   {"x", many, "attachments", "file_count"},
		"too large":    {"x", []*filesystem.File{app.File("a.txt", strings.Repeat("a", 10<<20+1))}, "attachments", "file_size"},
		"a page":       {"x", []*filesystem.File{app.File("a.txt", "<!doctype html><script>alert(1)</script>")}, "attachments", "file_type"},
		"an archive":   {"x", []*filesystem.File{app.File("a.jpg", "PK\x03\x04abcdefghijkl")}, "attachments", "file_type"},
		"a program":    {"x", []*filesystem.File{app.File("a.png", "MZ\x90\x00abc")}, "attachments", "file_type"},
		"vector image": {"x", []*filesystem.File{app.File("a.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)}, "attachments", "file_type"},
	} {
		err := tr.Say(app, tracking.Said{Case: c, Body: tt.body, Files: tt.files})
		var fields tracking.FieldErrors
		if !errors.As(err, &fields) || fields[tt.field] != tt.want || len(fields) != 1 {
			t.Errorf("%s: %v, want %s %s", name, err, tt.field, tt.want)
		}
	}
	if got := said(app, c); len(got) != 0 || app.StoredFiles() != 0 {
		t.Errorf("kept %q and %d files", got, app.StoredFiles())
	}
}

// A button that is pressed twice, a page that is loaded again, a connection that
// tries again: one message.
func TestSayOnce(t *testing.T) {
	app := desktest.New(t)
	tr, c := tracker(app), app.Case(nil)
	say := func(body, key string, files ...*filesystem.File) {
		t.Helper()
		if err := tr.Say(app, tracking.Said{Case: c, Body: body, Key: key, Files: files}); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			file, _ := filesystem.NewFileFromBytes([]byte("photo"), "a.txt")
			if err := tr.Say(app, tracking.Said{Case: c, Body: "once", Key: "k1", Files: []*filesystem.File{file}}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := said(app, c); len(got) != 1 || app.StoredFiles() != 1 {
		t.Fatalf("kept %q and %d files", got, app.StoredFiles())
	}
	say("once", "k2", app.File("other name.txt", "photo")) // a new page, the same words minutes later
	say("once", "k1", app.File("a.txt", "another photo"))  // went back and chose another file
	say("twice", "k1")
	if got := said(app, c); !slices.Equal(got, []string{"once", "once", "twice"}) {
		t.Errorf("kept %q", got)
	}
	app.Clock.Advance(11 * time.Minute)
	say("twice", "k3") // later he says the same again
	app.Clock.Advance(48 * time.Hour)
	say("twice", "k3") // the page from the day before yesterday, sent again
	if got := said(app, c); !slices.Equal(got, []string{"once", "once", "twice", "twice"}) {
		t.Errorf("kept %q", got)
	}
	say("yes", "k4")
	app.Clock.Advance(time.Minute)
	app.Reply(desk.AsCase(app.Find(desk.Cases, c.Id)), app.Agent(desk.RoleAgent, ""), nil)
	app.Clock.Advance(time.Minute)
	say("yes", "k5") // to another question
	say("yes", "k5")
	if got := said(app, c); len(got) != 6 {
		t.Errorf("behind an answer kept %q", got)
	}
	other := app.Case(desktest.Values{"email": "ben@example.com"})
	if err := tr.Say(app, tracking.Said{Case: other, Body: "twice", Key: "k3"}); err != nil || len(said(app, other)) != 1 {
		t.Errorf("another case's key and words: %v, %v", err, said(app, other))
	}
}

func TestSayBounds(t *testing.T) {
	app := desktest.New(t)
	tr, c := tracker(app), app.Case(nil)
	n, f := 0, 0
	say := func(files int) error {
		n++
		s := tracking.Said{Case: c, Body: fmt.Sprint("message ", n)}
		for range files {
			f++
			s.Files = append(s.Files, app.File("a.txt", fmt.Sprint("file ", f)))
		}
		return tr.Say(app, s)
	}
	for range 6 {
		if err := say(3); err != nil {
			t.Fatal(err)
		}
	}
	if err := say(3); !errors.Is(err, tracking.ErrDay) {
		t.Errorf("21 files a day: %v", err)
	}
	for range 44 {
		if err := say(0); err != nil {
			t.Fatal(err)
		}
	}
	if err := say(0); !errors.Is(err, tracking.ErrDay) || len(said(app, c)) != 50 || app.StoredFiles() != 18 {
		t.Errorf("%v; %d messages, %d files", err, len(said(app, c)), app.StoredFiles())
	}
	app.Clock.Advance(25 * time.Hour)
	if err := say(1); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// What fails leaves neither words nor files, and the next try succeeds.
func TestSayFails(t *testing.T) {
	app := desktest.New(t)
	tr, c, fault := tracker(app), app.Case(nil), errors.New("disk full")
	hear := tr.Hear
	tr.Hear = func(tx core.App, w tracking.Word) error { return errors.Join(hear(tx, w), fault) }
	s := func() tracking.Said {
		return tracking.Said{Case: c, Body: "x", Key: "k", Files: []*filesystem.File{app.File("a.txt", "a")}}
	}
	if err := tr.Say(app, s()); !errors.Is(err, fault) || len(said(app, c)) != 0 || app.StoredFiles() != 0 {
		t.Errorf("%v; %v, %d files", err, said(app, c), app.StoredFiles())
	}
	tr.Hear = hear
	if err := tr.Say(app, s()); err != nil || len(said(app, c)) != 1 || app.StoredFiles() != 1 {
		t.Errorf("%v; %v, %d files", err, said(app, c), app.StoredFiles())
	}
}

func TestSolve(t *testing.T) {
	app := desktest.New(t)
	tr, c := tracker(app), app.Case(nil)
	for range 2 {
		if err := tr.Solve(c); err != nil {
			t.Fatal(err)
		}
	}
	if after := app.Find(desk.Cases, c.Id); after.GetString("status") != desk.Resolved || len(app.All(desk.Events, desktest.Values{"case": c.Id, "kind": "visitor_solved"})) != 1 {
		t.Errorf("%s, %v", after.GetString("status"), app.Kinds(c.Id))
	}
	if !find(t, app, c).Waits().IsZero() {
		t.Error("a visitor whose question is solved waits")
	}
}
