package desk_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

func TestScreeningSettings(t *testing.T) {
	app := desktest.New(t)
	for name, c := range map[string]struct {
		screening, captcha any
		ok                 func(s *desk.Settings) bool
	}{
		"nothing chosen": {nil, nil, func(s *desk.Settings) bool {
			return s.Screening.Pitch == "low" && s.Screening.AsksMX() && !s.Screening.MembersOnly && !s.Screening.ConfirmEmail &&
				s.Screening.AtHome("TW") && !s.Screening.AtHome("JP") && s.Captcha.Provider == "pow" && s.Captcha.MinScore == 0.5 && !s.Captcha.On()
		}},
		"chosen": {
			map[string]any{"signals_off": []string{"links", "no-such-thing", "rule"}, "pitch": "quarantine", "mx": false, "home_countries": []string{"jp"}},
			map[string]any{"provider": "turnstile", "site_key": "k", "min_score": 0.7, "hosts": []string{"shop.example"}},
			func(s *desk.Settings) bool {
				return s.Screening.Off["links"] && len(s.Screening.Off) == 1 && s.Screening.Pitch == "quarantine" && !s.Screening.AsksMX() &&
					s.Screening.AtHome("JP") && s.Captcha.On() && s.Captcha.SiteKey == "k" && s.Captcha.MinScore == 0.7 && len(s.Captcha.Hosts) == 1
			},
		},
		"a slip": {
			map[string]any{"pitch": "loud", "members_only": true}, "turnstile",
			func(s *desk.Settings) bool {
				return s.Screening.Pitch == "low" && s.Screening.MembersOnly && !s.Captcha.On()
			},
		},
	} {
		app.Choose(desktest.Values{"screening": c.screening, "captcha": c.captcha})
		s, err := desk.LoadSettings(app)
		if err != nil {
			t.Fatal(err)
		}
		if !c.ok(s) {
			t.Errorf("%s: %+v, %+v", name, s.Screening, s.Captcha)
		}
	}
}

// The defaults are those of screening, for everybody who asks; the zero value of
// a choice is no provider.
func TestScreeningDefaults(t *testing.T) {
	if (desk.Captcha{}).On() {
		t.Error("no choice is a provider")
	}
	app := desktest.New(t)
	usual := desk.Thresholds(spam.Thresholds{}.OrDefault())
	for _, c := range []struct {
		chosen any
		want   desk.Thresholds
	}{{nil, usual}, {map[string]any{"quarantine": 7}, desk.Thresholds{Quarantine: 7, Block: usual.Block}}, {map[string]any{"quarantine": -1, "block": 0}, usual}} {
		app.Choose(desktest.Values{"thresholds": c.chosen})
		s, err := desk.LoadSettings(app)
		if err != nil || s.Thresholds != c.want {
			t.Errorf("%v: %+v, %v", c.chosen, s.Thresholds, err)
		}
	}
}
