package liquid

import (
	"strings"
	"unicode/utf8"

	"github.com/osteele/liquid/parser"
)

// parse reads src and checks all of it. The library gives a tree of blocks, clauses, tags and objects,
// whose expressions are closures; we walk the whole tree, so branches that are never taken too, and read
// the text of each expression with our own reader.
func parse(src string, known vocabulary) (*parser.ASTSeq, error) {
	if len(src) > MaxSource {
		return nil, ErrSourceTooLarge
	}
	if !utf8.ValidString(src) {
		return nil, &SyntaxError{1, "the template is not UTF-8 text"}
	}
	if err := known.checkTokens(parser.Scan(src, start(), nil)); err != nil {
		return nil, err
	}
	cfg := newConfig(&budget{}, known.filters)
	node, err := cfg.Parse(src, start())
	if err != nil {
		return nil, &SyntaxError{max(1, err.LineNumber()), plainMessage(err)}
	}
	root, ok := node.(*parser.ASTSeq)
	if !ok {
		return nil, &SyntaxError{1, "the template cannot be read"}
	}
	w := &walker{vocabulary: known}
	_, werr := w.nodes(root.Children, scope{}, 1)
	return root, werr
}

// plainMessage drops the library's own "Liquid error (line 3): " from its message.
func plainMessage(err error) string {
	_, message, ok := strings.Cut(err.Error(), "): ")
	if !ok {
		return err.Error()
	}
	return message
}

// checkTokens finds what the library lets pass as plain text or forgets: a {{ or {% without its end on
// the same line, an empty pair, and a comment or raw that is never closed.
func (v vocabulary) checkTokens(tokens []parser.Token) error {
	var open *parser.Token // the comment or raw that we are in
	for _, tok := range tokens {
		isTag := tok.Type == parser.TagTokenType
		switch {
		case open != nil:
			if isTag && tok.Name == "end"+open.Name {
				open = nil
			}
		case isTag && (tok.Name == "comment" || tok.Name == "raw"):
			open = &tok
		case tok.Type == parser.TextTokenType:
			for _, mark := range []string{"{{", "{%"} {
				if i := strings.Index(tok.Source, mark); i >= 0 {
					line := tok.SourceLoc.LineNo + strings.Count(tok.Source[:i], "\n")
					return &SyntaxError{line, mark + " has no end, or nothing inside"}
				}
			}
		case tok.Type == parser.ObjTokenType:
			// The object is parsed by the library before our walk comes to it; our message is the better one.
			x, err := parseObject(tok.Args)
			if err == nil {
				err = v.checkFilters(x.calls)
			}
			if err != nil {
				return at(tok, err)
			}
		}
	}
	if open != nil {
		return &SyntaxError{open.SourceLoc.LineNo, "end" + open.Name + " is missing"}
	}
	return nil
}
