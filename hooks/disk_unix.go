//go:build unix

package hooks

import "golang.org/x/sys/unix"

// diskFree is the room left for the data folder in bytes; 0 where it can't be told.
func diskFree(dir string) uint64 {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0
	}
	return s.Bavail * uint64(s.Bsize)
}
