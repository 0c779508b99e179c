package desk_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestSMSHost(t *testing.T) {
	for url, want := range map[string]string{
		"https://Gateway.example/send?a={{ text | url_encode }}": "gateway.example",
		"https://gateway.example:9600/":                          "gateway.example:9600",
		"https://gateway.example":                                "gateway.example",
		"https://gateway.example?to={{ to | url_encode }}":       "gateway.example",
		"https://gateway.example{{ to }}/":                       "",
		"https://gateway.example:{{ to }}/":                      "",
		"https://{{ secret }}/":                                  "",
		"{% if to %}https://a.example/{% endif %}":               "",
		"": "",
	} {
		if got := (desk.SMS{URL: url}).Host(); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}

// A gateway that wants a secret is off until it has one; a field that is merely
// called user wants none.
func TestSMSWhy(t *testing.T) {
	app := desktest.New(t)
	is := func(name, want string) {
		t.Helper()
		if got := desk.SMSWhy(app); got != want || desk.SMSOn(app) != (want == "") {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	is("fresh", desk.SMSOff)
	app.UseGateway("", nil)
	is("no address", desk.SMSNoURL)
	app.UseGateway("https://gateway.example/?user=x&password=y", nil)
	is("no secret wanted", "")
	for name, v := range map[string]desktest.Values{
		"in the body":     {"body": "u={{ user | url_encode }}"},
		"in a header":     {"headers": map[string]string{"A": "Basic {{secret|base64}}"}},
		"in a condition":  {"body": "{% if password %}x{% endif %}"},
		"by a second one": {"body": `{{ text | append: secret | url_encode }}`},
	} {
		app.UseGateway("https://gateway.example/", v)
		is(name, desk.SMSNoSecret)
	}
	if err := desk.SetSecret(app, desk.SecretSMS, "a:b"); err != nil {
		t.Fatal(err)
	}
	is("with one", "")
	app.UseGateway("https://gateway.example/", desktest.Values{"enabled": false})
	is("switched off", desk.SMSOff)
}

func TestRegion(t *testing.T) {
	for zone, want := range map[string]string{"Asia/Taipei": "TW", "Asia/Tokyo": "JP", "Asia/Shanghai": "CN", "UTC": "JP"} {
		at, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := (&desk.Settings{Location: at, Locale: "ja"}).Region(); got != want {
			t.Errorf("%s: %s", zone, got)
		}
	}
}
