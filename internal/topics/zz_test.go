//go:build exp

package topics

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestTrainFile(t *testing.T) {
	var tr Trainer
	var rest []Row
	leave := strings.Split(os.Getenv("LEAVE"), ",")
	for _, fn := range strings.Split(os.Getenv("FILES"), ",") {
		f, err := os.Open(fn)
		if err != nil {
			t.Fatal(err)
		}
		if err := ReadRows(f, func(r Row) error {
			if slices.Contains(leave, r.Source) {
				rest = append(rest, r)
				return nil
			}
			return tr.Add(r)
		}); err != nil {
			t.Fatal(err)
		}
	}
	m, rep, err := tr.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(rep.Heat)
	for _, s := range rep.CrossValidated.Sources() {
		fmt.Printf("%-20s %+v\n", s, rep.CrossValidated.Source(s))
	}
	var e Evaluation
	for _, r := range rest {
		e.Add(m, r)
	}
	b, _ := json.Marshal(e)
	fmt.Println("left out", string(b))
	os.WriteFile(os.Getenv("OUT"), m.Bytes(), 0o644)
	fmt.Println(len(m.Bytes()))
}
