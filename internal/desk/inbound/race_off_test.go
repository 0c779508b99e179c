//go:build !race

package inbound_test

const underRace = false
