package desk_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func TestOutranks(t *testing.T) {
	order := [][]string{{""}, {"llm"}, {"model"}, {"rule", "keyword"}, {"visitor"}, {"staff"}}
	for i, lower := range order {
		for j, higher := range order {
			for _, a := range higher {
				for _, b := range lower {
					want := j > i || a == "staff"
					if got := desk.Outranks(a, b); got != want {
						t.Errorf("Outranks(%q, %q) = %v", a, b, got)
					}
				}
			}
		}
	}
}
