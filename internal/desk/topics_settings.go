package desk

// Topics are the choices for the embedded model that suggests categories.
type Topics struct {
	Off  bool    `json:"off"`  // suggests nothing
	Sure float64 `json:"sure"` // from which probability on, .3 to .99; .6
}

func (t *Topics) fill() {
	if t.Sure < .3 || t.Sure > .99 {
		t.Sure = .6
	}
}
