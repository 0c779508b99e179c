// Package demo holds the content of a throw-away shop: who it is, who works there, and sixty days of
// messages that guests wrote to it, in Traditional and Simplified Chinese, Japanese and English, with the
// answers its staff gave. It yields data only; the caller feeds it through the same verbs as real messages.
//
//	subs, err := demo.Submissions()
//	for i, s := range subs {
//		sent := s.At(now)          // when the guest pressed Send
//		steps := s.StepTimes(now)  // when staff answered, one time for each of s.Thread
//		name, data := demo.File(s.File, i)
//	}
//
// Persons, orders and numbers are invented; addresses lie in the reserved domains of RFC 2606.
package demo

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"sort"
)

//go:embed rows/*.jsonl
var rows embed.FS

// Kinds of a Step.
const (
	StepReply    = "reply"     // an answer to the visitor
	StepNote     = "note"      // a remark for colleagues only
	StepStatus   = "status"    // the case takes another status
	StepFollowUp = "follow_up" // the case is to be looked at again
)

// Submission is one message of a guest and what became of it.
type Submission struct {
	ID       string  `json:"id"`       // "tw-001", unique
	Locale   string  `json:"locale"`   // zh-TW, zh-CN, ja or en
	Name     string  `json:"name"`     // as typed, never to be split
	Email    string  `json:"email"`    // empty when only a phone was left
	Phone    string  `json:"phone"`    // national style, or +country
	Category string  `json:"category"` // a category key; empty when left open
	OrderNo  string  `json:"order_no"` // "YM2611-0042" or empty
	Subject  string  `json:"subject"`
	Message  string  `json:"message"`
	Spam     bool    `json:"spam"`
	Bot      Bot     `json:"bot,omitzero"`
	DaysAgo  float64 `json:"days_ago"`        // nominal age in days, 0 to 60; see At
	Again    string  `json:"again,omitempty"` // ID of the earlier message of the same person about the same matter
	File     string  `json:"file"`            // what is attached: a name for File, or empty
	Thread   []Step  `json:"thread"`          // oldest first; empty when nobody has answered yet
}

// Bot says how a spam row was sent.
type Bot struct {
	Honeypot bool `json:"honeypot"` // the hidden field was filled
	Fast     bool `json:"fast"`     // sent within a second or two
}

// Step is one thing that staff did with a case.
type Step struct {
	Kind       string  `json:"kind"`               // one of the Step constants
	AfterHours float64 `json:"after_hours"`        // nominal hours since the message came; see StepTimes
	Agent      string  `json:"agent"`              // Agent.Key
	Template   string  `json:"template,omitempty"` // reply: category key of the template it began from, or empty
	Body       string  `json:"body,omitempty"`     // reply (Liquid: contact.salutation, agent.signature) and note
	Status     string  `json:"status,omitempty"`   // status: open, pending, on_hold or resolved
	Days       int     `json:"days,omitempty"`     // follow_up: due so many days after the step
	Note       string  `json:"note,omitempty"`     // follow_up: what to look at
}

// Submissions returns all rows, oldest first by DaysAgo. The error tells the file and line of a row that
// cannot be read.
func Submissions() ([]Submission, error) {
	entries, err := rows.ReadDir("rows")
	if err != nil {
		return nil, fmt.Errorf("demo rows: %w", err)
	}
	var all []Submission
	for _, e := range entries {
		data, err := rows.ReadFile("rows/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("demo rows: %w", err)
		}
		part, err := parse(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("demo rows %s: %w", e.Name(), err)
		}
		all = append(all, part...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].DaysAgo > all[j].DaysAgo })
	return all, nil
}

// parse reads JSON lines; an unknown key is an error, since it is a typing mistake in our own file.
func parse(r io.Reader) ([]Submission, error) {
	var list []Submission
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<10)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var s Submission
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&s); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, s)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return list, nil
}
