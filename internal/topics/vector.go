package topics

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Vector holds the features of a text as places in the table of weights, in
// rising order. It can't be turned back into the text.
type Vector []uint32

// Features extracts the features of a text.
func Features(text string) Vector {
	x := extractors.Get().(*extractor)
	defer extractors.Put(x)
	v := append(Vector(nil), x.run(text)...)
	slices.Sort(v)
	return v
}

// plainOf is how many features are not hashed; they stand first.
func plainOf(v []uint32) int {
	n := 0
	for n < len(v) && v[n] < hashedFrom {
		n++
	}
	return n
}

// ErrScheme says that features were extracted by another version.
var ErrScheme = errors.New("features of another scheme")

// maxEncoded bounds what DecodeVector reads.
const maxEncoded = 128 << 10

// Encode writes the features as text: the scheme, a colon, and base64 of the
// distances between places as varints.
func (v Vector) Encode() string {
	b := make([]byte, 0, 2*len(v))
	var last uint32
	for _, i := range v {
		b = binary.AppendUvarint(b, uint64(i-last))
		last = i
	}
	return scheme() + ":" + base64.RawStdEncoding.EncodeToString(b)
}

// DecodeVector reads what [Vector.Encode] wrote. The error is [ErrScheme] if
// the features mean something else by now.
func DecodeVector(s string) (Vector, error) {
	mine := scheme() + ":"
	if len(s) < len(mine) || s[:len(mine)] != mine {
		return nil, ErrScheme
	}
	if len(s) > maxEncoded {
		return nil, fmt.Errorf("features: %d bytes are too many", len(s))
	}
	b, err := base64.RawStdEncoding.DecodeString(s[len(mine):])
	if err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	var v Vector
	var at uint64
	for len(b) > 0 {
		d, n := binary.Uvarint(b)
		if n <= 0 || d >= tableSize || at+d >= tableSize || d == 0 && len(v) > 0 {
			return nil, errors.New("features: broken")
		}
		at += d
		v = append(v, uint32(at))
		b = b[n:]
	}
	return v, nil
}
