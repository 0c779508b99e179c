package mailin

import "testing"

func TestUnflow(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		delsp          bool
	}{
		{"joined", "one \ntwo\nthree", "one two\nthree", false},
		{"joined without spaces", "我上週訂的 \n商品還沒到", "我上週訂的商品還沒到", true},
		{"quotes keep their depth", "> one \n> two\n>> deep \nplain", "> one two\n>> deep \nplain", false},
		{"signature line", "text\n-- \nname", "text\n-- \nname", false},
		{"text does not flow into a signature", "text \n-- \nname", "text \n-- \nname", false},
		{"stuffed", " From here\n > no quote", "From here\n> no quote", false},
		{"end", "one ", "one ", false},
		{"empty lines", "one\n\ntwo", "one\n\ntwo", false},
	} {
		if got := unflow(c.in, c.delsp); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	m := parse(t, "Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n我上週訂的 \n商品還沒到")
	if m.Text != "我上週訂的商品還沒到" {
		t.Errorf("parsed: %q", m.Text)
	}
}
