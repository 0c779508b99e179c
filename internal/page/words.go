package page

import (
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Span is a part of a text; Link is set for the address of a web page.
type Span struct{ Words, Link string }

// webAddress ends where no address goes on: at white space, brackets, quotes and the marks and letters of Chinese and
// Japanese text, which is written without spaces.
var webAddress = regexp.MustCompile(`https?://[!#-;=?-Z_a-z~\[\]]+`)

// Spans splits a text at the addresses of web pages in it.
func (p *data) Spans(text string) []Span {
	var out []Span
	end := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		address := strings.TrimRight(text[at[0]:at[1]], ".,;:!?'*_]")
		if open := strings.Count(address, "("); strings.Count(address, ")") > open {
			address = strings.TrimRight(address, ").,")
		}
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil { // shop.example@elsewhere.example leads elsewhere
			continue
		}
		if at[0] > end {
			out = append(out, Span{Words: text[end:at[0]]})
		}
		end = at[0] + len(address)
		out = append(out, Span{Words: address, Link: address})
	}
	if end < len(text) {
		out = append(out, Span{Words: text[end:]})
	}
	return out
}

// Moment is a time beside a message: short, in the page's time zone, which [data.Zone] names once.
func (p *data) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.zone())
	switch p.Locale {
	case "zh-TW":
		return t.Format("2006/1/2") + "（" + weekday(t, "日一二三四五六") + "）" + t.Format("15:04")
	case "zh-CN":
		return t.Format("2006/1/2") + "（周" + weekday(t, "日一二三四五六") + "）" + t.Format("15:04")
	case "ja":
		return t.Format("2006/1/2") + "（" + weekday(t, "日月火水木金土") + "）" + t.Format("15:04")
	}
	return t.Format("2 Jan 2006, 15:04")
}

// Zone is the offset of the page's time zone at a time.
func (p *data) Zone(t time.Time) string { return offset(t.In(p.zone())) }

func (p *data) zone() *time.Location {
	if p.location == nil {
		return time.UTC
	}
	return p.location
}
