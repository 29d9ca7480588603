// Package contract holds the facts of the published reference that the
// compatible API promises to keep: for each operation its path, its parameters
// with their types, bounds, defaults and values, and its statuses. They are
// facts only, without a word of the reference's prose.
//
// It depends on the standard library alone and is read by tests and by what
// generates documents. It must never be imported by what serves requests: the
// promise is checked against the code, it is not the code.
package contract

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed operations.json
var operations []byte

// Operation is one operation of the published reference.
type Operation struct {
	Method     string      `json:"method"`
	Path       string      `json:"path"` // with the base: /public/personnel/{id}
	Statuses   []int       `json:"statuses"`
	Parameters []Parameter `json:"parameters"` // of path, query and body, in the order of the reference
}

// Name is "GET /public/users/{id}".
func (o Operation) Name() string { return o.Method + " " + o.Path }

// Parameter is one parameter or body field of an operation.
type Parameter struct {
	Name      string   `json:"name"`
	In        string   `json:"in"`   // path, query or body
	Type      string   `json:"type"` // in the reference's words, such as "Array of numbers"
	Required  bool     `json:"required"`
	Default   string   `json:"default"` // in text, also of a number
	Minimum   *int64   `json:"minimum"`
	Maximum   *int64   `json:"maximum"`
	MaxLength int      `json:"maxLength"` // in characters; 0: none
	Enum      []string `json:"enum"`
}

// Operations is every operation, in the order of the reference.
func Operations() ([]Operation, error) {
	d := json.NewDecoder(bytes.NewReader(operations))
	d.DisallowUnknownFields()
	var ops []Operation
	if err := d.Decode(&ops); err != nil {
		return nil, fmt.Errorf("reading operations.json: %w", err)
	}
	return ops, nil
}
