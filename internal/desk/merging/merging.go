// Package merging puts together what belongs together and takes it apart again:
// two cases about one matter, two contacts who are one person, and a message that
// is a matter of its own. It also finds what may belong together.
//
//	preview, err := station.Preview(app, agent, merging.Request{Kind: "case", Source: a, Target: b})
//	done, err := station.Merge(agent, merging.Request{Kind: "case", Source: a, Target: b, Seen: preview.Seen})
//	undone, err := station.Undo(agent, done.ID)
//
// A merge is the word of staff that two things are one. It proves nothing of a
// person: no address is trusted more for it, and a visitor's secret link shows
// what another case held only where both cases were opened under the same
// address, or under two that are verified both.
package merging

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of one merge: it happens in one transaction, which holds the only writer.
const (
	MaxMessages   = 10_000
	MaxCases      = 2_000
	MaxIdentities = 200
)

// Station holds what the verbs share.
type Station struct {
	Commit *desk.Committer
	// Near, if set, knows the texts of the last weeks.
	Near Near
}

// Request names what is merged: the target takes the source over.
type Request struct {
	Kind           string // desk.MergeCase or desk.MergeContact
	Source, Target string // ids
	// Seen is what the agent had before him, as a preview gave it; what changed
	// since is refused as [Changed]. Empty asks for no check.
	Seen Seen
}

// Seen are marks of two records that change with them.
type Seen struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// Remark is something that a person should know, by a code and what the sentence needs.
type Remark struct {
	Code string         `json:"code"`
	Data map[string]any `json:"data,omitempty"`
}

// Codes of a [Refusal].
const (
	Gone       = "gone"        // there is no such thing for this agent
	Same       = "same"        // it would be merged into itself
	Merged     = "merged"      // one of them was merged into another one
	Changed    = "changed"     // somebody changed one of them since the preview
	Spam       = "spam"        // one of the cases is marked as spam
	Erased     = "erased"      // nothing is left of one of the cases
	TooMany    = "too_many"    // more than one transaction should move
	Undone     = "undone"      // it was undone already
	MergeFirst = "merge_first" // another merge on top of it must be undone first
	First      = "first"       // the message opened its case
	NotTheirs  = "not_theirs"  // only a visitor's message makes a case
	Kind       = "kind"        // there is no such kind of merge
)

// Refusal says why something isn't done.
type Refusal struct{ Code string }

// Error implements error.
func (r *Refusal) Error() string { return fmt.Sprintf("refused: %s", r.Code) }

func refuse(code string) error { return &Refusal{code} }

// Done is a merge that was made.
type Done struct {
	ID     string `json:"id"`     // of the merge, to undo it
	Source string `json:"source"` // ids
	Target string `json:"target"`
	Number int    `json:"number,omitempty"` // of the target, where it is a case
}

// Preview tells what a merge would do, and changes nothing.
func (s *Station) Preview(app core.App, agent *desk.Agent, r Request) (*Preview, error) {
	switch r.Kind {
	case desk.MergeCase:
		return previewCases(app, agent, r)
	case desk.MergeContact:
		return previewContacts(app, agent, r)
	}
	return nil, refuse(Kind)
}

// Merge makes a merge.
func (s *Station) Merge(agent *desk.Agent, r Request) (done *Done, err error) {
	err = s.Commit.Do(func(tx core.App) error {
		switch r.Kind {
		case desk.MergeCase:
			done, err = mergeCases(tx, agent, r)
		case desk.MergeContact:
			done, err = mergeContacts(tx, agent, r)
		default:
			err = refuse(Kind)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// Preview is what a merge would do.
type Preview struct {
	Kind      string         `json:"kind"`
	Source    Side           `json:"source"`
	Target    Side           `json:"target"`
	Counts    map[string]int `json:"counts"`    // what moves, by kind; without those that are 0
	Conflicts []Remark       `json:"conflicts"` // where both differ; data holds {field, kept, dropped}
	Warnings  []Remark       `json:"warnings"`
	Seen      Seen           `json:"seen"`
}

// Side is one of the two things.
type Side struct {
	ID      string `json:"id"`
	Number  int    `json:"number,omitempty"`
	Subject string `json:"subject,omitempty"`
	Status  string `json:"status,omitempty"`
	Name    string `json:"name"` // of the person
	// Addresses tell people of one name apart: of a case where its mails go, of a
	// contact up to five.
	Addresses []string `json:"addresses"`
	Created   string   `json:"created"`
}

// remarks collects what a person should know.
type remarks struct{ conflicts, warnings []Remark }

// differ notes two values of which the target's is kept.
func (r *remarks) differ(field string, kept, dropped any) {
	r.conflicts = append(r.conflicts, Remark{field, map[string]any{"kept": kept, "dropped": dropped}})
}

func (r *remarks) warn(code string, data map[string]any) {
	r.warnings = append(r.warnings, Remark{code, data})
}
