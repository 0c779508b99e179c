package desk

import "crypto/rand"

// receiptAlphabet leaves out what people mix up on the phone: 0 O, 1 I L, 5 S, 2 Z, 8 B.
const receiptAlphabet = "34679ACDEFGHJKMNPQRTUVWXY"

// NewReceipt is the code that a visitor reads, such as "K7QM-4XHE": eight
// random characters, about 37 bits. It opens nothing.
func NewReceipt() string {
	var b [8]byte
	for i := range b {
		b[i] = receiptAlphabet[randomIndex(len(receiptAlphabet))]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

func randomIndex(n int) int {
	limit := 256 - 256%n
	var one [1]byte
	for {
		_, _ = rand.Read(one[:]) // never fails: crypto/rand aborts the program instead
		if int(one[0]) < limit {
			return int(one[0]) % n
		}
	}
}
