package hooks

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// bindOtherAccounts lets an account elsewhere in only for somebody whom an admin
// made: PocketBase would try to make a record for a stranger, and would tie any
// account to whoever is signed in.
func (p *plugin) bindOtherAccounts() {
	p.app.OnRecordAuthWithOAuth2Request(desk.Agents).Bind(&hook.Handler[*core.RecordAuthWithOAuth2RequestEvent]{
		Id: "pocketdesk.signin.accounts",
		Func: func(e *core.RecordAuthWithOAuth2RequestEvent) error {
			e.CreateData = nil
			switch {
			case e.IsNewRecord || e.Record == nil || e.Record.GetString("role") == "":
				return e.ForbiddenError("Nobody of the staff signs in with this account.", nil)
			case linked(e):
				return e.Next()
			case e.OAuth2User.Email == "" || !strings.EqualFold(e.OAuth2User.Email, e.Record.Email()):
				// PocketBase leaves the address out that the provider has not proven
				return e.ForbiddenError("The account has another mail address than this person.", nil)
			}
			return e.Next()
		},
	})
}

// linked tells whether the account is already this person's.
func linked(e *core.RecordAuthWithOAuth2RequestEvent) bool {
	rel, err := e.App.FindFirstExternalAuthByExpr(dbx.HashExp{
		"collectionRef": e.Collection.Id, "provider": e.ProviderName, "providerId": e.OAuth2User.Id,
	})
	return err == nil && rel.RecordRef() == e.Record.Id
}
