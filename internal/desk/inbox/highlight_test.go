package inbox

import (
	"strings"
	"testing"
)

func TestMark(t *testing.T) {
	for _, c := range []struct{ text, words, want string }{
		{"請問茶壺有現貨嗎", "茶壺", "請問[茶壺]有現貨嗎"},
		{"The Kettle, a kettle", "kettle", "The [Kettle], a [kettle]"},
		{"急須の蓋と急須", "急須 蓋", "[急須]の[蓋]と[急須]"},
		{"nothing here", "zeppelin", "nothing here"},
		{"100% off_er", "% _", "100[%] off[_]er"},
		{"", "x", ""},
	} {
		var got strings.Builder
		for _, p := range mark(c.text, searchWords(c.words)) {
			if p.Hit {
				got.WriteString("[" + p.Text + "]")
			} else {
				got.WriteString(p.Text)
			}
		}
		if got.String() != c.want {
			t.Errorf("mark(%q, %q) = %s, want %s", c.text, c.words, got.String(), c.want)
		}
	}
}

func TestWindow(t *testing.T) {
	long := strings.Repeat("前", 200) + "茶壺" + strings.Repeat("後", 200)
	got := window(long, []string{"茶壺"})
	if want := "…" + strings.Repeat("前", ahead) + "茶壺" + strings.Repeat("後", behind) + "…"; got != want {
		t.Errorf("window = %s", got)
	}
}
