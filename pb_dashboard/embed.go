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
	"maps"
	"path"
	"regexp"
	"slices"
)

// Name is the extension's name, and the folder under /_/extensions/ from which
// the dashboard fetches its files.
const Name = "pocketdesk"

//go:embed main.js start.js adapter.js style.css css desk lib locales screening settings staff
var files embed.FS

// FS returns the Desk's files with main.js at the root, modules and styles minified.
// It keeps what it has minified: make it once.
func FS() fs.FS { return &minified{FS: files} }

// Written returns the same files as they are written, for whoever works on them.
func Written() fs.FS { return files }

// FirstLook names the modules that the queue and a case are made of, for a page
// that wants to ask for them all at once: what these import at their head, and
// what that imports; more are modules of that page. Words are not among them,
// since they differ by language.
func FirstLook(more ...string) []string {
	seen := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		if seen[name] {
			return
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return
		}
		seen[name] = true
		for _, m := range imported.FindAllSubmatch(text, -1) {
			walk(path.Join(path.Dir(name), string(m[1])))
		}
	}
	for _, name := range append([]string{"start.js", "desk/page.js", "desk/case.js"}, more...) {
		walk(name)
	}
	return slices.Sorted(maps.Keys(seen))
}

// imported finds what a module imports at its head.
var imported = regexp.MustCompile(`(?m)^(?:import|export) (?:[^;"]* from )?"(\.[^"]+)";`)
