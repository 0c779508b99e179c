package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	maxAnswer = 4 << 10 // bytes of an answer that are read
	maxSaid   = 500     // characters of it that are kept
	// maxWait bounds what a receiver may ask for by Retry-After.
	maxWait = 24 * time.Hour
)

// Answer is what the other side said.
type Answer struct {
	Status int    // of HTTP
	Said   string // the beginning of its words, on one line, 500 characters at most
	// Wait is how long it asks to be left alone, a day at most; 0 where it doesn't.
	Wait time.Duration
}

// Taken tells whether the message arrived: any 2xx. All else is a failure, a
// redirect too.
func (a Answer) Taken() bool { return a.Status >= 200 && a.Status <= 299 }

// Gone tells that the receiver wants no more messages at all.
func (a Answer) Gone() bool { return a.Status == http.StatusGone }

// Post sends a message once. extra are more headers. An error says that there
// was no answer, in words that name neither address nor secret: an address may
// hold a key. client should follow no redirect and bound the time.
func Post(ctx context.Context, client *http.Client, to string, m Message, extra http.Header) (Answer, error) {
	signature, err := m.Sign()
	if err != nil {
		return Answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(m.Body))
	if err != nil {
		return Answer{}, errors.New("this is no web address")
	}
	for name, values := range extra {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set(HeaderID, m.ID)
	req.Header.Set(HeaderTimestamp, stamp(m.At))
	req.Header.Set(HeaderSignature, signature)
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, withoutURL(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // what breaks off after the status said enough
	return Answer{resp.StatusCode, oneLine(string(text)), retryAfter(resp.Header.Get("Retry-After"), m.At)}, nil
}

// withoutURL takes the address out of a client's error.
func withoutURL(err error) error {
	var timeout interface{ Timeout() bool }
	slow := errors.As(err, &timeout) && timeout.Timeout()
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if slow {
		return fmt.Errorf("no answer in time: %w", err)
	}
	return err
}

// retryAfter reads the header of that name (RFC 9110, section 10.2.3): seconds or a date.
func retryAfter(s string, now time.Time) time.Duration {
	var d time.Duration
	if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), maxWait)
}

// oneLine makes a stranger's words fit to be shown: valid, on one line, short.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxSaid {
		s = string([]rune(s)[:maxSaid-1]) + "…"
	}
	return s
}
