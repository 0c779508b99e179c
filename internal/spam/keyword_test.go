package spam

import (
	"fmt"
	"strings"
	"testing"
)

func TestKeywords(t *testing.T) {
	tests := []struct {
		text   string
		topics string // of the signals, in order
	}{
		{"We offer SEO services and quality backlinks to rank higher", "seo"},
		{"I would like to publish a guest post on your blog, dofollow", "seo guest-posts"},
		{"Ｏｎｌｉｎｅ　Ｃａｓｉｎｏ bonus", "gambling"},
		{"buy v\u200biagra without prescription", "pharmacy"},
		{"Mrs Sloane wants an invoice for order 5", ""},
		{"代 開 發 票，點數優惠", "invoices"},
		{"代开各类发票 加微信", "invoices chat-bait"},
		{"請問可以開發票嗎？要打統編", ""},
		{"可以加LINE客服詢問嗎", ""},
		{"加賴 輕鬆賺錢 日入過千", "chat-bait jobs"},
		{"請問如何加盟貴品牌，有加盟手冊嗎", ""},
		{"六合彩內幕報碼", "gambling"},
		{"副業で月収100万", "jobs"},
		{"公式LINEの友だち追加クーポンが使えません", ""},
		{"スーパーコピー時計 n級品", "replicas"},
		{"本日入荷の商品はまだありますか", ""},
	}
	check := checkKeywords()
	for _, tt := range tests {
		var topics []string
		for _, s := range check(Message{Text: tt.text}) {
			topics = append(topics, fmt.Sprint(s.Data["topic"]))
		}
		if got := strings.Join(topics, " "); got != tt.topics {
			t.Errorf("%q: topics %q, want %q", tt.text, got, tt.topics)
		}
	}
}

func TestKeywordsAreBounded(t *testing.T) {
	var all []string
	list, err := parseKeywords(keywordList)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range list {
		for _, part := range k.parts {
			all = append(all, part[0])
		}
	}
	v := Screen(Input{Message: Message{Text: strings.Join(all, " ")}, Checks: []Check{checkKeywords()}})
	if v.Score != wordsMost || v.Outcome != Quarantined {
		t.Errorf("all keywords at once: %s with %v, want quarantined with %v", v.Outcome, v.Score, wordsMost)
	}
	for _, s := range v.Signals {
		if s.Weight <= 0 || s.Weight > topicMost {
			t.Errorf("topic %v weighs %v", s.Data["topic"], s.Weight)
		}
	}
}

// Every entry must be found by the words that it lists, and none of its parts
// alone when it has several.
func TestKeywordEntries(t *testing.T) {
	list, err := parseKeywords(keywordList)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range list {
		var words []string
		for _, part := range k.parts {
			words = append(words, part[len(part)-1])
		}
		if _, ok := k.find(Fold(strings.Join(words, ", "))); !ok {
			t.Errorf("%s: %q is not found", k.topic, words)
		}
		if apart := words[0] + strings.Repeat(" .", near) + strings.Join(words[1:], ", "); len(words) > 1 {
			if found, ok := k.find(apart); ok && !k.rest(words[0]) {
				t.Errorf("%s: %q is found although its parts are far apart", k.topic, found)
			}
		}
	}
}

func TestIndexWord(t *testing.T) {
	tests := []struct {
		text, word string
		want       int
	}{
		{"a loan now", "loan", 2},
		{"sloane", "loan", -1},
		{"sloane loan", "loan", 7},
		{"加line群", "line", 3},
		{"加line群", "加line", 0},
		{"加lineage", "加line", -1},
		{"漢字漢", "字", 3},
		{"loan", "loan", 0},
		{"", "loan", -1},
	}
	for _, tt := range tests {
		if got := indexWord(tt.text, tt.word, 0); got != tt.want {
			t.Errorf("indexWord(%q, %q) = %d, want %d", tt.text, tt.word, got, tt.want)
		}
	}
}

func TestParseKeywords(t *testing.T) {
	list, err := parseKeywords("# comment\n\ntopic 1.5 Ａ b|c d & e\n")
	if err != nil || len(list) != 1 || fmt.Sprint(list[0]) != "{topic 1.5 [[a b c d] [e]]}" {
		t.Errorf("got %v, %v", list, err)
	}
	for _, bad := range []string{"topic", "topic x word", "topic -1 word", "topic 99 word", "topic NaN word", "topic 1 a", "topic 1 word|", "topic 1 word & "} {
		if list, err := parseKeywords(bad); err == nil {
			t.Errorf("%q was read as %v", bad, list)
		}
	}
}
