package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"
)

type asset struct {
	body []byte
	kind string
}

// kinds are the files that may be served; the system's own table differs by machine.
func kinds() map[string]string {
	return map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon"}
}

// loadAssets reads the files of assets/. The version covers all of them, since one module imports
// another with the version it was itself loaded with.
func loadAssets(fsys fs.FS) (map[string]asset, string, error) {
	entries, err := fs.ReadDir(fsys, "assets")
	if errors.Is(err, fs.ErrNotExist) {
		entries = nil
	} else if err != nil {
		return nil, "", fmt.Errorf("list assets: %w", err)
	}
	all, sum := map[string]asset{}, sha256.New()
	for _, entry := range entries {
		kind, ok := kinds()[path.Ext(entry.Name())]
		if entry.IsDir() || !ok {
			continue
		}
		body, err := readFile(fsys, "assets/"+entry.Name())
		if err != nil {
			return nil, "", err
		}
		body = withoutComments(body)
		all[entry.Name()] = asset{body, kind}
		fmt.Fprintf(sum, "%s %d\n%s", entry.Name(), len(body), body)
	}
	return all, hex.EncodeToString(sum.Sum(nil))[:12], nil
}

// withoutComments leaves out the lines of a script or style sheet that hold only a comment: visitors load
// every byte, and read none of them.
func withoutComments(body []byte) []byte {
	var out []byte
	for _, line := range bytes.SplitAfter(body, []byte("\n")) {
		text := bytes.TrimSpace(line)
		whole := bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*")) && bytes.HasSuffix(text, []byte("*/"))
		if !whole {
			out = append(out, line...)
		}
	}
	return out
}

// Assets serves the files of assets/ by the last element of the request's path, so that it can be
// mounted at Base + "/assets/" as it is. With the current version (?v=) a file may be kept for a year; without, or
// with another, it is checked each time. Unknown names are answered with 404.
func (r *Renderer) Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		file, ok := r.assets[path.Base(req.URL.Path)]
		if !ok {
			http.NotFound(w, req)
			return
		}
		h := w.Header()
		h.Set("Content-Type", file.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		// A worker and an SVG that is opened by itself obey the policy of their own answer.
		h.Set("Content-Security-Policy", policy)
		h.Set("Etag", `"`+r.version+`"`)
		h.Set("Cache-Control", "no-cache")
		if req.URL.Query().Get("v") == r.version {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(file.body))
	})
}
