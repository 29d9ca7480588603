// Package file keeps the contents of files of evidence in a folder beside the
// database, each under the SHA-256 of its bytes, and makes the signed links by
// which they are fetched. It may depend on internal/workforce and the standard
// library. It must never know a record or a table: who refers to a content is
// the store's to say. It must never take a file's word for what it is: the
// content decides, and a name that says otherwise is refused.
//
// # The folder
//
//	ab/abcdef…         a content, named by its hash, in a folder of its first two digits
//	ab/abcdef….unused  since when a sweep has found the content in no record (its time)
//	ab/abcdef….going   a content that a sweep is removing
//	incoming-…         a content that is being written
//
// # Guarantees
//
//   - A content is there whole or not at all: it is written aside, synced,
//     renamed, and its folder synced. When [Store.Put] returns nil, it is on disk.
//   - The same content is kept once, whoever puts it and how often, also when
//     several processes share the folder.
//   - Folders are for their owner alone (0700), contents too (0600).
//   - [Store.Sweep] removes only what no record has referred to for a whole
//     period, and never what is put again meanwhile.
//
// # To accept another kind of file
//
// Add it to allKinds in kind.go and, unless its first bytes tell it, to what
// looks into archives or compound files. `TestEveryKindIsTold` fails until
// there is a small file of the kind for it.
package file
