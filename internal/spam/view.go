package spam

// view is what several checks need of one message, made once.
type view struct {
	name, subject, text string // clean: as written, without tricks
	body                string // subject and text, a line break between
	folded              string // name, subject and text, folded, line breaks between
	pairs               *pairs // of folded
	foldedName          string
	nameIsText          bool   // folded, both are the same
	links               []link // in subject and text
	nameLinks           []link
}

func newView(m Message) *view {
	v := &view{
		name:    clean(m.Name, maxField),
		subject: clean(m.Subject, maxField),
		text:    clean(m.Text, maxText),
	}
	v.body = v.subject + "\n" + v.text
	name, text := Fold(v.name), Fold(v.text)
	v.folded = name + "\n" + Fold(v.subject) + "\n" + text
	v.pairs = pairsOf(v.folded)
	v.foldedName, v.nameIsText = name, name == text
	v.links = findLinks(v.body)
	v.nameLinks = findLinks(v.name)
	return v
}

// seen returns the message's view. Screen has made it; a check that is called
// by itself makes its own.
func (m Message) seen() *view {
	if m.view != nil {
		return m.view
	}
	return newView(m)
}

// hit returns a single signal of the table's weight at a grade.
func hit(name string, grade int, sentence string, data map[string]any) []Signal {
	return []Signal{{Name: name, Weight: points(name, grade), Sentence: sentence, Data: data}}
}
