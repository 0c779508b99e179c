package mailin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	m := parse(t, "From: =?utf-8?B?6Zmz5reR6Iqs?= <c@example.com>\nTo: a@example.com, B <b@example.com>\nSubject: <&> x\nDate: Tue, 5 Mar 2024 09:02:03 +0800\nMessage-ID: <1@a>\nIn-Reply-To: <0@a>\nReferences: <0@a>\n"+
		mixed("mixed", "\n\nhello", "Content-Disposition: attachment; filename=a.pdf\nContent-Type: application/pdf\n\nPDF"))
	var out bytes.Buffer
	if err := Inspect(&out, "a.eml", m, nil); err != nil {
		t.Fatal(err)
	}
	want := `{"file":"a.eml","subject":"<&> x","from":[{"name":"陳淑芬","addr":"c@example.com"}],"to":[{"name":"","addr":"a@example.com"},{"name":"B","addr":"b@example.com"}],` +
		`"cc":[],"reply_to":[],"date":"2024-03-05T09:02:03+08:00","message_id":"<1@a>","in_reply_to":"<0@a>","references":["<0@a>"],"text":"hello","html":"","reply":"hello",` +
		`"attachments":[{"name":"a.pdf","type":"application/pdf","size":3,"inline":false}],"auto":false,"auto_why":"","bounce":{"kind":"none","recipients":[]},"errors":[]}` + "\n"
	if got := out.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestInspectFailure makes sure that every key is there when nothing else is.
func TestInspectFailure(t *testing.T) {
	empty, err := Parse(context.Background(), nil)
	for _, c := range []struct {
		m   *Mail
		err error
	}{{nil, errors.New("no such file")}, {empty, err}} {
		var out bytes.Buffer
		if err := Inspect(&out, "x", c.m, c.err); err != nil {
			t.Fatal(err)
		}
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		for _, key := range strings.Fields("file subject from to date message_id in_reply_to references text html reply attachments auto auto_why bounce errors") {
			if v, ok := line[key]; !ok || v == nil {
				t.Errorf("%v: key %q is missing or null", c.err, key)
			}
		}
		if list, _ := line["errors"].([]any); len(list) == 0 || strings.Count(out.String(), c.err.Error()) != 1 {
			t.Errorf("errors: %s", out.String())
		}
	}
}
