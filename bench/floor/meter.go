package main

import (
	"os"
	"time"

	"github.com/passmuster/passmuster/bench/proc"
	"github.com/passmuster/passmuster/bench/stage"
)

// meter reads processor times when a run of load begins and when it ends.
type meter struct {
	server  int            // process
	cluster *stage.Cluster // nil: no database beside the server

	first                               reading
	serverUsed, clusterUsed, othersUsed time.Duration
}

type reading struct{ server, cluster, driver, machine time.Duration }

func (m *meter) read() (reading, error) {
	var r reading
	var err error
	if r.machine, err = proc.Busy(); err != nil {
		return r, err
	}
	if r.driver, err = proc.CPU(os.Getpid()); err != nil {
		return r, err
	}
	if m.cluster != nil {
		if r.cluster, err = m.cluster.CPU(); err != nil {
			return r, err
		}
	}
	r.server, err = proc.CPU(m.server)
	return r, err
}

func (m *meter) begin() error {
	var err error
	m.first, err = m.read()
	return err
}

func (m *meter) end() error {
	last, err := m.read()
	if err != nil {
		return err
	}
	m.serverUsed = last.server - m.first.server
	m.clusterUsed = last.cluster - m.first.cluster
	driver := last.driver - m.first.driver
	m.othersUsed = last.machine - m.first.machine - m.serverUsed - m.clusterUsed - driver
	return nil
}

// othersShare is what all other processes took of the machine's cores. Ticks
// are coarse, so that it may come out a little below nothing.
func (m *meter) othersShare(elapsed time.Duration, cores int) float64 {
	return max(0, m.othersUsed.Seconds()/(elapsed.Seconds()*float64(cores)))
}
