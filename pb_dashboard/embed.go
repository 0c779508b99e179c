// Package pb_dashboard holds the Desk: PocketDesk's extension of PocketBase's
// dashboard, as plain ES modules that need no build step. Serve it under the
// name that its modules expect:
//
//	e.UIExtensions = append(e.UIExtensions, core.UIExtension{
//		Name: pb_dashboard.Name, FS: pb_dashboard.FS(),
//	})
//
// PocketBase runs main.js at load; everything else is imported when a Desk
// route is opened. The files are public, so they hold no secret.
package pb_dashboard

import (
	"embed"
	"io/fs"
)

// Name is the extension's name, and the folder under /_/extensions/ from which
// the dashboard fetches its files.
const Name = "pocketdesk"

//go:embed main.js start.js adapter.js style.css css desk lib locales screening settings
var files embed.FS

// FS returns the Desk's files with main.js at the root.
func FS() fs.FS { return files }
