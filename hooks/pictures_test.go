package hooks

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// Pictures of a mail come through the server, only those that the mail has, and
// only for staff who see its case.
func TestPictures(t *testing.T) {
	s := newShop(t)
	asked := 0
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
			t.Errorf("the sender's server learns %v", r.Header)
		}
		w.Write(png())
	}))
	t.Cleanup(far.Close)
	s.Submit(map[string]any{"name": "Anna", "email": "anna@example.com", "message": "Is the blue kettle in stock again?"})
	c := s.Cases()[0]
	m := s.Add(desk.Messages, map[string]any{"case": c.Id, "direction": desk.In, "channel": desk.ChannelEmail, "body": "see",
		"html": `<p>see <img data-remote-src="` + far.URL + `/a.png"></p>`})
	gold := s.Team("Gold")
	token := func(role, team string) string {
		_, r := s.Agent(role, team)
		out, err := r.NewFileToken()
		if err != nil {
			t.Fatal(err)
		}
		return "?token=" + url.QueryEscape(out)
	}
	path := "/api/desk/messages/" + m.Id + "/picture"
	mine := token(desk.RoleAgent, "")
	if got := s.Do(http.MethodGet, path+mine+"&n=0", nil).Status; got != http.StatusNotFound || asked != 0 {
		t.Errorf("a picture inside the network: %d, asked %d times", got, asked)
	}
	s.plugin.far = safehttp.New(safehttp.Config{Allow: func(a netip.AddrPort) bool { return a.Addr().IsLoopback() }})
	if got := s.Do(http.MethodGet, path+mine+"&n=0", nil); got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/png" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the picture: %d %v", got.Status, got.Header)
	}
	s.Submit(map[string]any{"email": "tom@example.com", "message": "Do you ship the large cups to Norway?"})
	other := s.Cases()[1]
	if other.Id == c.Id {
		other = s.Cases()[0]
	}
	other.Set("team", gold)
	if err := s.App.Save(other.Record); err != nil {
		t.Fatal(err)
	}
	team := s.Add(desk.Messages, map[string]any{"case": other.Id, "direction": desk.In, "html": m.GetString("html"), "body": "see"})
	for name, try := range map[string]struct {
		path string
		want int
	}{
		"nobody":            {path + "?n=0", http.StatusUnauthorized},
		"a wrong token":     {path + "?n=0&token=x", http.StatusUnauthorized},
		"an integration":    {path + token(desk.RoleIntegration, "") + "&n=0", http.StatusForbidden},
		"no such picture":   {path + mine + "&n=1", http.StatusNotFound},
		"a negative one":    {path + mine + "&n=-1", http.StatusNotFound},
		"no number":         {path + mine, http.StatusNotFound},
		"no such message":   {"/api/desk/messages/nothing/picture" + mine + "&n=0", http.StatusNotFound},
		"another team's":    {"/api/desk/messages/" + team.Id + "/picture" + mine + "&n=0", http.StatusNotFound},
		"an admin's choice": {"/api/desk/messages/" + team.Id + "/picture" + token(desk.RoleAdmin, "") + "&n=0", http.StatusOK},
	} {
		if got := s.Do(http.MethodGet, try.path, nil).Status; got != try.want {
			t.Errorf("%s: %d, want %d", name, got, try.want)
		}
	}
	if asked != 2 {
		t.Errorf("the sender's server was asked %d times", asked)
	}
}
