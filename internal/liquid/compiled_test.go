package liquid

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestRenderKeepsTemplatesApart(t *testing.T) {
	e := New()
	const src = `{% capture x %}{{ contact.name }}{% endcapture %}{% for i in (1..3) %}{{ i }}{{ x | upcase }} {% endfor %}`
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			v := sample()
			v.Contact.Name = fmt.Sprintf("n%d", i)
			want := fmt.Sprintf("1N%[1]d 2N%[1]d 3N%[1]d ", i)
			for range 50 {
				if got, err := e.Render(src, v); err != nil || got != want {
					t.Errorf("Render = %q, %v; want %q", got, err, want)
					return
				}
			}
		}()
	}
	wg.Wait()
}

func TestRenderHasItsBudgetAnew(t *testing.T) {
	e := New()
	src := `{% assign x = shop.name | append: "!" %}` + strings.Repeat(`{% assign x = x | append: x | truncate: 4000 %}`, 20) + `{{ x | size }}`
	first, err := e.Render(src, sample())
	if err != nil {
		t.Fatal(err)
	}
	// each rendering handles megabytes: they would not fit into one budget together
	for range 20 {
		if again, err := e.Render(src, sample()); err != nil || again != first {
			t.Fatalf("Render = %q, %v; want %q as at first", again, err, first)
		}
	}
}

func TestShelfIsBounded(t *testing.T) {
	e := New()
	for i := range 3 * keptSources {
		if _, err := e.Render(fmt.Sprintf("%d {{ shop.name }}", i), sample()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(e.shelf.kept); n == 0 || n > keptSources {
		t.Errorf("%d templates are kept, want 1 to %d", n, keptSources)
	}
	if _, err := e.Render(strings.Repeat("x", keptSource+1), sample()); err != nil {
		t.Fatal(err)
	}
	for src := range e.shelf.kept {
		if len(src) > keptSource {
			t.Error("a long template is kept")
		}
	}
}
