package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// SettingsRecord is the id of the only record of desk_settings.
const SettingsRecord = "desk_settings00"

// Settings are the shop's choices, with the defaults filled in.
type Settings struct {
	ShopName     Text
	Locale       string
	Location     *time.Location
	ServiceEmail string
	ServicePhone string
	ServiceHours Text
	ReplyFrom    string
	AckEnabled   bool
	AnswerHours  int                // working-day hours until the promised answer; 48
	Calendar     *calendar.Calendar // when the shop is open

	Thresholds Thresholds
	Limits     Limits
	Retention  Retention
	LLM        LLM
	Screening  Screening
	Captcha    Captcha
	Mail       Mail
	SMS        SMS
	Lookup     Lookup
	Membership Membership
	Telling    Telling
	Assignment Assignment // of cases without a team
	Topics     Topics
}

// Thresholds are points of the screening's score.
type Thresholds struct {
	Quarantine float64 `json:"quarantine"`
	Block      float64 `json:"block"`
}

// Limits bound what a visitor may send. 0 takes the default, a negative number lifts the limit.
type Limits struct {
	IPHour       int   `json:"ip_hour"`       // submissions of one network address an hour; 60
	EmailHour    int   `json:"email_hour"`    // submissions under one mail address an hour; 20
	OverallHour  int   `json:"overall_hour"`  // beyond it, every message gets a mild signal; 100000
	AckDay       int   `json:"ack_day"`       // acknowledgements to one address a day; 3
	QuarantineMB int64 `json:"quarantine_mb"` // files that wait in quarantine; 500
}

// Retention says after how many days something is removed.
type Retention struct {
	NetworkDays    int `json:"network_days"`    // IP addresses, user agents and digests of senders; 30
	QuarantineDays int `json:"quarantine_days"` // held and blocked submissions, from staff's decision if there was one; 30
	TrackingDays   int `json:"tracking_days"`   // links to tracking pages, from the last activity on the case; 365
}

// LLM are the choices for the optional language model. Its address and key come
// from the environment alone: whoever may change the address could have the key sent to it.
type LLM struct {
	Enabled     *bool  `json:"enabled"` // nil is true
	Model       string `json:"model"`
	DailyBudget int    `json:"daily_budget"`
	Concurrent  int    `json:"concurrent"`
}

// AnswerBy is by when an answer is promised to what comes at a time: 24 of the
// answer's hours are one working day, what is left counts in open hours.
func (s *Settings) AnswerBy(at time.Time) time.Time { return s.answerIn(s.Calendar, at) }

// answerIn is AnswerBy by other hours than the shop's.
func (s *Settings) answerIn(hours *calendar.Calendar, at time.Time) time.Time {
	by := hours.After(at, calendar.Amount{N: s.AnswerHours / 24, Unit: calendar.Days})
	return hours.Add(by, time.Duration(s.AnswerHours%24)*time.Hour)
}

// FirstDue is when staff should answer a case opened at a time: sooner for what
// is urgent, so that a queue in order of dues is also one in order of importance.
// The parts are those of the open time until the promised answer.
func (s *Settings) FirstDue(at time.Time, priority string) time.Time {
	by := s.AnswerBy(at)
	if priority == "low" {
		return s.Calendar.Add(by, s.Calendar.Between(at, by))
	}
	return s.usualDue(s.Calendar, at, priority)
}

// usualDue is FirstDue by other hours than the shop's, and never later than the
// visitor was promised: of that somebody is warned.
func (s *Settings) usualDue(hours *calendar.Calendar, at time.Time, priority string) time.Time {
	by := s.answerIn(hours, at)
	whole := hours.Between(at, by)
	switch priority {
	case "urgent":
		return hours.Add(at, whole/12)
	case "high":
		return hours.Add(at, whole/3)
	}
	return by
}

// LoadSettings reads the settings, kept until they change.
func LoadSettings(app core.App) (*Settings, error) {
	return Cached(app, SettingsID, "settings", readSettings)
}

func readSettings(app core.App) (*Settings, error) {
	r, err := app.FindRecordById(SettingsID, SettingsRecord)
	if err != nil {
		return nil, err
	}
	s := &Settings{
		Locale:       r.GetString("locale"),
		ServiceEmail: r.GetString("service_email"),
		ServicePhone: r.GetString("service_phone"),
		ReplyFrom:    r.GetString("reply_from"),
		AckEnabled:   r.GetBool("ack_enabled"),
		AnswerHours:  r.GetInt("answer_hours"),
	}
	// a field that holds something else than its shape counts as empty: the
	// line must not stop because of a slip in the settings
	_ = r.UnmarshalJSONField("shop_name", &s.ShopName)
	_ = r.UnmarshalJSONField("service_hours", &s.ServiceHours)
	_ = r.UnmarshalJSONField("thresholds", &s.Thresholds)
	_ = r.UnmarshalJSONField("limits", &s.Limits)
	_ = r.UnmarshalJSONField("retention", &s.Retention)
	_ = r.UnmarshalJSONField("llm", &s.LLM)
	_ = r.UnmarshalJSONField("screening", &s.Screening)
	_ = r.UnmarshalJSONField("captcha", &s.Captcha)
	_ = r.UnmarshalJSONField("mail", &s.Mail)
	_ = r.UnmarshalJSONField("sms", &s.SMS)
	_ = r.UnmarshalJSONField("lookup", &s.Lookup)
	_ = r.UnmarshalJSONField("membership", &s.Membership)
	_ = r.UnmarshalJSONField("telling", &s.Telling)
	_ = r.UnmarshalJSONField("assignment", &s.Assignment)
	_ = r.UnmarshalJSONField("topics", &s.Topics)
	s.Location, err = time.LoadLocation(r.GetString("timezone"))
	if err != nil || r.GetString("timezone") == "" {
		s.Location = time.UTC
	}
	if s.Calendar, err = readCalendar(app, r.GetString("calendar"), s.Location); err != nil {
		return nil, err
	}
	s.fillDefaults()
	return s, nil
}

func (s *Settings) fillDefaults() {
	if s.Locale == "" {
		s.Locale = "en"
	}
	orInt(&s.AnswerHours, 48)
	orInt(&s.Limits.IPHour, 60)
	orInt(&s.Limits.EmailHour, 20)
	orInt(&s.Limits.OverallHour, 100_000)
	orInt(&s.Limits.AckDay, 3)
	if s.Limits.QuarantineMB == 0 {
		s.Limits.QuarantineMB = 500
	}
	orInt(&s.Retention.NetworkDays, 30)
	orInt(&s.Retention.QuarantineDays, 30)
	orInt(&s.Retention.TrackingDays, 365)
	s.fillScreening()
	s.Mail.fill()
	s.SMS.fill()
	s.Lookup.fill()
	s.Telling.fill()
	s.Topics.fill()
}

func orInt(n *int, def int) {
	if *n == 0 {
		*n = def
	}
}
