//go:build !linux && !darwin && !freebsd

package store

// watchWAL watches nothing: the head is read by queries here.
func watchWAL(string) (*walWatch, error) { return nil, nil }
