package native

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// bindRules reads what is said of the rules: all of them if whole, else those
// that are to change. updatedAt is what GET gives; to send it back says nothing.
func bindRules(b *rest.Binder, whole bool) compliance.RulesInput {
	needed := func(more ...rest.Option) []rest.Option {
		if whole {
			return append(more, rest.Required())
		}
		return more
	}
	o := b.ClosedBody()
	in := compliance.RulesInput{
		Checks: rest.BodyObjects(o, "checks", workforce.AllCheckTypes, func(o *rest.Body) compliance.CheckRuleInput {
			return bindCheckRule(o, needed)
		}, needed()...),
		ScreenLockSeconds: valueOf(rest.OptionalNumber[int64](o, "screenLockSeconds", needed(rest.Min(1), rest.Max(workforce.MaxScreenLockSeconds))...)),
		ReportingDays:     valueOf(rest.OptionalNumber[int64](o, "reportingDays", needed(rest.Min(1), rest.Max(workforce.MaxReportingDays))...)),
	}
	o.Moment("updatedAt")
	return in
}

func bindCheckRule(o *rest.Body, needed func(...rest.Option) []rest.Option) compliance.CheckRuleInput {
	return compliance.CheckRuleInput{
		Required:      o.Bool("required", needed()...),
		Statuses:      rest.BodyEnums(o, "statuses", workforce.AllEmploymentStatuses, needed()...),
		GroupIDs:      rest.BodyInts[workforce.GroupID](o, "groupIds", rest.Min(1)),
		RenewalMonths: valueOf(rest.OptionalNumber[int64](o, "renewalMonths", needed(rest.Min(0), rest.Max(workforce.MaxRenewalMonths))...)),
		Frequency:     given(rest.BodyEnum(o, "frequency", workforce.AllCheckFrequencies, needed()...)),
		Sources:       rest.BodyEnums(o, "sources", workforce.AllDeviceSources),
		MissingRecord: given(workforce.CheckStatus(rest.BodyEnum(o, "missingRecord", missingRecords))),
	}
}

// wholeRules reads rules of which each is said. What may be left out is then
// what a new company has: all groups, all sources, and nothing on record is
// unknown.
func wholeRules(b *rest.Binder) compliance.RulesInput {
	in := bindRules(b, true)
	defaults := workforce.DefaultRules()
	for t, rule := range in.Checks {
		if rule.GroupIDs == nil {
			rule.GroupIDs = []workforce.GroupID{}
		}
		if rule.Sources == nil {
			rule.Sources = []workforce.DeviceSource{}
		}
		if rule.MissingRecord == nil {
			rule.MissingRecord = given(defaults.Of(t).MissingRecord)
		}
		in.Checks[t] = rule
	}
	return in
}

func someRules(b *rest.Binder) compliance.RulesInput { return bindRules(b, false) }

// previewParams is the change to preview, and how many flips to show.
type previewParams struct {
	limit int64
	rules compliance.RulesInput
}

func bindPreview(b *rest.Binder) previewParams {
	return previewParams{
		limit: b.Int("limit", rest.Min(0), rest.Max(limitMost), rest.Default(limitDefault)),
		rules: bindRules(b, false),
	}
}

func (h handlers) rules(ctx context.Context, _ *rest.Request, _ struct{}) (rest.Response, error) {
	r, err := h.compliance.Rules(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	return toWireRules(r), nil
}

func (h handlers) updateRules(ctx context.Context, _ *rest.Request, in compliance.RulesInput) (rest.Response, error) {
	r, err := h.compliance.UpdateRules(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("changing the rules: %w", err)
	}
	return toWireRules(r), nil
}

func (h handlers) resetRules(ctx context.Context, _ *rest.Request, _ struct{}) (rest.Response, error) {
	r, err := h.compliance.ResetRules(ctx)
	if err != nil {
		return nil, fmt.Errorf("going back to the rules of a new company: %w", err)
	}
	return toWireRules(r), nil
}

func (h handlers) previewRules(ctx context.Context, _ *rest.Request, p previewParams) (rest.Response, error) {
	preview, err := h.compliance.PreviewUpdate(ctx, p.rules, int(p.limit))
	if err != nil {
		return nil, fmt.Errorf("previewing rules: %w", err)
	}
	return toWirePreview(preview), nil
}

func noBody(b *rest.Binder) struct{} {
	b.NoBody()
	return struct{}{}
}
