package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// changeCompliance has rules, policies, evidence, exclusions and groups come
// about, change and go.
func (w *walk) changeCompliance(ctx context.Context) error {
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"explanations", w.explain},
		{"rules", w.changeRules},
		{"policies", w.changePolicies},
		{"trainings", w.changeTrainings},
		{"exclusions", w.changeExclusions},
		{"groups", w.changeGroups},
	} {
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func (w *walk) explain(ctx context.Context) error {
	byID, err := as[wire.PersonComplianceHeaders](w.client.ExplainPerson(ctx, wire.ExplainPersonParams{ID: record}))
	if err != nil {
		return err
	}
	byEmail, err := as[wire.PersonComplianceHeaders](w.client.ExplainPersonByEmail(ctx, wire.ExplainPersonByEmailParams{Email: byID.Response.Email}))
	if err != nil {
		return err
	}
	for _, c := range byEmail.Response.Checks {
		if len(c.Reasons) == 0 || c.Reasons[0].Message == "" {
			return fmt.Errorf("%s has no reason", c.Type)
		}
	}
	return expect(len(byEmail.Response.Checks) == 15 && byEmail.Response.PersonnelId == record, "%d checks of person %d", len(byEmail.Response.Checks), byEmail.Response.PersonnelId)
}

func (w *walk) changeRules(ctx context.Context) error {
	before, err := as[wire.ComplianceRulesHeaders](w.client.GetRules(ctx))
	if err != nil {
		return err
	}
	checks := wire.NewOptNilUpdateRulesRequestChecks(wire.UpdateRulesRequestChecks{
		LOCKSCREEN: wire.NewOptNilUpdateRulesChecks(wire.UpdateRulesChecks{Required: wire.NewOptNilBool(false)}),
	})
	preview, err := as[wire.RulesPreviewHeaders](w.client.PreviewRules(ctx,
		&wire.PreviewRulesRequest{ScreenLockSeconds: wire.NewOptNilInt64(1)}, wire.PreviewRulesParams{Limit: wire.NewOptInt64(2)}))
	if err != nil {
		return err
	}
	if err := expect(len(preview.Response.Flips) <= 2 && preview.Response.Assessed > 0, "the preview is %+v", preview.Response); err != nil {
		return err
	}
	changed, err := as[wire.ComplianceRulesHeaders](w.client.UpdateRules(ctx, &wire.UpdateRulesRequest{Checks: checks}))
	if err != nil {
		return err
	}
	if err := expect(!changed.Response.Checks.LOCKSCREEN.Required && !changed.Response.UpdatedAt.Null, "changed, the rule is %+v", changed.Response.Checks.LOCKSCREEN); err != nil {
		return err
	}
	// What was read can be sent back.
	var whole wire.SetRulesRequest
	text, err := json.Marshal(&before.Response)
	if err == nil {
		err = json.Unmarshal(text, &whole)
	}
	if err != nil {
		return fmt.Errorf("make a request of an answer: %w", err)
	}
	back, err := as[wire.ComplianceRulesHeaders](w.client.SetRules(ctx, &whole))
	if err != nil {
		return err
	}
	if err := expect(back.Response.Checks.LOCKSCREEN.Required, "set back, the rule is %+v", back.Response.Checks.LOCKSCREEN); err != nil {
		return err
	}
	_, err = as[wire.ComplianceRulesHeaders](w.client.ResetRules(ctx))
	return err
}

func (w *walk) changePolicies(ctx context.Context) error {
	made, err := as[wire.PolicyRecordHeaders](w.client.CreatePolicy(ctx, &wire.CreatePolicyRequest{Name: "Of a stranger", OwnerId: wire.NewOptNilInt64(record)}))
	if err != nil {
		return err
	}
	id := made.Response.ID
	var null wire.OptNilInt64
	null.SetToNull()
	changed, err := as[wire.PolicyRecordHeaders](w.client.UpdatePolicy(ctx, &wire.UpdatePolicyRequest{OwnerId: null}, wire.UpdatePolicyParams{ID: id}))
	if err != nil {
		return err
	}
	if err := expect(changed.Response.OwnerId.Null && changed.Response.CurrentVersion.Null, "changed, the policy is %+v", changed.Response); err != nil {
		return err
	}
	draft, err := as[wire.PolicyWordingHeaders](w.client.AddPolicyVersion(ctx, &wire.AddPolicyVersionRequest{Text: wire.NewOptNilString("x")}, wire.AddPolicyVersionParams{ID: id}))
	if err != nil {
		return err
	}
	version := draft.Response.Version
	if _, err := as[wire.PolicyWordingHeaders](w.client.UpdatePolicyVersion(ctx,
		&wire.UpdatePolicyVersionRequest{Text: wire.NewOptNilString("y")}, wire.UpdatePolicyVersionParams{ID: id, Version: version})); err != nil {
		return err
	}
	published, err := as[wire.PolicyWordingHeaders](w.client.PublishPolicyVersion(ctx, wire.PublishPolicyVersionParams{ID: id, Version: version}))
	if err != nil {
		return err
	}
	if err := expect(!published.Response.PublishedAt.Null && published.Response.Text.Value == "y", "published, the version is %+v", published.Response); err != nil {
		return err
	}
	if _, err := as[wire.AcknowledgementHeaders](w.client.AcknowledgePolicy(ctx,
		&wire.AcknowledgePolicyRequest{PolicyId: id, AcknowledgedAt: wire.NewOptNilString("2025-01-31")}, wire.AcknowledgePolicyParams{ID: record})); err != nil {
		return err
	}
	accepted, err := as[wire.AcknowledgementListHeaders](w.client.ListAcknowledgements(ctx, wire.ListAcknowledgementsParams{ID: record}))
	if err != nil {
		return err
	}
	all, err := as[wire.PolicySummaryListHeaders](w.client.ListPolicies(ctx))
	if err != nil {
		return err
	}
	if err := expect(len(accepted.Response.Data) > 0 && len(all.Response.Data) > 0, "nothing is listed"); err != nil {
		return err
	}
	_, err = as[wire.PolicyRecordHeaders](w.client.GetPolicy(ctx, wire.GetPolicyParams{ID: id}))
	return err
}

func (w *walk) changeTrainings(ctx context.Context) error {
	made, err := as[wire.TrainingHeaders](w.client.RecordTraining(ctx, &wire.RecordTrainingRequest{
		Type: wire.RecordTrainingRequestTypeSECURITYTRAINING, State: wire.RecordTrainingRequestStateCOMPLETED,
		Course: wire.NewOptNilString("Of a stranger"), CompletedAt: wire.NewOptNilString("2025-01-31T09:30:00+01:00"),
	}, wire.RecordTrainingParams{ID: record}))
	if err != nil {
		return err
	}
	all, err := as[wire.TrainingListHeaders](w.client.ListTrainings(ctx, wire.ListTrainingsParams{ID: record}))
	if err != nil {
		return err
	}
	if err := expect(len(all.Response.Data) > 0, "no training is listed"); err != nil {
		return err
	}
	_, err = as[wire.DeleteTrainingNoContent](w.client.DeleteTraining(ctx, wire.DeleteTrainingParams{ID: record, TrainingId: made.Response.ID}))
	return err
}

func (w *walk) changeExclusions(ctx context.Context) error {
	made, err := as[wire.ExclusionHeaders](w.client.CreateExclusion(ctx, &wire.CreateExclusionRequest{
		PersonnelId: wire.NewOptNilInt64(record), Reason: "Of a stranger", EndsAt: wire.NewOptNilString("2999-01-01"),
		Checks: []wire.CreateExclusionRequestChecksItem{wire.CreateExclusionRequestChecksItemBGCHECK},
	}))
	if err != nil {
		return err
	}
	active, err := as[wire.ExclusionListHeaders](w.client.ListExclusions(ctx,
		wire.ListExclusionsParams{PersonnelId: wire.NewOptInt64(record), Active: wire.NewOptBool(true)}))
	if err != nil {
		return err
	}
	if err := expect(len(active.Response.Data) > 0, "the exclusion is not in force"); err != nil {
		return err
	}
	ended, err := as[wire.ExclusionHeaders](w.client.EndExclusion(ctx, &wire.EndExclusionRequest{}, wire.EndExclusionParams{ID: made.Response.ID}))
	if err != nil {
		return err
	}
	return expect(ended.Response.EndsAt.Value.Before(made.Response.EndsAt.Value), "ended, the exclusion is %+v", ended.Response)
}

func (w *walk) changeGroups(ctx context.Context) error {
	made, err := as[wire.GroupRecordHeaders](w.client.CreateGroup(ctx, &wire.CreateGroupRequest{Name: "Of a stranger"}))
	if err != nil {
		return err
	}
	id := made.Response.ID
	if _, err := as[wire.GroupRecordHeaders](w.client.RenameGroup(ctx, &wire.RenameGroupRequest{Name: "Of strangers"}, wire.RenameGroupParams{ID: id})); err != nil {
		return err
	}
	if _, err := as[wire.ChangeMembersNoContent](w.client.ChangeMembers(ctx,
		&wire.ChangeMembersRequest{Add: wire.NewOptNilInt64Array([]int64{1, 2})}, wire.ChangeMembersParams{ID: id})); err != nil {
		return err
	}
	members, err := as[wire.MembersPageHeaders](w.client.ListMembers(ctx, wire.ListMembersParams{ID: id, Limit: wire.NewOptInt64(1)}))
	if err != nil {
		return err
	}
	if err := expect(len(members.Response.Data) == 1 && !members.Response.Pagination.Cursor.Null, "the members are %+v", members.Response); err != nil {
		return err
	}
	if _, err := as[wire.GroupRecordListHeaders](w.client.ListGroups(ctx)); err != nil {
		return err
	}
	_, err = as[wire.DeleteGroupNoContent](w.client.DeleteGroup(ctx, wire.DeleteGroupParams{ID: id}))
	return err
}
