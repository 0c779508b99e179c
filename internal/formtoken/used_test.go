package formtoken

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestUsed(t *testing.T) {
	clk := &clock{start}
	u := NewUsed(100)
	u.Now = clk.now
	end := start.Add(time.Hour)
	if !u.Take("a", end) || !u.Take("b", end) {
		t.Error("the first use was refused")
	}
	if u.Take("a", end) {
		t.Error("the second use was let through")
	}
	if u.Take("a", end.Add(time.Hour)) {
		t.Error("a later end made a used nonce new")
	}
	clk.t = end.Add(-time.Second)
	if u.Take("b", end) {
		t.Error("forgotten before its end")
	}
	clk.t = end
	if !u.Take("c", end.Add(time.Hour)) || u.Len() != 1 {
		t.Errorf("%d remembered, want the expired dropped and 1 left", u.Len())
	}
	if !u.Take("old", end.Add(-time.Hour)) || u.Len() != 1 {
		t.Error("an expired nonce was kept")
	}
}

func TestUsedIsBounded(t *testing.T) {
	clk := &clock{start}
	u := NewUsed(50)
	u.Now = clk.now
	for i := range 5000 {
		u.Take(fmt.Sprint(i)+strings.Repeat("x", 2000), start.Add(time.Hour+time.Duration(i)*time.Second))
	}
	if u.Len() != 50 || len(u.taken) != 50 {
		t.Fatalf("%d in order and %d taken, want 50", u.Len(), len(u.taken))
	}
	if u.Take("4999"+strings.Repeat("x", 2000), start.Add(9*time.Hour)) {
		t.Error("the newest was forgotten")
	}
	if !u.Take("0"+strings.Repeat("x", 2000), start.Add(9*time.Hour)) {
		t.Error("the one that expires first was kept in a full memory")
	}
	tiny := NewUsed(-1)
	if !tiny.Take("a", time.Now().Add(time.Hour)) || tiny.Take("a", time.Now().Add(time.Hour)) {
		t.Error("a memory for one does not hold one")
	}
}

func TestUsedTakesOnceAtOnce(t *testing.T) {
	u := NewUsed(1000)
	end := time.Now().Add(time.Hour)
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range 200 {
				if u.Take(fmt.Sprint(i), end) {
					won.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if won.Load() != 200 {
		t.Errorf("200 nonces were taken %d times", won.Load())
	}
}
