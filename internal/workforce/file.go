package workforce

// MaxFileSize is the most bytes that one [File] may have: 25 MiB.
const MaxFileSize = 25 << 20
