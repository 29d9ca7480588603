package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// statements stands for a database: it notes what each statement asks for, and
// lets it wait.
type statements struct {
	mu    sync.Mutex
	asked [][]int64
	take  time.Duration
	fail  error
}

func (s *statements) read(ids []int64) (packRead, error) {
	s.mu.Lock()
	s.asked = append(s.asked, ids)
	read := packRead{position: int64(len(s.asked)), packs: map[int64]packTexts{}}
	take, fail := s.take, s.fail
	s.mu.Unlock()
	<-time.After(take) // in a bubble, where it takes no time
	for _, id := range ids {
		read.packs[id] = packTexts{"p", "u"}
	}
	return read, fail
}

func (s *statements) seen() [][]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

func TestRequestsShareOnlyStatementsThatBeginLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &statements{take: slowRead / 2}
		p := &packReader{read: s.read}
		got := make([]packRead, 5)
		var wait sync.WaitGroup
		ask := func(i int) {
			wait.Go(func() {
				var err error
				if got[i], err = p.get(t.Context(), []int64{int64(i)}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		for i := range got {
			ask(i)
		}
		wait.Wait()
		synctest.Wait()
		for i, read := range got {
			want := int64(2) // all that came while the first was under way
			if i == 0 {
				want = 1
			}
			if _, ok := read.packs[int64(i)]; !ok || read.position != want {
				t.Errorf("request %d was answered by statement %d, want %d, with its pack: %t", i, read.position, want, ok)
			}
		}
		if len(s.seen()) != 2 || p.lanes != 0 || len(p.waiting) != 0 {
			t.Errorf("statements %v, and then %d lanes and %d waiting", s.seen(), p.lanes, len(p.waiting))
		}
	})
}

func TestStatementsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &statements{take: slowRead / 2}
		p := &packReader{read: s.read}
		sizes := []int{1, 40, 24, 1, 200, 64}
		var wait sync.WaitGroup
		for i, size := range sizes {
			ids := make([]int64, size)
			for k := range ids {
				ids[k] = int64(1000*i + k)
			}
			wait.Go(func() {
				read, err := p.get(t.Context(), ids)
				if err != nil {
					t.Error(err)
				}
				for _, id := range ids {
					if _, ok := read.packs[id]; !ok {
						t.Errorf("number %d was not read", id)
					}
				}
			})
			synctest.Wait()
		}
		wait.Wait()
		synctest.Wait()
		var got []int
		for _, ids := range s.seen() {
			got = append(got, len(ids))
		}
		if want := []int{1, 64, 1, 200, 64}; !slices.Equal(got, want) {
			t.Errorf("statements of %v numbers, want %v", got, want)
		}
	})
}

func TestSlowStatementsDoNotHoldEverybody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &statements{take: time.Hour}
		p := &packReader{read: s.read}
		var wait sync.WaitGroup
		for i := range lanesMost + 2 {
			wait.Go(func() {
				if _, err := p.get(t.Context(), []int64{int64(i)}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
			<-time.After(slowRead + 1)
		}
		synctest.Wait()
		if n := len(s.seen()); n != lanesMost {
			t.Errorf("%d statements beside each other, want %d", n, lanesMost)
		}
		wait.Wait()
		synctest.Wait()
		if n := len(s.seen()); n != lanesMost+1 || p.lanes != 0 {
			t.Errorf("%d statements, want %d; then %d lanes", n, lanesMost+1, p.lanes)
		}
	})
}

func TestFailedStatement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("the disk is gone")
		s := &statements{fail: gone}
		p := &packReader{read: s.read}
		if _, err := p.get(t.Context(), []int64{1}); !errors.Is(err, gone) {
			t.Errorf("error %v", err)
		}
		synctest.Wait()
		s.fail, s.take = nil, time.Second
		if _, err := p.get(t.Context(), []int64{1}); err != nil {
			t.Errorf("after a failure: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := p.get(ctx, []int64{1}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request that ended: %v", err)
		}
		<-time.After(time.Second) // the statement ends by itself
	})
}

func TestDamagedPackFailsItsReadersAlone(t *testing.T) {
	t.Parallel()
	good := packTexts{string(packPersonnel(&workforce.PersonnelRecord{})), string(packUser(&workforce.UserRecord{}))}
	old := packTexts{"\xff" + good.personnel[1:], good.user}
	p := &packReader{read: func([]int64) (packRead, error) {
		return packRead{position: 7, packs: map[int64]packTexts{1: good, 2: {good.personnel + "x", good.user}, 3: old}}, nil
	}}
	for id, want := range map[int64]struct{ ok, fails bool }{1: {ok: true}, 2: {fails: true}, 3: {}, 4: {}} {
		parts, ok, err := peoplePacks(t.Context(), p, []workforce.PersonnelID{workforce.PersonnelID(id)})
		if ok != want.ok || errors.Is(err, errPack) != want.fails || ok && (parts.Position != 7 || len(parts.Users) != 1) {
			t.Errorf("number %d: %t, %v, %v; want %+v", id, ok, parts, err, want)
		}
	}
}
