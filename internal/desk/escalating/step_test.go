package escalating_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
)

func TestParseSteps(t *testing.T) {
	s := newShop(t)
	for raw, ok := range map[string]bool{
		`[{"to":{"lead":true}}]`:                                                            true,
		`[{"after":"30m","to":{"email":"A@B.example"}}]`:                                    true,
		`[{"to":{"lead":true}},{"after":"2d","to":{"agent":"` + s.me.Id + `"},"note":"x"}]`: true,
		``: false, `[]`: false, `{}`: false, `[{"to":{}}]`: false, `[{"to":{"lead":true,"email":"a@b.example"}}]`: false,
		`[{"to":{"lead":true}},{"to":{"lead":true}}]`: false, `[{"after":"-2h","to":{"lead":true}}]`: false,
		`[{"to":{"agent":"nobody"}}]`: false, `[{"to":{"team":"none"}}]`: false, `[{"to":{"webhook":"none"}}]`: false,
		`[{"to":{"email":"nobody"}}]`: false, `[{"to":{"email":"a@b.example","locale":"xx"}}]`: false,
		`[{"to":{"lead":true},"note":"` + strings.Repeat("x", 1001) + `"}]`:                                   false,
		`[` + strings.Repeat(`{"after":"1h","to":{"lead":true}},`, 10) + `{"after":"1h","to":{"lead":true}}]`: false,
	} {
		if _, err := escalating.ParseSteps(s, []byte(raw)); (err == nil) != ok {
			t.Errorf("%.80s: %v", raw, err)
		}
	}
}
