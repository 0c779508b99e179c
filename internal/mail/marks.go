package mail

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// boldParser knows two stars and nothing else. It follows its own rule for when
// they open and close, since the common one needs spaces that Chinese and
// Japanese haven't, and finds emphasis in 10*20*30.
type boldParser struct{}

var (
	_ parser.InlineParser       = boldParser{}
	_ parser.DelimiterProcessor = boldParser{}
)

// Trigger implements parser.InlineParser.
func (boldParser) Trigger() []byte { return []byte{'*'} }

// Parse implements parser.InlineParser.
func (p boldParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	n := parser.ScanDelimiter(line, before, 2, p)
	if n == nil || n.OriginalLength != 2 || before == '*' {
		return nil
	}
	after := ' '
	if len(line) > 2 {
		after = util.ToRune(line, 2)
	}
	inWord := asciiWord(before) && asciiWord(after)
	n.CanOpen = !inWord && !util.IsSpaceRune(after)
	n.CanClose = !inWord && !util.IsSpaceRune(before)
	n.Segment = segment.WithStop(segment.Start + n.OriginalLength)
	block.Advance(n.OriginalLength)
	pc.PushDelimiter(n)
	return n
}

// IsDelimiter implements parser.DelimiterProcessor.
func (boldParser) IsDelimiter(b byte) bool { return b == '*' }

// CanOpenCloser implements parser.DelimiterProcessor.
func (boldParser) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch implements parser.DelimiterProcessor.
func (boldParser) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

func asciiWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// finisher links web addresses and keeps the numbers of lists as they were typed.
type finisher struct{}

var _ parser.ASTTransformer = finisher{}

// Transform implements parser.ASTTransformer.
func (finisher) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch {
		case !entering:
		case n.Kind() == ast.KindLink || n.Kind() == ast.KindImage:
			return ast.WalkSkipChildren, nil
		case n.Kind() == ast.KindListItem:
			keepNumber(n, source)
		case n.HasChildren():
			linkAddresses(n, source)
		}
		return ast.WalkContinue, nil
	})
}

var itemNumber = regexp.MustCompile(`(\d{1,3})[.)][ \t]+$`)

// keepNumber gives an item of a list the number before its text.
func keepNumber(item ast.Node, source []byte) {
	list, ok := item.Parent().(*ast.List)
	first := item.FirstChild()
	if !ok || !list.IsOrdered() || first == nil || first.Type() != ast.TypeBlock || first.Lines().Len() == 0 {
		return
	}
	start := first.Lines().At(0).Start
	line := source[max(0, start-20):start]
	if m := itemNumber.FindSubmatch(line); m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			item.SetAttributeString("value", []byte(strconv.Itoa(n)))
		}
	}
}

// addressPattern is a web address. Only ASCII counts as part of it: Chinese and
// Japanese text often follows without a space.
var addressPattern = regexp.MustCompile(`(?i)\bhttps?://[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+`)

// linkAddresses links the web addresses in the text right below a node. The
// parser leaves text in pieces; those that touch are looked at as one.
func linkAddresses(parent ast.Node, source []byte) {
	for n := parent.FirstChild(); n != nil; {
		first, ok := n.(*ast.Text)
		if !ok {
			n = n.NextSibling()
			continue
		}
		run := []*ast.Text{first}
		last := first
		for n = first.NextSibling(); n != nil; n = n.NextSibling() {
			next, ok := n.(*ast.Text)
			if !ok || last.SoftLineBreak() || last.HardLineBreak() || next.Segment.Start != last.Segment.Stop {
				break
			}
			run, last = append(run, next), next
		}
		linkRun(parent, run, source)
	}
}

// linkRun puts links in the place of a run of text, where it holds addresses.
func linkRun(parent ast.Node, run []*ast.Text, source []byte) {
	last := run[len(run)-1]
	base, stop := run[0].Segment.Start, last.Segment.Stop
	start, found := base, false
	add := func(n ast.Node) { parent.InsertBefore(parent, run[0], n) }
	for _, span := range addressPattern.FindAllIndex(source[base:stop], -1) {
		begin := base + span[0]
		address := trimAddress(string(source[begin : base+span[1]]))
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.User != nil {
			continue
		}
		add(ast.NewTextSegment(text.NewSegment(start, begin)))
		add(linkTo(address, address))
		start, found = begin+len(address), true
	}
	if !found {
		return
	}
	rest := ast.NewTextSegment(text.NewSegment(start, stop))
	rest.SetSoftLineBreak(last.SoftLineBreak())
	rest.SetHardLineBreak(last.HardLineBreak())
	add(rest)
	for _, n := range run {
		parent.RemoveChild(parent, n)
	}
}

// trimAddress leaves the punctuation of the sentence outside, and a closing
// bracket that was opened before the address.
func trimAddress(link string) string {
	for {
		last := link[len(link)-1]
		switch {
		case strings.IndexByte(".,;:!?'*", last) >= 0,
			last == ')' && strings.Count(link, "(") < strings.Count(link, ")"),
			last == ']' && strings.Count(link, "[") < strings.Count(link, "]"):
			link = link[:len(link)-1]
		default:
			return link
		}
	}
}
