package desk

import (
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
)

// maxFileName bounds a file's name as people read it, in characters.
const maxFileName = 150

// NameFiles keeps the uploads' names as people gave them. PocketBase stores a
// file under a name of ASCII letters, which loses every name in Chinese or
// Japanese.
func NameFiles(r *core.Record) {
	names := map[string]string{}
	for _, f := range r.GetUnsavedFiles("attachments") {
		if name := fileName(f.OriginalName); name != "" {
			names[f.Name] = name
		}
	}
	r.Set("attachment_names", names)
}

// fileName is the last element of a path of any system, without what could
// mislead about its ending: control characters and marks of direction.
func fileName(given string) string {
	given = given[strings.LastIndexAny(given, `/\\`)+1:]
	given = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, given)
	given = strings.TrimSpace(given)
	if given == "." || given == ".." {
		return ""
	}
	ext := path.Ext(given)
	if len([]rune(ext)) > 12 {
		return Clip(given, maxFileName)
	}
	return Clip(strings.TrimSuffix(given, ext), maxFileName) + ext
}

var storedSuffix = regexp.MustCompile(`_[a-zA-Z0-9]{10}$`)

// OriginalName is the name of a record's stored file as it was given; without a
// note of it, the stored name less the random part that PocketBase adds.
func OriginalName(r *core.Record, stored string) string {
	names := map[string]string{}
	_ = r.UnmarshalJSONField("attachment_names", &names)
	if name := names[stored]; name != "" {
		return name
	}
	ext := path.Ext(stored)
	return storedSuffix.ReplaceAllString(strings.TrimSuffix(stored, ext), "") + ext
}
