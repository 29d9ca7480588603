// Package auth answers one question: who is asking, and may they? It knows the
// format of API keys, turns an Authorization header or a session cookie into a
// [Principal], refuses in the order the API promises ([Gate]), and creates,
// lists and revokes keys ([Keys]).
//
// It may depend on internal/workforce, on internal/store for the stored keys,
// and on internal/rest for the hook that Gate fills. It must never log or
// return a key or its hash after creation, never tell a caller which part of a
// wrong key was wrong, and never look at a request's body.
package auth
