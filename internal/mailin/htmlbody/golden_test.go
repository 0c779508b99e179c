package htmlbody

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample is one mail of testdata: a file holds several, each as
//
//	%%% name
//	<p>the body</p>
//	%%% reply
//	the new words
type sample struct{ file, name, body, reply string }

func samples(t testing.TB) []sample {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	var all []sample
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split("\n"+string(raw), "\n%%% ")
		for k := 1; k+1 < len(parts); k += 2 {
			name, body, _ := strings.Cut(parts[k], "\n")
			head, reply, _ := strings.Cut(parts[k+1], "\n")
			if head != "reply" {
				t.Fatalf("%s: %q stands where a reply should", file, head)
			}
			all = append(all, sample{filepath.Base(file), name, body, strings.TrimSpace(reply)})
		}
	}
	return all
}

// TestReply reads bodies as the mail programs of this world write them.
func TestReply(t *testing.T) {
	all := samples(t)
	if len(all) < 60 {
		t.Errorf("only %d samples", len(all))
	}
	for _, s := range all {
		t.Run(s.file+"/"+s.name, func(t *testing.T) {
			got, quoted := Reply(s.body)
			if got != s.reply {
				t.Errorf("reply\n%s\n--- want\n%s\n--- quoted\n%s", got, s.reply, quoted)
			}
			if strings.Contains(s.body, "QUOTED") && !strings.Contains(quoted, "QUOTED") {
				t.Errorf("the rest lost the quote: %s", quoted)
			}
			fresh, _ := Split(s.body)
			if strings.Contains(fresh, "QUOTED") && !strings.Contains(s.reply, "QUOTED") {
				t.Errorf("the new part holds the quote: %s", fresh)
			}
			shown := squeeze(Text(Clean(fresh)))
			for _, line := range strings.Split(s.reply, "\n") {
				if !strings.Contains(shown, squeeze(strings.TrimPrefix(line, "> "))) {
					t.Errorf("cleaned, the new part lost %q: %s", line, shown)
				}
			}
		})
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
