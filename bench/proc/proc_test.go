//go:build linux

package proc

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCPUCountsWork(t *testing.T) {
	t.Parallel()
	before, err := CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < time.Minute; {
		after, err := CPU(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if after > before {
			return
		}
	}
	t.Error("a minute of work took no processor time")
}

// A child's processor time must not be lost when the child ends.
func TestFamilyCPUCountsChildren(t *testing.T) {
	t.Parallel()
	before, err := FamilyCPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	after, err := FamilyCPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if after-before < used-2*tick {
		t.Errorf("the family used %s, the child alone %s", after-before, used)
	}
}

func TestParent(t *testing.T) {
	t.Parallel()
	if got, err := Parent(os.Getpid()); err != nil || got != os.Getppid() {
		t.Errorf("%d, %v, want %d", got, err, os.Getppid())
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	m, err := MemoryOf(os.Getpid())
	if err != nil || m.Resident < 1<<20 || m.Peak < m.Resident/2 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestFreeDisk(t *testing.T) {
	t.Parallel()
	if n, err := FreeDisk(t.TempDir()); err != nil || n <= 0 {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := FreeDisk(filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("no error for a folder that does not exist")
	}
}

func TestFamilyHasTheHeadAndItsChildren(t *testing.T) {
	t.Parallel()
	child := exec.Command("cat")
	held, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	family, err := Family(os.Getpid())
	if err != nil || !slices.Contains(family, os.Getpid()) || !slices.Contains(family, child.Process.Pid) {
		t.Errorf("%v, %v, want %d and %d", family, err, os.Getpid(), child.Process.Pid)
	}
	if err := errors.Join(held.Close(), child.Wait()); err != nil {
		t.Error(err)
	}
}

func TestUnknownProcessesAreErrors(t *testing.T) {
	t.Parallel()
	const nobody = 1 << 30
	_, cpu := CPU(nobody)
	_, family := FamilyCPU(nobody)
	_, parent := Parent(nobody)
	_, memory := MemoryOf(nobody)
	for _, err := range []error{cpu, family, parent, memory} {
		if err == nil {
			t.Error("no error for a process that does not exist")
		}
	}
}

func TestMachineTellsWhatJudgesFigures(t *testing.T) {
	t.Parallel()
	m := ThisMachine()
	if m.Cores < 1 || m.Memory < 1<<20 || m.Kernel == "" || !strings.HasPrefix(m.Go, "go") {
		t.Errorf("%+v", m)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.CPU+m.Kernel, host) {
		t.Error("the machine's name is in its description")
	}
	if load, err := Load(); err != nil || load < 0 {
		t.Errorf("load %v, %v", load, err)
	}
	if busy, err := Busy(); err != nil || busy <= 0 {
		t.Errorf("busy %v, %v", busy, err)
	}
}
