package hooks

import (
	"reflect"
	"testing"
)

// routes lists every route of the running app as "METHOD /path". PocketBase's
// router keeps its children to itself, so they are read by reflection; a change
// of its shape fails the test that counts them.
func routes(s *shop) []string {
	var out []string
	var walk func(v reflect.Value, prefix string)
	walk = func(v reflect.Value, prefix string) {
		v = reflect.Indirect(v)
		if children := v.FieldByName("children"); children.IsValid() {
			prefix += v.FieldByName("Prefix").String()
			for i := range children.Len() {
				walk(children.Index(i).Elem(), prefix)
			}
			return
		}
		method := v.FieldByName("Method").String()
		if method == "" {
			method = "ANY"
		}
		out = append(out, method+" "+prefix+v.FieldByName("Path").String())
	}
	walk(reflect.ValueOf(s.Router.RouterGroup), "")
	return out
}

func TestX(t *testing.T) {
	s := newShop(t)
	for _, r := range routes(s) {
		t.Log(r)
	}
}
