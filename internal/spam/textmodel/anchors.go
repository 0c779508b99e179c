package textmodel

import (
	"embed"
	"sync"
)

// own holds texts of every kind, junk and ordinary, written for this project.
// The model is trained on them among others, and they stand for the rest when
// a shop's lessons are learned.
//
//go:embed own/*.jsonl
var own embed.FS

type anchor struct {
	features Vector
	spam     bool
}

var anchors = sync.OnceValue(func() []anchor {
	var list []anchor
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
			list = append(list, anchor{Features(r.Text), r.Label == "spam"})
			return nil
		})
		if err != nil {
			panic("textmodel: " + f.Name() + ": " + err.Error()) // held by a test
		}
	}
	return list
})
