package topics

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	for text, want := range map[string]string{
		"Where is my order? It should have been here on Friday.":           "order",
		"I'd like to return the shoes, they don't fit. How do I send them": "return",
		"How do I reset my password?":                                      "account",
		"請問我的訂單什麼時候會出貨":                                                    "order",
		"我要退貨，東西是壞的":                                                       "return",
		"忘記密碼登入不了":                                                         "account",
		"请问批发价怎么算，我们公司要三百个":                                                "bulk",
		"我是报社记者，想采访你们老板":                                                   "media",
		"パスワードを忘れてログインできません。":                                              "account",
		"注文した商品がまだ届きません。追跡番号を教えてください。":                                     "order",
		"大量注文の見積もりをお願いします。会社で200個です。":                                      "bulk",
		"The coffee machine doesn't turn on any more, how can I reset it?": "technical",
	} {
		j := Base().Judge(text)
		if j.Category != want {
			t.Errorf("%q: %s (%.2f), want %s", text, j.Category, j.P, want)
		}
		sum := 0.0
		for _, p := range j.All {
			sum += p
		}
		if math.Abs(sum-1) > 1e-6 || j.P != j.All[j.Category] {
			t.Errorf("%q: the odds add up to %v", text, sum)
		}
		if v := Base().JudgeVector(Features(text)); math.Abs(v.P-j.P) > 1e-9 {
			t.Errorf("%q: stored features give %v, the text %v", text, v.P, j.P)
		}
	}
}

// What says nothing gets no category, whatever its length.
func TestNothing(t *testing.T) {
	for _, s := range []string{"", " \n", "12345", "!!!", "\u200b\u200b", "🙂🙂🙂", strings.Repeat("\u200d", 100_000), "\xff\xfe"} {
		if j := Base().Judge(s); j.Category != "" || j.P != 0 {
			t.Errorf("%.10q: %s %v", s, j.Category, j.P)
		}
	}
}

// The same text in traditional and in simplified characters is one text, and so
// is one in full width.
func TestFolded(t *testing.T) {
	for a, b := range map[string]string{
		"請問發貨後幾天會到": "请问发货后几天会到", "ＯＲＤＥＲ  １２３": "order 456", "Where's\r\n\r\nmy parcel": "where's my parcel",
	} {
		if !slices.Equal(Features(a), Features(b)) {
			t.Errorf("%q and %q differ", a, b)
		}
	}
}

func TestLongText(t *testing.T) {
	long := strings.Repeat("Please cancel my order and refund me. ", 5_000)
	if n := len(Features(long)); n > 5_000 {
		t.Errorf("%d features", n)
	}
	if j := Base().Judge(long); j.P > 1 || j.P < 0.1 || math.IsNaN(j.P) {
		t.Errorf("%+v", j)
	}
}

