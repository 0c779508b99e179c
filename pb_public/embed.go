// Package pb_public embeds the visitor's pages: templates, assets and texts.
//
//	templates/*.html     the pages, rendered by internal/page
//	assets/*             served under Base + "/assets/" (style sheets, modules, the worker)
//	locales/{locale}.json the pages' own texts, one flat object of strings each
//
// A folder on disk may replace single files:
//
//	r, err := page.New(page.Overlay("pb_public", pb_public.Files()))
package pb_public

import (
	"embed"
	"io/fs"
)

//go:embed templates/*.html assets locales/*.json
var files embed.FS

// Files returns the embedded tree with templates, assets and locales at its root. It is read-only.
func Files() fs.FS { return files }
