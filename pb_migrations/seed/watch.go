package seed

// WatchRows are the names of what watches over a shop's answers from its first minute on.
type WatchRows struct {
	Policy     Texts `json:"policy"`     // the usual service level
	Escalation Texts `json:"escalation"` // what a late answer sets off
}

// Watch reads them.
func Watch() (WatchRows, error) { return read[WatchRows]("watch.json") }
