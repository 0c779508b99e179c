package desk_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestCachedUntilForgotten(t *testing.T) {
	app := desktest.New(t)
	loads := map[string]int{}
	get := func(as string) int {
		n, err := desk.Cached(app, desk.Teams, as, func(core.App) (int, error) { loads[as]++; return loads[as], nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if get("a") != 1 || get("b") != 1 || get("a") != 1 || get("b") != 1 {
		t.Errorf("loaded again without need: %v", loads)
	}
	desk.Forget(app, desk.Forms)
	if get("a") != 1 {
		t.Error("another collection's change dropped it")
	}
	desk.Forget(app, desk.Teams)
	if get("a") != 2 || get("b") != 2 {
		t.Errorf("kept after a change: %v", loads)
	}
}

// A change that comes while the old rows are being read must not leave them in
// memory for good.
func TestCachedChangedWhileLoading(t *testing.T) {
	app := desktest.New(t)
	first := true
	load := func(core.App) (string, error) {
		if first {
			first = false
			desk.Forget(app, desk.Teams)
			return "old", nil
		}
		return "new", nil
	}
	for range 2 {
		if _, err := desk.Cached(app, desk.Teams, "x", load); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := desk.Cached(app, desk.Teams, "x", load); got != "new" {
		t.Errorf("kept %q", got)
	}
}
