// Package remoteimage fetches the pictures that a mail wants from elsewhere, once
// staff ask for them. The sender's server learns that somebody looked, but not
// who, from where and with what: it sees this machine only.
//
//	sources := remoteimage.Sources(html)
//	kind, data, err := remoteimage.Fetch(ctx, client, sources[0])
package remoteimage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/net/html"
)

// Attribute is where the cleaned HTML of a mail keeps the address of a picture
// that isn't loaded by itself.
const Attribute = "data-remote-src"

// Bounds of what is fetched.
const (
	MaxBytes     = 5 << 20
	maxSources   = 200
	maxRedirects = 3
)

// ErrNoPicture says that an address leads to no picture that may be shown.
var ErrNoPicture = errors.New("there is no picture")

// Sources are the addresses of the remote pictures of cleaned HTML, in their
// order; one that stands there twice is listed twice. 200 at most.
func Sources(body string) []string {
	z := html.NewTokenizer(strings.NewReader(body))
	var out []string
	for len(out) < maxSources {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				if a.Key == Attribute {
					out = append(out, a.Val)
				}
			}
		}
	}
	return out
}

// Fetch gets one picture and its media type, which is told by its bytes: PNG,
// JPEG, GIF or WebP, of [MaxBytes] at most. Redirects are followed three times;
// the client decides where one may go at all. What is no such picture is
// [ErrNoPicture].
func Fetch(ctx context.Context, client *http.Client, address string) (kind string, data []byte, err error) {
	for range maxRedirects + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return "", nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
		}
		req.Header.Set("Accept", "image/png, image/jpeg, image/gif, image/webp")
		req.Header.Set("User-Agent", "Mozilla/5.0") // names neither the program nor its version
		resp, err := client.Do(req)
		if err != nil {
			return "", nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
		}
		next, kind, data, err := read(resp)
		if err != nil || next == "" {
			return kind, data, err
		}
		address = next
	}
	return "", nil, fmt.Errorf("%w: it leads on and on", ErrNoPicture)
}

// read takes an answer: where it leads on to, or what it holds.
func read(resp *http.Response) (next, kind string, data []byte, err error) {
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		to, err := resp.Location()
		if err != nil {
			return "", "", nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
		}
		return to.String(), "", nil, nil
	}
	if resp.StatusCode != http.StatusOK {
		return "", "", nil, fmt.Errorf("%w: %s", ErrNoPicture, resp.Status)
	}
	data, err = io.ReadAll(io.LimitReader(resp.Body, MaxBytes+1))
	if err != nil {
		return "", "", nil, fmt.Errorf("%w: %w", ErrNoPicture, err)
	}
	kind = http.DetectContentType(data)
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
	default:
		return "", "", nil, fmt.Errorf("%w: it is %s", ErrNoPicture, kind)
	}
	if len(data) > MaxBytes {
		return "", "", nil, fmt.Errorf("%w: it is too large", ErrNoPicture)
	}
	return "", kind, data, nil
}
