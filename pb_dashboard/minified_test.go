package pb_dashboard

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// exported names what a module gives, as another reads it.
func exported(t *testing.T, name, text string) []string {
	t.Helper()
	out := api.Build(api.BuildOptions{
		Stdin:    &api.StdinOptions{Contents: text, Sourcefile: name, Loader: api.LoaderJS},
		Format:   api.FormatESModule,
		Target:   api.ESNext,
		Metafile: true, Outfile: "out.js",
	})
	if len(out.Errors) > 0 {
		t.Fatalf("%s: %s", name, out.Errors[0].Text)
	}
	var meta struct {
		Outputs map[string]struct{ Exports []string }
	}
	if err := json.Unmarshal([]byte(out.Metafile), &meta); err != nil {
		t.Fatal(err)
	}
	for _, o := range meta.Outputs {
		slices.Sort(o.Exports)
		return o.Exports
	}
	t.Fatalf("%s gives nothing", name)
	return nil
}

// What is served is the same module in fewer bytes, and says its true size.
func TestServedModules(t *testing.T) {
	served := FS()
	for name, text := range sources(t) {
		body, err := fs.ReadFile(served, name)
		if err != nil {
			t.Fatal(err)
		}
		info, err := fs.Stat(served, name)
		if err != nil || info.Size() != int64(len(body)) {
			t.Errorf("%s: %v", name, err)
		}
		_, ours := loaderOf(name)
		switch {
		case !ours && string(body) != text:
			t.Errorf("%s is changed", name)
		case ours && len(text) > 100 && len(body) >= len(text):
			t.Errorf("%s has %d bytes and is served with %d", name, len(text), len(body))
		case ours && path.Ext(name) == ".js":
			if a, b := exported(t, name, text), exported(t, name, string(body)); !slices.Equal(a, b) {
				t.Errorf("%s exports %v and is served with %v", name, a, b)
			}
		}
	}
}

func TestMinify(t *testing.T) {
	for in, want := range map[string]string{
		"// why\nawait words(\"held\");\nexport const go = (longName) => import(\"./a.js\").then((m) => m.go(longName));\n": "await words(\"held\");export const go=o=>import(\"./a.js\").then(t=>t.go(o));\n",
		"export default { \"a.b\": \"案件　を  開く\" };\n":                                                                       "export default{\"a.b\":\"案件　を  開く\"};\n",
		"this is { no module": "this is { no module",
	} {
		if got := string(minify([]byte(in), api.LoaderJS)); got != want {
			t.Errorf("%s\nbecomes %s\nnot     %s", in, got, want)
		}
	}
}

// Many ask at once when a page opens: all get the same.
func TestMinifiedOnce(t *testing.T) {
	served := FS()
	var all sync.WaitGroup
	bodies := make([]string, 8)
	for i := range bodies {
		all.Go(func() {
			b, err := fs.ReadFile(served, "desk/page.js")
			if err != nil {
				t.Error(err)
			}
			bodies[i] = string(b)
		})
	}
	all.Wait()
	if slices.ContainsFunc(bodies, func(b string) bool { return b != bodies[0] || !strings.Contains(b, "deskPage") }) {
		t.Error("not all got the same module")
	}
}
