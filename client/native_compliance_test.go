package client_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/client"
	"github.com/passmuster/passmuster/internal/api/native"
)

// The calls of this test reach every operation of compliance of a real server.
func TestComplianceOfAServer(t *testing.T) {
	t.Parallel()
	c := newCompany(t, nil)
	api := c.as(t, c.key).Compliance()
	explained(t, api)
	rules(t, api)
	groups(t, api)
	policies(t, api)
	trainings(t, api)
	exclusions(t, api)
	parameter := regexp.MustCompile(`\{[^}]*\}`)
	for _, r := range native.Routes(nil, nil) {
		line := regexp.MustCompile(`(?m)^` + r.Method + " " + parameter.ReplaceAllString(r.Pattern, "[^/]+") + `$`)
		if r.Operation != "listPeople" && r.Operation != "listAccounts" && !line.MatchString(strings.Join(c.seen.lines, "\n")) {
			t.Errorf("%s %s was not reached", r.Method, r.Pattern)
		}
	}
	for target, again := range map[string]func([]byte) ([]byte, error){
		"/native/v1/people/3/compliance":      roundTrip[client.PersonCompliance],
		"/native/v1/compliance/rules":         roundTrip[client.ComplianceRules],
		"/native/v1/policies/1":               roundTrip[client.PolicyRecord],
		"/native/v1/policies":                 roundTrip[list[client.PolicySummary]],
		"/native/v1/users/3/acknowledgements": roundTrip[list[client.Acknowledgement]],
		"/native/v1/users/3/trainings":        roundTrip[list[client.Training]],
		"/native/v1/exclusions":               roundTrip[list[client.Exclusion]],
		"/native/v1/groups":                   roundTrip[list[client.Group]],
	} {
		want := c.body(t, target)
		got, err := again(want)
		if err != nil {
			t.Errorf("%s: %v", target, err)
		} else if !sameJSON(t, got, want) {
			t.Errorf("%s becomes\n%.2000s\nwant\n%.2000s", target, got, want)
		}
	}
}

type list[T any] struct {
	Data []T `json:"data"`
}

func explained(t *testing.T, api *client.ComplianceService) {
	t.Helper()
	p := ok[client.PersonCompliance](t)(api.Explain(t.Context(), 3))
	if p.PersonnelID != 3 || len(p.Checks) != 15 || len(p.Checks[0].Reasons) == 0 || p.Checks[0].Status != p.Status {
		t.Errorf("person 3 is %+v", p)
	}
	same := ok[client.PersonCompliance](t)(api.ExplainByEmail(t.Context(), strings.ToUpper(p.Email)))
	if same.PersonnelID != p.PersonnelID || !reflect.DeepEqual(same.Checks[0].Reasons, p.Checks[0].Reasons) {
		t.Errorf("by e-mail it is %+v", same)
	}
	if _, err := api.Explain(t.Context(), 1_000_000); !client.IsNotFound(err) {
		t.Errorf("a person who is not there gives %v", err)
	}
}

func rules(t *testing.T, api *client.ComplianceService) {
	t.Helper()
	ctx, rules := t.Context(), ok[client.ComplianceRules](t)
	first := rules(api.Rules(ctx))
	if len(first.Checks) != 15 || first.Checks[client.CheckFullCompliance].Frequency == "" {
		t.Errorf("the rules are %+v", first)
	}
	change := client.RulesChange{ScreenLockSeconds: 60, Checks: map[client.CheckType]client.CheckRuleChange{
		client.CheckSecurityTraining: {RenewalMonths: new(int64), MissingRecord: client.CheckFail, GroupIDs: []client.GroupID{}},
	}}
	preview := ok[client.RulesPreview](t)(api.PreviewRules(ctx, change, 5))
	if preview.Assessed == 0 || preview.Flipped > preview.Assessed || len(preview.Flips) > 5 {
		t.Errorf("the preview is %+v", preview)
	}
	changed := rules(api.UpdateRules(ctx, change))
	rule := changed.Checks[client.CheckSecurityTraining]
	if changed.ScreenLockSeconds != 60 || rule.RenewalMonths != 0 || *rule.MissingRecord != client.CheckFail || !rule.Required || changed.UpdatedAt == nil {
		t.Errorf("changed, the rules are %+v", changed)
	}
	if again := rules(api.SetRules(ctx, changed)); !reflect.DeepEqual(again, changed) {
		t.Errorf("sent back, the rules are %+v, were %+v", again, changed)
	}
	if reset := rules(api.ResetRules(ctx)); reset.ScreenLockSeconds != 900 {
		t.Errorf("reset, the rules are %+v", reset)
	}
	if _, err := api.UpdateRules(ctx, client.RulesChange{ScreenLockSeconds: -1}); !client.IsBadRequest(err) {
		t.Errorf("a lock in the past gives %v", err)
	}
}

func groups(t *testing.T, api *client.ComplianceService) {
	t.Helper()
	ctx := t.Context()
	g := ok[client.Group](t)(api.CreateGroup(ctx, "Externals of the test"))
	if _, err := api.CreateGroup(ctx, strings.ToUpper(g.Name)); !client.IsConflict(err) {
		t.Errorf("a second group of one name gives %v", err)
	}
	if g = ok[client.Group](t)(api.RenameGroup(ctx, g.ID, "Test")); g.Name != "Test" {
		t.Errorf("renamed, the group is %+v", g)
	}
	if err := api.ChangeMembers(ctx, g.ID, []client.PersonnelID{3, 1, 2}, []client.PersonnelID{4}); err != nil {
		t.Error(err)
	}
	var members []client.PersonnelID
	for id, err := range api.Members(ctx, g.ID) {
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, id)
	}
	if !slices.Equal(members, []client.PersonnelID{1, 2, 3}) {
		t.Errorf("the members are %v", members)
	}
	if err := api.DeleteGroup(ctx, g.ID); err != nil {
		t.Error(err)
	}
	if all := ok[[]client.Group](t)(api.Groups(ctx)); slices.ContainsFunc(all, func(o client.Group) bool { return o.ID == g.ID }) {
		t.Errorf("a group that was removed is listed: %+v", all)
	}
}

