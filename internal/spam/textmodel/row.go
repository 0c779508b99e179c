package textmodel

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Row is one text for training or judging, a line of JSON. Label is "spam" or
// "ham"; it may be empty where only scores are wanted.
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
// of a broken line says which.
func ReadRows(r io.Reader, each func(Row) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	for line := 1; s.Scan(); line++ {
		if len(s.Bytes()) == 0 {
			continue
		}
		var row Row
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if err := each(row); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	return s.Err()
}
