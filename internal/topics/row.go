package topics

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// Row is one text for training or judging, a line of JSON. Label is one of
// [Categories] or a data set's word for it (product_question, order_shipping,
// return_refund, business_cooperation, technical_support); it may be empty where
// only scores are wanted.
type Row struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Label  string `json:"label"`
	Lang   string `json:"lang"`
	Source string `json:"source"`
}

// maxLine bounds a line of a file of rows.
const maxLine = 16 << 20

// ReadRows calls each for every line. Empty lines are passed over; the error
// of a broken line, or of one without a text, says which. A row without an id
// gets the number of its line.
func ReadRows(r io.Reader, each func(Row) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	for line := 1; s.Scan(); line++ {
		b := s.Bytes()
		if line == 1 {
			b = bytes.TrimPrefix(b, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(b)) == 0 {
			continue
		}
		row := struct {
			Row
			ID   any     `json:"id"` // some sets number their rows
			Text *string `json:"text"`
		}{ID: line}
		if err := json.Unmarshal(b, &row); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if row.Text == nil {
			return fmt.Errorf("line %d has no text", line)
		}
		row.Row.Text, row.Row.ID = *row.Text, idOf(row.ID)
		if err := each(row.Row); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	return s.Err()
}

func idOf(id any) string {
	switch id := id.(type) {
	case string:
		return id
	case float64:
		return strconv.FormatFloat(id, 'f', -1, 64)
	}
	return fmt.Sprint(id)
}
