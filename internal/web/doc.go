// Package web is the pages that people look at: everybody (/people), one
// person (/people/{id}), and signing in and out (/session). The pages only
// read. They are rendered on the server, work without scripts, and load
// nothing but one style sheet and one icon of our own.
//
// It may depend on internal/directory and internal/compliance (the use-cases),
// internal/check (the words of reasons and evidence), internal/auth (who is
// asking), internal/rest (routes, limits, the source address) and
// internal/workforce (the domain). It must never import the store, never
// decide who may see what, never change a fact, never put text into a page
// except through html/template, and never log a path, a query or a name.
//
// # One page
//
// [Routes] is the table of contents. A page is a function that returns a view
// or an error; site.page signs the visitor in from the cookie, and is the one
// place that writes either of them. A view is a plain struct, made from records
// by a named function (toListView, toPersonView), in which every text is ready
// to be shown: templates choose nothing. What nobody told us is an absent
// [value] with the word that stands for it, which is never "no".
//
// # Sessions
//
// The key is entered once and exchanged for a sealed cookie, which holds the
// key's number and an end. The key is read again for every page, so that
// revoking it ends its sessions at once. The cookie is HttpOnly and
// SameSite=Strict, and Secure wherever the visitor came by HTTPS.
package web
