package geotest

import "net/netip"

// tree is the binary search tree over the bits of an address.
type tree struct {
	bits int // of an address: 32 or 128
	root node
}

// node is inner if it has children; else it is a leaf with a record or an empty one.
type node struct {
	child  *[2]node
	full   bool
	offset int // of the record in the data section
	index  int // of an inner node, once numbered
}

// depth is how many bits of the tree the network takes: IPv4 lies under ::/96.
func (t *tree) depth(p netip.Prefix) int {
	if p.Addr().Is4() && t.bits == 128 {
		return 96 + p.Bits()
	}
	return p.Bits()
}

func (t *tree) insert(p netip.Prefix, offset int) {
	addr := p.Addr().AsSlice()
	if len(addr)*8 < t.bits {
		addr = append(make([]byte, 12), addr...)
	}
	n := &t.root
	for i := range t.depth(p) {
		n.split()
		n = &n.child[addr[i/8]>>(7-i%8)&1]
	}
	*n = node{full: true, offset: offset}
}

// split makes a node inner; both halves hold what it held.
func (n *node) split() {
	if n.child == nil {
		n.child = &[2]node{{full: n.full, offset: n.offset}, {full: n.full, offset: n.offset}}
	}
}

// nodes numbers the inner nodes and lists them in that order. There is always a root.
func (t *tree) nodes() []*node {
	t.root.split()
	all := []*node{&t.root}
	for i := 0; i < len(all); i++ {
		all[i].index = i
		for j := range all[i].child {
			if c := &all[i].child[j]; c.child != nil {
				all = append(all, c)
			}
		}
	}
	return all
}

// encode writes two records of three bytes for each node: the number of an inner node, the count of
// nodes for "nothing", or what lies beyond the count and the 16 zeros for a record of data.
func (t *tree) encode(nodes []*node) []byte {
	out := make([]byte, 0, 6*len(nodes))
	for _, n := range nodes {
		for _, c := range n.child {
			v := len(nodes)
			switch {
			case c.child != nil:
				v = c.index
			case c.full:
				v += 16 + c.offset
			}
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
		}
	}
	return out
}
