package inbound_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
)

// Very many mails at once: what is held in memory is bounded, nothing is lost,
// nothing comes twice, and each case keeps its order. POCKETDESK_MANY=1 makes
// it 10,000 mails.
func TestManyAtOnce(t *testing.T) {
	const doors, cases = 8, 48 // a case's mails come by one door
	n := 960
	switch {
	case os.Getenv("POCKETDESK_MANY") == "1":
		n = 10_032
	case testing.Short(), underRace:
		n = 192
	}
	app := desktest.New(t)
	var list []*desk.Case
	for i := range cases {
		list = append(list, app.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i), "message": fmt.Sprintf("A question of visitor %d about cups", i)}))
	}
	before := heap()
	most := before
	app.OnRecordAfterUpdateSuccess(desk.InboundMails).BindFunc(sampling(&most))
	app.Mail.Start()
	defer app.Mail.Stop()
	ballast := slices.Repeat([]byte("> It is a long story, and here is all of it once more.\n"), 100)
	var wg sync.WaitGroup
	for door := range doors {
		wg.Go(func() {
			for i := door; i < n; i += doors {
				raw := desktest.Letter(word(i)+"\n\nOn Mon, Nov 16, 2026 at 9:00 AM Shop <desk@shop.example> wrote:\n"+string(ballast),
					head{"To": desktest.AnswerTo(list[i%cases]), "From": fmt.Sprintf("v%d@example.com", i%cases), "Return-Path": "", "Message-ID": fmt.Sprintf("<%d@mailer.example>", i)})
				for range 1 + i%2 { // every other mail is brought twice
					if _, _, err := app.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: raw}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	drain(t, app.Mail)
	for at, c := range list {
		var got, want []string
		for i := at; i < n; i += cases {
			want = append(want, word(i))
		}
		for _, m := range incoming(app, c) {
			got = append(got, m.Body())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("case %d: %d messages begin with %.20q; came as %q", c.Number(), len(got), got, want)
		}
	}
	if grown := (int64(most) - int64(before)) >> 20; grown > 200 {
		t.Errorf("the heap grew by %d MB", grown)
	} else {
		t.Logf("%d mails; the heap grew by %d MB", n, grown)
	}
}

func word(i int) string { return fmt.Sprintf("word %d", i) }

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// sampling looks at the heap at every 32nd mail.
func sampling(most *uint64) func(*core.RecordEvent) error {
	var mu sync.Mutex
	n := 0
	return func(e *core.RecordEvent) error {
		mu.Lock()
		if n++; n%32 == 0 {
			*most = max(*most, heap())
		}
		mu.Unlock()
		return e.Next()
	}
}