func policies(t *testing.T, api *client.ComplianceService) {
	t.Helper()
	ctx, policy, wording := t.Context(), ok[client.PolicyRecord](t), ok[client.PolicyWording](t)
	owner := client.UserID(2)
	p := policy(api.CreatePolicy(ctx, client.PolicyChange{Name: "Policy of the test", Description: new("d"), OwnerID: &owner}))
	if p.ID == 0 || *p.OwnerID != 2 || p.AssignedTo != client.AssignedToAll || p.CurrentVersion != nil {
		t.Errorf("the policy is %+v", p)
	}
	none := client.UserID(0)
	p = policy(api.UpdatePolicy(ctx, p.ID, client.PolicyChange{Description: new(""), OwnerID: &none, AssignedTo: client.AssignedToNone}))
	if p.OwnerID != nil || p.Description != nil || p.Name != "Policy of the test" || p.AssignedTo != client.AssignedToNone {
		t.Errorf("changed, the policy is %+v", p)
	}
	v := wording(api.AddPolicyVersion(ctx, p.ID, client.WordingChange{Text: new("Be careful.")}))
	v = wording(api.UpdatePolicyVersion(ctx, p.ID, v.Version, client.WordingChange{Text: new(""), URL: new("https://example.com/policy")}))
	if v.Text != nil || v.URL == nil || v.PublishedAt != nil {
		t.Errorf("the draft is %+v", v)
	}
	if _, err := api.Acknowledge(ctx, 3, client.NewAcknowledgement{PolicyID: p.ID}); !client.IsConflict(err) {
		t.Errorf("what is not published gives %v", err)
	}
	if v = wording(api.PublishPolicyVersion(ctx, p.ID, v.Version)); v.PublishedAt == nil {
		t.Errorf("published, the version is %+v", v)
	}
	a := ok[client.Acknowledgement](t)(api.Acknowledge(ctx, 3, client.NewAcknowledgement{PolicyID: p.ID, AcknowledgedAt: client.At(time.Unix(1_700_000_000, 0))}))
	if a.Version != v.Version || a.AcknowledgedAt.Unix() != 1_700_000_000 {
		t.Errorf("the acknowledgement is %+v", a)
	}
	if all := ok[[]client.Acknowledgement](t)(api.Acknowledgements(ctx, 3)); !slices.ContainsFunc(all, func(o client.Acknowledgement) bool { return o.ID == a.ID }) {
		t.Errorf("the acknowledgements are %+v", all)
	}
	if read := policy(api.Policy(ctx, p.ID)); len(read.Versions) != 1 || read.CurrentVersion == nil {
		t.Errorf("read, the policy is %+v", read)
	}
	if all := ok[[]client.PolicySummary](t)(api.Policies(ctx)); !slices.ContainsFunc(all, func(o client.PolicySummary) bool { return o.ID == p.ID }) {
		t.Errorf("the policies are %+v", all)
	}
}

func trainings(t *testing.T, api *client.ComplianceService) {
	t.Helper()
	ctx := t.Context()
	said := client.NewTraining{Type: client.CheckSecurityTraining, Course: "Of the test", State: client.TrainingCompleted, CompletedAt: client.On("2025-02-03")}
	made := ok[client.Training](t)(api.RecordTraining(ctx, 3, said))
	if again := ok[client.Training](t)(api.RecordTraining(ctx, 3, said)); !reflect.DeepEqual(again, made) || made.CompletedAt == nil {
		t.Errorf("said twice, the training is %+v, was %+v", again, made)
	}
	if all := ok[[]client.Training](t)(api.Trainings(ctx, 3)); !slices.ContainsFunc(all, func(o client.Training) bool { return o.ID == made.ID }) {
		t.Errorf("the trainings are %+v", all)
	}
	if err := api.DeleteTraining(ctx, 3, made.ID); err != nil {
		t.Error(err)
	}
	if err := api.DeleteTraining(ctx, 3, made.ID); !client.IsNotFound(err) {
		t.Errorf("a training that is gone gives %v", err)
	}
}

func exclusions(t *testing.T, api *client.ComplianceService) {
	t.Helper()
	ctx := t.Context()
	e := ok[client.Exclusion](t)(api.Exclude(ctx, client.NewExclusion{
		PersonnelID: 3, Checks: []client.CheckType{client.CheckIdentityMFA}, Reason: "On leave", EndsAt: client.On("2999-01-01"),
	}))
	if *e.PersonnelID != 3 || e.GroupID != nil || e.EndsAt == nil {
		t.Errorf("the exclusion is %+v", e)
	}
	listed := ok[[]client.Exclusion](t)(api.Exclusions(ctx, client.ExclusionParams{PersonnelID: 3, Active: new(true)}))
	if !slices.ContainsFunc(listed, func(o client.Exclusion) bool { return o.ID == e.ID }) {
		t.Errorf("the exclusions are %+v", listed)
	}
	if ended := ok[client.Exclusion](t)(api.EndExclusion(ctx, e.ID, "")); !ended.EndsAt.Before(*e.EndsAt) {
		t.Errorf("ended, the exclusion is %+v", ended)
	}
	if _, err := api.Exclude(ctx, client.NewExclusion{Checks: []client.CheckType{client.CheckIdentityMFA}, Reason: "r"}); !client.IsBadRequest(err) {
		t.Errorf("an exclusion of nobody gives %v", err)
	}
}
