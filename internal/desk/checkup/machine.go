package checkup

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/doctor"
)

// Room below which the disk is a worry: SQLite needs some to write at all, and
// a day's files fill the rest.
const (
	diskFull = 200 << 20
	diskLow  = 1 << 30
)

func (c *Checkup) disk(context.Context, *desk.Settings) []doctor.Finding {
	if c.Disk == nil {
		return nil
	}
	free := c.Disk()
	room := fmt.Sprintf("%.1f GB", float64(free)/(1<<30))
	switch {
	case free == 0:
		return nil // can't be told on this system
	case free < diskFull:
		return one("disk", doctor.Fail, "disk_full", "free", room)
	case free < diskLow:
		return one("disk", doctor.Warn, "disk_low", "free", room)
	}
	return one("disk", doctor.OK, "disk_ok", "free", room)
}

func (c *Checkup) clock(ctx context.Context, _ *desk.Settings) []doctor.Finding {
	return []doctor.Finding{doctor.Clock(ctx, c.TimeServer, time.Now)}
}

// zone warns of a shop that forgot its own: times in mails would be London's.
func (c *Checkup) zone(_ context.Context, s *desk.Settings) []doctor.Finding {
	zone := s.Location.String()
	if zone == "UTC" {
		return one("zone", doctor.Warn, "zone_utc")
	}
	return one("zone", doctor.OK, "zone_ok", "zone", zone)
}

// holidays warns before the years of which public holidays are known are over.
func (c *Checkup) holidays(_ context.Context, s *desk.Settings) []doctor.Finding {
	countries, err := desk.HolidayCountries(c.App, s)
	if err != nil {
		return one("holidays", doctor.Fail, "holidays_failed", "reason", err.Error())
	}
	var out []doctor.Finding
	for _, country := range countries {
		if _, last := calendar.KnownYears(country); calendar.Ending(country, desk.Now(c.App)) {
			out = append(out, one("holidays", doctor.Warn, "holidays_end", "country", country, "year", strconv.Itoa(last))...)
		}
	}
	return out
}

// publicURL asks for the address that mails bear, as a visitor would.
func (c *Checkup) publicURL(ctx context.Context, _ *desk.Settings) []doctor.Finding {
	address := strings.TrimRight(c.App.Settings().Meta.AppURL, "/")
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return one("url", doctor.Fail, "url_missing")
	}
	if here(u.Hostname()) {
		return one("url", doctor.Warn, "url_local", "url", address)
	}
	if err := c.ask(ctx, address+"/api/health"); err != nil {
		return one("url", doctor.Fail, "url_failed", "url", address, "reason", err.Error())
	}
	if u.Scheme != "https" {
		return one("url", doctor.Warn, "url_http", "url", address)
	}
	return one("url", doctor.OK, "url_ok", "url", address)
}

func (c *Checkup) ask(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := c.Client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var health struct{ Code int }
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&health); err != nil || health.Code != http.StatusOK {
		return fmt.Errorf("something else than this desk answers there (%s)", resp.Status)
	}
	return nil
}

// here tells whether a host can't be reached by visitors.
func here(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") ||
		err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast())
}

func (c *Checkup) llm(context.Context, *desk.Settings) []doctor.Finding {
	if c.LLM == nil {
		return nil
	}
	switch c.LLM() {
	case "on":
		return one("llm", doctor.OK, "llm_on")
	case "open":
		return one("llm", doctor.Warn, "llm_open")
	}
	return one("llm", doctor.Off, "llm_off")
}

func (c *Checkup) captcha(_ context.Context, s *desk.Settings) []doctor.Finding {
	if c.Captcha == nil {
		return nil
	}
	provider := s.Captcha.Provider
	switch c.Captcha() {
	case "on":
		return one("captcha", doctor.OK, "captcha_on", "provider", provider)
	case "no_secret":
		return one("captcha", doctor.Fail, "captcha_no_secret", "provider", provider)
	case "faulty":
		return one("captcha", doctor.Fail, "captcha_faulty", "provider", provider)
	case "down":
		return one("captcha", doctor.Warn, "captcha_down", "provider", provider)
	}
	return one("captcha", doctor.Off, "captcha_off")
}

// texts looks at the gateway's settings; only a text that is sent, and paid,
// would show more.
func (c *Checkup) texts(_ context.Context, s *desk.Settings) []doctor.Finding {
	switch desk.SMSWhy(c.App) {
	case "":
		return one("sms", doctor.OK, "sms_on", "host", s.SMS.Host())
	case "no_url":
		return one("sms", doctor.Fail, "sms_no_url")
	case "no_secret":
		return one("sms", doctor.Fail, "sms_no_secret")
	}
	return one("sms", doctor.Off, "sms_off")
}
