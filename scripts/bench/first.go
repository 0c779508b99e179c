package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// firstCommand starts a binary on a migrated folder and tells how long it took
// to its first answer, and how much memory it holds when idle.
func firstCommand() *cobra.Command {
	return &cobra.Command{
		Use: "first BINARY FOLDER", Short: "Start to first answer, idle memory", Args: cobra.ExactArgs(2), SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			took, rss, err := first(args[0], args[1])
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(map[string]any{"first_answer_ms": took.Milliseconds(), "idle_rss": rss})
		},
	}
}

func first(binary, folder string) (time.Duration, string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, "", err
	}
	addr := listener.Addr().String()
	listener.Close()
	server := exec.Command(binary, "serve", "--http="+addr, "--dir="+folder)
	begin := time.Now()
	if err := server.Start(); err != nil {
		return 0, "", err
	}
	defer func() { _ = errors.Join(server.Process.Kill(), server.Wait()) }()
	for time.Since(begin) < 20*time.Second {
		resp, err := http.Get("http://" + addr + "/")
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		took := time.Since(begin)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return 0, "", fmt.Errorf("GET /: %s", resp.Status)
		}
		time.Sleep(3 * time.Second) // what a start takes is given back by then
		return took, residentSize(server.Process.Pid), nil
	}
	return 0, "", errors.New("no answer within 20 s")
}

// residentSize reads VmRSS where /proc has it.
func residentSize(pid int) string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
