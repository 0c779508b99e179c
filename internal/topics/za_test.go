//go:build exp

package topics

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestErrs(t *testing.T) {
	var tr Trainer
	for _, fn := range strings.Split(os.Getenv("FILES"), ",") {
		f, _ := os.Open(fn)
		ReadRows(f, tr.Add)
	}
	sc, _ := crossValidate(t.Context(), tr.rows)
	var conf [classes][classes]int
	m := &Model{heat: [scripts]float64{1, 1, 1}}
	for i, e := range tr.rows {
		if e.row.Source != "jddc" {
			continue
		}
		p := merged(m.calibrated(sc[i], e.features))
		s := top(p)
		conf[e.class][s]++
		if (e.class == 3 || s == 3 || e.class == 4 || s == 4) && s != e.class {
			fmt.Printf("%s -> %s %.2f %s\n", categories[e.class], categories[s], p[s], e.row.Text)
		}
	}
	for k := range conf {
		fmt.Println(categories[k], conf[k])
	}
}
