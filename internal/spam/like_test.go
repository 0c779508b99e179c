package spam

import (
	"testing"
	"time"
)

func TestLike(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	week := 7 * 24 * time.Hour
	texts := map[string]string{
		"zh":      "您好，我上週訂購的青瓷茶壺到現在還沒有收到，請問目前的配送進度如何？訂單編號是 A-1024，麻煩您了。",
		"zh-near": "您好！我上週訂購的青瓷茶壺到現在還沒有收到，請問目前的配送進度如何？訂單編號是 A-1024，麻煩您了，謝謝。",
		"ja":      "先週注文した急須がまだ届いておりません。発送の状況を教えていただけますでしょうか。よろしくお願いいたします。",
		"en":      "Hello, the teapot that I ordered last week has not arrived yet. Could you tell me where the parcel is, please?",
	}
	r := NewRecent(0, func() time.Time { return now })
	hash := map[string]uint64{}
	for id, text := range texts {
		if hash[id], _ = SimHash(text); hash[id] == 0 {
			t.Fatalf("%s is too short", id)
		}
		r.Add(Entry{Hash: hash[id], ID: id, At: now.Add(-time.Hour)})
	}
	r.Add(Entry{Hash: hash["en"], ID: "old", At: now.Add(-8 * 24 * time.Hour)})
	r.Add(Entry{Hash: hash["en"], ID: "junk", At: now, Junk: true})
	r.Add(Entry{Hash: hash["en"], At: now})
	for id, want := range map[string][]string{"zh": {"zh", "zh-near"}, "ja": {"ja"}, "en": {"en"}} {
		var got []string
		for _, l := range r.Like(hash[id], now, week, 10) {
			got = append(got, l.ID)
		}
		if len(got) != len(want) || got[0] != want[0] || len(got) > 1 && got[1] != want[1] {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	if got := r.Like(hash["zh"], now, week, 1); len(got) != 1 {
		t.Errorf("%d of one", len(got))
	}
	if got := r.Like(0, now, week, 5); got != nil {
		t.Errorf("a text too short to be compared is like %v", got)
	}
}
