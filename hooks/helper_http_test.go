package hooks

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// reply is an HTTP answer, read whole.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON is the body as an object; nil where it is none.
func (r reply) JSON() map[string]any {
	var m map[string]any
	_ = json.Unmarshal(r.Body, &m)
	return m
}

// Do sends a request. headers are pairs of name and value; a name of "Host"
// would be ignored by the client, as in any browser.
func (s *shop) Do(method, path string, body io.Reader, headers ...string) reply {
	s.t.Helper()
	a, err := s.try(method, path, body, headers...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// try is Do for other goroutines than the test's, which must not end it.
func (s *shop) try(method, path string, body io.Reader, headers ...string) (reply, error) {
	req, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, b}, err
}

func (s *shop) send(method, path string, body any, headers []string) (int, map[string]any) {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
		headers = append([]string{"Content-Type", "application/json"}, headers...)
	}
	answer := s.Do(method, path, r, headers...)
	return answer.Status, answer.JSON()
}

// Post sends body as JSON; headers are pairs, such as "Authorization", token.
func (s *shop) Post(path string, body any, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodPost, path, body, headers)
}

func (s *shop) Patch(path string, body any, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodPatch, path, body, headers)
}

func (s *shop) Get(path string, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodGet, path, nil, headers)
}

func (s *shop) Delete(path string, headers ...string) (int, map[string]any) {
	s.t.Helper()
	return s.send(http.MethodDelete, path, nil, headers)
}

// upload is one file of a multipart form.
type upload struct {
	Field string // attachments
	Name  string
	Type  string // what the sender says it is; default application/octet-stream
	Body  []byte
}

// form builds a multipart body. A value may be a string or a list of strings.
func form(fields map[string]any, files ...upload) (body []byte, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, v := range fields {
		switch v := v.(type) {
		case string:
			_ = w.WriteField(name, v)
		case []string:
			for _, one := range v {
				_ = w.WriteField(name, one)
			}
		default:
			raw, _ := json.Marshal(v)
			_ = w.WriteField(name, string(raw))
		}
	}
	for _, f := range files {
		if f.Field == "" {
			f.Field = "attachments"
		}
		if f.Type == "" {
			f.Type = "application/octet-stream"
		}
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", multipart.FileContentDisposition(f.Field, f.Name))
		h.Set("Content-Type", f.Type)
		part, _ := w.CreatePart(h)
		_, _ = part.Write(f.Body)
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// Multipart posts fields and files as a browser's form does.
func (s *shop) Multipart(path string, fields map[string]any, files []upload, headers ...string) reply {
	s.t.Helper()
	body, contentType := form(fields, files...)
	return s.Do(http.MethodPost, path, bytes.NewReader(body), append([]string{"Content-Type", contentType}, headers...)...)
}

// png is a picture of one pixel.
func png() []byte {
	return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
		"\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x04\x00\x09\xfb\x03\xfd\xe3U\xf2\x9c\x00\x00\x00\x00IEND\xaeB`\x82")
}

// counts is how many records there are of every collection and how many files
// lie in storage: what must not change when something is refused.
func (s *shop) counts() map[string]int {
	s.t.Helper()
	all, err := s.App.FindAllCollections()
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[string]int{}
	for _, c := range all {
		if c.Id == desk.Places { // readers note by themselves where they begin
			continue
		}
		n, err := s.App.CountRecords(c.Id)
		if err != nil {
			s.t.Fatal(err)
		}
		out[c.Name] = int(n)
	}
	out["files"] = len(s.stored())
	return out
}

// stored are the files in storage, without PocketBase's attribute files.
func (s *shop) stored() []string {
	s.t.Helper()
	var out []string
	root := filepath.Join(s.App.DataDir(), core.LocalStorageDirName)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".attrs") {
			out = append(out, path)
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
	return out
}
