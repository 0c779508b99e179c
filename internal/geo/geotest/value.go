package geotest

// The types of the data section that the test files use.
const (
	textType   = 2
	uint16Type = 5
	uint32Type = 6
	mapType    = 7
	uint64Type = 9
	arrayType  = 11
)

// control writes type and size: the type in the upper three bits, or, from 8 on, less seven in a
// byte of its own; the size in the lower five bits, from 29 on with a byte more.
func control(kind, size int) []byte {
	low := min(size, 29)
	var out []byte
	if kind < 8 {
		out = []byte{byte(kind<<5 | low)}
	} else {
		out = []byte{byte(low), byte(kind - 7)}
	}
	if low == 29 {
		out = append(out, byte(size-29))
	}
	return out
}

// text takes up to 284 bytes.
func text(s string) []byte { return append(control(textType, len(s)), s...) }

func number(kind int, v uint64, size int) []byte {
	out := control(kind, size)
	for i := size - 1; i >= 0; i-- {
		out = append(out, byte(v>>(8*i)))
	}
	return out
}

func array(values ...[]byte) []byte {
	out := control(arrayType, len(values))
	for _, v := range values {
		out = append(out, v...)
	}
	return out
}

// mapOf takes keys and encoded values by turns.
func mapOf(pairs ...any) []byte {
	out := control(mapType, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, text(pairs[i].(string))...)
		out = append(out, pairs[i+1].([]byte)...)
	}
	return out
}
