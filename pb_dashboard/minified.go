package pb_dashboard

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// minified is a file system whose modules and styles leave without comments,
// blanks and long local names: half of their bytes. Each is minified when it is
// asked for first, and kept. A module stays a module: nothing is bundled, and what
// it imports and exports keeps its name.
type minified struct {
	fs.FS
	kept sync.Map // name -> []byte; bounded, since the files are embedded
}

func (m *minified) Open(name string) (fs.File, error) {
	f, err := m.FS.Open(name)
	loader, ours := loaderOf(name)
	if err != nil || !ours {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, known := m.kept.Load(name)
	if !known {
		written, err := io.ReadAll(f)
		if err != nil {
			return nil, err
		}
		text, _ = m.kept.LoadOrStore(name, minify(written, loader))
	}
	body := text.([]byte)
	return &module{bytes.NewReader(body), moduleInfo{info, int64(len(body))}}, nil
}

// loaderOf tells how a file is read, and whether it is minified at all. PocketBase
// puts main.js into a function of its own, so that one leaves as it is written.
func loaderOf(name string) (api.Loader, bool) {
	switch {
	case name == "main.js":
		return api.LoaderNone, false
	case path.Ext(name) == ".js":
		return api.LoaderJS, true
	case path.Ext(name) == ".css":
		return api.LoaderCSS, true
	}
	return api.LoaderNone, false
}

// minify gives the text as it is written where it cannot be read: a browser then
// tells what is wrong with it.
func minify(text []byte, loader api.Loader) []byte {
	out := api.Transform(string(text), api.TransformOptions{
		Loader: loader, Target: api.ESNext, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
	})
	if len(out.Errors) > 0 {
		return text
	}
	return out.Code
}

// module is an open file; its reader seeks, as http.ServeContent asks.
type module struct {
	*bytes.Reader
	info moduleInfo
}

func (m *module) Stat() (fs.FileInfo, error) { return m.info, nil }
func (m *module) Close() error               { return nil }

type moduleInfo struct {
	fs.FileInfo
	size int64
}

func (i moduleInfo) Size() int64 { return i.size }
