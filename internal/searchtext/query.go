package searchtext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is read of a search.
const (
	MaxRunes = 200
	MaxTerms = 12
)

// Word is a word or phrase that was typed.
type Word struct {
	Text   string
	Phrase bool // in quotation marks: the words together, as written
}

// Filter is a name:value that was typed. Name is one of [Names].
type Filter struct {
	Name, Value string
	Typed       string // the whole as it was typed
	Not         bool
}

// Query is a search as it was typed.
type Query struct {
	Words   []Word
	Not     []Word
	Filters []Filter
	Unknown []string // typed as filters, of other programs: nothing here has that name
	Cut     bool     // more was typed than is read
}

// Parse reads what was typed: words, "phrases", -exclusions and name:value. What
// is looked for everywhere, such as phone:0912345678, is its value alone. Nothing
// is an error; a name that nobody knows is read as words.
func Parse(typed string) Query {
	var q Query
	if utf8.RuneCountInString(typed) > MaxRunes {
		typed, q.Cut = string([]rune(typed)[:MaxRunes]), true
	}
	rest := typed
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		if rest == "" {
			return q
		}
		if len(q.Words)+len(q.Not)+len(q.Filters) >= MaxTerms {
			q.Cut = true
			return q
		}
		before := rest
		not := false
		if r, size := utf8.DecodeRuneInString(rest); (r == '-' || r == '－' || r == '−') && len(rest) > size && !spaceAt(rest[size:]) {
			not, rest = true, rest[size:]
		}
		name, behind := prefix(rest)
		if name != "" {
			rest = behind
		}
		var w Word
		w, rest = piece(rest)
		switch {
		case w.Text == "":
		case name == foreign:
			q.Unknown = append(q.Unknown, strings.TrimSpace(before[:len(before)-len(rest)]))
		case name != "" && name != anywhere:
			q.Filters = append(q.Filters, Filter{name, w.Text, strings.TrimSpace(before[:len(before)-len(rest)]), not})
		case not:
			q.Not = append(q.Not, w)
		default:
			q.Words = append(q.Words, w)
		}
	}
}

func spaceAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// piece cuts a word or a quoted phrase off. A mark that is never closed quotes the rest.
func piece(s string) (Word, string) {
	open, size := utf8.DecodeRuneInString(s)
	if end := closing(open); end != "" {
		inside := s[size:]
		i := strings.IndexAny(inside, end)
		if i < 0 {
			return Word{strings.TrimSpace(inside), true}, ""
		}
		_, n := utf8.DecodeRuneInString(inside[i:])
		return Word{strings.TrimSpace(inside[:i]), true}, inside[i+n:]
	}
	i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) })
	if i < 0 {
		i = len(s)
	}
	return Word{Text: s[:i]}, s[i:]
}

func closing(open rune) string {
	switch open {
	case '"', '“', '”', '„', '＂':
		return `"“”＂`
	case '「':
		return "」"
	case '『':
		return "』"
	}
	return ""
}

// Names are the names of filters.
func Names() []string {
	return []string{"from", "to", "category", "status", "priority", "assignee", "team", "tag", "locale", "channel", "before", "after", "is", "has"}
}

// spellings are other words for the names, in small letters and hiragana.
var spellings = map[string]string{
	"寄件人": "from", "发件人": "from", "發件人": "from", "差出人": "from", "送信者": "from", "來自": "from", "来自": "from",
	"收件人": "to", "宛先": "to",
	"分類": "category", "分类": "category", "類別": "category", "类别": "category", "かてごり": "category", "かてごりー": "category",
	"狀態": "status", "状态": "status", "状態": "status", "すてーたす": "status",
	"優先": "priority", "優先順序": "priority", "優先級": "priority", "优先级": "priority", "優先度": "priority",
	"負責人": "assignee", "负责人": "assignee", "担当": "assignee", "担当者": "assignee",
	"團隊": "team", "小組": "team", "团队": "team", "小组": "team", "ちーむ": "team",
	"標籤": "tag", "标签": "tag", "たぐ": "tag",
	"語言": "locale", "语言": "locale", "言語": "locale", "language": "locale",
	"管道": "channel", "渠道": "channel", "経路": "channel",
	"之前": "before", "以前": "before", "until": "before",
	"之後": "after", "之后": "after", "以降": "after", "since": "after",
}

// What is no filter of ours: its value is looked for everywhere, or it is of some
// other program.
const (
	anywhere = "anywhere"
	foreign  = "foreign"
)

// others are names that people type because another program has them.
var others = map[string]string{
	"order": anywhere, "number": anywhere, "no": anywhere, "id": anywhere, "phone": anywhere, "tel": anywhere, "email": anywhere, "mail": anywhere, "name": anywhere, "subject": anywhere, "receipt": anywhere,
	"訂單": anywhere, "订单": anywhere, "訂單編號": anywhere, "订单号": anywhere, "電話": anywhere, "电话": anywhere, "手機": anywhere, "手机": anywhere, "信箱": anywhere, "邮箱": anywhere, "主旨": anywhere, "主题": anywhere, "姓名": anywhere,
	"注文": anywhere, "注文番号": anywhere, "電話番号": anywhere, "めーる": anywhere, "件名": anywhere, "名前": anywhere,
	"in": foreign, "label": foreign, "folder": foreign, "cc": foreign, "bcc": foreign, "type": foreign, "created": foreign, "updated": foreign, "sort": foreign, "larger": foreign, "smaller": foreign, "filename": foreign, "inbox": foreign, "brand": foreign, "group": foreign,
}

// prefix tells whether a filter's name and a colon stand at the beginning.
func prefix(s string) (name, rest string) {
	i := strings.IndexAny(s, ":：")
	if i <= 0 || i > 40 {
		return "", s
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	key := plainFolder.Fold(s[:i])
	for _, n := range Names() {
		if n == key {
			return n, s[i+size:]
		}
	}
	if n := spellings[key]; n != "" {
		return n, s[i+size:]
	}
	if n := others[key]; n != "" && !strings.HasPrefix(s[i+size:], "/") {
		return n, s[i+size:]
	}
	return "", s
}

var plainFolder = New(nil)
