package llm

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

const full = `{"language":"ja","category":"a","priority":"low","sentiment":"positive","spam":0,"summary":"感謝の連絡です。","reason":"お礼のみ。"}`

func TestParseAnswer(t *testing.T) {
	with := func(field, value string) string {
		from := strings.Index(full, `"`+field+`":`) + len(field) + 3
		to := from + strings.IndexAny(full[from:], ",}")
		return full[:from] + value + full[to:]
	}
	for name, tt := range map[string]struct {
		content string
		keys    []string
		wrong   string // named by the error; "" for none
	}{
		"as asked":          {full, []string{"a", "b"}, ""},
		"bounds of spam":    {with("spam", "1"), []string{"a"}, ""},
		"fence":             {"```\n" + full + "\n```", []string{"a"}, ""},
		"fence, named":      {" ```json\r\n" + full + "```\n", []string{"a"}, ""},
		"fence, one line":   {"```" + full + "```", []string{"a"}, ""},
		"thoughts":          {"<think>{a?}</think>\n" + full, []string{"a"}, ""},
		"endless thoughts":  {"<think>" + full, []string{"a"}, "empty"},
		"no categories":     {full, nil, ""},
		"unknown category":  {full, []string{"b"}, "category"},
		"category by case":  {with("category", `"A"`), []string{"a"}, "category"},
		"empty category":    {with("category", `""`), []string{"a"}, "category"},
		"priority":          {with("priority", `"Low"`), nil, "priority"},
		"sentiment":         {with("sentiment", `"angry"`), nil, "sentiment"},
		"spam above":        {with("spam", "1.01"), nil, "spam"},
		"spam below":        {with("spam", "-0.1"), nil, "spam"},
		"spam missing":      {with("spam", "null"), nil, "spam"},
		"spam as text":      {with("spam", `"0.5"`), nil, "spam has the wrong type"},
		"spam too large":    {with("spam", "1e999"), nil, "spam"},
		"no language":       {with("language", `""`), nil, "language"},
		"language in words": {with("language", `"Japanese please"`), nil, "language"},
		"private language":  {with("language", `"x-ja"`), nil, "language"},
		"undetermined":      {with("language", `"und"`), nil, "language"},
		"empty summary":     {with("summary", `" \n"`), nil, "summary"},
		"long summary":      {with("summary", `"`+strings.Repeat("字", 301)+`"`), nil, "summary"},
		"longest summary":   {with("summary", `"`+strings.Repeat("字", 300)+`"`), nil, ""},
		"long reason":       {with("reason", `"`+strings.Repeat("x", 301)+`"`), nil, "reason"},
		"no reason":         {`{"language":"ja","priority":"low","sentiment":"neutral","spam":0,"summary":"x"}`, nil, "reason"},
		"two objects":       {full + full, nil, "JSON object"},
		"array":             {"[" + full + "]", nil, "JSON object"},
		"null":              {"null", nil, "language"},
		"nothing":           {" ", nil, "empty"},
		"words":             {"Sure! " + full, nil, "JSON object"},
	} {
		s, err := parseAnswer(tt.content, tt.keys)
		switch {
		case tt.wrong == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.wrong == "" && (s.Language != "ja" || s.Summary == "" || (s.Category == "a") != (tt.keys != nil)):
			t.Errorf("%s: %+v", name, s)
		case tt.wrong != "" && (!errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), tt.wrong)):
			t.Errorf("%s: got %v, want one that names %q", name, err, tt.wrong)
		}
	}
}

func TestAnswerIsOneCleanLine(t *testing.T) {
	s, err := parseAnswer(strings.Replace(full, "感謝の連絡です。", `a\u0000 b\n\tc\u202e\u200bd`, 1), nil)
	if err != nil || s.Summary != "a b cd" {
		t.Errorf("got %q, %v", s.Summary, err)
	}
}

func TestVisitorText(t *testing.T) {
	const m = "data-MARK"
	if got := visitorText("x data-data-MARKMARK y"+m, maxText, m); strings.Contains(got, m) {
		t.Errorf("the marker is left: %q", got)
	}
	p, err := newPrompt(Input{Subject: strings.Repeat("題", 1000), Text: strings.Repeat("字", 100_000)}, m)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(p.data, "字"); got != maxText {
		t.Errorf("%d characters of text", got)
	}
	if got := strings.Count(p.data, "題"); got != maxSubject {
		t.Errorf("%d characters of subject", got)
	}
	// What the cut would have split was masked before.
	edge := strings.Repeat("字", maxText-5) + " wang@example.com"
	if got := visitorText(edge, maxText, m); strings.Contains(got, "wang") {
		t.Errorf("half an address is left: %q", got[len(got)-20:])
	}
	if got := visitorText("a\xffb", maxText, m); !utf8.ValidString(got) {
		t.Errorf("not UTF-8: %q", got)
	}
}

func TestTagOf(t *testing.T) {
	for in, want := range map[string]string{
		"zh_TW": "zh-TW", "zh-Hant-TW": "zh-Hant-TW", "JA": "ja", "en-x-ignore-rules": "en",
		"": "", "und": "", "not a tag": "", "x-private": "", strings.Repeat("a", 99): "",
	} {
		if got := tagOf(in); got != want {
			t.Errorf("tagOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzParseAnswer(f *testing.F) {
	f.Add(full)
	f.Add("```json\n" + full + "\n```")
	f.Add("<think></think>{\"spam\":1e400}")
	f.Fuzz(func(t *testing.T, content string) {
		s, err := parseAnswer(content, []string{"a"})
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%q: %v", content, err)
			}
			return
		}
		if s.Category != "a" || s.Spam < 0 || s.Spam > 1 || s.Language == "" || s.Summary == "" ||
			utf8.RuneCountInString(s.Summary) > maxLine || strings.ContainsAny(s.Summary+s.Reason, "\n\x00") {
			t.Errorf("%q: %+v", content, s)
		}
	})
}
