package pow

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strconv"
)

// Solution is what a client sends back.
type Solution struct {
	Salt      string `json:"salt"`
	Signature string `json:"signature"`
	// N is the number found, 0 to 2^53-1.
	N int64 `json:"n"`
}

const (
	maxSolution = 1024
	checkEvery  = 4096
)

// Solve finds the number, starting from 0; 15 bits take about 33,000 hashes,
// a few milliseconds. It ends with the context's error when the context does,
// and with ErrInvalid for a challenge that no client could solve.
func Solve(ctx context.Context, ch Challenge) (Solution, error) {
	if ch.Salt == "" || ch.Bits < 0 || ch.Bits > 256 {
		return Solution{}, ErrInvalid
	}
	salt := make([]byte, len(ch.Salt), len(ch.Salt)+20)
	copy(salt, ch.Salt)
	for n := int64(0); n <= maxN; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return Solution{}, ctx.Err()
		}
		if zeroBits(digest(salt, n)) >= ch.Bits {
			return Solution{Salt: ch.Salt, Signature: ch.Signature, N: n}, nil
		}
	}
	return Solution{}, ErrInvalid
}

// ParseSolution reads the `pow` field of a form in any shape it arrives in: an
// object already decoded (map[string]any), JSON text as string or bytes (the
// field of a multipart form; also text in quotes), any json.Marshaler, or a
// Solution. The number may be a JSON number or a string of digits. Nothing, an
// empty text, null and an empty object give ErrMissing; all else that is not a
// solution, and more than 1,024 bytes of text, gives ErrInvalid.
func ParseSolution(v any) (Solution, error) {
	switch v := v.(type) {
	case nil:
		return Solution{}, ErrMissing
	case Solution:
		return v, nil
	case map[string]any:
		return fromMap(v)
	case string:
		return fromJSON([]byte(v))
	case []byte:
		return fromJSON(v)
	case json.Marshaler:
		text, err := v.MarshalJSON()
		if err != nil {
			return Solution{}, ErrInvalid
		}
		return fromJSON(text)
	}
	return Solution{}, ErrInvalid
}

func fromJSON(text []byte) (Solution, error) {
	if len(text) > maxSolution {
		return Solution{}, ErrInvalid
	}
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return Solution{}, ErrMissing
	}
	var inner string
	if text[0] == '"' && json.Unmarshal(text, &inner) == nil {
		text = bytes.TrimSpace([]byte(inner))
		if len(text) == 0 {
			return Solution{}, ErrMissing
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var m map[string]any
	if d.Decode(&m) != nil || d.More() {
		return Solution{}, ErrInvalid
	}
	return fromMap(m)
}

func fromMap(m map[string]any) (Solution, error) {
	if len(m) == 0 {
		return Solution{}, ErrMissing
	}
	salt, okSalt := m["salt"].(string)
	signature, okSignature := m["signature"].(string)
	n, okN := number(m["n"])
	if !okSalt || !okSignature || !okN || salt == "" || len(salt)+len(signature) > maxSolution {
		return Solution{}, ErrInvalid
	}
	return Solution{Salt: salt, Signature: signature, N: n}, nil
}

// number reads a whole number from 0 to 2^53-1.
func number(v any) (int64, bool) {
	var n int64
	switch v := v.(type) {
	case json.Number:
		return digits(v.String())
	case string:
		return digits(v)
	case float64:
		if v != math.Trunc(v) || v < 0 || v > maxN {
			return 0, false
		}
		n = int64(v)
	case int:
		n = int64(v)
	case int64:
		n = v
	default:
		return 0, false
	}
	return n, n >= 0 && n <= maxN
}

func digits(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && n <= maxN
}
