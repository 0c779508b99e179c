package hooks

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// Bounds of what is posted to a tracking page. What is larger is read on and
// thrown away, up to a whole: a browser that is cut off while it sends shows no
// answer at all, and the visitor's words would be gone.
const (
	maxTrackField = 128 << 10 // 20,000 characters, with room to say that it is too much
	maxTrackFile  = 10 << 20
	maxTrackParts = 20
	maxTrackWhole = 256 << 20
)

// posted is what came from a tracking page, as far as it could be read.
type posted struct {
	fields map[string]string
	files  []*filesystem.File
	errors map[string]string
	dir    string // of the files, while the request lasts
}

func (f *posted) close() {
	if f.dir != "" {
		_ = os.RemoveAll(f.dir)
	}
}

// readPosted reads a form of either encoding, part by part: a file that is too
// large must not cost the words beside it.
func readPosted(req *http.Request) *posted {
	f := &posted{fields: map[string]string{}, errors: map[string]string{}}
	req.Body = http.MaxBytesReader(nil, req.Body, maxTrackWhole)
	parts, err := req.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		req.Body = http.MaxBytesReader(nil, req.Body, 4*maxTrackField)
		if err = req.ParseForm(); err == nil {
			for name := range req.PostForm {
				f.fields[name] = req.PostForm.Get(name)
			}
			return f
		}
	}
	for n := 0; err == nil && n < maxTrackParts; n++ {
		var part *multipart.Part
		if part, err = parts.NextPart(); err == nil {
			err = f.take(part)
		}
	}
	var large *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, io.EOF):
	case errors.As(err, &large):
		f.errors["attachments"] = "file_size"
	default:
		f.errors[""] = "network"
	}
	return f
}

func (f *posted) take(part *multipart.Part) error {
	defer part.Close()
	name := part.FormName()
	if name != "attachments" {
		b, err := io.ReadAll(io.LimitReader(part, maxTrackField))
		f.fields[name] = string(b)
		if err == nil {
			_, err = io.Copy(io.Discard, part)
		}
		return err
	}
	if part.FileName() == "" { // an input without a file
		_, err := io.Copy(io.Discard, part)
		return err
	}
	if len(f.files) >= tracking.MaxFiles {
		f.errors["attachments"] = "file_count"
		_, err := io.Copy(io.Discard, part)
		return err
	}
	return f.keep(part)
}

// keep writes an upload to a temporary file. A broken one is left out.
func (f *posted) keep(part *multipart.Part) error {
	if f.dir == "" {
		dir, err := os.MkdirTemp("", "pocketdesk_track_*")
		if err != nil {
			return err
		}
		f.dir = dir
	}
	out, err := os.CreateTemp(f.dir, "*")
	if err != nil {
		return err
	}
	defer out.Close()
	size, err := io.Copy(out, io.LimitReader(part, maxTrackFile+1))
	if err != nil {
		return err
	}
	switch {
	case size > maxTrackFile:
		f.errors["attachments"] = "file_size"
		_, err = io.Copy(io.Discard, part)
		return err
	case size == 0:
		f.errors["attachments"] = "invalid"
		return nil
	}
	file, err := named(out, part.FileName())
	if err == nil {
		file.Size = size
		f.files = append(f.files, file)
	}
	return err
}

// named is a file under the name that its sender gave it.
func named(out *os.File, name string) (*filesystem.File, error) {
	head := make([]byte, 4096)
	n, err := out.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	file, err := filesystem.NewFileFromBytes(head[:n], name)
	if err != nil {
		return nil, err
	}
	file.Reader = &filesystem.PathReader{Path: out.Name()}
	return file, nil
}
