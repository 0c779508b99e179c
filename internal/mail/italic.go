package mail

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// italicParser knows a pair of underscores around words of one line. Names of
// files, addresses, blanks to fill in and faces such as (>_<) have them too, so that
// only a space, a sign of punctuation or a letter that is not Latin may stand outside.
type italicParser struct{}

var (
	_ parser.InlineParser       = italicParser{}
	_ parser.DelimiterProcessor = italicParser{}
)

// Trigger implements parser.InlineParser.
func (italicParser) Trigger() []byte { return []byte{'_'} }

// Parse implements parser.InlineParser.
func (p italicParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	n := parser.ScanDelimiter(line, before, 1, p)
	if n == nil || n.OriginalLength != 1 {
		return nil
	}
	n.CanOpen = opensItalic(before, string(line[1:])) && closing(string(line[1:])) > 0
	n.CanClose = closesItalic(before, string(line[1:]))
	if !n.CanOpen && !n.CanClose {
		return nil
	}
	n.Segment = segment.WithStop(segment.Start + 1)
	block.Advance(1)
	pc.PushDelimiter(n)
	return n
}

// IsDelimiter implements parser.DelimiterProcessor.
func (italicParser) IsDelimiter(b byte) bool { return b == '_' }

// CanOpenCloser implements parser.DelimiterProcessor.
func (italicParser) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch implements parser.DelimiterProcessor.
func (italicParser) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

// closing is where in the rest of a line the underscore stands that ends what one
// right before it begins; 0 for nowhere.
func closing(rest string) int {
	before := ' '
	for i, r := range rest {
		if r == '_' && i > 0 && closesItalic(before, rest[i+1:]) {
			return i
		}
		before = r
	}
	return 0
}

func opensItalic(before rune, rest string) bool {
	after, _ := utf8.DecodeRuneInString(rest)
	return outside(before, `([{"'*>`) && (wordy(after) || strings.ContainsRune(`(["'*「『（“‘`, after))
}

func closesItalic(before rune, rest string) bool {
	after, size := utf8.DecodeRuneInString(rest)
	return (wordy(before) || strings.ContainsRune(`.,!?)"'*%。！？、，」』）”’％…`, before)) && (size == 0 || outside(after, `.,;:!?)]}"'*`))
}

// outside tells whether a sign may stand beside the pair: none of a word that has
// underscores of its own.
func outside(r rune, signs string) bool {
	return unicode.IsSpace(r) || r > unicode.MaxLatin1 || strings.ContainsRune(signs, r)
}

func wordy(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

var (
	headingLine = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+\S|(?:-[ \t]*){3,}$|(?:\*[ \t]*){3,}$|(?:_[ \t]*){3,}$)`)
	marked      = regexp.MustCompile(`(?m)\*\*|_|\[[^\]\n]*\]\(|^[ \t]*(?:[->#]|\d{1,3}[.)][ \t])|` + `^(?:\*[ \t]*){3,}$`)
)

// HasHeadings tells whether a text may have headings or rules. It says yes too
// often rather than too seldom.
func HasHeadings(source string) bool { return headingLine.MatchString(unixLines(source)) }

// HasMarks tells whether a text may look another way than it was typed, web
// addresses aside. It says yes too often rather than too seldom.
func HasMarks(source string) bool { return marked.MatchString(unixLines(source)) }
