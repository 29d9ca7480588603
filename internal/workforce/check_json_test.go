package workforce

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestChecksSurviveTheLog(t *testing.T) {
	t.Parallel()
	instants := rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMilli(rapid.Int64Range(-1e12, 1e13).Draw(t, "ms")).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		want := DeviceCheck{ID: rapid.Int64().Draw(t, "id"), Check: Check{
			Type:           rapid.SampledFrom(AllCheckTypes).Draw(t, "type"),
			Status:         rapid.SampledFrom(AllCheckStatuses).Draw(t, "status"),
			CheckFrequency: rapid.SampledFrom(AllCheckFrequencies).Draw(t, "frequency"),
			CompletionDate: rapid.Ptr(instants, true).Draw(t, "completed"),
			ExpiresAt:      rapid.Ptr(instants, true).Draw(t, "expires"),
			LastCheckedAt:  rapid.Ptr(instants, true).Draw(t, "checked"),
			CreatedAt:      instants.Draw(t, "created"),
			UpdatedAt:      instants.Draw(t, "updated"),
		}}
		for _, v := range []any{want, want.Check} {
			raw, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			got := reflect.New(reflect.TypeOf(v))
			if err := json.Unmarshal(raw, got.Interface()); err != nil || !reflect.DeepEqual(got.Elem().Interface(), v) {
				t.Fatalf("%s\n got %+v\nwant %+v, %v", raw, got.Elem(), v, err)
			}
		}
	})
}

func TestPersistedCheck(t *testing.T) {
	t.Parallel()
	c := Check{
		Type: CheckBackground, Status: CheckPass, CheckFrequency: "ONCE", CompletionDate: Ptr(time.UnixMilli(1).UTC()),
		CreatedAt: time.UnixMilli(2).UTC(), UpdatedAt: time.UnixMilli(3).UTC(),
	}
	for _, x := range []struct {
		v    any
		want string
	}{
		{c, `["BG_CHECK","PASS","ONCE",1,null,null,2,3]`},
		{DeviceCheck{ID: 9, Check: c}, `[9,"BG_CHECK","PASS","ONCE",1,null,null,2,3]`},
	} {
		if got, err := json.Marshal(x.v); err != nil || string(got) != x.want {
			t.Errorf("%s, %v", got, err)
		}
	}
	for _, bad := range []string{`{}`, `[]`, `["BG_CHECK","PASS","ONCE",1,null,null,2]`, `["BG_CHECK","PASS","ONCE",1,null,null,null,3]`, `[1,2,3,4,5,6,7,8]`} {
		var got Check
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s was read as %+v", bad, got)
		}
	}
}
