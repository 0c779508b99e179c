//go:build exp

package topics

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

func TestLearnCurve(t *testing.T) {
	b, _ := os.ReadFile(os.Getenv("OUT"))
	m, err := Read(b)
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for _, fn := range strings.Split(os.Getenv("FILES"), ",") {
		f, _ := os.Open(fn)
		ReadRows(f, func(r Row) error {
			if r.Source == os.Getenv("LEAVE") {
				rows = append(rows, r)
			}
			return nil
		})
	}
	rng := rand.New(rand.NewPCG(1, 1))
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for _, n := range []int{0, 20, 50, 100, 200} {
		var ls []Lesson
		for _, r := range rows[:n] {
			ls = append(ls, Lesson{Features: Features(r.Text), Category: categories[classOfLabel(r.Label)]})
		}
		l, rep, err := m.Learn(t.Context(), ls)
		if err != nil {
			fmt.Println(n, err, rep)
			continue
		}
		var e Evaluation
		for _, r := range rows[200:] {
			e.Add(l, r)
		}
		fmt.Println(os.Getenv("LEAVE"), n, rep, e.Overall())
	}
}
