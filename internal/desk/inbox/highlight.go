package inbox

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Part is a piece of a snippet; Hit marks the words that were looked for.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// How many characters a snippet shows before and behind its first hit: a list
// cuts its rows short, and the hit must still be seen.
const (
	ahead  = 14
	behind = 100
)

// highlight replaces the rows' snippets by the place where a message bears the
// words, and marks them there.
func highlight(app core.App, rows []Row, search string) error {
	words := searchWords(search)
	if len(rows) == 0 || len(words) == 0 {
		return nil
	}
	at, ids := map[string]*Row{}, make([]any, len(rows))
	for i := range rows {
		ids[i], at[rows[i].ID] = rows[i].ID, &rows[i]
		rows[i].Parts = mark(rows[i].Snippet, words)
	}
	likes := make([]dbx.Expression, len(words))
	for i, w := range words {
		key := "h" + strconv.Itoa(i)
		likes[i] = dbx.NewExp("[[body]] LIKE {:"+key+"} ESCAPE '\\'", dbx.Params{key: "%" + escapeLike.Replace(w) + "%"})
	}
	var found []struct {
		Case string `db:"case"`
		Body string `db:"body"`
	}
	err := app.DB().Select("case", "body").From(desk.Name(app, desk.Messages)).
		Where(dbx.In("case", ids...)).AndWhere(dbx.NewExp("[[channel]] != 'system'")).AndWhere(dbx.Or(likes...)).OrderBy("created", "rowid").All(&found)
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for _, f := range found {
		if row := at[f.Case]; !done[f.Case] {
			done[f.Case] = true
			row.Snippet = window(desk.OneLine(f.Body), words)
			row.Parts = mark(row.Snippet, words)
		}
	}
	return nil
}

// searchWords are the words of a search, five at most.
func searchWords(search string) []string {
	words := strings.Fields(search)
	return words[:min(len(words), 5)]
}

// window cuts a text to the surroundings of its first hit.
func window(text string, words []string) string {
	start, end := firstHit(text, words)
	if start < 0 {
		return desk.Clip(text, ahead+behind)
	}
	from, to := start, end
	for range ahead {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	for range behind {
		_, size := utf8.DecodeRuneInString(text[to:])
		to += size
	}
	out := text[from:to]
	if from > 0 {
		out = "…" + out
	}
	if to < len(text) {
		out += "…"
	}
	return out
}

// mark parts a text at its hits.
func mark(text string, words []string) []Part {
	var parts []Part
	for text != "" {
		start, end := firstHit(text, words)
		if start < 0 {
			return append(parts, Part{Text: text})
		}
		if start > 0 {
			parts = append(parts, Part{Text: text[:start]})
		}
		parts = append(parts, Part{Text: text[start:end], Hit: true})
		text = text[end:]
	}
	return parts
}

// firstHit finds the words as SQL's LIKE does: capitals of A to Z make no difference.
func firstHit(text string, words []string) (start, end int) {
	start = -1
	low := asciiLower(text)
	for _, w := range words {
		if i := strings.Index(low, asciiLower(w)); w != "" && i >= 0 && (start < 0 || i < start) {
			start, end = i, i+len(w)
		}
	}
	return start, end
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
