package proc

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc: USER_HZ, which is 100 on every platform
// that Go runs on. The kernel scales user and system time so that their sum is
// what the scheduler has counted, to the tick.
const tick = 10 * time.Millisecond

// usage is the line of a process in /proc/PID/stat, as far as it is needed.
type usage struct {
	parent   int
	own      time.Duration // user and system time of the process
	children time.Duration // of those of its children that have ended and were waited for
}

func readUsage(pid int) (usage, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return usage{}, err
	}
	// PID (NAME) STATE PPID …: the name may hold anything, parentheses too.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return usage{}, fmt.Errorf("/proc/%d/stat has no name", pid)
	}
	fields := strings.Fields(string(text[end+1:]))
	// From the state on: 0 state, 1 parent, 11 utime, 12 stime, 13 cutime, 14 cstime.
	const needed = 15
	if len(fields) < needed {
		return usage{}, fmt.Errorf("/proc/%d/stat is too short", pid)
	}
	var n [needed]int64
	for _, i := range []int{1, 11, 12, 13, 14} {
		if n[i], err = strconv.ParseInt(fields[i], 10, 64); err != nil {
			return usage{}, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
	}
	return usage{
		parent:   int(n[1]),
		own:      time.Duration(n[11]+n[12]) * tick,
		children: time.Duration(n[13]+n[14]) * tick,
	}, nil
}

// CPU is the processor time that a process has used so far, in user and kernel
// mode, without its children. It moves in steps of 10 ms.
func CPU(pid int) (time.Duration, error) {
	u, err := readUsage(pid)
	if err != nil {
		return 0, fmt.Errorf("reading processor time: %w", err)
	}
	return u.own, nil
}

// Parent is the process that started a process, or has adopted it.
func Parent(pid int) (int, error) {
	u, err := readUsage(pid)
	if err != nil {
		return 0, fmt.Errorf("reading a process's parent: %w", err)
	}
	return u.parent, nil
}

// FamilyCPU is the processor time of a process and of all its children, also
// of those that have ended: what a PostgreSQL server has used with its
// backends, its parallel workers and its background writers.
func FamilyCPU(pid int) (time.Duration, error) {
	head, err := readUsage(pid)
	if err != nil {
		return 0, fmt.Errorf("reading processor time: %w", err)
	}
	total := head.own + head.children
	err = eachChild(pid, func(_ int, u usage) { total += u.own })
	return total, err
}

// Family is a process and its children, as they are now.
func Family(pid int) ([]int, error) {
	all := []int{pid}
	err := eachChild(pid, func(child int, _ usage) { all = append(all, child) })
	return all, err
}

func eachChild(pid int, do func(child int, u usage)) error {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return fmt.Errorf("listing processes: %w", err)
	}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue // not a process
		}
		u, err := readUsage(child)
		switch {
		case errors.Is(err, fs.ErrNotExist), err != nil && strings.Contains(err.Error(), "no such process"):
			continue // ended since the folder was listed
		case err != nil:
			return fmt.Errorf("reading a process: %w", err)
		case u.parent == pid:
			do(child, u)
		}
	}
	return nil
}

// Memory is what a process holds in memory, in bytes.
type Memory struct {
	Resident int64 `json:"resident"` // now (VmRSS)
	Peak     int64 `json:"peak"`     // at the most since it started (VmHWM)
}

// MemoryOf reads the memory of a process.
func MemoryOf(pid int) (Memory, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return Memory{}, fmt.Errorf("reading a process's memory: %w", err)
	}
	var m Memory
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		into := map[string]*int64{"VmRSS": &m.Resident, "VmHWM": &m.Peak}[name]
		if into == nil {
			continue
		}
		kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
		if err != nil {
			return m, fmt.Errorf("/proc/%d/status, %s: %w", pid, name, err)
		}
		*into = kb << 10
	}
	if m.Resident == 0 {
		return m, fmt.Errorf("/proc/%d/status does not tell the memory of the process", pid)
	}
	return m, nil
}
