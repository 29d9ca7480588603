package stage

import (
	"fmt"

	"github.com/passmuster/passmuster/bench/proc"
)

// What a company takes on disk, in bytes a person, measured and rounded up:
// its database, with the indexes and the change log.
const bytesPerPerson = 14_000

// spare is what has to be left when all is done: logs, the run's other files.
const spare = 1 << 30

// checkRoom refuses to begin what the disk has no room for: that would show
// after ten minutes. The kept company and the copy that is measured are two;
// while it is made, one of them is the plain copy of its rows.
func (s *Stage) checkRoom(people int, fill bool) error {
	copies := int64(1)
	if fill {
		copies++
	}
	want := copies*int64(people)*bytesPerPerson + spare
	free, err := proc.FreeDisk(s.cache)
	if err != nil {
		return err
	}
	if free < want {
		return fmt.Errorf("%d people need %.1f GB in %s, where %.1f GB are free: name another folder with -cache",
			people, float64(want)/1e9, s.cache, float64(free)/1e9)
	}
	return nil
}
