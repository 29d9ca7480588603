package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// confirm asks on the terminal and is an error unless the answer is yes.
func (p *program) confirm(question string) error {
	in, ok := p.env.Stdin.(*os.File)
	if !ok || !p.env.Terminal || !term.IsTerminal(int(in.Fd())) {
		return usageError{errors.New("nothing was changed: there is no terminal to ask on, so say --yes")}
	}
	fmt.Fprintf(p.env.Stderr, "%s [y/N] ", question)
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && answer == "" {
		return fmt.Errorf("reading the answer: %w", err)
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return errors.New("nothing was changed")
}
