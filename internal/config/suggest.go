package config

import "strings"

// didYouMean suggests the known name nearest to a misspelled one, or nothing
// where none is near. The prefix that all variables share is no likeness.
func didYouMean(name string, known []string) string {
	best, bestDistance := "", len(strings.TrimPrefix(name, envPrefix))/3+1
	for _, k := range known {
		if d := distance(name, k); d < bestDistance || d == bestDistance && best != "" && k < best {
			best, bestDistance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance counts the insertions, deletions and replacements of bytes that turn
// a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
