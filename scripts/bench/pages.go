package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// pagesCommand asks a server on a filled folder for what the Desk's screens
// ask, and prints the times.
func pagesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "pages URL", Short: "Times the Desk's lists on a filled folder", Args: cobra.ExactArgs(1), SilenceUsage: true,
		RunE: func(_ *cobra.Command, args []string) error { return pages(args[0]) },
	}
}

// signed is somebody who is signed in.
type signed struct{ base, token, name string }

func pages(base string) error {
	root, err := signIn(base, "_superusers", admin, "superuser")
	if err != nil {
		return err
	}
	one, err := signIn(base, "agents", agent, "agent")
	if err != nil {
		return err
	}
	for _, who := range []signed{root, one} {
		for _, queue := range []string{"open", "mine", "unassigned", "waiting", "follow_up", "done", "all"} {
			if err := who.time("list "+queue, "/api/desk/cases?queue="+queue); err != nil {
				return err
			}
		}
		cursor, err := who.turn("/api/desk/cases?queue=open", 99)
		if err != nil {
			return err
		}
		if err := who.time("list open, page 100", "/api/desk/cases?queue=open&cursor="+cursor); err != nil {
			return err
		}
		if err := who.time("counts of all queues", "/api/desk/queues"); err != nil {
			return err
		}
	}
	var list struct{ Items []struct{ ID string } }
	if err := root.get("/api/desk/cases?queue=done", &list); err != nil {
		return err
	}
	for _, ask := range [][2]string{
		{"case view", "/api/desk/cases/" + list.Items[0].ID}, {"quarantine", "/api/desk/quarantine"}, {"outbox", "/api/desk/outbox"},
		{"search: number", "/api/desk/search?q=%23500"}, {"search: order number", "/api/desk/search?q=A-500"},
		{"search: mail address", "/api/desk/search?q=visitor500@mail200.example"}, {"search: phone", "/api/desk/search?q=0900000500"},
		{"search: words, found", "/api/desk/search?q=" + url.QueryEscape("西屯區")}, {"search: words, not there", "/api/desk/search?q=nowhere"},
		{"filter that finds little", "/api/desk/cases?queue=done&locale=ja"},
	} {
		if err := root.time(ask[0], ask[1]); err != nil {
			return err
		}
	}
	return nil
}

func signIn(base, collection, email, name string) (signed, error) {
	body, _ := json.Marshal(map[string]string{"identity": email, "password": password})
	resp, err := http.Post(base+"/api/collections/"+collection+"/auth-with-password", "application/json", bytes.NewReader(body))
	if err != nil {
		return signed{}, err
	}
	defer resp.Body.Close()
	var auth struct{ Token string }
	if err := json.NewDecoder(resp.Body).Decode(&auth); err != nil || auth.Token == "" {
		return signed{}, fmt.Errorf("sign in as %s: %s %v", email, resp.Status, err)
	}
	return signed{base, auth.Token, name}, nil
}

func (s signed) get(path string, into any) error {
	r, err := http.NewRequest(http.MethodGet, s.base+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", s.token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s %v %s", path, resp.Status, err, raw)
	}
	return json.Unmarshal(raw, into)
}

// time asks eleven times and prints the first, the median and the slowest of the rest.
func (s signed) time(what, path string) error {
	var took []time.Duration
	for range 11 {
		begin := time.Now()
		if err := s.get(path, &map[string]any{}); err != nil {
			return err
		}
		took = append(took, time.Since(begin))
	}
	first := took[0]
	slices.Sort(took[1:])
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Printf("%-26s %-10s first %8.1f ms   median %8.1f ms   slowest %8.1f ms\n", what, s.name, ms(first), ms(took[6]), ms(took[10]))
	return nil
}

// turn follows a list's cursor over some pages.
func (s signed) turn(path string, times int) (cursor string, err error) {
	for range times {
		var page struct{ Next string }
		if err := s.get(path+"&cursor="+cursor, &page); err != nil {
			return "", err
		}
		if page.Next == "" {
			return cursor, nil
		}
		cursor = page.Next
	}
	return cursor, nil
}
