package ruling

// Render sets of how many cases a trial renders the answers.
func (t *Trial) Render(most int) { t.some = most }

// Slow has a rule's filter have taken too long on a case.
func (e *Engine) Slow(r *Rule, caseID string) error {
	return e.broken(r, &trouble{CodeSlow, r.Filter}, caseID)
}
