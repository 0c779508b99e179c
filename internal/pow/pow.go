// Package pow hands out small puzzles that cost a browser a moment of work and
// a sender of bulk mail real time: find a whole number n so that SHA-256 of the
// salt followed by n in decimal starts with a number of zero bits (a hashcash
// with a salt of the server's). Nothing is stored when a puzzle is handed out:
// the salt carries its time and difficulty and is signed.
//
//	issuer := pow.Issuer{Key: key, Take: used.Take}
//	ch := issuer.Issue()              // into the page
//	sol, err := pow.Solve(ctx, ch)    // what the visitor's browser does
//	err = issuer.Verify(sol)          // when the form is sent
package pow

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// What Verify can say of a solution.
var (
	// ErrMissing means that no solution was sent.
	ErrMissing = errors.New("the proof of work is missing")
	// ErrInvalid means that the salt is not ours or the number does not solve it.
	ErrInvalid = errors.New("the proof of work is not valid")
	// ErrExpired means that the salt is genuine but older than Life.
	ErrExpired = errors.New("the proof of work has expired")
	// ErrReplayed means that Take has seen the salt before.
	ErrReplayed = errors.New("the proof of work was used before")
	// ErrKey means that the issuer's own key is too short to be of use.
	ErrKey = errors.New("the proof of work key is shorter than 16 bytes")
)

const (
	defaultBits = 15
	// maxBits keeps a wrong setting from locking visitors out: 2^24 hashes
	// take a slow phone minutes.
	maxBits     = 24
	defaultLife = 24 * time.Hour
	minKey      = 16
	maxSalt     = 64
	nonceSize   = 12
	// maxN is the largest whole number that JavaScript holds exactly.
	maxN = 1<<53 - 1
	skew = 5 * time.Minute

	// purpose keeps a signature from counting anywhere else that the same key is used.
	purpose = "proof of work 1\x00"
)

// Challenge is the puzzle, as the page gets it.
type Challenge struct {
	// Salt is at most 64 URL-safe characters: "1.time.bits.nonce.".
	Salt string `json:"salt"`
	// Bits is how many leading zero bits the hash must have.
	Bits int `json:"bits"`
	// Signature is the HMAC-SHA256 of the salt, base64url.
	Signature string `json:"signature"`
}

// Issuer hands out puzzles and verifies solutions. Any number of goroutines
// may share it.
type Issuer struct {
	// Key is the secret, at least 16 bytes. With a shorter one Issue returns
	// an empty challenge and Verify fails with ErrKey.
	Key []byte
	// Now is the clock; default time.Now.
	Now func() time.Time
	// Bits is the difficulty, 1 to 24; default 15, about 33,000 hashes.
	Bits int
	// Life is how long a puzzle is good; default 24 hours.
	Life time.Duration
	// Take, when set, is asked last, once for each good solution: it reports
	// whether the salt is used for the first time and remembers it until the
	// time given. Without it a solution can be sent again until it expires.
	Take func(salt string, until time.Time) bool
}

// Issue returns a new puzzle.
func (i *Issuer) Issue() Challenge {
	if len(i.Key) < minKey {
		return Challenge{}
	}
	nonce := make([]byte, nonceSize)
	rand.Read(nonce)
	n := i.bits()
	salt := strings.Join([]string{
		"1",
		strconv.FormatInt(i.now().UnixMilli(), 36),
		strconv.Itoa(n),
		base64.RawURLEncoding.EncodeToString(nonce),
		"", // a dot at the end, so that salt and number cannot run into each other
	}, ".")
	return Challenge{Salt: salt, Bits: n, Signature: i.sign(salt)}
}

// Verify tells whether the solution solves a puzzle of this issuer: nil or one
// of the sentinels of this package. How hard the puzzle was and when it was
// handed out is read from the signed salt, not from what the client says.
func (i *Issuer) Verify(s Solution) error {
	if s == (Solution{}) {
		return ErrMissing
	}
	if len(i.Key) < minKey {
		return ErrKey
	}
	if len(s.Salt) > maxSalt || s.N < 0 || s.N > maxN {
		return ErrInvalid
	}
	if !hmac.Equal([]byte(s.Signature), []byte(i.sign(s.Salt))) {
		return ErrInvalid
	}
	issued, want, ok := readSalt(s.Salt)
	if !ok {
		return ErrInvalid
	}
	age := i.now().Sub(issued)
	switch {
	case age < -skew:
		return ErrInvalid
	case age >= i.life():
		return ErrExpired
	case zeroBits(digest([]byte(s.Salt), s.N)) < want:
		return ErrInvalid
	case i.Take != nil && !i.Take(s.Salt, issued.Add(i.life())):
		return ErrReplayed
	}
	return nil
}

// readSalt takes a salt of the form "1.time.bits.nonce." apart.
func readSalt(salt string) (issued time.Time, n int, ok bool) {
	part := strings.Split(salt, ".")
	if len(part) != 5 || part[0] != "1" || part[4] != "" {
		return time.Time{}, 0, false
	}
	ms, err := strconv.ParseInt(part[1], 36, 64)
	if err != nil {
		return time.Time{}, 0, false
	}
	n, err = strconv.Atoi(part[2])
	if err != nil || n < 1 {
		return time.Time{}, 0, false
	}
	return time.UnixMilli(ms), n, true
}

func (i *Issuer) sign(salt string) string {
	mac := hmac.New(sha256.New, i.Key)
	mac.Write([]byte(purpose))
	mac.Write([]byte(salt))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (i *Issuer) bits() int {
	if i.Bits <= 0 {
		return defaultBits
	}
	return min(i.Bits, maxBits)
}

func (i *Issuer) now() time.Time {
	if i.Now != nil {
		return i.Now()
	}
	return time.Now()
}

func (i *Issuer) life() time.Duration {
	if i.Life > 0 {
		return i.Life
	}
	return defaultLife
}

// digest is SHA-256 of the salt followed by n in decimal. It appends to salt's
// spare room, so that Solve allocates nothing.
func digest(salt []byte, n int64) [sha256.Size]byte {
	return sha256.Sum256(strconv.AppendInt(salt, n, 10))
}

// zeroBits counts the zero bits that the hash starts with.
func zeroBits(sum [sha256.Size]byte) int {
	for i, b := range sum {
		if b != 0 {
			return i*8 + bits.LeadingZeros8(b)
		}
	}
	return len(sum) * 8
}
