package htmlbody

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// mark is what a mail client tells about an element by its id, class, name or data attributes.
type mark int

const (
	unmarked    mark = iota
	markQuote        // holds what is quoted, with its introduction
	markBox          // holds introduction, quote and sometimes answers between the quotes (Gmail, Proton)
	markFrom         // from here on all is quoted
	markIntro        // "On … wrote:"
	markSign         // a signature
	markForward      // forwarded, not quoted
)

// byName are the marks of ids and classes, without what relays put before them.
var byName = map[string]mark{
	"gmail_quote": markBox, "gmail_quote_container": markBox, "protonmail_quote": markBox,

	"yahoo_quoted": markQuote, "iosymail": markQuote, "zmail_extra": markQuote, "tutanota_quote": markQuote,
	"mail-editor-reference-message-container": markQuote, "ms-outlook-mobile-reference-message": markQuote,
	"olk_src_body_section": markQuote, "appleoriginalcontents": markQuote, "isreplycontent": markQuote,
	"ntes_quote": markQuote, "mail-quote-collapse": markQuote, "cm_quote": markQuote, "missive_quote": markQuote,
	"front-blockquote": markQuote, "clean_bq": markQuote, "edo-original": markQuote,

	"divrplyfwdmsg": markFrom, "appendonsend": markFrom, "outlookmessageheader": markFrom, "stopspelling": markFrom,
	"ec_stopspelling": markFrom, "zwchr": markFrom, "zmail_extra_hr": markFrom,

	"gmail_attr": markIntro, "moz-cite-prefix": markIntro, "moz-email-headers-table": markIntro, "reply-intro": markIntro,
	"airmail_on": markIntro,

	"gmail_signature": markSign, "gmail_signature_prefix": markSign, "applemailsignature": markSign,
	"moz-signature": markSign, "protonmail_signature_block": markSign, "ms-outlook-mobile-signature": markSign,
	"ms-outlook-ios-signature": markSign, "signature": markSign, "bloop_sign": markSign, "front-signature": markSign,
	"mb_sig": markSign, "sh-signature": markSign, "edo-signature": markSign, "composer_signature": markSign,
	"ymail_android_signature": markSign, "spneditorsign": markSign, "ntes-mailmaster-signature": markSign,
	"zm-_id_-sgn": markSign, "yahoo_signature": markSign,
	"email-signature": markSign, "email_signature": markSign, "mail-signature": markSign, "mail_signature": markSign,
	"xmail_sign": markSign, "mobile_signature": markSign, "tmjah_g_1299": markSign,

	"dab4fad8-2dd7-40bb-a1b8-4e2aa1f9fdf2": markSign, // a virus scanner's advertisement

	"moz-forward-container": markForward,
}

// byData are the marks of other attributes: attribute and value, or attribute alone.
var byData = map[string]mark{
	"name=messagereplysection": markQuote, "name=messagesignaturesection": markSign,
	"data-marker=__divider__": markFrom, "data-marker=__headers__": markFrom, "data-marker=__quoted_text__": markQuote,
	"data-marker=__sig_pre__": markSign, "data-marker=__sig_post__": markSign,
	"data-smartmail=gmail_signature": markSign, "data-signatureblock": markSign, "data-signature": markSign,
}

// Webmail renames the ids and classes of the mails it shows, and an answer quotes them so:
// x_ (Outlook on the web), ecx (Hotmail), m_-123 (Gmail), ydp12ab and yiv123 (Yahoo).
var (
	renamed  = regexp.MustCompile(`^(?:x_|ecx|m_-?\d+_?|ydp[0-9a-f]{6,10}_?|yiv\d+_?)+`)
	numbered = regexp.MustCompile(`_+\d+$`)
)

func markOf(n *html.Node) mark {
	switch n.Data {
	case "includetail":
		return markQuote
	case "sign":
		return markSign
	}
	for _, a := range n.Attr {
		var m mark
		switch a.Key {
		case "id", "class":
			m = markOfNames(a.Val)
		case "name":
			m = byData["name="+strings.ToLower(a.Val)]
		case "data-marker", "data-smartmail":
			m = byData[a.Key+"="+strings.ToLower(a.Val)]
		case "data-signatureblock", "data-signature":
			m = byData[a.Key]
		}
		if m != unmarked && !(m == markBox && n.Data == "blockquote") {
			return m
		}
	}
	return unmarked
}

func markOfNames(names string) mark {
	if len(names) > 500 {
		return unmarked
	}
	for _, name := range strings.Fields(strings.ToLower(names)) {
		if m := byName[name]; m != unmarked {
			return m
		}
		bare := numbered.ReplaceAllString(renamed.ReplaceAllString(name, ""), "")
		if m := byName[bare]; m != unmarked {
			return m
		}
	}
	return unmarked
}

// cite is how surely a blockquote is somebody else's words.
type cite int

const (
	citeNever cite = iota // an indent
	citeOwn               // quoted by hand, with Gmail's button: only an introduction makes it a quote
	citeMaybe             // nothing told: a quote when nothing new comes after it
	citeSure
)

// citeOf judges a blockquote by its tag alone.
func citeOf(n *html.Node) cite {
	if strings.EqualFold(attr(n, "type"), "cite") || attr(n, "cite") != "" || inBox(n) {
		return citeSure
	}
	class := strings.ToLower(attr(n, "class"))
	if strings.Contains(class, "gmail_quote") {
		return citeOwn
	}
	if strings.Contains(class, "quote") || strings.Contains(class, "cite") {
		return citeSure
	}
	s := styles(n)
	border := s["border"] + s["border-left"] + s["border-style"]
	if s != nil && !strings.Contains(border, "solid") && (s["border"] == "none" || strings.HasPrefix(s["margin"], "0 0 0 40px")) {
		return citeNever
	}
	return citeMaybe
}

// inBox tells whether the blockquote is the quote of a markBox.
func inBox(n *html.Node) bool {
	for p, up := n.Parent, 0; p != nil && up < 3; p, up = p.Parent, up+1 {
		if p.Data != "blockquote" && markOf(p) == markBox {
			return true
		}
	}
	return false
}

// boxQuote finds the first quote of a markBox; nil where the box is the quote.
func boxQuote(box *html.Node) *html.Node {
	for c := box.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "blockquote" {
			return c
		}
		if c.Type != html.ElementNode {
			continue
		}
		for g := c.FirstChild; g != nil; g = g.NextSibling {
			if g.Type == html.ElementNode && g.Data == "blockquote" {
				return g
			}
		}
	}
	return nil
}
