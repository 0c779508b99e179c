package hooks

import (
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// How often an address may try to sign in as staff within signInWindow:
// PocketBase's own limits are off by default. A shop behind one address has more
// than one member of staff.
const (
	signInWindow  = 10 * time.Minute
	signInAsOne   = 10 // as the same person
	signInAtAll   = 60
	signInCodes   = 30                             // codes by mail; PocketBase bounds those of one person
	signInRetryIn = signInWindow + signInWindow/16 // the counter forgets in steps
)

// bindSignIn bounds the attempts to sign in with a password or to have a mail
// sent for it. What is refused is refused before anybody looks whether such a
// person exists. PocketBase bounds attempts at a code itself.
func (p *plugin) bindSignIn() {
	p.app.OnRecordAuthWithPasswordRequest(desk.Agents).Bind(&hook.Handler[*core.RecordAuthWithPasswordRequestEvent]{
		Id: "pocketdesk.signin.password",
		Func: func(e *core.RecordAuthWithPasswordRequestEvent) error {
			if err := p.countSignIn(e.RequestEvent, e.Identity); err != nil {
				return err
			}
			return e.Next()
		},
	})
	p.app.OnRecordRequestOTPRequest(desk.Agents).Bind(&hook.Handler[*core.RecordCreateOTPRequestEvent]{
		Id: "pocketdesk.signin.otp",
		Func: func(e *core.RecordCreateOTPRequestEvent) error {
			// by address alone: a count by person would tell who exists
			if from := trackFrom(e.RequestEvent); from != "" && p.signIns != nil && p.signIns.Add("otp "+from) > signInCodes {
				return tooManySignIns(e.RequestEvent)
			}
			return e.Next()
		},
	})
}

// countSignIn counts an attempt and answers 429 when there were too many. Behind
// a proxy that nobody told PocketBase of, all share one address: then only the
// person counts.
func (p *plugin) countSignIn(e *core.RequestEvent, identity string) error {
	if p.signIns == nil {
		return nil
	}
	from := trackFrom(e)
	tries := p.signIns.Add("password " + from + " " + strings.ToLower(strings.TrimSpace(identity)))
	if tries > signInAsOne || from != "" && p.signIns.Add("password "+from) > signInAtAll {
		return tooManySignIns(e)
	}
	return nil
}

func tooManySignIns(e *core.RequestEvent) error {
	e.Response.Header().Set("Retry-After", strconv.Itoa(int(signInRetryIn.Seconds())))
	return e.TooManyRequestsError("Too many attempts. Wait ten minutes.", nil)
}
