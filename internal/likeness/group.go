package likeness

import (
	"slices"
)

// Options say what makes a group. The zero value is usable.
type Options struct {
	Least float64 // cosine with the middle of the group; default [Alike]
	Size  int     // smallest group that is given; default 2
}

// Cluster is a group of texts that say much the same.
type Cluster struct {
	Texts []int   // places in the list, in its order
	Best  int     // the one that is most like the others
	Score float64 // how alike they are on average, 0 to 1
}

// Group puts texts that say much the same together, largest group first. Each
// text is in one group or none, and the same list gives the same groups.
func Group(texts []string, o Options) []Cluster {
	if o.Least <= 0 {
		o.Least = Alike
	}
	if o.Size < 2 {
		o.Size = 2
	}
	x := New(texts)
	taken := make([]bool, len(x.vectors))
	var out []Cluster
	for _, seed := range x.crowded(o.Least) {
		if taken[seed.Text] {
			continue
		}
		c := Cluster{Best: seed.Text}
		sum := 0.0
		for _, m := range x.near(x.vectors[seed.Text], len(x.vectors), o.Least) {
			if taken[m.Text] {
				continue
			}
			c.Texts = append(c.Texts, m.Text)
			if m.Text != seed.Text {
				sum += m.Score
			}
		}
		if len(c.Texts) < o.Size {
			continue
		}
		for _, i := range c.Texts {
			taken[i] = true
		}
		slices.Sort(c.Texts)
		c.Score = sum / float64(len(c.Texts)-1)
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Cluster) int { return len(b.Texts) - len(a.Texts) })
	return out
}

// crowded gives the texts by how many others are like them, most first: the
// middle of a group comes before its edge.
func (x *Index) crowded(least float64) []Match {
	out := make([]Match, len(x.vectors))
	for i, v := range x.vectors {
		out[i] = Match{Text: i}
		for _, m := range x.near(v, len(x.vectors), least) {
			if m.Text != i {
				out[i].Score += m.Score
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return out
}
