package imapbox

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestMain makes sure that no connection, however it ended, left the client's reader behind.
func TestMain(m *testing.M) {
	code := m.Run()
	stacks := make([]byte, 4<<20)
	for late := time.Now().Add(20 * time.Second); code == 0; runtime.Gosched() {
		now := stacks[:runtime.Stack(stacks, true)]
		if !bytes.Contains(now, []byte("imapclient.(*Client).read(")) {
			break
		}
		if time.Now().After(late) {
			fmt.Printf("readers are left:\n%s\n", now)
			code = 1
		}
	}
	os.Exit(code)
}
