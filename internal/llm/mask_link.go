package llm

import "strings"

// linkMarks finds the secret parts of links: user and password before the host, and all that
// follows "?" or "#", where tokens are. Without a scheme, "?" counts only if a "=" follows.
func linkMarks(t []rune) []mark {
	var marks []mark
	for i := 0; i < len(t); {
		switch {
		case isScheme(t, i):
			end := linkEnd(t, i+3)
			marks = append(marks, linkSecrets(t, i+3, end)...)
			i = end
		case t[i] == '?' && i > 0 && (isAlnum(t[i-1]) || strings.ContainsRune("/-_.", t[i-1])):
			end := linkEnd(t, i+1)
			if m, ok := secret(t, i+1, end); ok && contains(t[i+1:end], '=') {
				marks = append(marks, m)
			}
			i = end // a later "?" in here has no "=" after it either
		default:
			i++
		}
	}
	return marks
}

func isScheme(t []rune, i int) bool {
	return i > 0 && i+3 < len(t) && t[i] == ':' && t[i+1] == '/' && t[i+2] == '/' && isLetter(t[i-1])
}

// linkEnd: a link ends at white space, at quotes and brackets that no URL holds, and where another
// script goes on without a space.
func linkEnd(t []rune, i int) int {
	for i < len(t) && t[i] > ' ' && t[i] < 0x7F && !strings.ContainsRune("<>\"`\\^{}|", t[i]) {
		i++
	}
	return i
}

// linkSecrets looks at a link from its authority on.
func linkSecrets(t []rune, from, to int) []mark {
	var marks []mark
	authority := from
	for authority < to && !strings.ContainsRune("/?#", t[authority]) {
		authority++
	}
	for i := authority - 1; i > from; i-- {
		if t[i] == '@' {
			marks = append(marks, mark{from, i, maskedNumber})
			break
		}
	}
	for i := authority; i < to; i++ {
		if t[i] == '?' || t[i] == '#' {
			if m, ok := secret(t, i+1, to); ok {
				marks = append(marks, m)
			}
			break
		}
	}
	return marks
}

// secret leaves out the punctuation of the sentence around the link.
func secret(t []rune, from, to int) (mark, bool) {
	for to > from && strings.ContainsRune(".,;:!?)'*", t[to-1]) {
		to--
	}
	return mark{from, to, maskedNumber}, to > from
}

func contains(t []rune, r rune) bool {
	for _, c := range t {
		if c == r {
			return true
		}
	}
	return false
}
