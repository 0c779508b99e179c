package promise

import (
	"regexp"
	"strconv"
	"strings"
)

// match is what a rule's pattern found, by the names of its groups.
type match struct {
	text  string
	at    []int
	names []string
}

// get is what a group matched; "" where it took no part. hour2 and hour3 are
// further places for an hour: the first that took part counts.
func (m match) get(name string) string {
	for i, n := range m.names {
		if strings.TrimRight(n, "23") == name && m.at[2*i] >= 0 && m.at[2*i] < m.at[2*i+1] {
			return m.text[m.at[2*i]:m.at[2*i+1]]
		}
	}
	return ""
}

func (m match) has(name string) bool { return m.get(name) != "" }

// before and after are what stands beside the match, clipped.
func (m match) before() string { return m.text[max(0, m.at[0]-48):m.at[0]] }
func (m match) after() string  { return m.text[m.at[1]:min(len(m.text), m.at[1]+48)] }

// num is a number in digits, in Chinese numerals or as an English word; -1 where
// it is none.
func (m match) num(name string) int { return number(m.get(name)) }

var englishNumbers = map[string]int{
	"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
}

// number reads "5", "五", "十四", "二十五", and of "兩三" (two or three) the later.
func number(s string) int {
	s = strings.TrimSpace(s)
	if n, ok := englishNumbers[s]; ok {
		return n
	}
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	total, unit := 0, -1
	for _, r := range s {
		v := numeral(r)
		switch {
		case v < 0:
			return -1
		case v == 10:
			total, unit = max(unit, 1)*10, -1
		default:
			unit = v
		}
	}
	if s == "" {
		return -1
	}
	return total + max(unit, 0)
}

func numeral(r rune) int {
	switch r {
	case '〇', '零':
		return 0
	case '兩', '两':
		return 2
	case '十':
		return 10
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return i/3 + 1
	}
	return -1
}

// Parts of patterns.
const (
	cjkNum  = `\d{1,3}|[一二三四五六七八九十兩两]{1,3}`
	engNum  = `\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty`
	within  = `之內|之内|以內|以内|內|内`
	before  = `之前|以前|前|為止|为止|までに|まで|迄に|迄`
	during  = `中に|中`
	cjkHour = `(?P<part>上午|早上|中午|正午|下午|傍晚|晚上|晚間|晚间|午前中|午前|午後|午后|夕方|夜)?\s*の?\s*(?:(?:(?P<hour>` + cjkNum + `)\s*(?:點鐘|点钟|點|点|時|时)\s*(?:(?P<half>半)|(?P<min>\d{1,2})\s*分)?)|(?P<hour2>\d{1,2}):(?P<min2>\d{2}))?`
	// of English; a number alone is no time
	engHour = `(?:,?\s*(?:at\s+|by\s+|before\s+|,\s*)?(?:(?P<hour>\d{1,2})(?::(?P<min>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)|(?P<hour2>\d{1,2}):(?P<min2>\d{2})|(?P<part>noon|midday|in the morning|in the afternoon|in the evening|morning|afternoon|evening|night|end of (?:the )?(?:business )?day|close of business|eod|cob)))?`
	engBy   = `(?P<by>by|before|until|till|not? later than|latest by|at the latest)\s+`
)

func pattern(parts ...string) *regexp.Regexp { return regexp.MustCompile(strings.Join(parts, "")) }