func TestFile(t *testing.T) {
	b := Base().Bytes()
	m, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	again := m.Bytes()
	if !bytes.Equal(again, m.Bytes()) || m.ID() == "" {
		t.Error("the file changes by writing it")
	}
	if len(embedded) > 1<<20 {
		t.Errorf("the model has %d bytes", len(embedded))
	}
	for name, bad := range map[string][]byte{
		"empty": nil, "mark": []byte("PDtext1\nabcdefgh"), "scheme": append([]byte(fileMark+"00000000"), b[16:]...),
		"cut": b[:len(b)/2], "no body": b[:16], "bomb": append([]byte(fileMark+scheme()), bytes.Repeat([]byte{0}, 1000)...),
	} {
		if _, err := Read(bad); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestRows(t *testing.T) {
	var got []Row
	text := "\ufeff{\"text\":\"a\",\"label\":\"order\"}\n\n{\"id\":7,\"text\":\"\"}\n{\"id\":\"x\",\"text\":\"b\"}\n"
	if err := ReadRows(strings.NewReader(text), func(r Row) error { got = append(got, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].ID != "1" || got[1].ID != "7" || got[2].ID != "x" {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{"{", `{"label":"order"}`, `{"text":1}`} {
		if err := ReadRows(strings.NewReader(bad), func(Row) error { return nil }); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

// The figures are counted in the data sets' words, where press and bulk orders
// are other.
func TestEvaluation(t *testing.T) {
	var e Evaluation
	sure := func(key string, p float64) (out [classes]float64) {
		out[classOf(key)] = p
		out[classOf("account")] += 1 - p
		return out
	}
	for _, c := range []struct {
		label, said string
		p           float64
	}{
		{"order_shipping", "order", .9}, {"order", "order", .55}, {"return_refund", "order", .7},
		{"other", "media", .8}, {"media", "media", .9}, {"bulk", "other", .9},
	} {
		if err := e.add(Row{Label: c.label, Lang: "en", Source: "s"}, sure(c.said, c.p)); err != nil {
			t.Fatal(err)
		}
	}
	f := e.Overall()
	if f.N != 6 || f.Accuracy != .6667 || f.Coverage != .8333 || f.AccuracyCovered != .6 {
		t.Errorf("%+v", f)
	}
	if want := (0.8 + 0 + 2.0/3 + 1 + 0) / 5; math.Abs(f.MacroF1-want) > 1e-3 {
		t.Errorf("macro F1 %v, want %v", f.MacroF1, want)
	}
	if err := e.Add(Base(), Row{Label: "nonsense", Text: "x"}); err == nil {
		t.Error("an unknown label is counted")
	}
	raw, err := json.Marshal(e)
	var shape struct {
		Overall  map[string]float64            `json:"overall"`
		ByLang   map[string]map[string]float64 `json:"by_lang"`
		BySource map[string]map[string]float64 `json:"by_source"`
	}
	if err != nil || json.Unmarshal(raw, &shape) != nil || len(shape.Overall) != 5 || shape.ByLang["en"]["n"] != 6 || shape.BySource["s"]["n"] != 6 {
		t.Errorf("%s, %v", raw, err)
	}
	if s := Base().ScoreOf(Row{ID: "9", Text: "a quote for 300 mugs for our staff please, bulk price"}); s.ID != "9" || s.Label != "other" || s.Category != "bulk" {
		t.Errorf("%+v", s)
	}
}

// What the model has never seen does not make it less sure of the rest.
func TestUnseen(t *testing.T) {
	v := Features("Where is my parcel?")
	want := Base().JudgeVector(v).P
	for i := uint32(tableSize - 1); len(v) < 60; i-- {
		if Base().weights[i] == (row{}) && !slices.Contains(v, i) {
			v = append(v, i)
		}
	}
	slices.Sort(v)
	if got := Base().JudgeVector(v).P; math.Abs(got-want) > 1e-6 {
		t.Errorf("%v, without the unseen %v", got, want)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("Where is my order 123?")
	f.Add("請問\u200d退貨")
	f.Fuzz(func(t *testing.T, s string) {
		j := Base().Judge(s)
		if j.P < 0 || j.P > 1.000001 || math.IsNaN(j.P) || (j.Category == "") != (j.P == 0) {
			t.Fatalf("%q: %+v", s, j)
		}
		v, err := DecodeVector(Features(s).Encode())
		if err != nil || !slices.Equal(v, Features(s)) {
			t.Fatalf("%q: features come back as %v, %v", s, v, err)
		}
	})
}

func FuzzDecodeVector(f *testing.F) {
	f.Add(Features("return 退貨").Encode())
	f.Fuzz(func(t *testing.T, s string) {
		v, err := DecodeVector(s)
		if err != nil {
			return
		}
		for _, i := range v {
			if i >= tableSize {
				t.Fatalf("place %d", i)
			}
		}
		Base().JudgeVector(v)
	})
}

func BenchmarkJudge(b *testing.B) {
	text := "您好，我上週三下單了一組餐椅，因為裝潢延期，想請你們晚兩個禮拜再送，不知道倉庫可不可以先幫我保留？"
	Base()
	for b.Loop() {
		Base().Judge(text)
	}
}
