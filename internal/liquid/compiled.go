package liquid

import (
	"fmt"
	"sync"

	"github.com/osteele/liquid/render"
)

// Bounds of what an Engine keeps. Longer templates are compiled each time.
const (
	keptSource  = 16 << 10 // bytes of a template that is kept
	keptSources = 64       // templates
	keptEach    = 4        // copies of one, for renderings at the same time
)

// compiled is a checked template, ready to be rendered by one goroutine at a
// time: its filters and captures count against its own budget.
type compiled struct {
	root   render.Node
	cfg    render.Config
	budget *budget
}

func compile(src string, known vocabulary) (*compiled, error) {
	if _, err := parse(src, known); err != nil {
		return nil, err
	}
	c := &compiled{budget: &budget{}}
	c.cfg = newConfig(c.budget, known.filters)
	root, err := c.cfg.Compile(src, start())
	if err != nil {
		return nil, fmt.Errorf("compile template: %w", err)
	}
	c.root = root
	return c, nil
}

// shelf keeps compiled templates by their source, since a shop renders the same
// few for every visitor and parsing one costs far more than rendering it.
type shelf struct {
	words vocabulary
	mu    sync.Mutex
	kept  map[string][]*compiled
}

// take gives a compiled template that nobody else uses meanwhile.
func (s *shelf) take(src string) (*compiled, error) {
	s.mu.Lock()
	if free := s.kept[src]; len(free) > 0 {
		c := free[len(free)-1]
		s.kept[src] = free[:len(free)-1]
		s.mu.Unlock()
		return c, nil
	}
	s.mu.Unlock()
	return compile(src, s.words)
}

// put takes one back. When there are too many templates the shelf is emptied:
// that happens only where somebody tries out texts, and costs one parse each.
func (s *shelf) put(src string, c *compiled) {
	if len(src) > keptSource {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	free, known := s.kept[src]
	if s.kept == nil || !known && len(s.kept) >= keptSources {
		s.kept = map[string][]*compiled{}
	}
	if len(free) < keptEach {
		s.kept[src] = append(free, c)
	}
}
