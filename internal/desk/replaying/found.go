package replaying

// Change counts on how many cases an action would do something, and on how many
// it would fail.
type Change struct {
	Action
	Count  int            `json:"count"`
	Failed int            `json:"failed,omitempty"`
	Why    string         `json:"why,omitempty"`  // the first failure
	Left   map[string]int `json:"left,omitempty"` // on how many cases it would change nothing, by why; what is so already is not counted
}

// Left is an action that would leave a case as it is, and why: a skip of a rule's deed.
type Left struct {
	Do  string `json:"do"`
	Why string `json:"why"`
	Was any    `json:"was,omitempty"` // what it is, such as who has it
}

// Found is a case on which something would change, or that would be left alone for
// a reason. Of values that take more than [valueMost] bytes the list says nothing:
// they stand in [Progress.Changes].
type Found struct {
	Case    string   `json:"case"`
	Number  int      `json:"number"`
	Subject string   `json:"subject"`
	Status  string   `json:"status"`
	Open    bool     `json:"open"` // neither resolved nor closed
	Would   []Action `json:"would"`
	Locale  string   `json:"locale,omitempty"` // of the answer that would leave
	Left    []Left   `json:"left,omitempty"`

	row Row
}
