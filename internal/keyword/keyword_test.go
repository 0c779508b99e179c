package keyword

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	set := Compile([]Row{
		{ID: "legal", Words: []string{"律師", "sue", "my lawyer", "弁護士"}, Effect: "priority", Value: "urgent"},
		{ID: "bulk", Words: []string{"大量訂購", "Bulk order"}, Effect: "category", Value: "bulk"},
		{ID: "blank", Words: []string{"", "  "}, Effect: "tag", Value: "never"},
	}, strings.ToLower)
	for _, c := range []struct {
		text string
		want string // id:word, comma-separated
	}{
		{"我會請律師處理", "legal:律師"},
		{"弁護士に相談します", "legal:弁護士"},
		{"I will SUE you.", "legal:sue"},
		{"I have an issue with tissue; then I sue", "legal:sue"},
		{"an issue, pursued", ""},
		{"we plan a bulk ORDER; ask my lawyer", "legal:my lawyer,bulk:Bulk order"},
		{"", ""},
	} {
		var got []string
		for _, h := range set.Match(c.text) {
			got = append(got, h.Row.ID+":"+h.Word)
		}
		if s := strings.Join(got, ","); s != c.want {
			t.Errorf("Match(%q) = %q, want %q", c.text, s, c.want)
		}
	}
}
