package desk_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestOriginalName(t *testing.T) {
	app := desktest.New(t)
	for given, want := range map[string]string{
		"杯口的缺角.png":                       "杯口的缺角.png",
		"お問い合わせ 写真.jpg":                   "お問い合わせ 写真.jpg",
		`C:\Users\ming\照片.png`:            "照片.png",
		"../../etc/passwd":                "passwd",
		"evil\u202egnp.exe.png":           "evilgnp.exe.png",
		"two\r\nlines.txt":                "twolines.txt",
		strings.Repeat("長", 400) + ".pdf": strings.Repeat("長", 149) + "….pdf",
	} {
		r, err := desk.New(app, desk.Feedbacks)
		if err != nil {
			t.Fatal(err)
		}
		f, err := filesystem.NewFileFromBytes([]byte("x"), given)
		if err != nil {
			t.Fatal(err)
		}
		f.OriginalName = given
		r.Set("attachments", []*filesystem.File{f})
		desk.NameFiles(r)
		if got := desk.OriginalName(r, f.Name); got != want {
			t.Errorf("%q is kept as %q, want %q", given, got, want)
		}
	}
	r, _ := desk.New(app, desk.Feedbacks)
	if got := desk.OriginalName(r, "photo_a1b2c3d4e5.png"); got != "photo.png" {
		t.Errorf("a file without a note is named %q", got)
	}
}
