package hooks

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	iconRule = regexp.MustCompile(`\.ri-([a-z0-9-]+):{1,2}before\s*\{\s*content:\s*"([^"]{1,8})"`)
	fontRule = regexp.MustCompile(`@font-face\s*\{[^{}]*\}`)
	fontFile = regexp.MustCompile(`url\(["']?(?:\.\./)*(fonts/[\w./-]+\.woff2)[^)]*\)`)
	quoted   = regexp.MustCompile("[\"'`](?:ri-)?([a-z0-9]+(?:-[a-z0-9]+)*)[\"'`]")
)

// fontCSS is the style sheet of the letters, and of the icons that our modules
// name. The fonts, and which sign stands where, come from the dashboard that
// PocketBase brings along, whatever its files are called, so that both fit after
// an upgrade too. root is the way from the sheet to the server's root.
func fontCSS(dashboard, modules fs.FS, root string) []byte {
	signs, faces := dashboardFonts(dashboard, root)
	var out bytes.Buffer
	for _, f := range faces {
		out.WriteString(f + "\n")
	}
	out.WriteString("[class^=ri-],[class*=\" ri-\"]{font-family:remixicon!important;font-size:1.15em;font-style:normal;font-weight:400;-webkit-font-smoothing:antialiased}\n")
	named := iconNames(modules)
	for _, name := range slices.Sorted(maps.Keys(signs)) {
		if named[name] {
			fmt.Fprintf(&out, ".ri-%s:before{content:\"%s\"}\n", name, signs[name])
		}
	}
	return out.Bytes()
}

// dashboardFonts reads the dashboard's own style sheets: the sign of every icon
// by its name, as it stands there, and its font faces.
func dashboardFonts(dashboard fs.FS, root string) (signs map[string]string, faces []string) {
	signs = map[string]string{}
	sheets, err := fs.Glob(dashboard, "assets/*.css")
	if err != nil {
		return signs, nil
	}
	for _, name := range sheets {
		text, err := fs.ReadFile(dashboard, name)
		if err != nil {
			continue
		}
		for _, m := range iconRule.FindAllSubmatch(text, -1) {
			signs[string(m[1])] = string(m[2])
		}
		for _, f := range fontRule.FindAll(text, -1) {
			faces = append(faces, fontFile.ReplaceAllString(string(f), "url("+root+"_/$1)"))
		}
	}
	return signs, faces
}

// iconNames are all words of our modules that may name an icon.
func iconNames(modules fs.FS) map[string]bool {
	out := map[string]bool{}
	_ = fs.WalkDir(modules, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".js") {
			return err
		}
		text, err := fs.ReadFile(modules, path)
		for _, m := range quoted.FindAllSubmatch(text, -1) {
			out[string(m[1])] = true
		}
		return err
	})
	return out
}
