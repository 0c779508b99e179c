package learning

// TakeIn bounds the features of one training, for a test.
func (w *Worker) TakeIn(most int) { w.most = most }
