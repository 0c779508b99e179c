package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// maxBoundaries is how many multiparts a mail may declare to be shown. Mail of
// ours has two at most; the parser's work can double with every nested one.
const maxBoundaries = 8

// boundaryPattern finds the parameter in every spelling, split by RFC 2231 or by
// white space too.
var boundaryPattern = regexp.MustCompile(`(?i)boundary\s*[=*]`)

// ErrUnshowable says that a mail is too large or too tangled to be shown.
var ErrUnshowable = errors.New("mail: too large or too complex to show")

// View is a mail decoded for display. Everything in it is still as hostile as
// its writer; HTML above all belongs into a sandbox.
type View struct {
	Subject, From, To string
	Headers           []Field // in the order of the mail, decoded
	Text, HTML        string  // "" when the mail has no such part
	Files             []File
}

// Field is one header field.
type Field struct{ Name, Value string }

// File is an attachment in a View.
type File struct {
	Name, Type string
	Size       int // in bytes, decoded
}

// ParseCaught decodes a mail that a Catcher holds. It is made for mail of our
// own making: anything over 36 MB or with more than 8 nested parts gives
// ErrUnshowable.
func ParseCaught(raw []byte) (View, error) {
	if len(raw) > maxMailBytes || len(boundaryPattern.FindAllIndex(raw, maxBoundaries+1)) > maxBoundaries {
		return View{}, ErrUnshowable
	}
	parser := enmime.NewParser(enmime.DisableCharacterDetection(true), enmime.DisableTextConversion(true),
		enmime.MaxStoredPartErrors(10))
	envelope, err := parser.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return View{}, fmt.Errorf("mail: parse: %w", err)
	}
	v := View{
		Subject: envelope.GetHeader("Subject"),
		From:    envelope.GetHeader("From"),
		To:      envelope.GetHeader("To"),
		Headers: headerFields(raw),
		Text:    envelope.Text,
		HTML:    envelope.HTML,
	}
	for _, list := range [][]*enmime.Part{envelope.Attachments, envelope.Inlines, envelope.OtherParts} {
		for _, part := range list {
			v.Files = append(v.Files, File{Name: part.FileName, Type: part.ContentType, Size: len(part.Content)})
		}
	}
	return v, nil
}

// headerFields reads the fields of the header one after the other, since the
// parser gives them in no order. It stops at what is no header.
func headerFields(raw []byte) []Field {
	const most = 200
	decoder := wordDecoder()
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw)))
	var fields []Field
	for len(fields) < most {
		line, err := reader.ReadContinuedLine()
		name, value, found := strings.Cut(line, ":")
		if err != nil || line == "" || !found {
			break
		}
		value = strings.TrimSpace(value)
		if decoded, err := decoder.DecodeHeader(value); err == nil {
			value = decoded
		}
		fields = append(fields, Field{Name: strings.TrimSpace(name), Value: value})
	}
	return fields
}
