package native

import (
	"context"
	"fmt"
	"net/http"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The bounds of texts, in characters. The use-cases count bytes, of which a
// character may have several.
const (
	nameMost        = 191
	descriptionMost = 2000
	wordingMost     = 1_000_000 // beside it, the rest of the body has its place
	urlMost         = 768
	reasonMost      = 1000
)

// policyParams is a policy, what is said of it, and a version of it.
type policyParams struct {
	id      workforce.PolicyID
	version int64
	policy  compliance.PolicyInput
	wording compliance.VersionInput
}

func bindPolicyID(b *rest.Binder) policyParams {
	return policyParams{id: workforce.PolicyID(b.PathInt("id", rest.Min(1)))}
}

func bindPolicy(b *rest.Binder, named ...rest.Option) compliance.PolicyInput {
	o := b.ClosedBody()
	return compliance.PolicyInput{
		Name:        valueOf(o.OptionalText("name", append(named, rest.MaxLength(nameMost))...)),
		Description: valueOrNone(o.OptionalText("description", rest.MaxLength(descriptionMost))),
		AssignedTo:  given(rest.BodyEnum(o, "assignedTo", workforce.AllPolicyAssignments)),
		GroupIDs:    listOrKeep(rest.BodyInts[workforce.GroupID](o, "groupIds", rest.Min(1))),
		OwnerID:     valueOrNone(rest.OptionalNumber[workforce.UserID](o, "ownerId", rest.Min(1))),
		Archived:    o.Bool("archived"),
	}
}

func bindNewPolicy(b *rest.Binder) policyParams {
	return policyParams{policy: bindPolicy(b, rest.Required())}
}

func bindChangedPolicy(b *rest.Binder) policyParams {
	p := bindPolicyID(b)
	p.policy = bindPolicy(b)
	return p
}

func bindWording(b *rest.Binder) compliance.VersionInput {
	o := b.ClosedBody()
	return compliance.VersionInput{
		Description: valueOrNone(o.OptionalText("description", rest.MaxLength(descriptionMost))),
		Text:        valueOrNone(o.OptionalText("text", rest.MaxLength(wordingMost))),
		URL:         valueOrNone(o.OptionalText("url", rest.MaxLength(urlMost))),
	}
}

func bindNewVersion(b *rest.Binder) policyParams {
	p := bindPolicyID(b)
	p.wording = bindWording(b)
	return p
}

func bindVersion(b *rest.Binder) policyParams {
	p := bindPolicyID(b)
	p.version = b.PathInt("version", rest.Min(1))
	return p
}

func bindChangedVersion(b *rest.Binder) policyParams {
	p := bindVersion(b)
	p.wording = bindWording(b)
	return p
}

func bindPublished(b *rest.Binder) policyParams {
	p := bindVersion(b)
	b.NoBody()
	return p
}

func (h handlers) policies(ctx context.Context, _ *rest.Request, _ struct{}) (rest.Response, error) {
	all, err := h.compliance.Policies(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing policies: %w", err)
	}
	return dataOf(all, toWirePolicySummary), nil
}

func (h handlers) policy(ctx context.Context, _ *rest.Request, p policyParams) (rest.Response, error) {
	record, err := h.compliance.Policy(ctx, p.id)
	if err != nil {
		return nil, fmt.Errorf("reading a policy: %w", err)
	}
	return toWirePolicy(record), nil
}

func (h handlers) createPolicy(ctx context.Context, rq *rest.Request, p policyParams) (rest.Response, error) {
	record, err := h.compliance.CreatePolicy(ctx, p.policy)
	if err != nil {
		return nil, fmt.Errorf("adding a policy: %w", err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWirePolicy(record), nil
}

func (h handlers) updatePolicy(ctx context.Context, _ *rest.Request, p policyParams) (rest.Response, error) {
	record, err := h.compliance.UpdatePolicy(ctx, p.id, p.policy)
	if err != nil {
		return nil, fmt.Errorf("changing a policy: %w", err)
	}
	return toWirePolicy(record), nil
}

func (h handlers) addVersion(ctx context.Context, rq *rest.Request, p policyParams) (rest.Response, error) {
	record, err := h.compliance.AddVersion(ctx, p.id, p.wording)
	if err != nil {
		return nil, fmt.Errorf("adding a version to a policy: %w", err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireWording(record.Versions[len(record.Versions)-1]), nil
}

func (h handlers) updateVersion(ctx context.Context, _ *rest.Request, p policyParams) (rest.Response, error) {
	record, err := h.compliance.UpdateVersion(ctx, p.id, p.version, p.wording)
	if err != nil {
		return nil, fmt.Errorf("changing a version of a policy: %w", err)
	}
	return wordingOf(record, p.version), nil
}

func (h handlers) publishVersion(ctx context.Context, _ *rest.Request, p policyParams) (rest.Response, error) {
	record, err := h.compliance.PublishVersion(ctx, p.id, p.version)
	if err != nil {
		return nil, fmt.Errorf("publishing a version of a policy: %w", err)
	}
	return wordingOf(record, p.version), nil
}

// wordingOf is a version that the policy has.
func wordingOf(p workforce.Policy, version int64) PolicyWording {
	for _, v := range p.Versions {
		if v.Version == version {
			return toWireWording(v)
		}
	}
	return PolicyWording{Version: version}
}
