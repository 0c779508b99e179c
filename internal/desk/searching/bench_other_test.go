//go:build !unix

package searching_test

import "time"

func processorTime() time.Duration { return 0 }
