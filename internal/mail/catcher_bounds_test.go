package mail

import (
	"fmt"
	"testing"
)

// TestCatcherIsBounded looks inside, since so many bytes over a socket take long.
func TestCatcherIsBounded(t *testing.T) {
	tests := []struct {
		name       string
		size, sent int
		kept       int
	}{
		{"by number", 10, maxCaught + 3, maxCaught},
		{"by bytes", 9 << 20, 9, maxCaughtBytes / (9 << 20)},
		{"not at all", 10, 5, 5},
	}
	for _, tt := range tests {
		c, err := NewCatcher()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		raw := make([]byte, tt.size)
		for i := range tt.sent {
			c.keep(Caught{To: []string{fmt.Sprint(i)}, Raw: raw})
		}
		got, err := c.Wait(t.Context(), tt.sent)
		if err != nil || len(got) != tt.kept || got[0].To[0] != fmt.Sprint(tt.sent-tt.kept) || got[len(got)-1].To[0] != fmt.Sprint(tt.sent-1) || got[len(got)-1].Number != tt.sent {
			t.Errorf("%s: %d of %d mails kept, %v", tt.name, len(got), tt.sent, err)
		}
	}
}
