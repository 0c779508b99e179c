package ruling

// Render sets of how many cases a trial renders the answers.
func (t *Trial) Render(most int) { t.most = most }
