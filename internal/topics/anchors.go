package topics

import (
	"embed"
	"sync"
)

// own holds questions to shops of many trades, written for this project. The
// model is trained on them among others, and they stand for the rest when a
// shop's corrections are learned.
//
//go:embed own/*.jsonl
var own embed.FS

var anchors = sync.OnceValue(func() []example {
	var list []example
	files, err := own.ReadDir("own")
	if err != nil {
		panic(err) // embedded
	}
	for _, f := range files {
		h, err := own.Open("own/" + f.Name())
		if err != nil {
			panic(err)
		}
		err = ReadRows(h, func(r Row) error {
			list = append(list, newExample(r, classOfLabel(r.Label)))
			return nil
		})
		if err != nil {
			panic("topics: " + f.Name() + ": " + err.Error()) // held by a test
		}
	}
	return list
})
