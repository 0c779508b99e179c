package hooks

import (
	"encoding/json"
	"slices"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// bindSettings checks what a shop chooses, by whatever way it is saved, and
// drops what was kept of it in memory.
func (p *plugin) bindSettings() {
	checks := map[string]func(*core.Record) validation.Errors{
		desk.SettingsID: p.checkSettings, desk.BlockRules: checkBlockRule, desk.Keywords: checkKeyword,
	}
	for id, check := range checks {
		p.app.OnRecordValidate(id).Bind(&hook.Handler[*core.RecordEvent]{
			Id: "pocketdesk.check." + id,
			Func: func(e *core.RecordEvent) error {
				if errs := check(e.Record); len(errs) > 0 {
					return errs
				}
				return e.Next()
			},
		})
	}
	p.app.OnRecordUpdate(desk.Contacts).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.blocked", Func: forgetBlocked})
	kept := []string{desk.SettingsID, desk.BlockRules, desk.Keywords, desk.Categories, desk.Forms, desk.Templates}
	forget := func(e *core.RecordEvent) error {
		desk.Forget(e.App, e.Record.Collection().Id)
		if e.Record.Collection().Id == desk.Categories {
			desk.Forget(e.App, desk.Forms) // a form holds its categories
		}
		return e.Next()
	}
	for _, id := range kept {
		p.app.OnRecordAfterCreateSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.create." + id, Func: forget})
		p.app.OnRecordAfterUpdateSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.update." + id, Func: forget})
		p.app.OnRecordAfterDeleteSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.delete." + id, Func: forget})
	}
}

// forgetBlocked drops the kept list of blocked addresses when staff change it.
func forgetBlocked(e *core.RecordEvent) error {
	changed := e.Record.GetBool("blocked") != e.Record.Original().GetBool("blocked")
	err := e.Next()
	if changed {
		if info := e.App.TxInfo(); info != nil {
			info.OnComplete(func(error) error { desk.Forget(e.App, desk.Contacts); return nil })
		} else {
			desk.Forget(e.App, desk.Contacts)
		}
	}
	return err
}

func (p *plugin) checkSettings(r *core.Record) validation.Errors {
	errs := validation.Errors{}
	if _, err := time.LoadLocation(r.GetString("timezone")); err != nil {
		errs["timezone"] = validation.NewError("timezone_unknown", "Use an IANA name such as Asia/Taipei.")
	}
	for _, name := range []string{"service_email", "reply_from"} {
		if s := r.GetString(name); s != "" {
			if _, err := mail.NormalizeAddress(s); err != nil {
				errs[name] = validation.NewError("email_invalid", "This is no mail address.")
			}
		}
	}
	if !slices.Contains(append(desk.Locales(), ""), r.GetString("locale")) {
		errs["locale"] = validation.NewError("locale_unknown", "Use zh-TW, zh-CN, ja or en.")
	}
	if n := r.GetInt("answer_hours"); n < 0 || n > 24*60 {
		errs["answer_hours"] = validation.NewError("out_of_range", "Use 1 to 1440 hours.")
	}
	for name, into := range map[string]any{
		"shop_name": &desk.Text{}, "service_hours": &desk.Text{}, "thresholds": &desk.Thresholds{},
		"limits": &desk.Limits{}, "retention": &desk.Retention{}, "llm": &desk.LLM{},
		"screening": &desk.Screening{}, "captcha": &desk.Captcha{}, "mail": &desk.Mail{}, "sms": &desk.SMS{},
		"lookup": &desk.Lookup{}, "membership": &desk.Membership{}, "telling": &desk.Telling{},
	} {
		raw := r.GetString(name)
		if raw != "" && raw != "null" && json.Unmarshal([]byte(raw), into) != nil {
			errs[name] = validation.NewError("shape", "This has not the expected form; see the field's help.")
		}
	}
	p.checkScreening(r, errs)
	p.checkCaptcha(r, errs)
	p.checkLookup(r, errs)
	checkTelling(r, errs)
	var letters desk.Mail
	if r.UnmarshalJSONField("mail", &letters) == nil && letters.KeepRawDays < 0 {
		errs["mail"] = validation.NewError("out_of_range", "Days can't be negative; 0 takes the default.")
	}
	var texts desk.SMS
	if r.UnmarshalJSONField("sms", &texts) == nil {
		if err := texting.Check(texts); err != nil {
			errs["sms"] = validation.NewError("sms_invalid", err.Error())
		}
	}
	var keep desk.Retention
	if r.UnmarshalJSONField("retention", &keep) == nil && min(keep.NetworkDays, keep.QuarantineDays, keep.TrackingDays) < 0 {
		errs["retention"] = validation.NewError("out_of_range", "Days can't be negative; 0 takes the default.")
	}
	return errs
}

func checkBlockRule(r *core.Record) validation.Errors {
	if err := spam.ValidateRule(intake.AsRule(r)); err != nil {
		return validation.Errors{"value": validation.NewError("rule_invalid", err.Error())}
	}
	return nil
}

func checkKeyword(r *core.Record) validation.Errors {
	var words []string
	if err := r.UnmarshalJSONField("words", &words); err != nil || len(words) == 0 {
		return validation.Errors{"words": validation.NewError("required", "Give a list of words.")}
	}
	if r.GetString("effect") == "priority" && !slices.Contains([]string{"low", "normal", "high", "urgent"}, r.GetString("value")) {
		return validation.Errors{"value": validation.NewError("priority_unknown", "Use low, normal, high or urgent.")}
	}
	return nil
}
