package hooks

import (
	"mime"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// bindFiles has attachments leave as downloads only, under the names that
// people gave them.
func (p *plugin) bindFiles() {
	p.app.OnFileDownloadRequest(desk.Feedbacks, desk.Messages).Bind(&hook.Handler[*core.FileDownloadRequestEvent]{
		Id: "pocketdesk.files",
		Func: func(e *core.FileDownloadRequestEvent) error {
			asDownload(e.Response.Header(), e.Record, e.Request.PathValue("filename"))
			return e.Next()
		},
	})
}

// asDownload names the file (RFC 6266, with RFC 2231's encoding of what is not ASCII).
func asDownload(h http.Header, owner *core.Record, stored string) {
	name := desk.OriginalName(owner, stored)
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if disposition == "" {
		disposition = "attachment"
	}
	h.Set("Content-Disposition", disposition)
	h.Set("X-Content-Type-Options", "nosniff")
}
