package compliance

import (
	"context"
	"strings"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// Workspaces gives a page of the company's workspaces, by number, in whose name
// a folded text is found, and how many there are of them.
func (s *Service) Workspaces(ctx context.Context, text string, p workforce.Page) ([]workforce.Workspace, int64, error) {
	var out []workforce.Workspace
	err := s.read(ctx, workforce.ScopeWorkspacesList, func(r *store.Reader) error {
		all, err := r.Workspaces(ctx)
		for _, w := range all {
			if strings.Contains(workforce.Fold(w.Name), text) {
				out = append(out, w)
			}
		}
		return err
	})
	total := int64(len(out))
	from := min(p.Offset(), total)
	return out[from:min(from+p.Limit, total)], total, err
}
