//go:build !linux

package pgtest

import "os/exec"

// as runs a command as the present user: lending another one is done on Linux only.
func as(cmd *exec.Cmd, _ *identity, dir string) {
	cmd.Dir = dir
	cmd.Env = environment(dir)
}
