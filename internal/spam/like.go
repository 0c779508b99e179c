package spam

import (
	"cmp"
	"slices"
	"time"
)

// Like is a remembered message whose text is the same as another one, or near it.
type Like struct {
	ID string
	At time.Time
	// Bits is how far the texts' hashes are apart, 0 to 8.
	Bits int
}

// Like lists the messages with a text of this hash or one near it that came
// within a time of at, the nearest first, up to a number of them. Those without
// an ID, and those of whom staff said that they are junk, are left out.
func (r *Recent) Like(hash uint64, at time.Time, within time.Duration, most int) []Like {
	var out []Like
	if hash == 0 || most <= 0 {
		return out
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	looked := 0
	for b := range bands {
		for _, i := range r.buckets[b][band(hash, b)] {
			e := &r.entries[i]
			bits := apart(e.Hash, hash)
			if bits > nearBits || sharesBefore(e.Hash, hash, b) || e.ID == "" || e.Junk || e.At.Sub(at).Abs() > within {
				continue
			}
			out = append(out, Like{e.ID, e.At, bits})
			if looked++; looked == manyMatches {
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b Like) int {
		return cmp.Or(cmp.Compare(a.Bits, b.Bits), b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), most)]
}
