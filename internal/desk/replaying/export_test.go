package replaying

// Ended is closed once nothing of a trial runs any more.
func (s *Station) Ended(id string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trials[id].ended
}
