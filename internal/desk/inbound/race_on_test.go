//go:build race

package inbound_test

// underRace tells that the race detector watches, which makes all far slower.
const underRace = true
