package doctor

import (
	"context"
	"encoding/binary"
	"net"
	"time"
)

// Offsets from which a clock counts as wrong: signed links and dates of mail
// suffer from minutes, TLS from hours.
const (
	clockWarn = 30 * time.Second
	clockFail = 5 * time.Minute
)

// ntpEpoch is 1900-01-01 in Unix seconds (RFC 5905, section 6).
const ntpEpoch = -2208988800

// Clock compares the machine's clock with a time server's, such as
// pool.ntp.org:123, by one SNTP question (RFC 5905, section 14). now is the clock.
func Clock(ctx context.Context, server string, now func() time.Time) Finding {
	offset, err := askTime(ctx, server, now)
	size := offset.Abs().Round(time.Second)
	switch {
	case err != nil:
		return New("clock", Off, "clock_unknown", "server", server)
	case size >= clockFail:
		return New("clock", Fail, "clock_off", "offset", size.String())
	case size >= clockWarn:
		return New("clock", Warn, "clock_off", "offset", size.String())
	}
	return New("clock", OK, "clock_ok", "offset", offset.Abs().Round(time.Millisecond).String())
}

func askTime(ctx context.Context, server string, now func() time.Time) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp", server)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return 0, err
		}
	}
	sent := now()
	question := make([]byte, 48)
	question[0] = 4<<3 | 3 // version 4, client
	binary.BigEndian.PutUint64(question[40:], ntpTime(sent))
	if _, err := conn.Write(question); err != nil {
		return 0, err
	}
	answer := make([]byte, 48)
	for {
		n, err := conn.Read(answer)
		if err != nil {
			return 0, err
		}
		// an answer repeats the question's time; anything else is a stranger's
		if n == 48 && answer[0]&7 == 4 && answer[1] > 0 && binary.BigEndian.Uint64(answer[24:]) == ntpTime(sent) {
			break
		}
	}
	back := now()
	arrived, left := unixTime(answer[32:]), unixTime(answer[40:])
	return (arrived.Sub(sent) + left.Sub(back)) / 2, nil
}

func ntpTime(t time.Time) uint64 {
	seconds := uint64(t.Unix() - ntpEpoch)
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

func unixTime(b []byte) time.Time {
	seconds := int64(binary.BigEndian.Uint32(b))
	if seconds < 1<<31 { // the era after 2036
		seconds += 1 << 32
	}
	nanos := int64(binary.BigEndian.Uint32(b[4:])) * int64(time.Second) >> 32
	return time.Unix(seconds+ntpEpoch, nanos)
}
