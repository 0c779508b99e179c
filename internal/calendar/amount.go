package calendar

import (
	"fmt"
	"strconv"
)

// Unit is what an [Amount] counts.
type Unit byte

// Units of working time. A working day is the same time of day on the next day
// that is open.
const (
	Minutes Unit = 'm'
	Hours   Unit = 'h'
	Days    Unit = 'd'
)

// Amount is so much working time.
type Amount struct {
	N    int
	Unit Unit
}

// ParseAmount reads "90m", "4h" or "2d": 1 to 9999 of a unit.
func ParseAmount(s string) (Amount, error) {
	bad := fmt.Errorf("%q is no working time: write 30m, 4h or 2d", s)
	if len(s) < 2 || len(s) > 5 {
		return Amount{}, bad
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	a := Amount{n, Unit(s[len(s)-1])}
	if err != nil || n < 1 || s[0] == '+' || a.Unit != Minutes && a.Unit != Hours && a.Unit != Days {
		return Amount{}, bad
	}
	return a, nil
}

func (a Amount) String() string { return strconv.Itoa(a.N) + string(rune(a.Unit)) }
