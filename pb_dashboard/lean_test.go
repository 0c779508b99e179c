package pb_dashboard

import (
	"io/fs"
	"strings"
	"testing"
)

func TestSlim(t *testing.T) {
	for in, want := range map[string]string{
		"// what\nimport { a } from \"./a.js\";\n\n/**\n * says\n */\nexport function f(a, b) {\n    return a; // kept\n}\n": "\nimport{a}from\"./a.js\";\n\n\n\n\nexport function f(a,b){\nreturn a;\n}\n",
		"const s = `a  ${ b + `x  ${c }` }  // no comment\n   kept`;\n":                                                      "const s=`a  ${b+`x  ${c}`}  // no comment\n   kept`;\n",
		`x = a / b / c; y = s.replace(/[/"'] +\//g, " / "); z = "it's  //";`:                                                 `x=a/ b/ c;y=s.replace(/[/"'] +\//g," / ");z="it's  //";`,
		"return /a  b/.test(x) ? a++ + ++b : - -1;":                                                                          "return/a  b/.test(x)?a++ + ++b:- -1;",
		"if (x) /* why */ go();\nfor (const c of /x y/[Symbol.m](s)) {}":                                                     "if(x)go();\nfor(const c of/x y/[Symbol.m](s)){}",
		"let/* a */b = 1": "let b=1",
		"const f = async ({ a = 1, ...rest }) => ({ [`k ${a}`]: a });": "const f=async({a=1,...rest})=>({[`k ${a}`]:a});",
		"a = 1 .toFixed(); class A { #x = 1; static y }\n名 = 前 in 後;":  "a=1 .toFixed();class A{#x=1;static y}\n名=前 in 後;",
	} {
		if got := string(slim([]byte(in))); got != want {
			t.Errorf("%s\nbecomes %s\nnot     %s", in, got, want)
		}
	}
}

func FuzzSlim(f *testing.F) {
	f.Add("a = `x ${ {b: '}'} } /`; /* c */ d / e // f")
	f.Add("/[/]\\//")
	f.Fuzz(func(t *testing.T, s string) {
		got := string(slim([]byte(s)))
		if strings.Count(s, "\n") < strings.Count(got, "\n") || len(got) > len(s)+1 {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

// What is served has the lines of the source, and every file says its true size.
func TestServedModules(t *testing.T) {
	for path, text := range sources(t) {
		served, err := fs.ReadFile(FS(), path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := fs.Stat(FS(), path)
		if err != nil || info.Size() != int64(len(served)) {
			t.Errorf("%s: %v", path, err)
		}
		if a, b := strings.Count(text, "\n"), strings.Count(string(served), "\n"); a != b {
			t.Errorf("%s has %d lines and is served with %d", path, a, b)
		}
	}
}
