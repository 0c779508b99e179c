package searching_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

// ready waits until the index is filled.
func ready(t *testing.T, app *desktest.App) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for range look.C {
		s, err := app.Search.Look()
		if err != nil {
			t.Fatal(err)
		}
		if s.State == "ready" {
			return
		}
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// search asks and gives the numbers of the cases in order.
func search(t *testing.T, app *desktest.App, agent *desk.Agent, text string) []int {
	t.Helper()
	return numbersOf(t, app, ask(t, app, searching.Question{Agent: agent, Text: text, Limit: 100}))
}

func ask(t *testing.T, app *desktest.App, q searching.Question) *searching.Answer {
	t.Helper()
	a, err := app.Search.Find(context.Background(), q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	if a.TimedOut {
		t.Fatalf("%q took too long", q.Text)
	}
	return a
}

func numbersOf(t *testing.T, app *desktest.App, a *searching.Answer) []int {
	t.Helper()
	out := []int{}
	for _, f := range a.Items {
		out = append(out, app.Find(desk.Cases, f.Case).GetInt("number"))
	}
	return out
}

// whole says whether the index has all records and is sound.
func whole(t *testing.T, app *desktest.App) {
	t.Helper()
	r, err := app.Search.Check()
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK {
		t.Errorf("the index is not in step: %+v", r)
	}
}

func sorted(n []int) []int {
	n = slices.Clone(n)
	slices.Sort(n)
	return n
}

// shown is a hit as text, the words in brackets.
func shown(h searching.Hit) string {
	var b strings.Builder
	for _, p := range h.Parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}
